# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the JSON of a request as strictly as the API behind the endpoint does.

The names of the body's top-level fields, never their values, are left in the request's scope for the request log.
"""

from __future__ import annotations

import json
import math
from typing import Any

from starlette.requests import Request

from .errors import INVALID_ARGUMENT, CoreEntityError, ProblemError

BODY_FIELDS = "konnect_emulator.body_fields"


def _parse_finite(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise ValueError("not a JSON number")
    return number


def _reject_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def parse_json(raw: bytes) -> Any:
    """Parse strict JSON in UTF-8; raises ValueError."""
    try:
        return json.loads(raw.decode("utf-8"), parse_float=_parse_finite, parse_constant=_reject_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


async def _read_object(request: Request) -> dict[str, Any] | None:
    try:
        body = parse_json(await request.body())
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    request.scope[BODY_FIELDS] = sorted(body)
    return body


async def read_body(request: Request, service: str = "kong") -> dict[str, Any]:
    """Return the body for control planes, config stores and secrets; their content type must be JSON (else 415)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        detail = "This API only supports requests with `Content-Type: application/json`"
        raise ProblemError(415, "Unsupported Media Type", detail, service=service)
    body = await _read_object(request)
    if body is None:
        invalid = [{"field": "body", "reason": "request format is invalid"}]
        raise ProblemError(400, "Bad Request", "Invalid request format", invalid, service=service)
    return body


async def read_core_entity_body(request: Request) -> dict[str, Any]:
    """Return the body for core entities, which parse JSON whatever the content type is."""
    body = await _read_object(request)
    if body is None:
        raise CoreEntityError(400, INVALID_ARGUMENT, "invalid JSON in the request body")
    return body
