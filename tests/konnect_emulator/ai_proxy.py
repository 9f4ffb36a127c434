# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the AI Proxy plugin does with a request (kong/llm of Kong Gateway 3.10): checks, call of the model, answer."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from .bodies import parse_json

CONTENT_TYPE = "application/json; charset=utf-8"
DEFAULT_URLS = {"mistral": "https://api.mistral.ai:443/v1/chat/completions"}
FALLBACK_URL = "https://llm.invalid:443/v1/chat/completions"
# A config value that is set wins over the request's (kong/llm/drivers/shared.lua, merge_config_defaults).
TUNING = ("max_tokens", "temperature", "top_p")
NOT_FORWARDED = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "host",
        "content-length",
        "content-type",
        "accept-encoding",
        "expect",
    ]
)


@dataclass
class Refused(Exception):
    """The plugin answers by itself: ``{"error": {"message": ...}}``."""

    status: int
    message: str

    def response(self) -> Response:
        return Response(json.dumps({"error": {"message": self.message}}), self.status, media_type=CONTENT_TYPE)


class Unreachable(Exception):
    """No answer from the model."""


def _prompts(body: dict[str, Any]) -> list[str]:
    """The formats a body is in."""
    formats = []
    if isinstance(body.get("messages"), list) and body["messages"]:
        formats.append("llm/v1/chat")
    if isinstance(body.get("prompt"), str):
        formats.append("llm/v1/completions")
    return formats


def checked_body(config: dict[str, Any], content_type: str, raw: bytes) -> dict[str, Any]:
    """The request's JSON after every check, in Kong's order; raises Refused."""
    unreadable = Refused(400, "content-type header does not match request body, or bad JSON formatting")
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
    kept = config["route_type"] == "preserve"
    formats = _prompts(body)
    if not kept and not formats:
        raise Refused(400, "request body doesn't contain valid prompts")
    configured, asked = config["model"]["name"], body.get("model")
    if configured and isinstance(asked, str) and asked and asked != configured:
        raise Refused(400, f"cannot use own model - must be: {configured}")
    if not kept and not configured and not (isinstance(asked, str) and asked):
        raise Refused(400, "model parameter not found in request, nor in gateway configuration")
    if not kept and len(formats) > 1:
        raise Refused(400, "request matches multiple LLM request formats")
    if not kept and formats[0] != config["route_type"]:
        route_type = config["route_type"]
        raise Refused(400, f"[{formats[0]}] message format is not compatible with [{route_type}] route type")
    if body.get("stream") and config["response_streaming"] == "deny":
        raise Refused(400, "response streaming is not enabled for this LLM")
    return body


def upstream_body(config: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """What the model gets: its own name, an explicit ``stream``, the configured tuning, no ``top_k``."""
    options = config["model"]["options"] or {}
    sent = {name: value for name, value in body.items() if name != "top_k"}
    sent.update({name: options[name] for name in TUNING if options.get(name) is not None})
    if config["model"]["name"]:
        sent["model"] = config["model"]["name"]
    sent["stream"] = bool(body.get("stream")) or config["response_streaming"] == "always"
    auth = config["auth"] or {}
    name, value = _parameter(auth, "body")
    if name and not (auth["allow_override"] and name in sent):
        sent[name] = value
    return sent


def _parameter(auth: dict[str, Any], location: str) -> tuple[str, str]:
    """The name and value of the key that travels in the body or the query; empty when it does not."""
    if auth.get("param_location") == location and auth.get("param_name") and auth.get("param_value"):
        return auth["param_name"], auth["param_value"]
    return "", ""


def upstream_headers(config: dict[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """The client's headers, the configured one over them; one that resolved to nothing is not sent at all."""
    headers = {name: value for name, value in given.items() if name.lower() not in NOT_FORWARDED}
    auth = config["auth"] or {}
    name, value = auth.get("header_name"), auth.get("header_value")
    if name and value is not None and not (auth["allow_override"] and name.lower() in headers):
        headers.pop(name.lower(), None)
        if value:
            headers[name] = value
    return {**headers, "content-type": "application/json"}


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def upstream_url(config: dict[str, Any], own: str) -> str:
    """Where the model is: as configured when that is this machine, else at the emulator's own upstream ``own``.

    No traffic leaves the machine.
    """
    options = config["model"]["options"] or {}
    url = options.get("upstream_url") or DEFAULT_URLS.get(config["model"]["provider"], FALLBACK_URL)
    parts = urlsplit(url)
    if not _is_loopback(parts.hostname):
        parts = urlsplit(own)._replace(path=parts.path, query=parts.query)
    if not parts.path:
        parts = parts._replace(path="/")
    name, value = _parameter(config["auth"] or {}, "query")
    if name:
        parts = parts._replace(query=f"{parts.query}&{urlencode({name: value})}".lstrip("&"))
    return urlunsplit(parts)


class AiProxy:
    """Calls models. ``own`` is the root URL of the emulator's upstream."""

    def __init__(self, own: str) -> None:
        self._own = own
        self._client = httpx.AsyncClient(timeout=60, trust_env=False, follow_redirects=False)

    async def close(self) -> None:
        await self._client.aclose()

    async def answer(self, config: dict[str, Any], request: Request, raw: bytes) -> Response:
        """The client's answer; ``config`` is complete, its references resolved. Raises Refused, Unreachable."""
        body = checked_body(config, request.headers.get("content-type", ""), raw)
        sent = upstream_body(config, body)
        try:
            outgoing = self._client.build_request(
                request.method,
                upstream_url(config, self._own),
                headers=_encoded(upstream_headers(config, request.headers)),
                content=json.dumps(sent).encode(),
            )
        except (httpx.InvalidURL, ValueError):
            raise Refused(500, "LLM request failed before proxying") from None
        try:
            answer = await self._client.send(outgoing, stream=True)
            if answer.status_code == 200 and sent["stream"]:
                return StreamingResponse(
                    _relay(answer), headers=_name_header(config, sent), media_type="text/event-stream"
                )
            content = await answer.aread()
            await answer.aclose()
        except httpx.HTTPError:
            raise Unreachable from None
        media_type = answer.headers.get("content-type")
        if answer.status_code != 200:
            return Response(content, answer.status_code, media_type=media_type)
        return _normalised(config, sent, content)


def _name_header(config: dict[str, Any], sent: dict[str, Any]) -> dict[str, str]:
    if not config["model_name_header"]:
        return {}
    name = f"{config['model']['provider']}/{sent.get('model', '')}"
    return {"X-Kong-LLM-Model": name.encode("latin-1", "replace").decode("latin-1")}


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """As bytes: what a client or a secret holds need not be ASCII."""
    return [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers.items()]


def _normalised(config: dict[str, Any], sent: dict[str, Any], content: bytes) -> Response:
    try:
        answer = parse_json(content)
    except ValueError:
        answer = None
    route_type = config["route_type"]
    if route_type != "preserve" and (not isinstance(answer, dict) or "choices" not in answer):
        source = f"{config['model']['provider']}://{route_type}"
        raise Refused(500, f"transformation failed from type {source}: 'choices' not in {route_type} response")
    return Response(content, 200, headers=_name_header(config, sent), media_type="application/json")


async def _relay(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_bytes():
            yield chunk
    finally:
        await answer.aclose()
