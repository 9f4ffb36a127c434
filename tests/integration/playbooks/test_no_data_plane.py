# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""site.yml against something else than a data plane; the filter's tests have the other responses."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from support.emulator import API_KEY, emulator
from support.playbook import Run, ansible_playbook


@pytest.fixture
def site_against() -> Iterator[Callable[[str, str], Run]]:
    """Run site.yml against a server that responds to everything with this type and this content."""
    servers: list[ThreadingHTTPServer] = []

    def run(content_type: str, content: str) -> Run:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, *arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with emulator() as konnect:
            return ansible_playbook(
                "playbooks/site.yml",
                environment=konnect.environment,
                extra_vars={**konnect.extra_vars, "konnect_proxy_url": f"http://127.0.0.1:{server.server_port}"},
            )

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.exhaustive
def test_what_is_no_data_plane_is_told_at_once(site_against):
    run = site_against("text/html", "<html>Welcome</html>")
    assert run.code != 0
    assert "What listens there is no data plane: it sent text, not JSON." in " ".join(run.output.split())
    assert "RETRYING" not in run.output
    assert "undefined" not in run.output


@pytest.mark.exhaustive
def test_a_reply_is_shown_without_the_api_key(site_against):
    completion = {"choices": [{"message": {"content": f"You sent Authorization: Bearer {API_KEY}, fine"}}]}
    run = site_against("application/json", json.dumps(completion))
    assert run.code == 0, run.output
    assert "You sent Authorization: (not shown), fine" in run.output
    assert API_KEY not in run.output
