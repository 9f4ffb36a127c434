# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A snapshot made ready to serve: routes compiled, references to secrets resolved, consumers and credentials found."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from ..entities.credential_kinds import CREDENTIALS
from ..expressions import Expression, InvalidExpression
from ..plugins.partials import expanded_config
from ..plugins.published_schemas import SchemaCatalog
from ..state import Record, Snapshot
from .references import resolve_all
from .router import Router

# The closest scope first (Kong's documentation, "Plugin precedence").
PRECEDENCE: tuple[set[str], ...] = (
    {"consumer", "route", "service"},
    {"consumer_group", "route", "service"},
    {"consumer", "route"},
    {"consumer", "service"},
    {"consumer_group", "route"},
    {"consumer_group", "service"},
    {"route", "service"},
    {"consumer"},
    {"consumer_group"},
    {"route"},
    {"service"},
    set(),
)
SCOPES = ("route", "service", "consumer", "consumer_group")


class ActivePlugin(NamedTuple):
    """A plugin, and its config with its defaults, its partials and its secrets."""

    record: Record
    config: dict[str, Any]


def _id(entity: Record, field: str) -> str:
    return (entity.get(field) or {}).get("id", "")


class RunningConfig:
    """The configuration that a data plane runs."""

    def __init__(self, snapshot: Snapshot, catalog: SchemaCatalog, router_flavor: str = "expressions") -> None:
        self.snapshot = snapshot
        self.services = {service["id"]: service for service in self._all("services")}
        self.consumers = {consumer["id"]: consumer for consumer in self._all("consumers")}
        self.upstreams = {upstream["name"]: upstream for upstream in self._all("upstreams")}
        self.clones = {clone["name"]: (clone["ref"], clone.get("priority")) for clone in self._all("cloned-plugins")}
        routes = [route for route in self._all("routes") if self._is_enabled(route)]
        self.router = Router(routes, router_flavor)
        self._plugins = self._ready_plugins(catalog)
        self.plugin_names = {plugin.record["name"] for plugin in self._plugins}

    def _all(self, kind: str) -> list[Record]:
        return list(self.snapshot.entities.get(kind, ()))

    def _ready_plugins(self, catalog: SchemaCatalog) -> list[ActivePlugin]:
        partials = {partial["id"]: partial for partial in self._all("partials")}
        ready = []
        for plugin in self._all("plugins"):
            schema = catalog.get(self.clones.get(plugin["name"], (plugin["name"],))[0])
            if plugin["enabled"] and schema is not None:
                config = expanded_config(plugin, schema, partials.get)
                ready.append(ActivePlugin(plugin, resolve_all(self.snapshot, schema.config, config)))
        return ready

    def _is_enabled(self, route: Record) -> bool:
        return "service" not in route or self.services.get(route["service"]["id"], {}).get("enabled", True)

    @functools.cached_property
    def _credentials(self) -> dict[tuple[str, str], Record]:
        found = {}
        for kind in CREDENTIALS:
            if kind.key is not None:
                found.update({(kind.path, record[kind.key]): record for record in self._all(kind.path)})
        return found

    def credential(self, kind: str, value: str) -> Record | None:
        """Return the credential of this kind with this key or username."""
        return self._credentials.get((kind, value))

    def find_consumer(self, word: str) -> Record | None:
        """Return the consumer with this id or username."""
        named = (consumer for consumer in self.consumers.values() if consumer.get("username") == word)
        return self.consumers.get(word) or next(named, None)

    def groups_of(self, consumer_id: str) -> list[Record]:
        """Return the consumer groups of a consumer, by name."""
        groups = {group["id"]: group for group in self._all("consumer_groups")}
        members = self._all("consumer_group_members")
        found = [groups[_id(member, "consumer_group")] for member in members if _id(member, "consumer") == consumer_id]
        return sorted(found, key=lambda group: str(group["name"]))

    def acl_groups(self, consumer_id: str) -> list[str]:
        """Return the groups of the ACLs of a consumer."""
        return [acl["group"] for acl in self._all("acls") if _id(acl, "consumer") == consumer_id]

    def targets_of(self, upstream_id: str) -> list[Record]:
        """Return the targets of an upstream."""
        return [target for target in self._all("targets") if _id(target, "upstream") == upstream_id]

    def plugin(
        self, name: str, route: Record, consumer: Record | None, fields: dict[str, list[object]]
    ) -> ActivePlugin | None:
        """Return the plugin of this name with the closest scope to a request.

        ``fields`` are those of the request that the plugin's condition asks for.
        """
        groups = self.groups_of(consumer["id"]) if consumer else []
        # Of two groups with the plugin, the first by name counts.
        ranks = {group["id"]: number for number, group in enumerate(groups)}
        scopes = {"route": {route["id"]}, "service": {_id(route, "service")}, "consumer_group": set(ranks)}
        scopes["consumer"] = {consumer["id"]} if consumer else set()
        best: list[tuple[int, int, ActivePlugin]] = []
        for plugin in self._plugins:
            given = {scope for scope in SCOPES if _id(plugin.record, scope)}
            if plugin.record["name"] == name and all(_id(plugin.record, scope) in scopes[scope] for scope in given):
                rank = ranks.get(_id(plugin.record, "consumer_group"), 0)
                best.append((PRECEDENCE.index(given), rank, plugin))
        if not best:
            return None
        chosen = min(best, key=lambda row: row[:2])[2]
        return chosen if _is_met(chosen.record.get("condition"), fields) else None


def _is_met(condition: str | None, fields: dict[str, list[object]]) -> bool:
    """Return True for a condition that a request fulfils, and for one that this emulator cannot read."""
    if not condition:
        return True
    try:
        return Expression.parse(condition, ["http"]).matched_path(fields) is not None
    except InvalidExpression:
        return True
