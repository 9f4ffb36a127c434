# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._certificates import parsed
from ansible_collections.community.konnect.tests.support.certificates import chain, issue, key_text, new_key

CA = issue(ca=True, common_name="A fake root")
SERVER = issue("a.example.com", "B.example.com", issuer=CA)


def test_what_is_read_of_a_certificate():
    (found,) = parsed.read_certificates(SERVER.cert, "cert")
    assert (found.fingerprint, found.subject) == (SERVER.fingerprint, "CN=a.example.com")
    assert (found.names, found.is_ca, found.is_for_servers) == (("a.example.com", "b.example.com"), False, True)
    assert found.not_after == SERVER.certificate.not_valid_after_utc


def test_certificates_keep_their_order_and_lose_what_is_around_them():
    text = f"subject=CN = a.example.com\r\n{SERVER.cert}\n # the issuer\n  {CA.cert}".replace("\n", "\r\n")
    found = parsed.read_certificates(text, "cert")
    assert [each.fingerprint for each in found] == [SERVER.fingerprint, CA.fingerprint]
    assert found[0].pem == SERVER.cert.strip()


def test_who_issued_a_certificate_is_told_by_name_and_signature():
    server, issuer = parsed.read_certificates(chain(SERVER, CA), "cert")
    (namesake,) = parsed.read_certificates(issue(ca=True, common_name="A fake root").cert, "cert")
    assert server.is_issued_by(issuer)
    assert not server.is_issued_by(namesake)
    assert not issuer.is_issued_by(server)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be certificates in PEM"),
        ("not PEM", "must be certificates in PEM"),
        (SERVER.cert + SERVER.key, "contains a private key"),
        (SERVER.cert.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), "must be certificates in PEM"),
        (SERVER.cert + "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----", "Certificate 2 in cert"),
    ],
    ids=["empty", "text", "key", "trusted", "broken"],
)
def test_what_is_no_certificate_is_refused(text, message):
    with pytest.raises(InvalidInput, match=message):
        parsed.read_certificates(text, "cert")


def test_a_key_is_read_with_the_parameters_of_its_curve_before_it():
    parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    found = parsed.PrivateKey.read(parameters + SERVER.key, "key")
    assert found.pem == SERVER.key.strip()
    assert found.public_key == parsed.read_certificates(SERVER.cert, "cert")[0].public_key


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be one private key"),
        (SERVER.cert, "must be one private key"),
        (SERVER.key + CA.key, "must be one private key"),
        (key_text(new_key(), b"fake passphrase"), "encrypted with a passphrase"),
        ("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----", "cannot be read"),
    ],
    ids=["empty", "certificate", "several", "encrypted", "broken"],
)
def test_what_is_no_key_is_refused_without_showing_it(text, message):
    with pytest.raises(InvalidInput, match=message) as caught:
        parsed.PrivateKey.read(text, "key")
    assert "BEGIN PRIVATE KEY-----\n" not in caught.value.message


@pytest.mark.parametrize("read", [parsed.read_certificates, parsed.PrivateKey.read])
def test_without_the_library_the_message_says_what_to_install(monkeypatch, read):
    monkeypatch.setattr(parsed, "HAS_CRYPTOGRAPHY", False)
    with pytest.raises(InvalidInput, match="Install the Python library cryptography"):
        read(SERVER.cert, "cert")
