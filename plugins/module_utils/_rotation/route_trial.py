# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The trial on a control plane: temporary routes beside live ones that lead to the same plugins, with references to the
new value.

A temporary route matches what its live route matches and a header with a random value, so no request of a client
reaches it. It has copies of the live route's plugins, and one that marks its responses. A marked response proves that
the data plane computed its configuration after the temporary route was written.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from .._audit.reference_map import ReferenceFields
from .._audit.rewrite import own_fields
from .._data_plane.wait import SyncResult
from .._entities.comparison import without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.kind import READ_ONLY, Entity, Kind
from .._entities.kinds import PLUGIN, ROUTE
from .._errors import ApiError
from .._plugins.plugin import is_created_by_collection
from .probe import Marker, Probe
from .prober import Verification
from .trial import TAG, ListEntities, Rewrite, Tried, Uses, reached_by, temporary_prefix

HEADER = "X-Konnect-Rotation"
MARKER = "X-Konnect-Rotation-Trial"
MARKING = "response-transformer"
BALANCING = "ai-proxy-advanced"
TARGET = re.compile(r"config\.targets\.([0-9]+)\.")
# The fields of plugins that are sent to the provider of a model. Source: the schemas of Kong's plugins.
TRANSFORMED = re.compile(r"config\.(add|append|replace)\.")
TO_PROVIDER = {
    "ai-proxy": re.compile(r"config\."),
    BALANCING: TARGET,
    "request-transformer": TRANSFORMED,
    "request-transformer-advanced": TRANSFORMED,
    **dict.fromkeys(("ai-request-transformer", "ai-response-transformer"), re.compile(r"config\.llm\.")),
}
TUTORIAL_PATH = "/anything"
# Source: Konnect's OpenAPI document, RouteExpression. No temporary route comes before a live one of this priority.
MAX_PRIORITY = 2**46 - 1


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
    return reached_by(probe, [(route, route) for route in routes], candidates, "route")


@dataclass(frozen=True)
class RouteTrial:
    """The temporary routes of one secret's rotation, with what leads to them and what marks them."""

    kinds: ClassVar[tuple[Kind, ...]] = (PLUGIN,)
    reached: ClassVar[str] = (
        "a plugin of a route, a service or the control plane that uses it. A chat tests only plugins that send it to "
        "the provider of a model; for others, give a probe with a body or good_status whose response depends on it"
    )
    proves_live: ClassVar[bool] = False

    control_plane: ControlPlane
    prefix: str
    value: str
    marker: str

    @classmethod
    def of(cls, control_plane: ControlPlane, store_id: str, key: str) -> RouteTrial:
        """With new random values."""
        prefix = temporary_prefix(control_plane, store_id, key)
        return cls(control_plane, prefix, secrets.token_hex(16), secrets.token_hex(8))

    @property
    def mark(self) -> Marker:
        """The header of every response of a temporary route, and its value."""
        return MARKER, self.marker

    def is_temporary(self, entity: Entity) -> bool:
        return TAG in (entity.get("tags") or ())

    def temporary(self) -> list[Entity]:
        """The temporary routes, also those of an earlier run."""
        routes = self.control_plane.list(ROUTE, {"tags": TAG})
        return [route for route in routes if str(route.get("name") or "").startswith(self.prefix)]

    def remove(self) -> None:
        """Remove the temporary routes of this and of earlier runs. Kong removes the plugins of a route with it."""
        endpoint = self.control_plane.endpoint(ROUTE)
        for route in self.temporary():
            try:
                endpoint.delete(route["id"])
            except ApiError:
                for plugin in self.control_plane.list(PLUGIN):
                    if _id(plugin, "route") == route["id"]:
                        self.control_plane.endpoint(PLUGIN).delete(plugin["id"])
                endpoint.delete(route["id"])

    # What the probes reach

    def probes(
        self, given: Sequence[Probe], proxy_url: str, using: Collection[str], entities: ListEntities
    ) -> list[Probe]:
        return [*given] or ([Probe(proxy_url + TUTORIAL_PATH)] if proxy_url else [])

    def tried(self, probes: Sequence[Probe], using: Uses, entities: ListEntities) -> list[Tried]:
        if not using or not probes:
            return []
        routes = [route for route in entities(ROUTE) if not self.is_temporary(route)]
        plugins = [with_targets_that_use(using.get(plugin["id"], ()), plugin) for plugin in entities(PLUGIN)]
        lives = {route["id"]: live_route(plugins, route) for route in routes}
        found = []
        for probe in probes:
            decisive = {plugin["id"] for plugin in plugins if decides(probe, plugin, using.get(plugin["id"], ()))}
            used = {
                route_id: frozenset(decisive & {plugin["id"] for plugin in live.effective})
                for route_id, live in lives.items()
            }
            candidates = [route_id for route_id, ids in used.items() if ids]
            if candidates:
                route_id = find_route(probe, routes, candidates)["id"]
                found.append(Tried(probe, lives[route_id], used[route_id]))
        return found

    def problem(self, tried: Sequence[Tried]) -> str | None:
        first = [ROUTE.display(row.live.route) for row in tried if row.live.route.get("priority") == MAX_PRIORITY]
        if not first:
            return None
        return (
            f"The strategy trial needs a temporary route before route {first[0]}, whose priority is the highest there "
            "is. Lower it by one, or choose another strategy by name."
        )

    def probe(self, tried: Tried) -> Probe:
        return replace(tried.probe, headers={**tried.probe.headers, HEADER: self.value})

    def is_own(self, control_plane: ControlPlane, kind: Kind, entity: Entity) -> bool:
        return kind is PLUGIN and is_created_by_collection(control_plane, entity)

    def doubt(self, sync: SyncResult, probes: Sequence[Verification]) -> str:
        return ""

    # Creation

    def create(self, tried: Sequence[Tried], rewrite: Rewrite | None) -> None:
        fields = ReferenceFields(self.control_plane)
        for row in {row.live.route["id"]: row for row in tried}.values():
            self.create_beside(row.live, row.using, rewrite or dict, lambda plugin: own_fields(PLUGIN, plugin, fields))

    def create_beside(self, live: LiveRoute, using: Collection[str], rewrite: Rewrite, to_send: Rewrite) -> None:
        """Create the temporary route beside a live one. The plugin that marks its responses comes last.

        :param using: ids of plugins that use the secret.
        :param rewrite: points the references of such a plugin at the value on trial.
        :param to_send: a plugin as Konnect takes it.
        """
        routes, plugins = self.control_plane.endpoint(ROUTE), self.control_plane.endpoint(PLUGIN)
        name = f"{self.prefix}{live.route['id'][:8]}"
        body = {**temporary_route(live.route, name, self.value), "id": self._new_id(ROUTE, name)}
        route = routes.create(body, lambda: routes.find(body["id"]))
        for plugin in temporary_plugins(live, route["id"], using, rewrite, to_send, f"{MARKER}:{self.marker}"):
            identity = f"{route['id']}/{plugin.pop('copy_of')}/{self.marker}"
            copy = {**plugin, "id": self._new_id(PLUGIN, identity)}
            plugins.create(copy, partial(plugins.find, copy["id"]))

    def _new_id(self, kind: Any, name: str) -> str:
        return self.control_plane.deterministic_id(kind, f"{name}/{self.marker}")


def decides(probe: Probe, plugin: Entity, fields: Collection[str]) -> bool:
    """True if the response to a probe depends on what these fields of a plugin hold. That to a chat is the provider's,
    so it depends on what the provider gets; for all else, only the user knows a request that does.
    """
    if not probe.is_chat or probe.good:
        return bool(fields)
    sent = TO_PROVIDER.get(plugin["name"])
    return sent is not None and any(map(sent.match, fields))


def with_targets_that_use(fields: Collection[str], plugin: Entity) -> Entity:
    """A plugin with only those of its targets that use the secret, where any does: another one's response, by turn or
    because it stands in for one that failed, would prove nothing.

    :param fields: the paths of those that refer to the secret.
    """
    numbers = {int(found[1]) for field in fields if (found := TARGET.match(field))}
    if plugin["name"] != BALANCING or not numbers:
        return plugin
    targets = [target for number, target in enumerate(plugin["config"]["targets"]) if number in numbers]
    return {**plugin, "config": {**plugin["config"], "targets": targets}}


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


def _is_for_consumers(plugin: Entity) -> bool:
    return any(_id(plugin, field) for field in ("consumer", "consumer_group"))


def _id(entity: Entity, field: str) -> str | None:
    return (entity.get(field) or {}).get("id")
