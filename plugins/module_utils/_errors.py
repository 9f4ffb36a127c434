# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Every error that the collection raises, and what each tells the user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class KonnectError(Exception):
    """An error with one message for people and a C(failure) for playbooks.

    :param message: what was tried, what came of it and, where it helps, what to do. Never a secret.
    :param code: one word to branch on, such as V(not_found).
    :param facts: what else belongs into C(failure), such as the keys that keep a store from being removed.
    """

    def __init__(self, message: str, *, code: str = "error", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.facts = facts

    def to_fail_json(self) -> dict[str, Any]:
        """``{"msg": str, "failure": {"status", "code", "fields", "trace", ...}}``; status and trace may be None."""
        failure: dict[str, Any] = {"status": None, "code": self.code, "fields": [], "trace": None}
        return {"msg": self.message, "failure": {**failure, **self.facts}}


class InvalidInput(KonnectError):
    """An option whose value cannot work, found before any write."""

    def __init__(self, message: str, *, code: str = "invalid_input", **facts: Any) -> None:
        super().__init__(message, code=code, **facts)


class PartlyDone(KonnectError):
    """Of many things some failed.

    :param result: what the task returns beside the failure: what was done, and what was not.
    """

    def __init__(self, message: str, *, code: str, result: Mapping[str, Any], **facts: Any) -> None:
        super().__init__(message, code=code, **facts)
        self.result = dict(result)

    def to_fail_json(self) -> dict[str, Any]:
        return {**self.result, **super().to_fail_json()}


class TransportError(KonnectError):
    """No usable answer: nothing was sent, or what came back is not an answer of Konnect."""

    def __init__(self, message: str, *, code: str = "unreachable", **facts: Any) -> None:
        super().__init__(message, code=code, **facts)


class LostAnswer(TransportError):
    """A write went out and its answer did not come back whole: it may or may not have been carried out."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message, code="lost_answer", status=status)


class ApiError(KonnectError):
    """Konnect refused the request.

    :param status: the HTTP status.
    :param fields: ``[{"field": "config.auth", "reason": "..."}]``; field is "" when the whole entity is meant.
    :param trace: what Konnect's support asks for, when the answer carried it.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str,
        fields: Sequence[Mapping[str, str]] = (),
        trace: str | None = None,
    ) -> None:
        super().__init__(message, code=code, status=status, fields=[dict(field) for field in fields], trace=trace)
        self.status = status
        self.fields = list(fields)

    @property
    def is_unique_violation(self) -> bool:
        """Something else already has the name or the id: 409, or 400 with a unique constraint (core entities)."""
        return self.code == "conflict"


class Repeatable(Exception):
    """Within the client: the request may be sent again, it is a read or never arrived."""

    def __init__(self, error: KonnectError, asked: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.asked = asked


class RateLimited(Repeatable):
    """The server refused to look at the request for now; only the deadline ends the attempts."""


def innermost(error: BaseException) -> str:
    """The words of the cause, without the wrappers of requests and urllib3 around it."""
    while error.args and isinstance(error.args[0], BaseException):
        error = error.args[0]
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        return innermost(reason)
    words = str(error.args[-1] if error.args and isinstance(error.args[-1], BaseException) else error)
    return words.rpartition(": ")[2] or type(error).__name__


def unknown_outcome(message: str) -> str:
    return f"{message} Whether the write was carried out is not known; run the task again, it will look and finish."
