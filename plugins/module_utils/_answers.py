# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""What an error answer of Konnect says, out of the three forms in which Konnect says it."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError

CODES = {400: "invalid", 401: "unauthorized", 403: "forbidden", 404: "not_found", 409: "conflict", 415: "invalid"}
REMEDIES = {
    401: "Check konnect_token (or KONNECT_TOKEN): Konnect does not accept it. It may be missing, mistyped, expired "
    "or revoked, or belong to another region or organization.",
    403: "The token is good but may not do this. Give its user or system account the role that it lacks, "
    "for example Vault Admin for Config Stores, secrets and Vaults.",
    429: "Konnect's rate limit was met and did not clear in time. Run fewer tasks at once, or raise request_deadline.",
}


def api_error(method: str, path: str, status: int, body: Any) -> ApiError:
    """Make the error for an answer.

    :param body: the parsed JSON, or None when there was none. Three forms are known: problem+json with
        ``invalid_parameters`` (control planes, config stores, secrets), gRPC status with ``details`` (core
        entities), and ``{"message"}`` (the gateway in front). Source: Konnect's OpenAPI documents and Kong's code.
    """
    answer = body if isinstance(body, dict) else {}
    fields = _fields(answer)
    code = CODES.get(status, "rate_limited" if status == 429 else "server_error" if status >= 500 else "refused")
    if status == 400 and any("(type: unique)" in field["reason"] for field in fields):
        code = "conflict"
    elif status == 400 and any("(type: foreign)" in field["reason"] for field in fields):
        code = "missing_reference"
    sentences = [f"{method} {path}: Konnect answered {status}{_said(answer, fields)}"]
    if status in REMEDIES:
        sentences.append(REMEDIES[status])
    trace = answer.get("instance") or answer.get("trace_id")
    return ApiError(" ".join(sentences), status=status, code=code, fields=fields, trace=trace)


def _fields(answer: dict[str, Any]) -> list[dict[str, str]]:
    found = []
    for parameter in _dicts(answer.get("invalid_parameters")):
        found.append({"field": str(parameter.get("field") or ""), "reason": str(parameter.get("reason") or "")})
    for detail in _dicts(answer.get("details")):
        messages = detail.get("messages")
        reason = "; ".join(str(message) for message in messages) if isinstance(messages, list) else ""
        found.append({"field": str(detail.get("field") or ""), "reason": reason})
    return found


def _said(answer: dict[str, Any], fields: list[dict[str, str]]) -> str:
    heading = [str(answer[name]) for name in ("title", "detail", "message") if answer.get(name)]
    heading = list(dict.fromkeys(heading))
    reasons = [f"{field['field']}: {field['reason']}" if field["field"] else field["reason"] for field in fields]
    text = ": ".join(heading)
    if reasons:
        text += f" ({'; '.join(reasons)})"
    text = re.sub(r"\s+", " ", text).strip()
    return f" {text if text.endswith('.') else text + '.'}" if text else "."


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
