# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Both sides of a move, and its plan as it grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .stores import is_hidden

Entity = Mapping[str, Any]


@dataclass(frozen=True)
class Side:
    """All that a control plane or an AI Gateway has, as the info modules return it.

    :param keys: by the id of a Config Store, the keys of its secrets.
    """

    stores: list[Entity] = field(default_factory=list)
    keys: Mapping[str, list[str]] = field(default_factory=dict)
    vaults: list[Entity] = field(default_factory=list)
    plugins: list[Entity] = field(default_factory=list)
    routes: list[Entity] = field(default_factory=list)
    providers: list[Entity] = field(default_factory=list)
    models: list[Entity] = field(default_factory=list)

    def store(self, name: str) -> Entity | None:
        return next((row for row in self.stores if row.get("name") == name), None)

    def keys_of(self, name: str) -> list[str]:
        return list(self.keys.get((self.store(name) or {}).get("id", ""), ()))


class Plan:
    """The plan as it grows.

    :param values: secrets, by the names in C(needs).
    :param skip: names of needed values, or of Config Stores, that are not wanted.
    """

    def __init__(self, source: Side, gateway: Side, values: Mapping[str, str], skip: Iterable[str]) -> None:
        self.source, self.gateway, self.values, self.skip = source, gateway, values, frozenset(skip)
        self.known: set[str] = set()
        self.needs: list[str] = []
        self.stores: list[str] = []
        self.secrets: dict[str, list[dict[str, str]]] = {}
        self.vaults: dict[str, dict[str, Any]] = {}
        self.providers: dict[str, dict[str, Any]] = {}
        self.models: dict[str, dict[str, Any]] = {}
        self.kept: list[str] = []
        self.left: list[dict[str, str]] = []
        self.notes: list[str] = []
        # By the name of a vault on the gateway, the keys behind it; None where nothing here tells them.
        self.behind: dict[str, list[str] | None] = {}

    def leave(self, what: str, reason: str) -> None:
        row = {"what": what, "reason": reason}
        if row not in self.left:
            self.left.append(row)

    def value(self, name: str, *, is_needed: bool = True) -> str | None:
        """The secret of a name, which is needed from now on; None where it is not given."""
        self.known.add(name)
        if is_needed and name not in self.values and name not in self.needs:
            self.needs.append(name)
        return self.values.get(name)

    def filled(self, data: Any, owner: str, *, is_needed: bool = True) -> Any:
        """The data with given secrets in the place of those that are not shown.

        :param owner: of the data, with which the names of its secrets begin.
        """
        if isinstance(data, Mapping):
            return {
                name: self.value(f"{owner}/{data.get('name') or name}", is_needed=is_needed)
                if is_hidden(value)
                else self.filled(value, owner, is_needed=is_needed)
                for name, value in data.items()
            }
        return [self.filled(item, owner, is_needed=is_needed) for item in data] if isinstance(data, list) else data

    def result(self) -> dict[str, Any]:
        names = ("needs", "stores", "secrets", "vaults", "providers", "models", "kept", "left", "notes")
        return {name: getattr(self, name) for name in names}
