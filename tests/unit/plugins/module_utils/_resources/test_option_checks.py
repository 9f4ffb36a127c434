# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What single kinds need, before any request."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._resources.option_checks import (
    check_ca_certificate,
    check_no_private_keys,
    check_node_certificate,
    check_pairs,
    check_target,
)
from ansible_collections.community.konnect.tests.support.certificates import chain, issue, key_text

SERVED, OTHER, OF_ANOTHER_TYPE = issue("a.example.com"), issue("a.example.com"), ed25519.Ed25519PrivateKey.generate()
NOTHING = dict.fromkeys(("cert", "key", "cert_alt", "key_alt"))


def pair(cert, key, more=""):
    return {**NOTHING, f"cert{more}": cert, f"key{more}": key}


@pytest.mark.parametrize("more", ["", "_alt"])
@pytest.mark.parametrize("key", [OTHER.key, key_text(OF_ANOTHER_TYPE)], ids=["same type", "another type"])
def test_a_certificate_with_the_key_of_another_one_is_refused(key, more):
    with pytest.raises(InvalidInput, match=f"^key{more} does not belong to cert{more}\\.") as caught:
        check_pairs(pair(SERVED.cert, key, more))
    assert "PRIVATE" not in caught.value.message


PASSING = {
    "a pair": (SERVED.cert, SERVED.key),
    "a chain": (chain(SERVED, OTHER), SERVED.key),
    "a key by reference": (SERVED.cert, "{vault://my-vault/my-key}"),
    "a certificate by reference": ("{vault://my-vault/my-pair/certificate}", SERVED.key),
    "a key that is kept": (SERVED.cert, "(not shown)"),
    "a key with a passphrase": (SERVED.cert, key_text(OTHER.private_key, b"fake-passphrase")),
    "no key in spite of the line": (SERVED.cert, "-----BEGIN PRIVATE KEY-----"),
    "no key": (SERVED.cert, None),
    "no certificate": (None, SERVED.key),
}


@pytest.mark.parametrize("case", PASSING)
def test_a_pair_that_fits_and_what_nobody_here_can_compare_pass(case):
    check_pairs(pair(*PASSING[case]))


@pytest.mark.parametrize("target", ["example.com:80", "192.0.2.10:65535", "[2001:db8::1]:8080"])
def test_a_target_is_a_host_with_a_port(target):
    check_target({"target": target})


@pytest.mark.parametrize("target", ["example.com", "example.com:0", "example.com:65536", "2001:db8::1", "http://a:80"])
def test_a_target_without_a_port_is_refused(target):
    with pytest.raises(InvalidInput, match="^target must be a host with a port"):
        check_target({"target": target})


FIELDS = {
    "cert": {"type": "str"},
    "key": {"type": "str", "no_log": True},
    "pem": {"type": "dict", "options": {"public_key": {"type": "str", "no_log": False}}},
}


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"cert": SERVED.cert + SERVED.key}, "cert"),
        ({"cert": "-----BEGIN EC PRIVATE KEY-----\nfake\n-----END EC PRIVATE KEY-----"}, "cert"),
        ({"pem": {"public_key": SERVED.key}}, "pem.public_key"),
    ],
)
def test_a_private_key_in_a_place_that_is_shown_is_refused(options, place):
    with pytest.raises(InvalidInput, match=f"^{place} contains a private key"):
        check_no_private_keys(FIELDS, options)


def test_a_private_key_in_its_own_place_passes():
    check_no_private_keys(FIELDS, {"cert": SERVED.cert, "key": SERVED.key, "pem": None})


@pytest.mark.parametrize("check", [check_ca_certificate, check_node_certificate])
def test_a_reference_in_the_place_of_a_certificate_that_is_never_one_is_refused(check):
    with pytest.raises(InvalidInput, match="^cert must be the certificate itself"):
        check({"cert": "{vault://my-vault/my-ca}"})
    check({"cert": SERVED.cert})
