# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AI Proxy plugin (kong/llm of Kong Gateway 3.10): checks a request, calls the model, checks its response."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ..request_bodies import parse_json
from .ai_proxy_errors import RequestRejected
from .model_requests import model_body, model_headers, model_url, sent_key
from .use_log import Use, digest

if TYPE_CHECKING:
    from .model_client import ModelClient


def _prompt_formats(body: dict[str, Any]) -> list[str]:
    formats = []
    if isinstance(body.get("messages"), list) and body["messages"]:
        formats.append("llm/v1/chat")
    if isinstance(body.get("prompt"), str):
        formats.append("llm/v1/completions")
    return formats


def _read_body(config: dict[str, Any], content_type: str, raw: bytes) -> dict[str, Any]:
    unreadable = RequestRejected(400, "content-type header does not match request body, or bad JSON formatting")
    if content_type and content_type.partition(";")[0].strip().lower() != "application/json":
        raise unreadable
    limit = config["max_request_body_size"]
    if limit and len(raw) > limit:
        raise unreadable
    try:
        body = parse_json(raw)
    except ValueError:
        raise unreadable from None
    if not isinstance(body, dict):
        raise unreadable
    return body


def checked_body(config: dict[str, Any], content_type: str, raw: bytes) -> dict[str, Any]:
    """Return the JSON of a request after every check, in Kong's order; raises RequestRejected."""
    body = _read_body(config, content_type, raw)
    preserve = config["route_type"] == "preserve"
    formats = _prompt_formats(body)
    if not preserve and not formats:
        raise RequestRejected(400, "request body doesn't contain valid prompts")
    configured, requested = config["model"]["name"], body.get("model")
    if configured and isinstance(requested, str) and requested and requested != configured:
        raise RequestRejected(400, f"cannot use own model - must be: {configured}")
    if not preserve and not configured and not (isinstance(requested, str) and requested):
        raise RequestRejected(400, "model parameter not found in request, nor in gateway configuration")
    if not preserve and len(formats) > 1:
        raise RequestRejected(400, "request matches multiple LLM request formats")
    if not preserve and formats[0] != config["route_type"]:
        route_type = config["route_type"]
        raise RequestRejected(400, f"[{formats[0]}] message format is not compatible with [{route_type}] route type")
    if body.get("stream") and config["response_streaming"] == "deny":
        raise RequestRejected(400, "response streaming is not enabled for this LLM")
    return body


class AiProxy:
    """Calls models. ``default_upstream`` is the root URL of the emulator's own chat upstream."""

    def __init__(self, default_upstream: str) -> None:
        self._default_upstream = default_upstream

    @functools.cached_property
    def _client(self) -> ModelClient:
        # Imported at the first chat, because httpx would take a quarter of the time of every start.
        from .model_client import ModelClient

        return ModelClient()

    async def close(self) -> None:
        """Close the connections to models, if there were any."""
        if "_client" in vars(self):
            await self._client.close()

    async def forward(self, config: dict[str, Any], request: Request, raw: bytes, use: Use) -> Response:
        """Return the response for the client; ``config`` has its defaults, and its references resolved.

        Notes in ``use`` what was sent and received. Raises RequestRejected and ModelUnreachable.
        """
        sent = model_body(config, checked_body(config, request.headers.get("content-type", ""), raw))
        headers = model_headers(config, request.headers)
        content = json.dumps(sent).encode()
        try:
            url = model_url(config, self._default_upstream)
            outgoing = self._client.build_request(request.method, url, headers, content)
        except ValueError:
            raise RequestRejected(500, "LLM request failed before proxying") from None
        use.value = digest(sent_key(config, headers))
        response = await self._client.send(outgoing, stream=sent["stream"])
        use.status = response.status
        if response.chunks is not None:
            name_header = _model_name_header(config, sent)
            return StreamingResponse(response.chunks, headers=name_header, media_type="text/event-stream")
        if response.status != 200:
            retry_after = {"Retry-After": response.retry_after} if response.retry_after else {}
            return Response(response.content, response.status, retry_after, media_type=response.media_type)
        return _chat_response(config, sent, response.content)


def _model_name_header(config: dict[str, Any], sent: dict[str, Any]) -> dict[str, str]:
    if not config["model_name_header"]:
        return {}
    name = f"{config['model']['provider']}/{sent.get('model', '')}"
    return {"X-Kong-LLM-Model": name.encode("latin-1", "replace").decode("latin-1")}


def _chat_response(config: dict[str, Any], sent: dict[str, Any], content: bytes) -> Response:
    try:
        body = parse_json(content)
    except ValueError:
        body = None
    route_type = config["route_type"]
    if route_type != "preserve" and (not isinstance(body, dict) or "choices" not in body):
        source = f"{config['model']['provider']}://{route_type}"
        message = f"transformation failed from type {source}: 'choices' not in {route_type} response"
        raise RequestRejected(500, message)
    return Response(content, 200, headers=_model_name_header(config, sent), media_type="application/json")
