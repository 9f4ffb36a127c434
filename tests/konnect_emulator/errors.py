# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three families of errors that a Konnect client meets, as exceptions that render their response.

ProblemError     application/problem+json: control planes, config stores, secrets (Konnect OpenAPI, BaseError)
CoreEntityError  application/json, gRPC status shape: core entities
GatewayError     application/json, two keys: the gateway in front of core entities (Konnect OpenAPI, HTTP401Error)

All of them name their charset, as live Konnect was seen to do (terraform-provider-konnect issues 191 and 240).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from starlette.responses import Response

from .json_application import json_response

ERROR_DETAIL = "type.googleapis.com/kong.admin.model.v1.ErrorDetail"
JSON, PROBLEM = "application/json; charset=utf-8", "application/problem+json; charset=utf-8"
INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED, UNIMPLEMENTED = 3, 5, 6, 7, 12
UNKNOWN = 2
CODES = {400: INVALID_ARGUMENT, 403: PERMISSION_DENIED, 404: NOT_FOUND, 405: UNIMPLEMENTED, 409: ALREADY_EXISTS}


class ApiError(Exception):
    """An error response of the API; may be raised anywhere below an endpoint."""

    def response(self) -> Response:
        """Render the error."""
        raise NotImplementedError


class ProblemError(ApiError):
    """``{status, title, instance, detail[, invalid_parameters]}``; ``service`` is the prefix of ``instance``."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        invalid: Iterable[Mapping[str, Any]] = (),
        *,
        service: str = "kong",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        trace = secrets.randbelow(10**19)
        self.body: dict[str, Any] = {
            "status": status,
            "title": title,
            "instance": f"{service}:trace:{trace}",
            "detail": detail,
        }
        invalid = [dict(item) for item in invalid]
        if invalid:
            self.body["invalid_parameters"] = invalid

    def response(self) -> Response:
        """Render the problem."""
        response = json_response(self.body, self.status, PROBLEM)
        response.headers.update(self.headers)
        return response


class Violation(NamedTuple):
    """One reason of a CoreEntityError; ``kind`` is FIELD, ENTITY or REFERENCE, ``field`` is empty for ENTITY."""

    kind: str
    field: str
    message: str


def field_violation(field: str, message: str) -> Violation:
    """Return a violation by the value of one field."""
    return Violation("FIELD", field, message)


def entity_violation(message: str) -> Violation:
    """Return a violation by the entity as a whole."""
    return Violation("ENTITY", "", message)


def reference_violation(field: str, message: str) -> Violation:
    """Return a violation by what other entities hold: a value that must be unique, a foreign key."""
    return Violation("REFERENCE", field, message)


class CoreEntityError(ApiError):
    """``{code, message, details: [{"@type", type, field?, messages}]}``; one detail has all messages of a field.

    A 404 has no ``details`` (terraform-provider-konnect issue 191).
    """

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        violations: Iterable[Violation] = (),
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        grouped: dict[tuple[str, str], list[str]] = {}
        for kind, field, text in violations:
            grouped.setdefault((kind, field), []).append(text)
        details = []
        for (kind, field), messages in grouped.items():
            named = {"field": field} if field else {}
            details.append({"@type": ERROR_DETAIL, "type": f"ERROR_TYPE_{kind}", **named, "messages": messages})
        self.body: dict[str, Any] = {"code": code, "message": message}
        if status != 404:
            self.body["details"] = details

    def response(self) -> Response:
        """Render the status."""
        response = json_response(self.body, self.status, JSON)
        response.headers.update(self.headers)
        return response


class GatewayError(ApiError):
    """``{message, status}``."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def response(self) -> Response:
        """Render the message."""
        return json_response({"message": self.message, "status": self.status}, self.status, JSON)


def validation_error(violations: Iterable[Violation]) -> CoreEntityError:
    """Return the 400 of an entity that is invalid by itself."""
    return CoreEntityError(400, INVALID_ARGUMENT, "validation error", violations)


def core_entity_not_found(message: str = "not found") -> CoreEntityError:
    """Return the 404 of core entities."""
    return CoreEntityError(404, NOT_FOUND, message)


def not_found(detail: str = "Not Found", service: str = "kong") -> ProblemError:
    """Return the 404 of everything else."""
    return ProblemError(404, "Not Found", detail, service=service)


def invalid_parameters(*invalid: Mapping[str, Any]) -> ProblemError:
    """Return the 400 of config stores and secrets."""
    return ProblemError(400, "Invalid Request", "Invalid Parameters", invalid)


def in_family(error: ApiError, family: str) -> ApiError:
    """Return an error in the form of another family: problem or status; own leaves it."""
    if family == "problem" and isinstance(error, CoreEntityError):
        invalid = [
            {"field": detail.get("field", ""), "reason": reason}
            for detail in error.body.get("details", ())
            for reason in detail["messages"]
        ]
        title = HTTPStatus(error.status).phrase
        return ProblemError(error.status, title, error.body["message"], invalid, headers=error.headers)
    if family == "status" and isinstance(error, ProblemError):
        found = [
            field_violation(str(item["field"]), str(item["reason"]))
            for item in error.body.get("invalid_parameters", ())
        ]
        message = "validation error" if found else error.body["detail"]
        code = CODES.get(error.status, UNKNOWN)
        return CoreEntityError(error.status, code, message, found, headers=error.headers)
    return error
