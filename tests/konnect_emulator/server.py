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
from .ai_proxy import AiProxy
from .api import LastResort, build
from .control_planes import new_control_plane
from .data_plane import DataPlane
from .faults import Faults, RateLimit
from .header_case import HeaderCase
from .official_schemas import Catalog
from .settings import Settings
from .state import World
from .upstream import Upstream

HOST = "127.0.0.1"
BANNER = "konnect-emulator: a test double of Kong Konnect, for tests and demonstrations. It is not Kong."


class PortInUse(Exception):
    """A port that was asked for is not to be had."""


class _Server(uvicorn.Server):
    """Leaves signals to ``serve``: three servers share them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(port: int) -> socket.socket:
    # Only where the protocol is named does asyncio turn Nagle's algorithm off; with it a keep-alive answer takes 40 ms.
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
    """Listening sockets for the API, the data plane and the upstream: ``port`` and the next two, or free ones for 0."""
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
        log_config=None,
        log_level=logging.CRITICAL,
        access_log=False,
        lifespan="off",
        server_header=False,
        headers=[("Server", SERVER_NAME)],
        timeout_graceful_shutdown=1,
    )
    return _Server(config)


def _limited(app: ASGIApp, settings: Settings) -> ASGIApp:
    return RateLimit(app, settings.rate_limit) if settings.rate_limit else app


async def serve(settings: Settings, sockets: list[socket.socket], log: TextIO | None) -> None:
    """Runs until SIGTERM or SIGINT; prints the ready line when all three accept connections."""
    konnect_url, proxy_url, upstream_url = (f"http://{HOST}:{sock.getsockname()[1]}" for sock in sockets)
    world = World(keep_ms=settings.node_lag_ms)
    plane = world.add(lambda id_: new_control_plane(id_, {"name": settings.control_plane}))
    catalog = Catalog(settings.plugin_schemas)
    ai_proxy = AiProxy(upstream_url)
    servers = [
        _server(Faults(HeaderCase(_limited(build(world, settings, catalog, log), settings)), list(settings.faults))),
        _server(HeaderCase(LastResort(DataPlane(world, catalog, ai_proxy, settings.data_plane_lag_ms).app()))),
        _server(HeaderCase(LastResort(Upstream(settings.upstream_keys).app()))),
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
        "control_plane_id": plane.record["id"],
    }
    print(BANNER, file=sys.stderr, flush=True)
    print(json.dumps(ready), flush=True)
    await asyncio.gather(*running)
    await ai_proxy.close()
