# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a request and sending a response in ASGI messages, for layers that have no Starlette application."""

from __future__ import annotations

from starlette.types import Receive, Send


async def read_body(receive: Receive) -> bytes:
    """Return the body of a request, read to its end."""
    content = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            return content


async def send_response(send: Send, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
    """Send a whole response, as JSON unless ``headers`` have another content type."""
    fields = {"content-type": "application/json", "content-length": str(len(content)), **(headers or {})}
    encoded = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": content})
