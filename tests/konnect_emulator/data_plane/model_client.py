# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP client that calls models. Importing this module is slow, because it imports httpx."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property

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

    @cached_property
    def _with_tls(self) -> httpx.AsyncClient:
        return _new_client(verify=True)

    @cached_property
    def _without_tls(self) -> httpx.AsyncClient:
        # To read the certificates of all authorities takes longer than a chat.
        return _new_client(verify=False)

    async def close(self) -> None:
        """Close all connections."""
        for client in vars(self).values():
            await client.aclose()

    def build_request(self, method: str, url: str, headers: list[tuple[bytes, bytes]], content: bytes) -> httpx.Request:
        """Return a request to be sent; raises ValueError for an invalid URL."""
        try:
            return self._client_for(httpx.URL(url)).build_request(method, url, headers=headers, content=content)
        except httpx.InvalidURL as error:
            raise ValueError(str(error)) from None

    async def send(self, request: httpx.Request, *, stream: bool) -> ModelResponse:
        """Send a request; raises ModelUnreachable."""
        try:
            response = await self._client_for(request.url).send(request, stream=True)
            media_type = response.headers.get("content-type")
            if response.status_code == 200 and stream:
                return ModelResponse(response.status_code, media_type, chunks=_chunks(response))
            body = await response.aread()
            await response.aclose()
        except httpx.HTTPError:
            raise ModelUnreachable from None
        return ModelResponse(response.status_code, media_type, response.headers.get("retry-after"), body)

    def _client_for(self, url: httpx.URL) -> httpx.AsyncClient:
        return self._with_tls if url.scheme == "https" else self._without_tls


def _new_client(*, verify: bool) -> httpx.AsyncClient:
    # Idle connections end here first: servers end them after 5 seconds, which a request on its way would meet.
    limits = httpx.Limits(keepalive_expiry=1)
    return httpx.AsyncClient(timeout=60, trust_env=False, follow_redirects=False, limits=limits, verify=verify)


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.aiter_bytes():
            yield chunk
    finally:
        await response.aclose()
