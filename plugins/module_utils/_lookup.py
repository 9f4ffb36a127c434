# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Names to entities: exactly one match, or an error that says what there is."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._entities import (
    CONFIG_STORE,
    CONTROL_PLANE,
    Entity,
    Kind,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._fingerprint import parse
from ansible_collections.community.konnect.plugins.module_utils._times import seconds

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CANDIDATES_SHOWN = 20


@dataclass(frozen=True)
class Parent:
    """Something that another entity refers to.

    :param predicted: it does not exist yet and check mode assumes that an earlier task creates it; its id is then
        the one that this collection would give it.
    """

    entity: Entity
    predicted: bool = False

    @property
    def id(self) -> str:
        return str(self.entity["id"])


def find_control_plane(client: KonnectClient, name_or_id: str | None) -> Entity:
    """The control plane of that name or id; raises KonnectError with the code not_found and the names there are."""
    if not name_or_id:
        raise InvalidInput(
            "Which control plane? Set control_plane, or KONNECT_CONTROL_PLANE in the environment of the host that "
            "runs the module.",
            code="no_control_plane",
        )
    path = ("control-planes",)
    control_plane = only(client, CONTROL_PLANE, path, name_or_id, matching(client, CONTROL_PLANE, path, name_or_id))
    if control_plane is None:
        raise _not_found(client, CONTROL_PLANE, path, name_or_id, "Konnect")
    client.note_parent(seconds(control_plane.get("created_at")))
    return control_plane


def find_parent(
    client: KonnectClient, control_plane: Entity, kind: Kind, name_or_id: str, *, check_mode: bool
) -> Parent:
    """The entity of that name or id. One that is missing is an error; in check mode a warning and a prediction."""
    path = kind.path(control_plane["id"])
    found = find_parent_if_there(client, control_plane, kind, name_or_id)
    if found:
        return Parent(found)
    where = f"Control plane {CONTROL_PLANE.display(control_plane)}"
    error = _not_found(client, kind, path, name_or_id, where)
    if not check_mode or UUID.fullmatch(name_or_id):
        raise error
    client.warnings.append(
        f"{where} has no {kind.label} {name_or_id} yet; check mode assumes that an earlier task creates it."
    )
    entity = {"id": kind.own_id(control_plane["id"], name_or_id), kind.name_field: name_or_id}
    return Parent(entity, predicted=True)


def find_parent_if_there(client: KonnectClient, control_plane: Entity, kind: Kind, name_or_id: str) -> Entity | None:
    """The entity of that name or id, or None: with its parent, a child is absent too."""
    if not name_or_id:
        raise InvalidInput(f"The name of a {kind.label} must not be empty.")
    path = kind.path(control_plane["id"])
    entity = only(client, kind, path, name_or_id, matching(client, kind, path, name_or_id))
    if entity:
        client.note_parent(seconds(entity.get("created_at")))
    return entity


def named(client: KonnectClient, kind: Kind, path: tuple[str, ...], name: str) -> list[Entity]:
    """Every entity whose name is exactly this."""
    query = {"filter[name][eq]": name} if kind.name_filter else {}
    return [entity for entity in client.list(path, kind.paging, query) if entity.get(kind.name_field) == name]


def matching(client: KonnectClient, kind: Kind, path: tuple[str, ...], name_or_id: str) -> list[Entity]:
    """Every entity of that name, and the one of that id."""
    found = named(client, kind, path, name_or_id)
    if UUID.fullmatch(name_or_id):
        by_id = client.find((*path, name_or_id.lower()))
        if by_id is not None and by_id["id"] not in [entity["id"] for entity in found]:
            found.append(by_id)
    return found


def only(
    client: KonnectClient, kind: Kind, path: tuple[str, ...], name_or_id: str, found: list[Entity]
) -> Entity | None:
    """The one entity that was found, or None; several are an error that tells them apart."""
    if len(found) < 2:
        return found[0] if found else None
    found = sorted(found, key=lambda entity: (str(entity.get("created_at")), str(entity["id"])))
    ids = [str(entity["id"]) for entity in found]
    rows, remedy = ids, "Rename one of them, or give the id of the right one."
    if kind is CONFIG_STORE:
        rows = [f"{store_id} ({len(secret_keys(client, (*path, store_id)))} secrets)" for store_id in ids]
        remedy = (
            "Konnect lets config stores share a name. Remove the surplus ones by id, or give the id of the right one."
        )
    raise KonnectError(
        f"{name_or_id!r} means {len(found)} {kind.label}s: {', '.join(rows)}. {remedy}",
        code="ambiguous",
        candidates=ids,
    )


def secret_keys(client: KonnectClient, store_path: tuple[str, ...]) -> list[str]:
    """The keys of the secrets in a config store; fingerprint records are none."""
    entries = client.list((*store_path, "secrets"), CONFIG_STORE.paging)
    return sorted(entry["key"] for entry in entries if parse(entry["key"]) is None)


def _not_found(client: KonnectClient, kind: Kind, path: tuple[str, ...], name_or_id: str, where: str) -> KonnectError:
    names = sorted({kind.display(entity) for entity in client.list(path, kind.paging)})
    text = f"{where} has no {kind.label} {name_or_id}."
    close = difflib.get_close_matches(name_or_id, names, n=1)
    if close:
        text += f" Did you mean {close[0]}?"
    shown = ", ".join(names[:CANDIDATES_SHOWN]) + (
        f" and {len(names) - CANDIDATES_SHOWN} more" if len(names) > CANDIDATES_SHOWN else ""
    )
    text += f" It has: {shown}." if names else f" It has no {kind.label} at all."
    return KonnectError(text, code="not_found", candidates=names)
