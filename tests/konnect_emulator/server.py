# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The servers in one process and event loop, on 127.0.0.1 only."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import shlex
import signal
import socket
import ssl
import sys
from collections.abc import Iterator
from typing import TextIO

import uvicorn
from starlette.types import ASGIApp

from . import SERVER_NAME
from .clock import Clock
from .emulator import Emulator
from .middleware.outermost_layer import OutermostLayer
from .settings import Settings

HOST = "127.0.0.1"
BANNER = "konnect-emulator: a test double of Kong Konnect, for tests and demonstrations. It is not Kong."


class PortInUse(Exception):
    """A requested port is not free."""


class _Server(uvicorn.Server):
    """A server that leaves signals to ``serve``, because all servers share them."""

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


def open_sockets(port: int, count: int) -> list[socket.socket]:
    """Return listening sockets: API, first data plane, upstream, other data planes, those of AI Gateways, and TLS.

    They are ``port`` and the next ones, or free ports for 0. Raises PortInUse.
    """
    sockets: list[socket.socket] = []
    try:
        for step in range(count):
            sockets.append(_listen(port + step if port else 0))
    except PortInUse:
        for sock in sockets:
            sock.close()
        raise
    return sockets


def _server(app: ASGIApp, clock: Clock, tls: ssl.SSLContext | None) -> _Server:
    config = uvicorn.Config(
        OutermostLayer(app, clock),
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        log_level=logging.CRITICAL,
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=False,
        headers=[("Server", SERVER_NAME)],
        timeout_graceful_shutdown=1,
        ssl_context_factory=(lambda _config, _default: tls) if tls else None,
    )
    return _Server(config)


def _exports(settings: Settings, konnect_url: str, proxy_url: str, upstream_url: str, ai_gateway_url: str) -> str:
    """What to paste into a second terminal, to run the playbooks of the collection there."""
    variables = {
        "KONNECT_TOKEN": settings.token,
        "KONNECT_SERVER_URL": konnect_url,
        "KONNECT_CONTROL_PLANE": settings.control_plane,
        "KONNECT_PROXY_URL": proxy_url,
        "KONNECT_AI_GATEWAY": settings.ai_gateway,
        "KONNECT_AI_GATEWAY_URL": ai_gateway_url,
        "MISTRAL_API_KEY": settings.upstream_keys[0],
        "MISTRAL_UPSTREAM_URL": f"{upstream_url}/v1/chat/completions",
    }
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    others = [
        f"# Another key to rotate to: export MISTRAL_API_KEY={shlex.quote(key)}" for key in settings.upstream_keys[1:]
    ]
    return "\n".join(["# Paste these into a second terminal:", *lines, *others])


async def serve(settings: Settings, sockets: list[socket.socket], log: TextIO | None) -> None:
    """Serve until SIGTERM or SIGINT; prints the ready line when all sockets accept connections."""
    urls = [f"http://{HOST}:{sock.getsockname()[1]}" for sock in sockets]
    tls_proxy_url = urls.pop().replace("http:", "https:") if settings.tls else ""
    konnect_url, proxy_url, upstream_url, *others = urls
    other_proxy_urls, ai_gateway_urls = others[: settings.proxy_count - 1], others[settings.proxy_count - 1 :]
    emulator = Emulator.create(settings, upstream_url)
    servers = [_server(app, emulator.state.clock, tls) for app, tls in emulator.applications(log)]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    running = [asyncio.create_task(server.serve([sock])) for server, sock in zip(servers, sockets, strict=True)]
    while not all(server.started for server in servers):
        await asyncio.sleep(0.005)
    tasks = emulator.background_tasks()
    ready = {
        "konnect_url": konnect_url,
        "proxy_url": proxy_url,
        "proxy_urls": [proxy_url, *other_proxy_urls],
        "tls_proxy_url": tls_proxy_url,
        "upstream_url": upstream_url,
        "control_plane_id": next(iter(emulator.state.control_planes)).record["id"],
        "ai_gateway_url": ai_gateway_urls[0],
        "ai_gateway_urls": ai_gateway_urls,
        "ai_gateway_id": next(iter(emulator.ai_gateways.table)).record["id"],
    }
    print(BANNER, file=sys.stderr, flush=True)
    print(json.dumps(ready), flush=True)
    if settings.exports:
        print(_exports(settings, konnect_url, proxy_url, upstream_url, ai_gateway_urls[0]), flush=True)
    await asyncio.gather(*running)
    for task in tasks:
        task.cancel()
    await emulator.ai_proxy.close()
