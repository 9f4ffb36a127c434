# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The definition of one kind of core entity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import CoreEntityError, Violation
from ..switches import Switches
from . import rules
from .fields import TAGS, Field, integer, string
from .text_checks import uuid

ID = string(check=uuid)
TIME = integer()
COMMON_FIELDS = {"id": ID, "created_at": TIME, "updated_at": TIME, "tags": TAGS}

Rule = Callable[[dict[str, Any], rules.RuleContext], list[Violation]]
InUseError = Callable[[dict[str, Any], list[str]], CoreEntityError]


@dataclass(frozen=True)
class EntityKind:
    """One row of the table of kinds.

    ``path`` is the name of the collection, ``key`` the field that may stand for the id in a path, ``filter_by`` the
    field of ``filter[name]``; ``children`` are the kinds listed below an entity, each at its ``nested_path``, which is
    ``path`` unless it says otherwise. A kind without ``flat_writes`` is written only there. ``unique_together`` are
    fields whose values no other entity has in this combination, ``fixed`` those that an update cannot change.
    ``prepare`` fills in what depends on more than one field, in place; ``check`` validates the entity as a whole;
    ``in_use_error`` builds the error when an entity to which others point is deleted; ``inapplicable`` names fields
    that an entity cannot have, and so never shows; ``show`` returns what responses show of an entity.
    """

    path: str
    singular: str
    fields: dict[str, Field]
    key: str | None = None
    unique: tuple[str, ...] = ()
    unique_together: tuple[tuple[str, ...], ...] = ()
    fixed: tuple[str, ...] = ()
    filter_by: str | None = None
    children: tuple[str, ...] = ()
    nested_path: str = ""
    flat_writes: bool = True
    prepare: Rule = rules.no_rule
    check: Rule = rules.no_rule
    in_use_error: InUseError = rules.referenced_error
    inapplicable: Callable[[dict[str, Any]], tuple[str, ...]] = lambda entity: ()
    show: Callable[[dict[str, Any], Switches], dict[str, Any]] = lambda entity, switches: entity


def entity_kind(path: str, singular: str, fields: dict[str, Field], **attributes: Any) -> EntityKind:
    """Return a kind whose fields also include those of every kind: ``id``, the times and ``tags``."""
    return EntityKind(path, singular, {**COMMON_FIELDS, **fields}, **attributes)
