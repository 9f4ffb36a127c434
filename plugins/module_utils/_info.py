# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""What the info modules share: one way to read lists, by the server's filters and checked again here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._compare import plain
from ansible_collections.community.konnect.plugins.module_utils._entities import Entity, Kind
from ansible_collections.community.konnect.plugins.module_utils._lookup import find_parent, matching


def read_entities(
    client: KonnectClient,
    kind: Kind,
    control_plane_id: str,
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
    path = kind.path(control_plane_id)
    if name is not None:
        found = matching(client, kind, path, name)
    else:
        found = list(client.list(path, kind.paging, {"tags": ",".join(tags)} if tags else {}))
    found = [plain(entity) for entity in found if set(tags or ()) <= set(entity.get("tags") or ()) and keep(entity)]
    return sorted(found, key=lambda entity: (kind.display(entity), str(entity.get("id"))))


def parent_filter(
    client: KonnectClient, control_plane: Entity, kind: Kind, name_or_id: str | None, *, check_mode: bool
) -> Callable[[Entity], bool]:
    """Whether an entity belongs to the parent of that name or id; any does when none is given."""
    if name_or_id is None:
        return lambda entity: True
    parent_id = find_parent(client, control_plane, kind, name_or_id, check_mode=check_mode).id
    return lambda entity: (entity.get(kind.name) or {}).get("id") == parent_id
