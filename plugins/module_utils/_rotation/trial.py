# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The trial: temporary routes beside live ones that lead to the same plugins, with references to the new value.

A temporary route matches what its live route matches and a header with a random value, so no request of a client
reaches it. It has copies of the live route's plugins, and one that marks its responses. A marked response proves that
the data plane computed its configuration after the temporary route was written.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from .._entities.comparison import without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.kind import READ_ONLY, Entity
from .._entities.kinds import PLUGIN, ROUTE
from .._errors import ApiError, InvalidInput
from .probe import Probe

HEADER = "X-Konnect-Rotation"
MARKER = "X-Konnect-Rotation-Trial"
TAG = "konnect-rotation"
MARKING = "response-transformer"
# Source: Konnect's OpenAPI document, RouteExpression. No temporary route comes before a live one of this priority.
MAX_PRIORITY = 2**46 - 1

Rewrite = Callable[[Entity], Entity]


@dataclass(frozen=True)
class LiveRoute:
    """A route that a probe reaches, with its plugins.

    :param own: its own enabled plugins.
    :param inherited: those of its service and of the control plane that apply to it.
    """

    route: Entity
    own: tuple[Entity, ...]
    inherited: tuple[Entity, ...]

    @property
    def effective(self) -> tuple[Entity, ...]:
        """The plugins that run for a request without a consumer."""
        return (*(plugin for plugin in self.own if not _is_for_consumers(plugin)), *self.inherited)


def live_route(plugins: Iterable[Entity], route: Entity) -> LiveRoute:
    """A route with the plugins that apply to it. A closer scope wins: the route, then its service, then all."""
    enabled = [plugin for plugin in plugins if plugin.get("enabled", True)]
    own = [plugin for plugin in enabled if _id(plugin, "route") == route["id"]]
    taken = {plugin["name"] for plugin in own if not _is_for_consumers(plugin)}
    inherited = []
    for service in (_id(route, "service"), None):
        found = [
            plugin
            for plugin in enabled
            if not _id(plugin, "route")
            and _id(plugin, "service") == service
            and not _is_for_consumers(plugin)
            and plugin["name"] not in taken
        ]
        inherited += found
        taken |= {plugin["name"] for plugin in found}
    return LiveRoute(route, tuple(own), tuple(inherited))


def find_route(probe: Probe, routes: Sequence[Entity], candidates: Collection[str]) -> Entity:
    """The route that a probe reaches. Raises InvalidInput when that cannot be told.

    :param candidates: ids of the routes on which a plugin uses the secret.
    """
    if probe.route:
        found = [route for route in routes if probe.route in (route.get("name"), route["id"])]
    else:
        path = urlsplit(probe.url).path or "/"
        using = [route for route in routes if route["id"] in candidates]
        matching = sorted((-_matched(route, path), route["id"], route) for route in using if _matched(route, path) >= 0)
        longest = [route for length, _id, route in matching if length == matching[0][0]]
        found = longest or (using if len(using) == 1 else [])
    if len(found) == 1:
        return found[0]
    names = ", ".join(sorted(str(route.get("name") or route["id"]) for route in (found or routes)))
    raise InvalidInput(
        f"Which route the probe of {probe.safe_url} reaches is not clear. Name it in the route of the probe. "
        f"{'Possible are' if found else 'There are'}: {names or 'none'}."
    )


@dataclass(frozen=True)
class Trial:
    """The temporary routes of one secret's rotation, with what leads to them and what marks them."""

    control_plane: ControlPlane
    prefix: str
    value: str
    marker: str

    @classmethod
    def of(cls, control_plane: ControlPlane, store_id: str, key: str) -> Trial:
        """With new random values."""
        digest = hashlib.sha256(f"{control_plane.id}/{store_id}/{key}".encode()).hexdigest()
        return cls(control_plane, f"{TAG}-{digest[:16]}-", secrets.token_hex(16), secrets.token_hex(8))

    @property
    def headers(self) -> dict[str, str]:
        """The headers that a request needs to reach a temporary route."""
        return {HEADER: self.value}

    @property
    def mark(self) -> tuple[str, str]:
        """The header of every response of a temporary route, and its value."""
        return MARKER, self.marker

    def find(self, routes: Iterable[Entity]) -> list[Entity]:
        """The temporary routes among routes, also those of an earlier run."""
        return [route for route in routes if str(route.get("name") or "").startswith(self.prefix)]

    def remove(self) -> None:
        """Remove the temporary routes of this and of earlier runs. Kong removes the plugins of a route with it."""
        endpoint = self.control_plane.endpoint(ROUTE)
        for route in self.find(endpoint.list({"tags": TAG})):
            try:
                endpoint.delete(route["id"])
            except ApiError:
                for plugin in self.control_plane.list(PLUGIN):
                    if _id(plugin, "route") == route["id"]:
                        self.control_plane.endpoint(PLUGIN).delete(plugin["id"])
                endpoint.delete(route["id"])

    def create(self, live: LiveRoute, using: Collection[str], rewrite: Rewrite, to_send: Rewrite) -> None:
        """Create the temporary route beside a live one. The plugin that marks its responses comes last.

        :param using: ids of plugins that use the secret.
        :param rewrite: points the references of such a plugin at the value on trial.
        :param to_send: a plugin as Konnect takes it.
        """
        routes, plugins = self.control_plane.endpoint(ROUTE), self.control_plane.endpoint(PLUGIN)
        name = f"{self.prefix}{live.route['id'][:8]}"
        body = {**temporary_route(live.route, name, self.value), "id": self._id(ROUTE, name)}
        route = routes.create(body, lambda: routes.find(body["id"]))
        for plugin in temporary_plugins(live, route["id"], using, rewrite, to_send, f"{MARKER}:{self.marker}"):
            identity = f"{route['id']}/{plugin.pop('copy_of')}/{self.marker}"
            copy = {**plugin, "id": self._id(PLUGIN, identity)}
            plugins.create(copy, partial(plugins.find, copy["id"]))

    def _id(self, kind: Any, name: str) -> str:
        return self.control_plane.deterministic_id(kind, f"{name}/{self.marker}")


def temporary_route(live: Entity, name: str, value: str) -> Entity:
    """The body of the temporary route beside a live one."""
    body = {field: content for field, content in without_nulls(live).items() if field not in READ_ONLY}
    body |= {"name": name, "tags": [TAG]}
    if body.get("expression"):
        header = HEADER.lower().replace("-", "_")
        body["expression"] = f'({body["expression"]}) && http.headers.{header} == "{value}"'
        body["priority"] = int(body.get("priority") or 0) + 1
        return body
    return {**body, "headers": {**(body.get("headers") or {}), HEADER: [value]}}


def temporary_plugins(
    live: LiveRoute, route_id: str, using: Collection[str], rewrite: Rewrite, to_send: Rewrite, mark: str
) -> list[Entity]:
    """The bodies of the plugins of a temporary route, each with C(copy_of), those that mark responses last.

    That of a consumer takes the place of that of the route, so each of them marks.
    """
    copied = [*live.own, *(plugin for plugin in live.inherited if plugin["id"] in using or plugin["name"] == MARKING)]
    bodies = []
    for plugin in copied:
        sent = rewrite(to_send(plugin)) if plugin["id"] in using else to_send(plugin)
        body = {
            field: content
            for field, content in sent.items()
            # In the configuration, null may stand where the default is something else.
            if content is not None
            and field not in READ_ONLY
            and field != "instance_name"
            # A plugin of the service becomes one of the route, so that it is closer.
            and (field != "service" or _id(plugin, "route"))
        }
        bodies.append({**body, "route": {"id": route_id}, "tags": [TAG], "copy_of": plugin["id"]})
    marking = [body for body in bodies if body["name"] == MARKING]
    if all(_is_for_consumers(body) for body in marking):
        mine = {"name": MARKING, "config": {}, "route": {"id": route_id}, "tags": [TAG], "copy_of": "mark"}
        marking = [*marking, mine]
    for body in marking:
        config = body.get("config") or {}
        add = config.get("add") or {}
        body["config"] = {**config, "add": {**add, "headers": [*(add.get("headers") or []), mark]}}
    return [*(body for body in bodies if body["name"] != MARKING), *marking]


def _matched(route: Entity, path: str) -> int:
    """How many characters of a path a route's own path matches; -1 when none does. A pattern counts as 0."""
    paths = route.get("paths") or ["/"]
    lengths = [0 if own.startswith("~") else len(own) for own in paths if own.startswith("~") or path.startswith(own)]
    return max(lengths, default=-1)


def _is_for_consumers(plugin: Entity) -> bool:
    return any(_id(plugin, field) for field in ("consumer", "consumer_group"))


def _id(entity: Entity, field: str) -> str | None:
    return (entity.get(field) or {}).get("id")
