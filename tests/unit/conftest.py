# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server that responds by a script, for what the emulator would not do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

PLANE_ID = "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7"


class ScriptedServer:
    """Responds to each request with the next step of its script, and keeps what was asked.

    A step is ``(status, body)`` or ``(status, body, headers)``; body is JSON data or bytes. The step ``"reset"`` closes
    the connection without a response. When the script is at its end, ``routes`` answers, by method and path without
    query, such as ``GET /v2/control-planes``; what is not in it is 404.
    """

    def __init__(self) -> None:
        self.script: list[Any] = []
        self.routes: dict[str, Any] = {}
        self.requests: list[tuple[str, str, dict[str, str], Any]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each response takes 40 ms

            def respond(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                server.requests.append(
                    (self.command, self.path, dict(self.headers), json.loads(body) if body else None)
                )
                route = f"{self.command} {self.path.partition('?')[0]}"
                step = server.script.pop(0) if server.script else server.routes.get(route, (404, {}))
                if step == "reset":
                    self.close_connection = True
                    self.connection.close()
                    return
                status, content, *rest = step
                if not isinstance(content, bytes):
                    content = json.dumps(content).encode()
                self.send_response_only(status)
                for name, value in (rest[0] if rest else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def sent(self) -> list[str]:
        return [f"{method} {path}" for method, path, _headers, _body in self.requests]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    yield scripted
    scripted.close()


@pytest.fixture
def pauses() -> list[float]:
    """How long the client of this test slept, in order."""
    return []


@pytest.fixture
def connect(server: ScriptedServer, pauses: list[float]) -> Callable[..., Any]:
    """Make a client of the scripted server whose pauses take no time."""
    from ansible_collections.community.konnect.plugins.module_utils._client.client import KonnectClient
    from ansible_collections.community.konnect.plugins.module_utils._client.connection import Connection

    def make(*, read_only: bool = False, **options: Any) -> KonnectClient:
        clock = [0.0]

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            clock[0] += seconds

        connection = Connection(server.url, "kpat_test", **options)
        return KonnectClient(connection, read_only=read_only, sleep=sleep, clock=lambda: clock[0])

    return make


@pytest.fixture
def plane(connect: Callable[..., Any]) -> Callable[..., Any]:
    """Make a control plane of the scripted server, which is looked up already."""
    from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
        ControlPlane,
        Organization,
    )
    from ansible_collections.community.konnect.plugins.module_utils._task import Task

    def make(*, check_mode: bool = False, context: Task | None = None, **options: Any) -> ControlPlane:
        task = context or Task(check_mode)
        client = connect(read_only=task.check_mode, **options)
        entity = {"id": PLANE_ID, "name": "quickstart"}
        return ControlPlane(Organization(client, task), "quickstart", entity)

    return make
