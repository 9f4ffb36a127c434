# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses that the data plane gives without an upstream: errors, Request Termination, the echo of a request."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..json_application import json_response
from ..request_bodies import parse_json
from ..state import Record

JSON_UTF8 = "application/json; charset=utf-8"
HIDDEN_HEADERS = frozenset(["authorization", "proxy-authorization", "apikey", "x-api-key", "cookie"])
TERMINATION_MESSAGES = {
    401: "Unauthorized",
    404: "Not found",
    405: "Method not allowed",
    500: "An unexpected error occurred",
    502: "Bad Gateway",
    503: "Service unavailable",
}


def kong_error(status: int, message: str, request_id: str, **headers: str) -> Response:
    """Return an error of Kong's own, in its layout: each ``"key":"value"`` on a line of its own."""
    text = f'{{\n  "message":{json.dumps(message)},\n  "request_id":"{request_id}"\n}}'
    return Response(text, status, headers, media_type=JSON_UTF8)


def https_required(request: Request, route: Record, request_id: str) -> Response:
    """Return the redirect, or the 426, of a route that takes HTTPS only."""
    status = route["https_redirect_status_code"]
    if status != 426:
        location = request.url.replace(scheme="https", port=None)
        return Response(status_code=status, headers={"Location": str(location)})
    upgrade = {"Connection": "Upgrade", "Upgrade": "TLS/1.2, HTTP/1.1"}
    return kong_error(426, "Please use HTTPS protocol", request_id, **upgrade)


def is_terminated(config: dict[str, Any], request: Request) -> bool:
    """Return True if Request Termination, with this config, ends the request."""
    trigger = config["trigger"]
    return not trigger or trigger in request.headers or trigger in request.query_params


def termination(config: dict[str, Any], request: Request) -> Response:
    """Return the response of Request Termination."""
    status = config["status_code"]
    message = config["message"] or TERMINATION_MESSAGES.get(status)
    if config["body"] is not None:
        return Response(config["body"], status, media_type=config["content_type"] or JSON_UTF8)
    body: dict[str, Any] = {"message": message} if message else {}
    if config["echo"]:
        body["request"] = {"method": request.method, "path": request.url.path, "headers": _masked_headers(request)}
    return json_response(body, status, JSON_UTF8)


def _masked_headers(request: Request) -> dict[str, str]:
    return {
        name.title(): "(hidden)" if name in HIDDEN_HEADERS else ",".join(request.headers.getlist(name))
        for name in request.headers
    }


def echo(request: Request, body: bytes, url: str) -> Response:
    """Return httpbin's ``/anything`` for a request to this URL, without its query.

    ``{args, data, files, form, headers, json, method, origin, url}``.
    """
    query = f"?{request.url.query}" if request.url.query else ""
    try:
        parsed = parse_json(body) if body else None
    except ValueError:
        parsed = None
    shown = {
        "args": dict(request.query_params),
        "data": body.decode("utf-8", "replace"),
        "files": {},
        "form": {},
        "headers": _masked_headers(request),
        "json": parsed,
        "method": request.method,
        "origin": request.client.host if request.client else "",
        "url": f"{url}{query}",
    }
    return json_response(shown)
