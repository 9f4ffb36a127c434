# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Find what uses an entity, so that nothing in use is removed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .._errors import ErrorCode, KonnectError
from .._vault_reference import Reference, references_in
from .control_plane import DEFAULT_WORKSPACE, ControlPlane
from .kind import Entity, Kind
from .kinds import KINDS, VAULT
from .listing import read_lists

# Where a referrer is, as messages say it.
PLACES = ("route", "service", "workspace")
# What to do with something that is in use: fail, keep it, or remove it all the same.
OnInUse = Literal["fail", "keep", "remove"]
Referrer = dict[str, Any]


@dataclass(frozen=True)
class Usage:
    """Why something is not removed.

    :param subject: what it is, to begin a sentence with.
    :param reason: the rest of that sentence, such as C(is in use by plugin ai-proxy).
    :param facts: what playbooks get besides, such as the referrers.
    """

    subject: str
    reason: str
    code: ErrorCode = ErrorCode.IN_USE
    advice: str = "Remove what uses it first, or set on_in_use to remove."
    facts: Mapping[str, Any] = field(default_factory=dict)

    def error(self) -> KonnectError:
        message = f"{self.subject} {self.reason} and was not removed. {self.advice}"
        return KonnectError(message, code=self.code, **self.facts)

    def kept(self) -> dict[str, Any]:
        """The result C(kept) of a module."""
        return {"code": self.code.value, "message": f"{self.subject} {self.reason} and was kept.", **self.facts}


def check_usage(on_in_use: OnInUse, find_usage: Callable[[], Usage | None]) -> Usage | None:
    """Why something is to be kept; None when it may be removed. Raises KonnectError when it is in use and that is to
    fail.
    """
    usage = None if on_in_use == "remove" else find_usage()
    if usage and on_in_use == "fail":
        raise usage.error()
    return usage


def usage_by(what: str, referrers: list[Referrer]) -> Usage | None:
    """Usage by these referrers; None when there are none."""
    if not referrers:
        return None
    lines = [
        f"{row['entity']} {row['name']} ({row['id']}) in {row['field']}"
        + "".join(f", {name} {row[name]}" for name in PLACES if name in row and name != row["field"])
        for row in referrers
    ]
    return Usage(what, f"is in use by {'; '.join(lines)}", facts={"referrers": referrers})


def vault_usage(control_plane: ControlPlane, prefix: str, vaults: Sequence[Entity] | None = None) -> Usage | None:
    """Find the references through the vault of this prefix, in every workspace from which they lead to it.

    :param vaults: all that are in the workspace of the vault, where they were read already.
    """
    own = control_plane.workspace
    views = control_plane.everywhere()
    known = {
        view.workspace: view.list_if_supported(VAULT) if vaults is None or view.workspace != own else vaults
        for view in views
    }
    leading = {
        name: {prefix} for name, each in known.items() if name == own or all(row["prefix"] != prefix for row in each)
    }
    return usage_by(f"Vault {prefix}", [row for row, _reference in _by_reference(views, known, leading)])


def prefixes_by_workspace(vaults: Mapping[str, Sequence[Entity]], store_id: str) -> dict[str, set[str]]:
    """The prefixes by which references in each workspace lead to a config store.

    A workspace that has no vault of a prefix may find that of another one: in Kong Gateway, a prefix is unique across
    workspaces (its schema of vaults).

    :param vaults: those of each workspace, by its name.
    """
    exposing = {vault["prefix"] for each in vaults.values() for vault in each if exposed_store_id(vault) == store_id}
    return {
        workspace: exposing - {vault["prefix"] for vault in own if exposed_store_id(vault) != store_id}
        for workspace, own in vaults.items()
    }


def secrets_usage(control_plane: ControlPlane, store_id: str, keys: Collection[str]) -> Usage | None:
    """Find the references to these secrets of a config store, through any vault of any workspace that exposes it. Each
    referrer has the C(secret) that it refers to. One reading serves all keys.
    """
    views = control_plane.everywhere()
    vaults = {view.workspace: view.list_if_supported(VAULT) for view in views}
    wanted = set(keys)
    rows = [
        {**row, "secret": reference.resource}
        for row, reference in _by_reference(views, vaults, prefixes_by_workspace(vaults, store_id))
        if reference.resource in wanted
    ]
    used = sorted({row["secret"] for row in rows})
    return usage_by(f"Secret {used[0]}" if len(used) == 1 else f"Each of the secrets {', '.join(used)}", rows)


def dependents(control_plane: ControlPlane, kind: Kind, entity: Entity) -> list[Referrer]:
    """Find what belongs to an entity, such as a service's routes and plugins."""
    return _pointing(control_plane, kind, entity, kind.dependents)


def users(control_plane: ControlPlane, kind: Kind, entity: Entity) -> list[Referrer]:
    """Find what belongs to an entity or only refers to it, such as the services that present a certificate."""
    return _pointing(control_plane, kind, entity, (*kind.dependents, *kind.used_by))


def _pointing(
    control_plane: ControlPlane, kind: Kind, entity: Entity, rows: Sequence[tuple[str, str]]
) -> list[Referrer]:
    # What belongs to the whole control plane may be used in each of its workspaces.
    views = control_plane.everywhere() if kind.shared and rows else [control_plane]
    return [
        {**referrer(KINDS[name], item, field_name), **_place(view)}
        for view in views
        for name, field_name in rows
        for item in view.list_if_supported(KINDS[name])
        if _points_to(item.get(field_name), kind, entity)
    ]


def _place(control_plane: ControlPlane) -> Referrer:
    """The workspace of a referrer, unless it is the default one."""
    name = control_plane.workspace
    return {} if name == DEFAULT_WORKSPACE else {"workspace": name}


def _points_to(value: Any, kind: Kind, entity: Entity) -> bool:
    """True for a field that means an entity: ``{"id": ...}``, its id, its name, or a list with one of these."""
    if isinstance(value, list):
        return any(_points_to(item, kind, entity) for item in value)
    if isinstance(value, Mapping):
        return value.get("id") is not None and value["id"] == entity.get("id")
    return value is not None and value in (entity.get("id"), entity.get(kind.name_field))


def config_store_vaults(control_plane: ControlPlane, store_id: str) -> list[Entity]:
    """The vaults that expose a config store, in every workspace."""
    vaults = [vault for view in control_plane.everywhere() for vault in view.list_if_supported(VAULT)]
    return [vault for vault in vaults if exposed_store_id(vault) == store_id]


def exposed_store_id(vault: Entity) -> str | None:
    """The id of the config store that a vault exposes. Konnect keeps it as it was written, capitals included."""
    store_id = (vault.get("config") or {}).get("config_store_id")
    return store_id.lower() if isinstance(store_id, str) else None


def referrer(kind: Kind, entity: Entity, field_name: str) -> Referrer:
    """``{"entity": kind, "id", "name", "field": path}``, with the ids of its route and service where it has them."""
    parents = {name: entity[name]["id"] for name in kind.parents if (entity.get(name) or {}).get("id")}
    return {"entity": kind.name, "id": entity["id"], "name": kind.display(entity), "field": field_name, **parents}


def _by_reference(
    views: Sequence[ControlPlane], vaults: Mapping[str, Sequence[Entity]], prefixes: Mapping[str, Collection[str]]
) -> Iterator[tuple[Referrer, Reference]]:
    """Each referrer with its reference.

    :param vaults: those of each workspace, by its name.
    :param prefixes: of the references that are meant, by the workspace of the referrer.
    """
    for view in views:
        meant = prefixes.get(view.workspace)
        if not meant:
            continue
        lists = {VAULT.name: vaults[view.workspace], **read_lists(view, view.product.referring_besides_vaults)}
        for kind in view.product.referring:
            for entity in lists[kind.name]:
                for path, reference in references_in(entity):
                    if reference.prefix in meant:
                        yield {**referrer(kind, entity, path), **_place(view)}, reference
