# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Every error that the collection raises, and what each one tells the user."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from typing import Any


def visible(text: str) -> str:
    """The text with every character that no terminal shows as itself, such as an escape, in the form that JSON has."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


class ErrorCode(str, enum.Enum):
    """One word for each kind of failure, for playbooks to branch on. docs/error_codes.md says what to do about each."""

    # Options and environment, found before the first request
    INVALID_INPUT = "invalid_input"
    NO_AI_GATEWAY = "no_ai_gateway"
    NO_CONTROL_PLANE = "no_control_plane"
    NO_SERVER = "no_server"
    NO_TOKEN = "no_token"
    BAD_TOKEN = "bad_token"
    INSECURE_URL = "insecure_url"
    SHORT_VALUE = "short_value"
    NO_SCRYPT = "no_scrypt"
    # What the options mean in the control plane
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    UNKNOWN_PLUGIN = "unknown_plugin"
    UNKNOWN_FIELD = "unknown_field"
    BROKEN_REFERENCE = "broken_reference"
    LITERAL_SECRET = "literal_secret"
    PLACEHOLDER = "placeholder"
    MOVED_SECRET = "moved_secret"
    IMMUTABLE = "immutable"
    SCOPE_MISMATCH = "scope_mismatch"
    IN_USE = "in_use"
    NOT_EMPTY = "not_empty"
    # Responses of Konnect
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    MISSING_REFERENCE = "missing_reference"
    CONFLICT = "conflict"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    REFUSED = "refused"
    UNEXPECTED_RESPONSE = "unexpected_response"
    TOO_LARGE = "too_large"
    REDIRECT = "redirect"
    # The way to Konnect
    UNREACHABLE = "unreachable"
    TLS = "tls"
    DEADLINE = "deadline"
    # What became of a write
    UNKNOWN_OUTCOME = "unknown_outcome"
    CONCURRENT_CHANGE = "concurrent_change"
    NOT_APPLIED = "not_applied"
    SOME_FAILED = "some_failed"
    CHECK_MODE = "check_mode"
    # Data planes
    NOT_IN_SYNC = "not_in_sync"
    NO_NODES = "no_nodes"
    NOT_PROVED = "not_proved"
    CERTIFICATE_NOT_SERVED = "certificate_not_served"
    # Rotations
    ROTATION_BUSY = "rotation_busy"
    ROTATION_PENDING = "rotation_pending"
    ROTATION_REFUSED = "rotation_refused"
    OUT_OF_ORDER = "out_of_order"
    VALUE_CHANGED = "value_changed"
    KEY_REJECTED = "key_rejected"
    PROBE_INCONCLUSIVE = "probe_inconclusive"
    # This collection
    INTERNAL_ERROR = "internal_error"


class KonnectError(Exception):
    """An error with one message for users and a C(failure) for playbooks.

    :param message: what was tried, what came of it and, where it helps, what to do. Never a secret.
    :param facts: what else belongs into C(failure), such as the keys that keep a store from being removed.
    """

    def __init__(self, message: str, *, code: ErrorCode, **facts: Any) -> None:
        self.message = visible(message)
        super().__init__(self.message)
        self.code = code
        self.facts = facts

    def to_fail_json(self) -> dict[str, Any]:
        """``{"msg": str, "failure": {"status", "code", "fields", "trace", ...}}``; status and trace may be None."""
        failure: dict[str, Any] = {"status": None, "code": self.code.value, "fields": [], "trace": None}
        return {"msg": self.message, "failure": {**failure, **self.facts}}


class InvalidInput(KonnectError):
    """An option whose value cannot work, found before any write."""

    def __init__(self, message: str, *, code: ErrorCode = ErrorCode.INVALID_INPUT, **facts: Any) -> None:
        super().__init__(message, code=code, **facts)


class PartialFailure(KonnectError):
    """Something was done before something else failed.

    :param result: what the task returns beside the failure: what was done, and what was not.
    """

    def __init__(self, message: str, *, code: ErrorCode, result: Mapping[str, Any], **facts: Any) -> None:
        super().__init__(message, code=code, **facts)
        self.result = dict(result)

    def to_fail_json(self) -> dict[str, Any]:
        return {**self.result, **super().to_fail_json()}


def with_done(done: Sequence[str], error: KonnectError, result: Mapping[str, Any]) -> KonnectError:
    """The error of a task that had written something before; its message and C(failure.done) say what.

    :param done: sentences without a full stop, such as C(route orders was removed).
    :param result: what the task returns beside the failure.
    """
    if not done:
        return error
    message = f"{error.message} Before that, {'; '.join(done)}."
    facts = {**error.facts, "done": [*done, *error.facts.get("done", ())]}
    return PartialFailure(message, code=error.code, result=result, **facts)


class TransportError(KonnectError):
    """No usable response: nothing was sent, or what came back is no response of Konnect."""

    def __init__(self, message: str, *, code: ErrorCode = ErrorCode.UNREACHABLE, **facts: Any) -> None:
        super().__init__(message, code=code, **facts)


class UnknownOutcome(TransportError):
    """A write was sent and its response did not arrive whole: Konnect may or may not have carried it out.

    :param retry_after: seconds that the server asked to wait; None when it did not say.
    """

    def __init__(
        self,
        message: str,
        *,
        code: ErrorCode = ErrorCode.UNKNOWN_OUTCOME,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(with_unknown_outcome(message), code=code, status=status)
        self.retry_after = retry_after


class ApiError(KonnectError):
    """Konnect refused the request.

    :param status: the HTTP status.
    :param fields: ``[{"field": "config.auth", "reason": "..."}]``; field is "" when the whole entity is meant.
    :param trace: what Konnect's support asks for, when the response carried it.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: ErrorCode,
        fields: Sequence[Mapping[str, str]] = (),
        trace: str | None = None,
    ) -> None:
        super().__init__(message, code=code, status=status, fields=[dict(field) for field in fields], trace=trace)
        self.status = status
        self.fields = list(fields)

    def explained(self, sentence: str) -> ApiError:
        """Return this error with one more sentence in its message."""
        message, trace = f"{self.message} {sentence}", self.facts.get("trace")
        return ApiError(message, status=self.status, code=self.code, fields=self.fields, trace=trace)

    @property
    def is_unique_violation(self) -> bool:
        """Another entity already has the name or the id: 409, or 400 with a unique constraint (core entities)."""
        return self.code == ErrorCode.CONFLICT

    @property
    def is_missing(self) -> bool:
        """Something is not there: what the path names, or what the body refers to."""
        return self.status == 404 or self.code == ErrorCode.MISSING_REFERENCE


class Retryable(Exception):
    """Within the client: the request may be sent again, because it only reads or never reached Konnect.

    :param retry_after: seconds that the server asked to wait; None when it did not say.
    :param rate_limited: the server refused to process the request, so only the deadline ends the attempts.
    """

    def __init__(self, error: KonnectError, retry_after: float | None = None, *, rate_limited: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.retry_after = retry_after
        self.rate_limited = rate_limited


def with_unknown_outcome(message: str) -> str:
    """The message of a write of which nobody knows whether it was carried out."""
    return f"{message} Whether the write was carried out is not known. Run the task again: it checks and finishes."
