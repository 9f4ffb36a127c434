# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The configuration of one plugin, in the light of its live schema and the partials that it takes parts from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from .._entities.comparison import without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.kept_secrets import Kept, check_destinations, keep_secrets
from .._entities.kind import Entity, Kind
from .._entities.kinds import PLUGIN
from .._errors import ErrorCode, InvalidInput
from .._hidden_fields import HiddenFields
from .._references.literals import check_literals
from .._references.validation import Site
from . import normalize, schema, shorthands
from .nulls import meaningful_nulls, merge_config
from .partials import FieldPath, Link, Partials, at, without

# Plugins that run code of their user's, which may ask a vault by itself.
FUNCTIONS = ("pre-function", "post-function")
# Kong's own plugins with fields that may hold references and none that is secret. Of a custom plugin nobody knows.
# Source: Kong's published plugin schemas, 3.15.
PUBLIC_REFERENCES = ("datadog", "opentelemetry", "request-transformer-advanced")


class PluginConfig:
    """The rules of the configuration of one plugin in a control plane, or of one type of partial.

    :param name: of the plugin, or the type. One that Konnect does not know is an error, unless it need not exist.
    :param kind: PLUGIN or PARTIAL.
    :param sensitive_fields: fields to hide besides, each by its name or its path.
    """

    def __init__(
        self,
        control_plane: ControlPlane,
        name: str,
        *,
        kind: Kind = PLUGIN,
        must_exist: bool = True,
        sensitive_fields: Iterable[str] = (),
    ) -> None:
        found = control_plane.schema(kind.segments[-1], name)
        self.label = f"Plugin {name}" if kind is PLUGIN else f"A partial of type {name}"
        # Of a control plane that only check mode made, no schema is known: each value may be a secret.
        unknown = found is None and control_plane.is_predicted
        if found is None and must_exist and not unknown:
            raise InvalidInput(
                f"Konnect knows no plugin {name}. Check name; a custom plugin must be uploaded to the control plane "
                "first."
                if kind is PLUGIN
                else f"Konnect knows no partial of type {name}. Check type.",
                code=ErrorCode.UNKNOWN_PLUGIN,
            )
        self.name = name
        self.spec = {} if unknown else schema.config_spec(found or {})
        self.partials = Partials(control_plane, (found or {}).get("supported_partials"))
        self.hidden = HiddenFields(
            self.spec,
            schema.child,
            referenceable=name not in PUBLIC_REFERENCES and not schema.encrypts(self.spec),
            also={path.removeprefix("config.") for path in sensitive_fields},
            everything=unknown,
        )
        self._task = control_plane.task

    # Checks of what a task gives

    def check(self, config: Any) -> None:
        """Refuse misspelt fields, and keep literals in secret fields out of everything that is shown."""
        strict = replace(self.hidden, misspelt=True)
        self._task.views["config"] = strict.view
        self._task.hide(strict.literals(config))
        unknown = schema.unknown_fields(self.spec, config)
        found = []
        for path, known in unknown:
            close = difflib.get_close_matches(path.rpartition(".")[2], known, n=1)
            found.append(f"{path} (did you mean {close[0]}?)" if close else f"{path} (known: {', '.join(known)})")
        if found:
            raise InvalidInput(
                f"{self.label} has no such field: {'; '.join(found)}.",
                code=ErrorCode.UNKNOWN_FIELD,
                fields=[{"field": path, "reason": "unknown field"} for path, _known in unknown],
            )
        refused = [*shorthands.refused(self.spec, config)]
        if refused:
            raise InvalidInput(
                f"{self.label} has old names of fields that cannot be sent: "
                f"{'; '.join(f'{path} ({reason})' for path, reason in refused)}. Use the current names alone.",
                fields=[{"field": path, "reason": reason} for path, reason in refused],
            )

    def check_literals(self, config: Any, severity: str) -> None:
        """Warn of literals where secrets belong, or raise InvalidInput with the code literal_secret.

        :param severity: the option C(literal_secrets).
        """
        check_literals(self._task, schema.leaves(self.spec, config), severity)

    def references(self, config: Any) -> Iterator[Site]:
        """Each text that mentions a secret reference."""
        return schema.reference_sites(self.spec, config, function=self.name if self.name in FUNCTIONS else None)

    # Forms

    def to_send(self, config: Any) -> Any:
        """The configuration as the server stores it: under today's names, scalars of their type. None stays None."""
        return normalize.as_typed(self.spec, shorthands.with_new_names(self.spec, config))

    def desired(self, held: Any, wanted: Any, config_mode: str) -> Any:
        """The configuration to send.

        :param held: what the server holds, ready to be sent; an empty mapping when there is nothing.
        :param wanted: what the task gives, ready to be sent.
        """
        if config_mode == "replace":
            config = normalize.with_made_values(self.spec, wanted, held)
        else:
            config = merge_config(held, wanted)
        return meaningful_nulls(self.spec, config)

    def own(self, plugin: Entity) -> Any:
        """The configuration to send for a plugin: without deprecated fields and what a partial gives it."""
        return without(self.to_send(plugin.get("config") or {}), self.partials.paths(plugin.get("partials")))

    def without_unchanged(self, config: Any, plugin: Entity, paths: Iterable[FieldPath]) -> Any:
        """A configuration without the values at these paths that are as the plugin shows them."""
        masked = self.mask(plugin).get("config")
        return without(config, [path for path in paths if at(config, path) == at(masked, path)])

    def normalize(self, config: Any, links: list[Link]) -> dict[str, Any]:
        """The form in which configurations are equal exactly when they mean the same.

        :param links: normalized links to partials, whose part of the configuration does not count.
        """
        own_spec = reduce(schema.without_field, self.partials.paths(links), self.spec)
        return normalize.normalize_config(own_spec, config)

    def without_defaults(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """A normalized configuration as a user would have written it."""
        return normalize.without_defaults(self.spec, config)

    def mask(self, plugin: Entity, before: Entity | None = None) -> Entity:
        """A plugin for a result or a diff, without secrets.

        :param before: an earlier state of it, to mark which secrets differ.
        """
        masked: Entity = without_nulls({**plugin, "config": None})
        if plugin.get("config") is not None:
            # Without deprecated fields, which would be at odds with the new ones when one of these changes.
            config = meaningful_nulls(self.spec, self.to_send(plugin["config"]))
            self._task.hide(self.hidden.literals(config))
            masked["config"] = self.hidden.view(config, (before or {}).get("config"))
        return masked

    def keep(self, given: Any, held: Any) -> Kept:
        """A configuration to send with what Konnect holds in the place of each placeholder."""
        self._task.hide(self.hidden.literals(held))
        return keep_secrets(self.hidden, given, held, "config")

    def check_destinations(self, kept: Kept, before: Any, after: Any) -> None:
        """Refuse to keep a secret beside another destination.

        :param before, after: configurations as Konnect would store them.
        """
        if kept.paths:
            sides = [normalize.normalize_config(self.spec, side) for side in (before, after)]
            check_destinations(self.hidden, kept, *sides)
