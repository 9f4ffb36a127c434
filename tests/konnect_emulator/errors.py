# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three families of errors a Konnect client meets, as exceptions that know their answer.

Problem         application/problem+json: control planes, config stores, secrets (Konnect OpenAPI, BaseError)
CoreFailure     application/json, gRPC status shape: core entities
GatewayFailure  application/json, two keys: the gateway in front of core entities (Konnect OpenAPI, HTTP401Error)
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from starlette.responses import Response

ERROR_DETAIL = "type.googleapis.com/kong.admin.model.v1.ErrorDetail"
INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED, UNIMPLEMENTED = 3, 5, 6, 7, 12


def json_response(content: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """ASCII JSON: a lone surrogate in what a client sent can be answered too."""
    return Response(json.dumps(content, separators=(",", ":")), status, media_type=media_type)


class ApiFailure(Exception):
    """Raised anywhere under a handler; ends as ``response()``."""

    def response(self) -> Response:
        raise NotImplementedError


class Problem(ApiFailure):
    """``{status, title, instance, detail[, invalid_parameters]}``."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        invalid: Iterable[Mapping[str, Any]] = (),
        *,
        tracer: str = "kong",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        trace = secrets.randbelow(10**19)
        self.body: dict[str, Any] = {
            "status": status,
            "title": title,
            "instance": f"{tracer}:trace:{trace}",
            "detail": detail,
        }
        invalid = [dict(item) for item in invalid]
        if invalid:
            self.body["invalid_parameters"] = invalid

    def response(self) -> Response:
        answer = json_response(self.body, self.status, "application/problem+json")
        answer.headers.update(self.headers)
        return answer


class Violation(NamedTuple):
    """One reason for a CoreFailure; ``kind`` is FIELD, ENTITY or REFERENCE, ``field`` empty for ENTITY."""

    kind: str
    field: str
    message: str


def on_field(field: str, message: str) -> Violation:
    return Violation("FIELD", field, message)


def on_entity(message: str) -> Violation:
    return Violation("ENTITY", "", message)


def on_reference(field: str, message: str) -> Violation:
    return Violation("REFERENCE", field, message)


class CoreFailure(ApiFailure):
    """``{code, message, details: [{"@type", type, field?, messages}]}``, messages of a field together."""

    def __init__(self, status: int, code: int, message: str, violations: Iterable[Violation] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = {}
        grouped: dict[tuple[str, str], list[str]] = {}
        for kind, field, text in violations:
            grouped.setdefault((kind, field), []).append(text)
        details = []
        for (kind, field), messages in grouped.items():
            where = {"field": field} if field else {}
            details.append({"@type": ERROR_DETAIL, "type": f"ERROR_TYPE_{kind}", **where, "messages": messages})
        self.body = {"code": code, "message": message, "details": details}

    def response(self) -> Response:
        answer = json_response(self.body, self.status)
        answer.headers.update(self.headers)
        return answer


class GatewayFailure(ApiFailure):
    """``{message, status}``."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def response(self) -> Response:
        return json_response({"message": self.message, "status": self.status}, self.status)


def validation_failure(violations: Iterable[Violation]) -> CoreFailure:
    return CoreFailure(400, INVALID_ARGUMENT, "validation error", violations)


def core_not_found(message: str = "") -> CoreFailure:
    return CoreFailure(404, NOT_FOUND, message)


def not_found(detail: str = "Not Found", tracer: str = "kong") -> Problem:
    return Problem(404, "Not Found", detail, tracer=tracer)


def invalid_parameters(*invalid: Mapping[str, Any]) -> Problem:
    """The 400 of config stores and secrets."""
    return Problem(400, "Invalid Request", "Invalid Parameters", invalid)
