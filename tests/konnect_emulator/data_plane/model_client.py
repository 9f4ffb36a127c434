# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP client that calls models. Importing this module is slow, because it imports httpx."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

from .ai_proxy_errors import ModelUnreachable


@dataclass(frozen=True)
class ModelResponse:
    """The response of a model: its whole ``content``, or its ``chunks`` while it is streamed.

    ``retry_after`` is the header of that name."""

    status: int
    media_type: str | None
    retry_after: str | None = None
    content: bytes = b""
    chunks: AsyncIterator[bytes] | None = None


class ModelClient:
    """Keeps connections to models open until it is closed."""

    def __init__(self) -> None:
        # Idle connections end here first: servers end them after 5 seconds, which a request on its way would meet.
        limits = httpx.Limits(keepalive_expiry=1)
        self._client = httpx.AsyncClient(timeout=60, trust_env=False, follow_redirects=False, limits=limits)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    def build_request(self, method: str, url: str, headers: list[tuple[bytes, bytes]], content: bytes) -> httpx.Request:
        """Return a request to be sent; raises ValueError for an invalid URL."""
        try:
            return self._client.build_request(method, url, headers=headers, content=content)
        except httpx.InvalidURL as error:
            raise ValueError(str(error)) from None

    async def send(self, request: httpx.Request, *, stream: bool) -> ModelResponse:
        """Send a request; raises ModelUnreachable."""
        try:
            response = await self._client.send(request, stream=True)
            media_type = response.headers.get("content-type")
            if response.status_code == 200 and stream:
                return ModelResponse(response.status_code, media_type, chunks=_chunks(response))
            body = await response.aread()
            await response.aclose()
        except httpx.HTTPError:
            raise ModelUnreachable from None
        return ModelResponse(response.status_code, media_type, response.headers.get("retry-after"), body)


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.aiter_bytes():
            yield chunk
    finally:
        await response.aclose()
