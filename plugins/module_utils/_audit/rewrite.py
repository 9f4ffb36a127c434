# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Point every reference to one secret of a config store at another secret of it, in every workspace, and change nothing
else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .._entities.comparison import normalize_entity
from .._entities.control_plane import ControlPlane
from .._entities.kind import READ_ONLY, Entity, Kind
from .._entities.kinds import PLUGIN, VAULT
from .._entities.listing import read_lists
from .._entities.reconcile import Target, ensure
from .._entities.usage import prefixes_by_workspace
from .._errors import ErrorCode, InvalidInput, KonnectError, with_done
from .._references.targets import ReferenceTargets
from .._vault_reference import parse_reference, texts, with_resource
from .reference_map import ReferenceFields

# The id of an entity, and the path of a field in it.
Location = tuple[str, str]


@dataclass(frozen=True)
class Rewrite:
    """Which references are changed, and how.

    :param prefixes: of the vaults that expose the config store.
    :param limit_to: the references that may be changed; None for all.
    """

    prefixes: Collection[str]
    key: str
    new_key: str
    limit_to: Collection[Location] | None

    def apply(self, text: str, entity_id: str, path: str) -> str:
        """Rewrite one text. The vault, the property, the options and the version of a reference stay."""
        if self.limit_to is not None and (entity_id, path) not in self.limit_to:
            return text
        try:
            found = parse_reference(text)
        except InvalidInput:
            return text
        is_meant = found.prefix in self.prefixes and found.resource == self.key
        return with_resource(text, self.new_key) if is_meant else text

    def apply_to(self, data: Any, entity_id: str, path: str) -> Any:
        """Apply the rewrite to every text in nested data."""
        if isinstance(data, dict):
            return {name: self.apply_to(value, entity_id, f"{path}.{name}") for name, value in data.items()}
        if isinstance(data, list):
            return [self.apply_to(value, entity_id, f"{path}.{number}") for number, value in enumerate(data)]
        return self.apply(data, entity_id, path) if isinstance(data, str) else data


def rewrite_references(
    control_plane: ControlPlane, store_id: str, key: str, new_key: str, limit_to: Collection[Location] | None
) -> list[dict[str, Any]]:
    """The references that were changed, or would be:
    ``{"entity", "id", "name", "field", "before", "after", "workspace"}``.

    Each entity is changed in one write, after a check that no other client modified it meanwhile. When one fails, the
    error is a PartialFailure that says which references were changed before.
    """
    if not ReferenceTargets(control_plane).has_secret(store_id, new_key):
        message = f"There is no secret {new_key} to refer to."
        if not control_plane.check_mode:
            raise InvalidInput(f"{message} Store it first.", code=ErrorCode.NOT_FOUND)
        control_plane.task.warn(f"{message} Check mode assumes that an earlier task stores it.")
    views = control_plane.everywhere()
    vaults = {view.workspace: view.list_if_supported(VAULT) for view in views}
    prefixes = prefixes_by_workspace(vaults, store_id)
    changed: list[dict[str, Any]] = []
    try:
        for view in views:
            rewrite = Rewrite(prefixes[view.workspace], key, new_key, limit_to)
            for rows in _rewritten(view, vaults[view.workspace], rewrite):
                changed += rows
    except KonnectError as error:
        done = [f"{row['field']} of {row['entity']} {row['name']} ({row['id']}) was changed" for row in changed]
        raise with_done(done, error, rewrite_result(changed)) from error
    return changed


def _rewritten(
    control_plane: ControlPlane, vaults: Sequence[Entity], rewrite: Rewrite
) -> Iterator[list[dict[str, Any]]]:
    """The references of each entity of one workspace that was changed.

    :param vaults: all that are in the workspace.
    """
    fields = ReferenceFields(control_plane)
    if not rewrite.prefixes:
        return
    lists = {VAULT.name: vaults, **read_lists(control_plane, control_plane.product.referring_besides_vaults)}
    for kind in control_plane.product.referring:
        for entity in lists[kind.name]:
            rows = list(_rows(kind, own_fields(kind, entity, fields), rewrite))
            if rows and ensure(_target(control_plane, kind, entity, fields, rewrite)).changed:
                yield [{**row, "workspace": control_plane.workspace} for row in rows]


def rewrite_result(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The result of konnect_reference for the references that were changed."""
    diff = {
        side: {f"{row['entity']} {row['name']} ({row['id']}) {row['field']}": row[side] for row in rows}
        for side in ("before", "after")
    }
    return {"changed": bool(rows), "references": rows, "diff": diff}


def own_fields(kind: Kind, entity: Entity, fields: ReferenceFields) -> Entity:
    """An entity as it is sent: a plugin without what Konnect may return besides, such as the values of a partial."""
    return {**entity, "config": fields.plugin_config(entity).own(entity)} if kind is PLUGIN else entity


def _target(
    control_plane: ControlPlane, kind: Kind, entity: Entity, fields: ReferenceFields, rewrite: Rewrite
) -> Target:
    entity_id = entity["id"]

    def compose(current: Entity | None) -> Entity:
        if current is None:
            raise KonnectError(
                f"Another client removed a {kind.label} that was about to be changed. Run the task again.",
                code=ErrorCode.CONCURRENT_CHANGE,
            )
        own = own_fields(kind, current, fields)
        return {name: rewrite.apply_to(value, entity_id, name) for name, value in own.items() if name not in READ_ONLY}

    return Target(
        control_plane,
        kind,
        natural_key=kind.display(entity),
        matches=lambda found: found["id"] == entity_id,
        compose=compose,
        normalizer=lambda found: normalize_entity(kind, own_fields(kind, found, fields)),
        entity_id=entity_id,
        hidden=fields.hidden(kind, entity),
    )


def _rows(kind: Kind, entity: Entity, rewrite: Rewrite) -> Iterator[dict[str, Any]]:
    for field, text in texts(entity):
        after = rewrite.apply(text, entity["id"], field)
        if after != text:
            identity = {"entity": kind.name, "id": entity["id"], "name": kind.display(entity)}
            yield {**identity, "field": field, "before": text, "after": after}
