# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Point every reference to one secret of a config store at another secret of it, and change nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._compare import canonical
from ansible_collections.community.konnect.plugins.module_utils._entities import (
    PLUGIN,
    READ_ONLY,
    REFERRING,
    Entity,
    Kind,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._reconcile import Target, sync
from ansible_collections.community.konnect.plugins.module_utils._reference_map import EntitySpecs, read_all
from ansible_collections.community.konnect.plugins.module_utils._reference_targets import ReferenceTargets
from ansible_collections.community.konnect.plugins.module_utils._references import parse, texts, with_resource

# The id of an entity, and the path of a field in it.
Site = tuple[str, str]
Swap = Callable[[str], str]


def repoint(
    client: KonnectClient,
    control_plane_id: str,
    store_id: str,
    key: str,
    new_key: str,
    *,
    only: Collection[Site] | None,
    check_mode: bool,
) -> list[dict[str, Any]]:
    """The references that were changed, or would be: ``{"entity", "id", "name", "field", "before", "after"}``.

    Each entity is changed in one write, after a look that nobody else changed it meanwhile. The vault, the property,
    the options and the version of a reference stay.

    :param only: the references that may be changed; None for all.
    """
    targets = ReferenceTargets(client, control_plane_id)
    if not targets.has_secret(store_id, new_key):
        message = f"There is no secret {new_key} to refer to."
        if not check_mode:
            raise InvalidInput(f"{message} Store it first.", code="not_found")
        client.warnings.append(f"{message} Check mode assumes that an earlier task stores it.")
    prefixes = {
        prefix for prefix, vault in targets.vaults.items() if (targets.store_behind(vault) or {}).get("id") == store_id
    }

    def swap(text: str) -> str:
        try:
            found = parse(text)
        except InvalidInput:
            return text
        return with_resource(text, new_key) if found.prefix in prefixes and found.resource == key else text

    specs = EntitySpecs(client, control_plane_id)
    changed: list[dict[str, Any]] = []
    for kind in REFERRING if prefixes else ():
        for entity in read_all(client, control_plane_id, kind):

            def wanted(field: str, entity_id: str = entity["id"]) -> bool:
                return only is None or (entity_id, field) in only

            rows = [row for row in _rows(kind, _own(kind, entity, specs), swap) if wanted(row["field"])]
            if rows:
                target = _target(client, control_plane_id, kind, entity, specs)
                sync(target, _composer(kind, specs, swap, wanted), check_mode=check_mode)
                changed += rows
    return changed


def _own(kind: Kind, entity: Entity, specs: EntitySpecs) -> Entity:
    """An entity as it is sent: a plugin without what Konnect may answer besides, such as the values of a partial."""
    return {**entity, "config": specs.own_config(entity)} if kind is PLUGIN else entity


def _target(client: KonnectClient, control_plane_id: str, kind: Kind, entity: Entity, specs: EntitySpecs) -> Target:
    entity_id = entity["id"]
    return Target(
        client,
        control_plane_id,
        kind,
        natural_key=kind.display(entity),
        matches=lambda found: found["id"] == entity_id,
        normal=lambda found: canonical(kind, _own(kind, found, specs)),
        entity_id=entity_id,
    )


def _composer(
    kind: Kind, specs: EntitySpecs, swap: Swap, wanted: Callable[[str], bool]
) -> Callable[[Entity | None], Entity]:
    def compose(current: Entity | None) -> Entity:
        if current is None:
            raise KonnectError(
                f"Somebody removed a {kind.label} that was about to be changed. Run the task again.",
                code="concurrent_change",
            )
        own = _own(kind, current, specs)
        return {name: _replaced(value, swap, wanted, name) for name, value in own.items() if name not in READ_ONLY}

    return compose


def _replaced(data: Any, swap: Swap, wanted: Callable[[str], bool], path: str) -> Any:
    if isinstance(data, dict):
        return {name: _replaced(value, swap, wanted, f"{path}.{name}") for name, value in data.items()}
    if isinstance(data, list):
        return [_replaced(value, swap, wanted, f"{path}.{number}") for number, value in enumerate(data)]
    return swap(data) if isinstance(data, str) and wanted(path) else data


def _rows(kind: Kind, entity: Entity, swap: Swap) -> Iterator[dict[str, Any]]:
    for field, text in texts(entity):
        if swap(text) != text:
            identity = {"entity": kind.name, "id": entity["id"], "name": kind.display(entity)}
            yield {**identity, "field": field, "before": text, "after": swap(text)}
