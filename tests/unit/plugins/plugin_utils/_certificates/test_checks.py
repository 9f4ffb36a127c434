# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._certificates.checks import (
    check_no_node,
    check_pair,
    check_snis,
    fits,
)
from ansible_collections.community.konnect.plugins.plugin_utils._certificates.parsed import (
    PrivateKey,
    read_certificates,
)
from ansible_collections.community.konnect.tests.support.certificates import chain, issue

NOW = datetime.datetime.now(datetime.timezone.utc)
ROOT = issue(ca=True, common_name="A fake root")
MIDDLE = issue(ca=True, common_name="A fake intermediate", issuer=ROOT)
SERVER = issue("a.example.com", issuer=MIDDLE)


def check(*issued, key=SERVER, snis=("a.example.com",)):
    check_pair(read_certificates(chain(*issued), "cert"), PrivateKey.read(key.key, "key"), snis, NOW)


@pytest.mark.parametrize("issuers", [(), (MIDDLE,), (MIDDLE, ROOT)], ids=["alone", "intermediate", "root"])
def test_a_pair_that_belongs_together_passes(issuers):
    check(SERVER, *issuers)


@pytest.mark.parametrize(
    ("issued", "key", "message"),
    [
        ((SERVER,), issue("a.example.com"), "does not belong to CN=a.example.com, the first certificate"),
        ((MIDDLE, SERVER), SERVER, "is the certificate of a CA"),
        ((issue("b.example.com"), SERVER), SERVER, "It is that of CN=a.example.com, which has to come first"),
        ((SERVER, ROOT), SERVER, "CN=A fake root comes after CN=a.example.com and did not issue it"),
        ((SERVER, MIDDLE, SERVER), SERVER, "comes after CN=A fake intermediate and did not issue it"),
    ],
    ids=["other key", "CA first", "other order", "gap", "too much"],
)
def test_what_does_not_belong_together_is_refused(issued, key, message):
    with pytest.raises(InvalidInput, match=message):
        check(*issued, key=key)


def test_a_certificate_that_expired_is_refused():
    expired = issue("a.example.com", days=-1)
    with pytest.raises(InvalidInput, match=r"The certificate of CN=a.example.com expired at 20\d\d-"):
        check(expired, key=expired)


def test_an_intermediate_certificate_that_expired_is_refused():
    expired = issue(ca=True, common_name="A fake intermediate", days=-1)
    server = issue("a.example.com", issuer=expired)
    with pytest.raises(InvalidInput, match="The certificate of CN=A fake intermediate expired"):
        check(server, expired, key=server)


def test_a_certificate_that_is_not_valid_yet_is_refused():
    future = issue("a.example.com", starts_in=1)
    with pytest.raises(InvalidInput, match="is valid from .* on, and not yet"):
        check(future, key=future)


def test_a_certificate_for_other_names_is_refused():
    with pytest.raises(InvalidInput, match="is for a.example.com .* and not for b.example.com, a.b.example.com of"):
        check(SERVER, snis=["a.example.com", "b.example.com", "a.b.example.com"])


def test_a_certificate_for_clients_is_refused():
    client = issue("a.example.com", client=True)
    with pytest.raises(InvalidInput, match="for clients alone"):
        check(client, key=client)


def test_a_self_signed_certificate_with_names_passes_though_it_may_issue_others():
    signed = issue("a.example.com", ca=True)
    check(signed, key=signed)


def test_the_certificate_of_a_data_plane_node_is_refused():
    (certificate,) = read_certificates(SERVER.cert, "cert")
    check_no_node(certificate, [ROOT.cert.strip()])
    with pytest.raises(InvalidInput, match="with which data plane nodes connect"):
        check_no_node(certificate, [SERVER.cert.strip()])


@pytest.mark.parametrize("snis", [["a.example.com", "*.example.com"], ["example.*"], ["localhost"]])
def test_names_that_may_be_asked_for(snis):
    check_snis(snis)


@pytest.mark.parametrize("name", ["", "*", "a.*.com", "*.example.*", "https://a.com", "a b", "-a.com", "a..com"])
def test_names_for_which_nothing_is_served(name):
    with pytest.raises(InvalidInput, match="is no host name"):
        check_snis([name])


def test_no_name_at_all_is_refused():
    with pytest.raises(InvalidInput, match="at least one host"):
        check_snis([])


@pytest.mark.parametrize(
    ("sni", "name", "expected"),
    [
        ("a.example.com", "a.example.com", True),
        ("a.example.com", "*.example.com", True),
        ("a.b.example.com", "*.example.com", False),
        ("example.com", "*.example.com", False),
        ("*.example.com", "*.example.com", True),
        ("*.example.com", "a.example.com", False),
        ("example.*", "example.com", True),
        ("example.*", "example.co.uk", False),
        ("example.*", "other.com", False),
    ],
)
def test_whether_a_certificate_fits_a_name(sni, name, expected):
    assert fits(sni, [name]) is expected
