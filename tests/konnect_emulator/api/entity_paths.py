# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths below ``.../core-entities/``: a kind, perhaps one entity of it, perhaps below a parent."""

from __future__ import annotations

from dataclasses import dataclass

from ..entities.kinds import KINDS, EntityKind

DEFAULT_WORKSPACE = "default"


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
        own = f"/{self.kind.path}"
        return f"/{self.parent[0].path}/{self.parent[1]}{own}" if self.parent else own

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that Konnect offers here."""
        return ("GET", "PUT", "DELETE") if self.reference else ("GET", "POST")


def without_workspace(segments: list[str]) -> list[str]:
    """Return a path below ``core-entities`` without the workspace in front; there is only the default one here."""
    return segments[1:] if segments[0] == DEFAULT_WORKSPACE and len(segments) > 1 else segments


def parse_entity_path(segments: list[str]) -> EntityPath | None:
    """Return the path, None if it is none of a core entity."""
    kind = KINDS.get(segments[0])
    if kind is None or "" in segments:
        return None
    if len(segments) <= 2:
        return EntityPath(kind, segments[1] if len(segments) == 2 else None)
    if len(segments) <= 4 and segments[2] in kind.children:
        reference = segments[3] if len(segments) == 4 else None
        return EntityPath(KINDS[segments[2]], reference, (kind, segments[1]))
    return None
