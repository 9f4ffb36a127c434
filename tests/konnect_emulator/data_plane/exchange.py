# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request on its way through the data plane, and what a node remembers between requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from ..request_bodies import parse_json
from ..state import Record
from .responses import kong_error
from .router import Match
from .running_config import RunningConfig
from .use_log import Use


class Kept(NamedTuple):
    """A response in the cache of a node."""

    stored_ms: int
    status: int
    body: bytes
    headers: dict[str, str]


class Session(NamedTuple):
    """Whom a cookie stands for."""

    consumer_id: str
    credential: Record


@dataclass
class NodeMemory:
    """What the plugins of a node keep: hits in windows of time, turns of the load balancer, responses, sessions."""

    hits: Counter[Hashable] = field(default_factory=Counter)
    turns: Counter[Hashable] = field(default_factory=Counter)
    responses: dict[str, Kept] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)


@dataclass
class Exchange:
    """A request as the client sent it, and as plugins make it for the upstream.

    ``headers``, ``query``, ``method`` and ``body`` are those for the upstream; ``path`` replaces the one that follows
    from route and service; ``upstream_name`` replaces the host of the service; ``model`` is the config of the AI Proxy
    that shall respond. ``response_headers`` go to the client with whatever response.
    """

    request: Request
    body: bytes
    request_id: str
    use: Use
    config: RunningConfig
    match: Match
    memory: NodeMemory
    consumer: Record | None = None
    credential: Record | None = None
    path: str | None = None
    upstream_name: str | None = None
    model: dict[str, Any] | None = None
    response_headers: MutableHeaders = field(default_factory=MutableHeaders)

    def __post_init__(self) -> None:
        self.method = self.request.method
        self.headers = MutableHeaders(raw=list(self.request.headers.raw))
        self.query = self.request.query_params.multi_items()

    @property
    def now_ms(self) -> int:
        """The time at which the request came."""
        return self.use.time

    @property
    def route(self) -> Record:
        """The route that matched."""
        return self.match.route

    @property
    def service(self) -> Record | None:
        """The service of the route."""
        return self.config.services.get((self.route.get("service") or {}).get("id", ""))

    @property
    def client_ip(self) -> str:
        """The address of the client."""
        return self.request.client.host if self.request.client else ""

    def json(self) -> Any:
        """Return the JSON of the body, None if it is none."""
        try:
            return parse_json(self.body) if self.body else None
        except ValueError:
            return None

    def refuse(self, status: int, message: str, **headers: str) -> Response:
        """Return an error of Kong's own."""
        return kong_error(status, message, self.request_id, **headers)

    def identify(self, consumer: Record, credential: Record | None, identifier: str | None) -> None:
        """Note whose request it is, and tell the upstream; without a credential it is an anonymous one."""
        self.consumer, self.credential = consumer, credential
        told = {
            "x-consumer-id": consumer["id"],
            "x-consumer-custom-id": consumer.get("custom_id"),
            "x-consumer-username": consumer.get("username"),
            "x-credential-identifier": identifier,
            "x-anonymous-consumer": None if credential else "true",
        }
        for name, value in told.items():
            del self.headers[name]
            if value:
                self.headers[name] = value

    def for_upstream(self) -> Request:
        """Return the request with all that plugins changed."""
        query = urlencode(self.query).encode()
        return Request(
            {**self.request.scope, "method": self.method, "headers": self.headers.raw, "query_string": query}
        )
