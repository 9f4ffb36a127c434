# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import ssl
import threading

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.served_certificate import (
    Address,
    CertificateWait,
    concrete_name,
    normalize_fingerprint,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.tests.support.certificates import issue

EXPECTED, OTHER = issue("one.example.com"), issue("two.example.com")


class TlsServer:
    """Serves the certificates of its list in turn, the last one from then on; None ends the handshake."""

    def __init__(self, directory):
        self.certificates = [EXPECTED]
        self.names = []
        self._directory = directory
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection, _peer = self._socket.accept()
            issued = self.certificates.pop(0) if len(self.certificates) > 1 else self.certificates[0]
            if issued is None:
                connection.close()
                continue
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            file = self._directory / "pair.pem"
            file.write_text(issued.cert + issued.key)
            context.load_cert_chain(file)
            context.sni_callback = lambda _socket, name, _context: self.names.append(name)
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()


@pytest.fixture
def server(tmp_path):
    return TlsServer(tmp_path)


def wait(server, fingerprint=EXPECTED.fingerprint, *, names=("one.example.com",), timeout=30, successes=1):
    return CertificateWait([server.address], names, fingerprint, timeout, 1, successes, sleep=lambda seconds: None)


def test_it_ends_when_the_certificate_is_served(server):
    server.certificates = [OTHER, None, EXPECTED]
    it = wait(server)
    it.run()
    assert it.is_served
    assert it.result() == [
        {
            "address": server.address,
            "server_name": "one.example.com",
            "fingerprint": EXPECTED.fingerprint,
            "problem": "",
            "matches": True,
        }
    ]


def test_so_many_handshakes_in_a_row_have_to_serve_it(server):
    server.certificates = [EXPECTED, EXPECTED, OTHER, EXPECTED]
    it = wait(server, successes=3)
    it.run()
    assert (it.is_served, len(server.names)) == (True, 6)


def test_each_name_is_asked_for_once_with_a_label_in_place_of_a_wildcard(server):
    wait(server, names=["one.example.com", "*.example.com", "one.example.com"]).run()
    assert server.names == ["one.example.com", "konnect-check.example.com"]


def test_at_the_timeout_the_error_says_what_is_served(server):
    server.certificates = [OTHER]
    it = wait(server, timeout=0)
    it.run()
    error = it.error()
    assert error.code == "certificate_not_served"
    assert error.message.endswith(f"{server.address} served {OTHER.fingerprint} for one.example.com.")
    assert error.facts["served"][0]["fingerprint"] == OTHER.fingerprint


def test_a_handshake_that_fails_is_told_with_its_reason(server):
    server.certificates = [None]
    it = wait(server, timeout=0)
    it.run()
    assert f"{server.address} completed no handshake for one.example.com: " in it.error().message
    assert it.result()[0]["problem"]


def test_no_more_than_ten_are_told(server):
    it = wait(server, names=[f"{number}.example.com" for number in range(12)], fingerprint=OTHER.fingerprint, timeout=0)
    it.run()
    assert it.error().message.endswith("And 2 more.")


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("gateway.example.com", "gateway.example.com", 443),
        ("gateway.example.com:8443", "gateway.example.com", 8443),
        ("https://gateway.example.com:8443/", "gateway.example.com", 8443),
        ("[::1]:8443", "::1", 8443),
    ],
)
def test_the_forms_of_an_address(text, host, port):
    found = Address.parse(text)
    assert (found.host, found.port) == (host, port)


@pytest.mark.parametrize(
    "text", ["http://gateway.example.com", "https://gateway.example.com/path", "a:0", "a:99999", ""]
)
def test_what_is_no_address(text):
    with pytest.raises(InvalidInput, match="HOST:PORT"):
        Address.parse(text)


def test_the_forms_of_a_fingerprint():
    colons = ":".join(EXPECTED.fingerprint[place : place + 2] for place in range(0, 64, 2)).upper()
    for form in (EXPECTED.fingerprint, EXPECTED.fingerprint.upper(), colons, f"sha256 Fingerprint={colons}"):
        assert normalize_fingerprint(form) == EXPECTED.fingerprint


@pytest.mark.parametrize(("addresses", "names"), [([], ["a"]), (["a"], []), (["a"], ["a b"]), (["a"], ["a..b"])])
def test_what_cannot_be_asked_is_refused(addresses, names):
    with pytest.raises(InvalidInput):
        CertificateWait(addresses, names, EXPECTED.fingerprint, 0, 1, 1)


def test_a_fingerprint_of_another_kind_is_refused(server):
    with pytest.raises(InvalidInput, match="SHA-256"):
        wait(server, "ab" * 20).run()


def test_no_success_at_all_is_refused(server):
    with pytest.raises(InvalidInput, match="successes"):
        wait(server, successes=0)


def test_a_wildcard_may_be_at_the_end():
    assert concrete_name("example.*") == "example.konnect-check"
