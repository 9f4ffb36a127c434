# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Error responses of Konnect, in the three forms in which it sends them."""

from __future__ import annotations

import re
from typing import Any

from .._errors import ApiError, ErrorCode, visible

CODES = {
    400: ErrorCode.INVALID,
    401: ErrorCode.UNAUTHORIZED,
    403: ErrorCode.FORBIDDEN,
    404: ErrorCode.NOT_FOUND,
    409: ErrorCode.CONFLICT,
    415: ErrorCode.INVALID,
    429: ErrorCode.RATE_LIMITED,
}
REMEDIES = {
    401: "Check konnect_token (or KONNECT_TOKEN): Konnect does not accept it. It may be missing, mistyped, expired "
    "or revoked, or belong to another region or organization.",
    403: "The token is good but may not do this. Give its user or system account the role that it lacks, "
    "for example Vault Admin for Config Stores, secrets and Vaults.",
    429: "Konnect's rate limit was reached and did not reset in time. Run fewer tasks at once, or raise "
    "request_deadline.",
}


def api_error(what: str, status: int, body: Any) -> ApiError:
    """Make the error for a response.

    :param what: method and path of the request.
    :param body: the parsed JSON, or None when there was none. Three forms are known: problem+json with
        ``invalid_parameters`` (control planes, config stores, secrets), gRPC status with ``details`` (core
        entities), and ``{"message"}`` (the gateway in front). Source: Konnect's OpenAPI documents and Kong's code.
    """
    response = body if isinstance(body, dict) else {}
    fields = _fields(response)
    sentences = [f"{what}: Konnect sent {status}{_reason(response, fields)}"]
    if status in REMEDIES:
        sentences.append(REMEDIES[status])
    trace = _text(response.get("instance") or response.get("trace_id")) or None
    return ApiError(" ".join(sentences), status=status, code=_code(status, fields), fields=fields, trace=trace)


def _code(status: int, fields: list[dict[str, str]]) -> ErrorCode:
    if status == 400 and any("(type: unique)" in field["reason"] for field in fields):
        return ErrorCode.CONFLICT
    if status == 400 and any("(type: foreign)" in field["reason"] for field in fields):
        return ErrorCode.MISSING_REFERENCE
    return CODES.get(status, ErrorCode.SERVER_ERROR if status >= 500 else ErrorCode.REFUSED)


def _fields(response: dict[str, Any]) -> list[dict[str, str]]:
    found = []
    for parameter in _dicts(response.get("invalid_parameters")):
        found.append({"field": _text(parameter.get("field")), "reason": _text(parameter.get("reason"))})
    for detail in _dicts(response.get("details")):
        messages = detail.get("messages")
        reason = "; ".join(str(message) for message in messages) if isinstance(messages, list) else ""
        found.append({"field": _text(detail.get("field")), "reason": visible(reason)})
    return found


def _reason(response: dict[str, Any], fields: list[dict[str, str]]) -> str:
    heading = [str(response[name]) for name in ("title", "detail", "message") if response.get(name)]
    heading = list(dict.fromkeys(heading))
    reasons = [f"{field['field']}: {field['reason']}" if field["field"] else field["reason"] for field in fields]
    text = ": ".join(heading)
    if reasons:
        text += f" ({'; '.join(reasons)})"
    text = re.sub(r"\s+", " ", text).strip()
    return f" {text if text.endswith('.') else text + '.'}" if text else "."


def _text(value: Any) -> str:
    return visible(str(value or ""))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
