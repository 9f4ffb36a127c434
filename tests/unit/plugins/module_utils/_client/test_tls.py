# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._client.connection import Connection
from ansible_collections.community.konnect.plugins.module_utils._client.side_by_side import side_by_side
from ansible_collections.community.konnect.plugins.module_utils._errors import TransportError
from ansible_collections.community.konnect.tests.support.certificates import issue

SERVED = issue("localhost")
AT_ONCE = 3


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    together = threading.Barrier(AT_ONCE)

    def do_GET(self):
        if self.path.endswith("/together"):
            self.together.wait(10)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    context: ssl.SSLContext

    def finish_request(self, request, client_address):
        with self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request, client_address):
        """A client that refuses the certificate is what some tests are about."""


@pytest.fixture
def port(tmp_path):
    """The port of a server that only has a certificate for localhost."""
    pair = tmp_path / "pair.pem"
    pair.write_text(SERVED.cert + SERVED.key)
    server = Server(("127.0.0.1", 0), Handler)
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(pair)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port
    server.shutdown()


@pytest.fixture
def connect(port, tmp_path):
    """Make a client that trusts this certificate alone."""

    def make(host="localhost", trusted=SERVED):
        bundle = tmp_path / "ca.pem"
        bundle.write_text(trusted.cert)
        return KonnectClient(Connection(f"https://{host}:{port}", "kpat_test", verify=str(bundle), retries=0))

    return make


def test_the_connections_of_a_task_read_the_ca_certificates_once(connect, monkeypatch):
    read, load = [], ssl.SSLContext.load_verify_locations
    monkeypatch.setattr(
        ssl.SSLContext, "load_verify_locations", lambda context, *what: read.append(what) or load(context, *what)
    )
    client = connect()
    lookups = [lambda: client.get(("together",))] * AT_ONCE
    assert list(side_by_side(client, lookups)) == [{}] * AT_ONCE
    assert len(read) == 1


@pytest.mark.parametrize(
    ("host", "trusted", "reason"),
    [("localhost", issue("localhost"), "self-signed certificate"), ("127.0.0.1", SERVED, "IP address mismatch")],
    ids=["of_another_ca", "for_another_host"],
)
def test_a_certificate_is_refused(connect, host, trusted, reason):
    with pytest.raises(TransportError, match=reason) as caught:
        connect(host, trusted).get(("path",))
    assert caught.value.code == "tls"
