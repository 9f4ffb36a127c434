# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths below ``.../core-entities/``: a kind, perhaps one entity of it, perhaps below a parent."""

from __future__ import annotations

from dataclasses import dataclass

from ..entities.kinds import KINDS, EntityKind


@dataclass(frozen=True)
class EntityPath:
    """``kind[/reference]`` or ``parent kind/parent reference/kind[/reference]``; a reference is an id or a name."""

    kind: EntityKind
    reference: str | None = None
    parent: tuple[EntityKind, str] | None = None

    @property
    def parent_field(self) -> str:
        """The field of ``kind`` that points to the parent."""
        assert self.parent is not None
        parent_path = self.parent[0].path
        return next(name for name, field in self.kind.fields.items() if field.foreign == parent_path)

    @property
    def collection(self) -> str:
        """The path of the list, as the links in its pages show it."""
        if self.parent is None:
            return f"/{self.kind.path}"
        return f"/{self.parent[0].path}/{self.parent[1]}/{nested_path(self.kind)}"

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that Konnect offers here."""
        if self.parent is None and not self.kind.flat_writes:
            return ("GET",)
        return ("GET", "PUT", "DELETE") if self.reference else ("GET", "POST")


def nested_path(kind: EntityKind) -> str:
    """Return the path of a kind below its parent."""
    return kind.nested_path or kind.path


def _after(segments: list[str], path: str) -> list[str] | None:
    """Return what follows a path at the beginning of these segments; None if they begin otherwise."""
    steps = path.split("/")
    return segments[len(steps) :] if segments[: len(steps)] == steps else None


def parse_entity_path(segments: list[str]) -> EntityPath | None:
    """Return the path, None if it is none of a core entity."""
    if "" in segments:
        return None
    for kind in KINDS.values():
        rest = _after(segments, kind.path)
        if rest is None:
            continue
        if len(rest) <= 1:
            return EntityPath(kind, rest[0] if rest else None)
        for child in map(KINDS.__getitem__, kind.children):
            below = _after(rest[1:], nested_path(child))
            if below is not None and len(below) <= 1:
                return EntityPath(child, below[0] if below else None, (kind, rest[0]))
    return None
