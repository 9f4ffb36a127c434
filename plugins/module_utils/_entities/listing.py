# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Lists: for info modules by the server's filters, checked again here, and several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from .._client.side_by_side import side_by_side
from . import lookup
from .ai_gateways import made_by_collection
from .comparison import without_nulls
from .control_plane import ControlPlane
from .kind import Entity, Kind
from .kinds import WORKSPACE


def read_entities(
    control_plane: ControlPlane,
    kind: Kind,
    *,
    name: str | None = None,
    tags: Sequence[str] | None = None,
    keep: Callable[[Entity], bool] = lambda entity: True,
) -> list[Entity]:
    """The entities of a kind, in the order of their names.

    :param name: only that of this name or id.
    :param tags: only those that carry all of these.
    :param keep: only those for which it holds.
    """
    endpoint = control_plane.endpoint(kind)
    if name is not None:
        found = lookup.matching(endpoint, name)
    else:
        found = list(endpoint.list({"tags": ",".join(tags)} if tags else {}))
    found = [
        without_nulls(entity) for entity in found if set(tags or ()) <= set(entity.get("tags") or ()) and keep(entity)
    ]
    return sorted(found, key=lambda entity: (kind.display(entity), str(entity.get("id"))))


def read_lists(control_plane: ControlPlane, kinds: Sequence[Kind]) -> dict[str, Sequence[Entity]]:
    """All entities of each kind, by its name, read side by side; none of a kind that is not there."""
    control_plane.path_of(WORKSPACE)  # looks up what all paths begin with
    lookups = [partial(control_plane.list_if_supported, kind) for kind in kinds]
    names = [kind.name for kind in kinds]
    return dict(zip(names, side_by_side(control_plane.client, lookups), strict=True))


def parent_filter(
    control_plane: ControlPlane, kind: Kind, name_or_id: str | None, field: str | None = None
) -> Callable[[Entity], bool]:
    """A filter for entities that belong to the parent of that name or id; for all when none is given.

    :param field: that points to it, where that is not called as its kind.
    """
    if name_or_id is None:
        return lambda entity: True
    parent_id = control_plane.resolve(kind, name_or_id).id
    return lambda entity: (entity.get(field or kind.name) or {}).get("id") == parent_id


def with_origin(control_plane: ControlPlane, kind: Kind, natural_keys: Iterable[str], entity: Entity) -> Entity:
    """An entity for a result, with C(created_by_collection): whether it has the id that this collection gives, or where
    it gives none, whether Konnect says that this collection made it; None where Konnect does not say.

    :param natural_keys: the identity of the entity, as its module makes it, in each way that it has.
    """
    if not control_plane.product.gives_ids:
        return {**entity, "created_by_collection": made_by_collection(entity)}
    ids = [control_plane.deterministic_id(kind, natural_key) for natural_key in natural_keys]
    return {**entity, "created_by_collection": entity["id"] in ids}
