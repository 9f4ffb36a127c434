# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the chat upstream answers to a key: not only 200 and 401, also that it is over its limit or its budget."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UPSTREAM_PATH = "/_emulator/upstream"
# Status -> (type, message); in the form of Mistral's errors. Which statuses it has is documented, the texts are not.
ERRORS = {
    402: ("payment_required", "The budget of this key is used up"),
    403: ("forbidden", "This key may not use this model"),
    429: ("rate_limited", "Requests rate limit exceeded"),
}


@dataclass(frozen=True)
class Answer:
    """The status of a key; ``retry_after`` are the seconds of a 429's ``Retry-After``, None for no such header."""

    status: int
    retry_after: int | None = None

    @classmethod
    def from_json(cls, value: Any) -> Answer:
        """Return the answer that ``STATUS`` or ``{"status": STATUS, "retry_after": SECONDS}`` means."""
        given = value if isinstance(value, dict) else {"status": value}
        if not set(given) <= {"status", "retry_after"} or "status" not in given:
            raise ValueError("an answer is STATUS or an object with status and retry_after")
        status, retry_after = given["status"], given.get("retry_after")
        if not isinstance(status, int) or not (status == 200 or 400 <= status <= 599):
            raise ValueError("the status of an answer is 200, or 400 to 599")
        if retry_after is not None and (not isinstance(retry_after, int) or retry_after < 0):
            raise ValueError("retry_after is a whole number of seconds")
        return cls(status, retry_after)

    def error(self) -> dict[str, Any]:
        """Return the body of every answer but 200 and 401."""
        type_, message = ERRORS.get(self.status, ("internal_server_error", "Service unavailable"))
        return {"object": "error", "message": message, "type": type_, "param": None, "code": str(self.status)}

    def headers(self) -> dict[str, str]:
        """Return the headers of every answer but 200."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


def parse_answer(text: str) -> tuple[str, Answer]:
    """Parse ``KEY=STATUS[:RETRY_AFTER]`` of the command line; raises ValueError, without the key."""
    key, equals, words = text.rpartition("=")
    numbers = words.split(":")
    if not key or not equals or len(numbers) > 2 or not all(word.isascii() and word.isdigit() for word in numbers):
        raise ValueError("an answer is written KEY=STATUS or KEY=STATUS:RETRY_AFTER")
    return key, Answer.from_json(dict(zip(("status", "retry_after"), map(int, numbers), strict=False)))


def find_answer(answers: Mapping[str, Answer], authorization: str) -> Answer:
    """Return the answer to the key in an ``Authorization`` header; 401 to one that is unknown."""
    sent = authorization.encode("latin-1", "replace")
    for key, answer in answers.items():
        if hmac.compare_digest(sent, f"Bearer {key}".encode()):
            return answer
    return Answer(401)


def part_of(authorization: str) -> str:
    """Return what some providers show of the key that they got: its beginning and its end."""
    key = authorization.removeprefix("Bearer ")
    return f"{key[:8]}****{key[-4:]}" if len(key) > 12 else f"{key[: len(key) // 2]}****"
