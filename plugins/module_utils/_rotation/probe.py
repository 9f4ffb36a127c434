# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Decides whether a response of the gateway proves that a secret works, that it does not, or neither."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from .._client.rate_limit import retry_after
from .._errors import InvalidInput

Verdict = Literal["good", "bad", "unknown"]
# A header that only the responses of a trial have, and its value; None where whatever a provider sent is a response of
# the trial.
Marker = tuple[str, "str | None"]
MAX_BODY_BYTES = 1024 * 1024
# A response that was sent on by the gateway has the first, one that Kong made itself the second.
UPSTREAM_LATENCY = "X-Kong-Upstream-Latency"
CACHE_STATUS = "X-Cache-Status"
ANY_PROVIDER: Marker = (UPSTREAM_LATENCY, None)


@dataclass(frozen=True)
class Probe:
    """A request through the gateway that uses the secret.

    :param body: sent as JSON, or as it is when it is a text; None sends a chat with a fresh question each time.
    :param route: the name or id of the route, or of the model of an AI Gateway, that it reaches; None when that can be
        told from the URL.
    :param chat: fields of the body of a chat besides the question.
    :param good, bad: statuses that prove the one or the other, when the provider sent them.
    :param verify: True, False, or the path of a CA bundle.
    """

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    route: str | None = None
    good: tuple[int, ...] = ()
    bad: tuple[int, ...] = (401, 403)
    timeout: float = 30.0
    verify: bool | str = True
    chat: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _is_url(self.url):
            raise InvalidInput("A probe needs a URL of the gateway, such as http://localhost:8000/anything.")
        for name, value in self.headers.items():
            if value != value.strip() or not value.isprintable():
                raise InvalidInput(
                    f"The header {name} of the probe of {self.safe_url} has a line end or spaces around it."
                )
        if self.timeout <= 0:
            raise InvalidInput(f"The timeout of the probe of {self.safe_url} must be more than 0 seconds.")
        if set(self.good) & set(self.bad):
            raise InvalidInput("A status of a probe cannot be good and bad at once.")

    @property
    def is_chat(self) -> bool:
        """True for the chat request of this collection."""
        return self.body is None and self.method == "POST"

    @property
    def safe_url(self) -> str:
        """The URL for messages, without the parts that may hold a password or a key."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def content(self, number: int) -> tuple[bytes | None, dict[str, str]]:
        """The body of the request of this number, and the headers that go with it."""
        if self.is_chat:
            question = f"What is {number}+{number + 1}?"
            body: Any = {**self.chat, "messages": [{"role": "user", "content": question}]}
        else:
            body = self.body
        if body is None or isinstance(body, str):
            return (None if body is None else body.encode()), {}
        return json.dumps(body).encode(), {"Content-Type": "application/json"}


@dataclass(frozen=True)
class ProbeResponse:
    """A response, or with C(status=None) an error of the connection and its words."""

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""


@dataclass(frozen=True)
class Assessment:
    """The proof in one response.

    :param verdict: None for a response that another route gave, which proves nothing about this one.
    :param wait: seconds that the server asks to wait before the next request.
    """

    verdict: Verdict | None
    reason: str
    wait: float | None = None


def assess(probe: Probe, response: ProbeResponse, marker: Marker | None = None) -> Assessment:
    """Judge one response. Bodies never get into the reason.

    :param marker: of a trial.
    """
    is_marked = marker is None or _has(response.headers, *marker)
    if response.status is None:
        return Assessment("unknown" if is_marked else None, f"got no response ({response.error})")
    status, wait = response.status, retry_after(response.headers)
    kong = "Kong itself" if is_kong(response.headers) else "a server that does not say that it is Kong"
    if not is_marked:
        source = kong if marker == ANY_PROVIDER else "another route than the temporary one"
        return Assessment(None, f"got {status} from {source}", wait)
    if UPSTREAM_LATENCY not in response.headers:
        return Assessment("unknown", f"got {status} from {kong}", wait)
    if is_cached(response.headers):
        return Assessment("unknown", f"got {status} from a cache", wait)
    if status in probe.bad:
        return Assessment("bad", f"got {status} from the provider", wait)
    if status in probe.good if probe.good else 200 <= status < 300:
        if probe.is_chat and not probe.good and not _has_choices(response.body):
            return Assessment("unknown", f"got {status} without a chat completion", wait)
        return Assessment("good", f"got {status} from the provider", wait)
    return Assessment("unknown", f"got {status} from the provider", wait)


def _has(headers: Mapping[str, str], name: str, value: str | None) -> bool:
    return name in headers and value in (None, headers[name])


def is_kong(headers: Mapping[str, str]) -> bool:
    """True if a header of a response says that Kong made it or sent it on."""
    found = {str(name).lower(): str(value).lower() for name, value in headers.items()}
    return any(name.startswith("x-kong-") for name in found) or any(
        "kong" in found.get(name, "") for name in ("via", "server")
    )


def is_cached(headers: Mapping[str, str]) -> bool:
    """True for a response that a cache gave. Source: Kong's plugins Proxy Cache and AI Semantic Cache, where Refresh
    is a response of the upstream that replaces an expired one.
    """
    return headers.get(CACHE_STATUS, "").lower() == "hit" or headers.get("Age", "0").strip() not in ("", "0")


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(mark in text for mark in " \t\r\n")


def _has_choices(body: bytes) -> bool:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return False
    choices = data.get("choices") if isinstance(data, dict) else None
    return isinstance(choices, list) and bool(choices)
