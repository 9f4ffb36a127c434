# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The links of a plugin to partials, from which it takes parts of its configuration.

A link is ``{"id": ..., "path": "config.redis"}``, perhaps with the partial's name. Whatever Konnect returns at that
path of the plugin belongs to the partial. A path that ends in ``[]`` is that of a list, to which the partial is added.

Source: Konnect's OpenAPI document of the control planes configuration API; for paths, go-kong's
FillPluginsDefaultsWithPartials.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._entities.comparison import without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.kind import Entity
from .._entities.kinds import PARTIAL
from .._entities.lookup import name_or_id
from .._errors import InvalidInput

Link = dict[str, Any]
FieldPath = list[str]


class Partials:
    """The partials of a control plane as one plugin takes them; each is read at most once.

    :param supported: by type of partial, the paths of the plugin that take it: C(supported_partials) of its schema.
    """

    def __init__(self, control_plane: ControlPlane, supported: Mapping[str, Sequence[str]] | None) -> None:
        self._control_plane = control_plane
        self._supported = supported or {}
        self._read: dict[str, Entity] = {}
        self.predicted = False

    def links(self, options: list[dict[str, Any]] | None) -> list[Link] | None:
        """The links that a task asks for, names resolved and paths filled in; None when it leaves them as they are.

        One that is missing is an error; in check mode a warning and a prediction.
        """
        if options is None:
            return None
        links = []
        for option in options:
            partial = self._control_plane.resolve(PARTIAL, name_or_id("partials", option.get("id") or option["name"]))
            self._read[partial.id] = partial.entity
            self.predicted = self.predicted or partial.predicted
            link = self._normalize({"id": partial.id, "path": option["path"]})
            if self._supported and not partial.predicted:
                self._check(partial.entity, link.get("path"))
            links.append(link)
        return links

    def normalize(self, links: list[Link] | None) -> list[Link]:
        """The form in which equal links mean the same; their order means nothing."""
        return [self._normalize(link) for link in links or []]

    def view(self, links: list[Link]) -> list[dict[str, str]]:
        """For a diff: partials by their names, sorted."""
        named = [without_nulls({"name": self._name(link["id"]), "path": link.get("path")}) for link in links]
        return sorted(named, key=lambda link: sorted(link.items()))

    def paths(self, links: list[Link] | None) -> list[FieldPath]:
        """Below ``config``, the paths of what belongs to partials."""
        paths = [link["path"] for link in self.normalize(links) if "path" in link]
        return [path.removeprefix("config.").split(".") for path in paths if not path.endswith("[]")]

    def check_config(self, links: list[Link] | None, config: Any) -> None:
        """Raise InvalidInput when a configuration sets what belongs to a partial."""
        set_twice = [f"config.{'.'.join(path)}" for path in self.paths(links) if at(config, path) is not None]
        if set_twice:
            raise InvalidInput(
                f"config must not set {', '.join(set_twice)}, because a partial does. Leave it out, or take the "
                "plugin off the partial with partials.",
            )

    def _normalize(self, link: Link) -> Link:
        return without_nulls({"id": link["id"], "path": link.get("path") or self._default_path(link["id"])})

    def _default_path(self, partial_id: str) -> str | None:
        """The only path that takes a partial of its type, or any partial when it does not exist yet."""
        known = self._partial(partial_id).get("type")
        paths = [path for kind, paths in self._supported.items() if known in (None, kind) for path in paths]
        return paths[0] if len(paths) == 1 else None

    def _name(self, partial_id: str) -> str:
        return str(self._partial(partial_id).get("name") or partial_id)

    def _partial(self, partial_id: str) -> Entity:
        if partial_id not in self._read:
            self._read[partial_id] = self._control_plane.endpoint(PARTIAL).find(partial_id) or {}
        return self._read[partial_id]

    def _check(self, partial: Entity, path: str | None) -> None:
        paths = self._supported.get(str(partial.get("type")), [])
        if path in paths:
            return
        what = f"Partial {PARTIAL.display(partial)} is of type {partial.get('type')}"
        takes = "; ".join(f"{kind} at {' or '.join(paths)}" for kind, paths in sorted(self._supported.items()))
        wrong = f"which the plugin does not take at {path}" if path else "and which path it is for is not clear"
        raise InvalidInput(f"{what}, {wrong}. The plugin takes partials of type {takes}.")


def without(config: Any, paths: Sequence[FieldPath]) -> Any:
    """A configuration without the values at these paths."""
    for path in paths:
        config = _without(config, path)
    return config


def _without(config: Any, path: FieldPath) -> Any:
    first, *rest = path
    if not isinstance(config, Mapping) or first not in config:
        return config
    inner = {first: _without(config[first], rest)} if rest else {}
    return {**{name: value for name, value in config.items() if name != first}, **inner}


def at(config: Any, path: FieldPath) -> Any:
    """The value at a path; None when there is none."""
    for step in path:
        config = config.get(step) if isinstance(config, Mapping) else None
    return config
