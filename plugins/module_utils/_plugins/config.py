# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The configuration of one plugin, in the light of its live schema and the partials that it takes parts from."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from .._entities.comparison import without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.kinds import Entity
from .._errors import ErrorCode, InvalidInput
from .._masking import is_literal
from .._references.validation import Site
from .._vault_reference import mentions, mistake
from . import normalize, schema, shorthands
from .nulls import meaningful_nulls, merge_config
from .partials import Link, Partials, without

# Plugins that run code of their user's, which may ask a vault by itself.
FUNCTIONS = ("pre-function", "post-function")


class PluginConfig:
    """The rules of one plugin's configuration in a control plane.

    :param name: of the plugin. One that Konnect does not know is an error, unless it need not exist.
    """

    def __init__(self, control_plane: ControlPlane, name: str, *, must_exist: bool = True) -> None:
        found = control_plane.schema("plugins", name)
        if found is None and must_exist:
            raise InvalidInput(
                f"Konnect knows no plugin {name}. Check name; a custom plugin must be uploaded to the control plane "
                "first.",
                code=ErrorCode.UNKNOWN_PLUGIN,
            )
        self.name = name
        self.spec = schema.config_spec(found or {})
        self.partials = Partials(control_plane, (found or {}).get("supported_partials"))
        self._task = control_plane.task

    # Checks of what a task gives

    def check(self, config: Any) -> None:
        """Refuse misspelt fields, and keep literals in secret fields out of everything that is shown."""
        self._task.hide(schema.secret_literals(self.spec, config))
        unknown = schema.unknown_fields(self.spec, config)
        found = []
        for path, known in unknown:
            close = difflib.get_close_matches(path.rpartition(".")[2], known, n=1)
            found.append(f"{path} (did you mean {close[0]}?)" if close else f"{path} (known: {', '.join(known)})")
        if found:
            raise InvalidInput(
                f"Plugin {self.name} has no such field: {'; '.join(found)}.",
                code=ErrorCode.UNKNOWN_FIELD,
                fields=[{"field": path, "reason": "unknown field"} for path, _known in unknown],
            )
        refused = [*shorthands.refused(self.spec, config)]
        if refused:
            raise InvalidInput(
                f"Plugin {self.name} has old names of fields that cannot be sent: "
                f"{'; '.join(f'{path} ({reason})' for path, reason in refused)}. Use today's names alone.",
                fields=[{"field": path, "reason": reason} for path, reason in refused],
            )

    def check_literals(self, config: Any, severity: str) -> None:
        """Warn of literals where secrets belong, or raise InvalidInput with the code literal_secret: in fields that the
        schema calls both encrypted and referenceable.

        :param severity: the option C(literal_secrets).
        """
        found = [
            path
            for path, field, value in schema.leaves(self.spec, config)
            if field.get("encrypted")
            and field.get("referenceable")
            and is_literal(value)
            and not (mentions(value) or mistake(value))
        ]
        if not found or severity == "allow":
            return
        message = (
            f"A secret itself is in {', '.join(found)}, where everybody can read it who may read the control plane. "
            "Store it with konnect_secret and refer to it, for example with the filter "
            "community.konnect.vault_reference."
        )
        if severity == "warn":
            self._task.warn(message)
            return
        fields = [{"field": path, "reason": "a literal where a secret reference belongs"} for path in found]
        raise InvalidInput(message, code=ErrorCode.LITERAL_SECRET, fields=fields)

    def references(self, config: Any) -> Iterator[Site]:
        """Each text that mentions a secret reference."""
        return schema.reference_sites(self.spec, config, function=self.name if self.name in FUNCTIONS else None)

    # Forms

    def to_send(self, config: Any) -> Any:
        """The configuration as the server stores it: under today's names, scalars of the right type."""
        return normalize.as_typed(self.spec, shorthands.with_new_names(self.spec, config))

    def wanted(self, config: Any) -> Any:
        """The configuration of a task, ready to be sent; None when it gives none."""
        return None if config is None else self.to_send(config)

    def desired(self, held: Any, wanted: Any, config_mode: str) -> Any:
        """The configuration to send.

        :param held: what the server holds, ready to be sent; an empty mapping when there is nothing.
        :param wanted: what the task gives, ready to be sent; None keeps what is held.
        """
        if wanted is None:
            return held
        if config_mode == "merge":
            return meaningful_nulls(self.spec, merge_config(held, wanted))
        return normalize.with_made_values(self.spec, meaningful_nulls(self.spec, wanted), held)

    def own(self, plugin: Entity) -> Any:
        """The configuration to send for a plugin: without deprecated fields and what a partial gives it."""
        return without(self.to_send(plugin.get("config") or {}), self.partials.paths(plugin.get("partials")))

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
        masked: Entity = without_nulls(plugin)
        if "config" in masked:
            config = shorthands.with_new_names(self.spec, masked["config"])
            masked["config"] = schema.mask_config(self.spec, config, (before or {}).get("config"))
        return masked
