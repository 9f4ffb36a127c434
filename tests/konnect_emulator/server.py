# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three servers in one process and event loop, on 127.0.0.1 only."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from typing import TextIO

import uvicorn
from starlette.types import ASGIApp

from . import SERVER_NAME
from .api.application import build_api
from .api.control_planes import new_control_plane
from .chat_upstream import ChatUpstream
from .data_plane.ai_proxy import AiProxy
from .data_plane.application import DataPlane
from .middleware.emulator_endpoints import EmulatorEndpoints
from .middleware.fault_injection import FaultInjection
from .middleware.header_case import HeaderCase
from .middleware.internal_errors import InternalErrors
from .middleware.rate_limit import RateLimit
from .plugins.published_schemas import SchemaCatalog
from .settings import Settings
from .state import EmulatorState

HOST = "127.0.0.1"
BANNER = "konnect-emulator: a test double of Kong Konnect, for tests and demonstrations. It is not Kong."


class PortInUse(Exception):
    """A requested port is not free."""


class _Server(uvicorn.Server):
    """A server that leaves signals to ``serve``, because three servers share them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only for sockets that name the protocol; with it, a response takes 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
        sock.listen(2048)
    except OSError as error:
        sock.close()
        raise PortInUse(f"cannot listen on {HOST}:{port}: {error.strerror}") from None
    return sock


def open_sockets(port: int) -> list[socket.socket]:
    """Return listening sockets for the API, the data plane and the upstream; raises PortInUse.

    They are ``port`` and the next two, or three free ports for 0.
    """
    sockets: list[socket.socket] = []
    try:
        for step in range(3):
            sockets.append(_listen(port + step if port else 0))
    except PortInUse:
        for sock in sockets:
            sock.close()
        raise
    return sockets


def _server(app: ASGIApp) -> _Server:
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        log_level=logging.CRITICAL,
        access_log=False,
        lifespan="off",
        server_header=False,
        headers=[("Server", SERVER_NAME)],
        timeout_graceful_shutdown=1,
    )
    return _Server(config)


def _api(state: EmulatorState, settings: Settings, catalog: SchemaCatalog, log: TextIO | None) -> ASGIApp:
    """Return the control plane API with the layers that a test controls, the outermost last."""
    app = build_api(state, settings, catalog, log)
    if settings.rate_limit:
        app = RateLimit(app, settings.rate_limit)
    return EmulatorEndpoints(FaultInjection(HeaderCase(app), settings.faults), state)


async def serve(settings: Settings, sockets: list[socket.socket], log: TextIO | None) -> None:
    """Serve until SIGTERM or SIGINT; prints the ready line when all three sockets accept connections."""
    konnect_url, proxy_url, upstream_url = (f"http://{HOST}:{sock.getsockname()[1]}" for sock in sockets)
    state = EmulatorState(keep_ms=settings.node_lag_ms)
    control_plane = state.add(lambda id_: new_control_plane(id_, {"name": settings.control_plane}))
    catalog = SchemaCatalog(settings.plugin_schemas)
    ai_proxy = AiProxy(upstream_url)
    servers = [
        _server(_api(state, settings, catalog, log)),
        _server(HeaderCase(InternalErrors(DataPlane(state, catalog, ai_proxy, settings.data_plane_lag_ms).app()))),
        _server(HeaderCase(InternalErrors(ChatUpstream(settings.upstream_keys).app()))),
    ]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    running = [asyncio.create_task(server.serve([sock])) for server, sock in zip(servers, sockets, strict=True)]
    while not all(server.started for server in servers):
        await asyncio.sleep(0.005)
    ready = {
        "konnect_url": konnect_url,
        "proxy_url": proxy_url,
        "upstream_url": upstream_url,
        "control_plane_id": control_plane.record["id"],
    }
    print(BANNER, file=sys.stderr, flush=True)
    print(json.dumps(ready), flush=True)
    await asyncio.gather(*running)
    await ai_proxy.close()
