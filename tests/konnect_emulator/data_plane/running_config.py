# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A snapshot made ready to serve: routes compiled, references to secrets resolved."""

from __future__ import annotations

from typing import Any

from ..plugins.partials import expanded_config
from ..plugins.published_schemas import SchemaCatalog
from ..state import Record, Snapshot
from .references import resolve_all
from .router import Router

SCOPE_WEIGHTS = {"route": 2, "service": 1}


class RunningConfig:
    """The configuration that a data plane runs."""

    def __init__(self, snapshot: Snapshot, catalog: SchemaCatalog, router_flavor: str = "expressions") -> None:
        self.snapshot = snapshot
        self.services = {service["id"]: service for service in snapshot.entities.get("services", ())}
        routes = [route for route in snapshot.entities.get("routes", ()) if self._is_enabled(route)]
        self.router = Router(routes, router_flavor)
        partials = {partial["id"]: partial for partial in snapshot.entities.get("partials", ())}
        self._plugins = [
            {**plugin, "config": resolve_all(snapshot, schema.config, expanded_config(plugin, schema, partials.get))}
            for plugin in snapshot.entities.get("plugins", ())
            if plugin["enabled"] and (schema := catalog.get(plugin["name"])) is not None
        ]

    def _is_enabled(self, route: Record) -> bool:
        return "service" not in route or self.services.get(route["service"]["id"], {}).get("enabled", True)

    def plugin_config(self, name: str, route: Record) -> dict[str, Any] | None:
        """Return the config of the plugin with the closest scope to a route; requests have no consumer here."""
        scopes = {"route": route["id"], "service": route.get("service", {}).get("id")}
        best: tuple[int, dict[str, Any]] | None = None
        for plugin in self._plugins:
            if plugin["name"] != name or "consumer" in plugin or "consumer_group" in plugin:
                continue
            if any(scope in plugin and plugin[scope]["id"] != id_ for scope, id_ in scopes.items()):
                continue
            weight = sum(SCOPE_WEIGHTS[scope] for scope in scopes if scope in plugin)
            if best is None or weight > best[0]:
                best = weight, plugin["config"]
        return best[1] if best else None
