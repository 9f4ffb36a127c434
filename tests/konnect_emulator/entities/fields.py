# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A notation for the fields of core entities: ``integer(80, 0, 65535)``, ``set_of(string())``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import text_checks


@dataclass(frozen=True)
class Field:
    """One field of a core entity.

    ``minimum`` and ``maximum`` bound a number, or the length of a string or array; ``check`` returns what is wrong with
    a text or object, ``key_check`` with a name in an object, or None. A set (``is_set``) is an array that loses
    duplicates. ``foreign`` is the kind that an ``{"id": ...}`` points to; with ``cascade``, deleting that entity
    deletes this one too. ``elements`` are those of an array or the values of an object. A ``hidden`` field is accepted
    and never shown.
    """

    type: str
    required: bool = False
    default: Any = None
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    check: Callable[[Any], str | None] | None = None
    key_check: Callable[[str], str | None] | None = None
    elements: Field | None = None
    is_set: bool = False
    foreign: str | None = None
    cascade: bool = False
    hidden: bool = False

    @property
    def foreign_field(self) -> Field | None:
        """This field if it points to an entity, its elements if they do."""
        if self.foreign:
            return self
        return self.elements if self.elements and self.elements.foreign else None


def string(**attributes: Any) -> Field:
    """Return a string field."""
    return Field("string", **attributes)


def one_of(*choices: Any, **attributes: Any) -> Field:
    """Return a string field with a fixed set of values."""
    return Field("string", choices=choices, **attributes)


def integer(default: int | None = None, minimum: float | None = None, maximum: float | None = None) -> Field:
    """Return an integer field."""
    return Field("integer", default=default, minimum=minimum, maximum=maximum)


def boolean(default: bool | None = None) -> Field:
    """Return a boolean field."""
    return Field("boolean", default=default)


def array(elements: Field, **attributes: Any) -> Field:
    """Return an array field."""
    return Field("array", elements=elements, **attributes)


def set_of(elements: Field, **attributes: Any) -> Field:
    """Return an array field without duplicates."""
    return Field("array", elements=elements, is_set=True, **attributes)


def mapping(**attributes: Any) -> Field:
    """Return an object field; without ``elements`` its values may be anything."""
    return Field("object", **attributes)


def foreign(kind: str, *, cascade: bool = False, required: bool = False) -> Field:
    """Return a field ``{"id": ...}`` that points to an entity of another kind."""
    return Field("object", foreign=kind, cascade=cascade, required=required)


NAME = string(check=text_checks.entity_name, minimum=1, maximum=128)
TAGS = set_of(string(check=text_checks.tag, minimum=1, maximum=128))
