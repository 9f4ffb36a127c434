# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The form that a product of Konnect gives to a kind, where it differs from that of control planes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .._client.pagination import Paging
from .kind import Entity


def _same(entity: Entity) -> Entity:
    return entity


def _nothing(body: Entity) -> None:
    pass


@dataclass(frozen=True)
class Form:
    """How the entities of a list are requested, sent and returned.

    :param segments: the path of the list below its parent; None for that of the kind.
    :param paging: None for that of the kind.
    :param takes_id: whether a new entity may be given its id, where the kind says so.
    :param upserts: whether PUT creates what does not exist.
    :param has_filters: whether lists take filters.
    :param received: from an entity in a response to that of this collection, in which all products look alike.
    :param sent: the way back.
    :param new: what a new entity has besides, to tell who made it.
    :param check: refuses a body that the product would not take.
    """

    segments: tuple[str, ...] | None = None
    paging: Paging | None = None
    takes_id: bool = True
    upserts: bool = True
    has_filters: bool = True
    received: Callable[[Entity], Entity] = _same
    sent: Callable[[Entity], Entity] = _same
    new: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    check: Callable[[Entity], None] = _nothing
