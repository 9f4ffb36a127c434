# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a request's JSON, in the manner of the API that is asked.

What was read is noted on the request's scope as field names, never as values, for the request log.
"""

from __future__ import annotations

import json
import math
from typing import Any

from starlette.requests import Request

from .errors import INVALID_ARGUMENT, CoreFailure, Problem

FIELDS = "konnect_emulator.fields"


def _finite(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise ValueError("not a JSON number")
    return number


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def parse_json(raw: bytes) -> Any:
    """Strict JSON in UTF-8; raises ValueError."""
    try:
        return json.loads(raw.decode("utf-8"), parse_float=_finite, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


async def _object(request: Request) -> dict[str, Any] | None:
    try:
        body = parse_json(await request.body())
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    request.scope[FIELDS] = sorted(body)
    return body


async def problem_body(request: Request, tracer: str = "kong") -> dict[str, Any]:
    """The body for control planes, config stores and secrets; they insist on the content type (415)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        detail = "This API only supports requests with `Content-Type: application/json`"
        raise Problem(415, "Unsupported Media Type", detail, tracer=tracer)
    body = await _object(request)
    if body is None:
        invalid = [{"field": "body", "reason": "request format is invalid"}]
        raise Problem(400, "Bad Request", "Invalid request format", invalid, tracer=tracer)
    return body


async def core_body(request: Request) -> dict[str, Any]:
    """The body for core entities, which parse JSON whatever the content type says."""
    body = await _object(request)
    if body is None:
        raise CoreFailure(400, INVALID_ARGUMENT, "invalid JSON in the request body")
    return body
