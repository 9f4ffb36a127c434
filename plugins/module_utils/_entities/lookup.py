# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Names to entities: exactly one match, or an error that lists the candidates."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import ErrorCode, InvalidInput, KonnectError
from .._rotation_entry import without_own_entries
from .endpoint import Endpoint
from .kind import Entity, is_id
from .kinds import CONFIG_STORE, SECRET

MAX_CANDIDATES = 20
# The fields of an entity that tell which one it is, the best first.
NAMING = ("id", "name", "prefix", "username")


@dataclass(frozen=True)
class Resolved:
    """The entity that a name or an id in a task means.

    :param predicted: it does not exist yet and check mode assumes that an earlier task creates it; its id is then
        the one that this collection would give it.
    """

    entity: Entity
    predicted: bool = False

    @property
    def id(self) -> str:
        return str(self.entity["id"])


def name_or_id(option: str, given: Any) -> Any:
    """The name or the id that an option holds; None stays None.

    :param option: its name, for the message of InvalidInput.
    :param given: a name, an id, or a dict with one of them, such as Konnect shows: ``{"id": ...}``, ``{"name": ...}``.
        An empty dict stays one; some options take it for none.
    """
    if isinstance(given, Mapping) and given:
        named = next((given[field] for field in NAMING if given.get(field)), None)
        if not isinstance(named, str):
            raise InvalidInput(f"{option} must be a name, an id, or a dict with one of them. It is a dict without.")
        return named
    if isinstance(given, (list, bool, float)):
        raise InvalidInput(f"{option} must be a name, an id, or a dict with one of them, not a {type(given).__name__}.")
    if isinstance(given, str) and given.isspace():
        raise InvalidInput(f"{option} must not be empty.")
    return str(given) if isinstance(given, int) else given


def named(endpoint: Endpoint, name: str) -> list[Entity]:
    """Every entity whose name is exactly this."""
    kind = endpoint.kind
    query = {"filter[name][eq]": name} if kind.name_filter else {}
    return [entity for entity in endpoint.list(query) if name in kind.names(entity)]


def first_named(endpoint: Endpoint, name: str) -> Entity | None:
    """An entity of exactly this name, for a create whose response was lost."""
    return next(iter(named(endpoint, name)), None)


def matching(endpoint: Endpoint, name_or_id: str) -> list[Entity]:
    """Every entity of that name, and the one of that id."""
    found = named(endpoint, name_or_id)
    if is_id(name_or_id):
        by_id = endpoint.find(name_or_id.lower())
        if by_id is not None and by_id["id"] not in [entity["id"] for entity in found]:
            found.append(by_id)
    return found


def find_one(endpoint: Endpoint, name_or_id: str) -> Entity | None:
    """The one entity of that name or id, or None; several are an error."""
    found = only_one(endpoint, name_or_id, matching(endpoint, name_or_id))
    return endpoint.remember(found, name_or_id) if found else None


def only_one(endpoint: Endpoint, name_or_id: str, found: list[Entity]) -> Entity | None:
    """The one entity that was found, or None; several are an error that tells them apart."""
    if len(found) < 2:
        return found[0] if found else None
    found = sorted(found, key=lambda entity: (str(entity.get("created_at")), str(entity["id"])))
    ids = [str(entity["id"]) for entity in found]
    rows, remedy = ids, "Rename one of them, or give the id of the right one."
    if endpoint.kind is CONFIG_STORE:
        rows = [f"{store_id} ({len(secret_keys(endpoint.below(store_id, SECRET)))} secrets)" for store_id in ids]
        remedy = (
            "Konnect lets config stores share a name. Remove the surplus ones by id, or give the id of the right one."
        )
    raise KonnectError(
        f"{name_or_id!r} means {len(found)} {endpoint.kind.label}s: {', '.join(rows)}. {remedy}",
        code=ErrorCode.AMBIGUOUS,
        candidates=ids,
    )


def secret_keys(secrets: Endpoint) -> list[str]:
    """The keys of the secrets in a config store, without fingerprint records and the state of rotations."""
    return without_own_entries(entry["key"] for entry in secrets.list())


def not_found(endpoint: Endpoint, name_or_id: str, where: str) -> KonnectError:
    """The error for a name that means nothing, with the names that exist.

    :param where: the parent, to begin the message with.
    """
    kind = endpoint.kind
    names = sorted({kind.display(entity) for entity in endpoint.list()})
    text = f"{where} has no {kind.label} {name_or_id}."
    close = difflib.get_close_matches(name_or_id, names, n=1)
    if close:
        text += f" Did you mean {close[0]}?"
    more = f" and {len(names) - MAX_CANDIDATES} more" if len(names) > MAX_CANDIDATES else ""
    text += f" It has: {', '.join(names[:MAX_CANDIDATES])}{more}." if names else f" It has no {kind.label}s."
    return KonnectError(text, code=ErrorCode.NOT_FOUND, candidates=names)
