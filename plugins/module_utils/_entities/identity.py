# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The identity of entities: a name, or several fields, such as a consumer and its key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._errors import InvalidInput
from .._secret_text import normalize_text
from .kind import Entity, Kind
from .kinds import KINDS
from .lookup import Resolved, is_id

NAME = re.compile(r"[\w.\-~]{1,128}")
_ROUNDS = 100_000


@dataclass(frozen=True)
class Identity:
    """Which entity a task means.

    :param key: the identity as text, of which the id of a new entity is made.
    :param matches: whether an entity is the one.
    :param entity_id: the id by which the task names it, so that it has to be there.
    :param words: what messages call it; empty for the kind with the key.
    :param is_secret: whether a part of it is a secret, which responses may hide.
    :param not_sent: fields that name the entity and are none of it.
    :param names: the fields by which it is told from all others of its kind; empty for a name or an id.
    """

    key: str
    matches: Callable[[Entity], bool]
    entity_id: str | None = None
    words: str = ""
    is_secret: bool = False
    not_sent: Mapping[str, None] = field(default_factory=dict)
    names: tuple[str, ...] = ()


def by_name(kind: Kind, fields: Entity) -> Identity:
    """The identity of an entity by its name, in the place of which an id may stand."""
    name = str(fields[kind.name_field])
    if kind.strict_name and not NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} cannot be the name of a {kind.label}: 1 to 128 letters, digits, dots, dashes, underscores and "
            "tildes."
        )
    by_id = is_id(name)
    return Identity(
        name,
        lambda entity: name == entity.get(kind.name_field) or (by_id and name.lower() == entity.get("id")),
        entity_id=name if by_id else None,
        not_sent={kind.name_field: None} if by_id else {},
    )


def by_fields(kind: Kind, fields: Entity, entity_id: str | None, parents: Mapping[str, Resolved]) -> Identity:
    """The identity of an entity by its id, or else by the first of the ways of its kind that the task gives."""
    owner = _of_owner(kind, parents)
    if entity_id:
        wanted = entity_id.lower()
        return Identity(wanted, lambda entity: entity["id"] == wanted, wanted, f"{kind.label} {wanted}{owner}")
    names = next((names for names in kind.identity if _is_given(kind, fields, names)), None)
    if names is None:
        ways = " or ".join(" with ".join(names) for names in kind.identity)
        raise InvalidInput(f"Give {ways}, which tells one {kind.label} from another.")
    secret = bool(_secrets(kind, names))
    rest = [str(fields[name]) for name in names if name not in kind.parents and name not in kind.texts and fields[name]]
    label = " ".join([kind.label, *(text for text in rest if "\n" not in text)])
    return Identity(
        natural_key(kind, fields, names),
        lambda entity: all(is_same(entity.get(name), fields.get(name)) for name in names),
        words=f"{label}{owner}",
        is_secret=secret,
        names=tuple(names),
    )


def natural_key(kind: Kind, fields: Entity, names: Sequence[str]) -> str:
    """The identity as text. What is secret is in it as a hash that takes long to guess the secret from."""
    parts: list[str] = []
    for name in names:
        value = fields.get(name)
        if isinstance(value, Mapping):
            value = value.get("id")
        elif isinstance(value, list):
            value = ",".join(sorted(value))
        if name in _secrets(kind, names):
            salt = "/".join(parts).encode()
            value = hashlib.pbkdf2_hmac("sha256", str(value).encode(), salt, _ROUNDS).hex()
        elif isinstance(value, str) and "\n" in value:
            value = hashlib.sha256(normalize_text(value).encode()).hexdigest()
        parts.append(str(value or ""))
    first = not kind.identity or names == kind.identity[0]
    return "/".join(parts if first else [names[0], *parts])


def has_secret_identity(kind: Kind) -> bool:
    """True if the entities of a kind are told apart by a secret."""
    return any(_secrets(kind, names) for names in kind.identity)


def _secrets(kind: Kind, names: Sequence[str]) -> list[str]:
    return [name for name in names if kind.texts.get(name, {}).get("encrypted")]


def _is_given(kind: Kind, fields: Entity, names: Sequence[str]) -> bool:
    own = [name for name in names if name != kind.owner]
    return bool(fields.get(own[0]))


def is_same(held: Any, given: Any) -> bool:
    """True if two values of a field mean the same; of lists, if they share an element."""
    if isinstance(given, Mapping):
        return isinstance(held, Mapping) and held.get("id") == given.get("id")
    if isinstance(given, list):
        return bool(set(given) & set(held or ()))
    if isinstance(given, str) and isinstance(held, str):
        return normalize_text(held) == normalize_text(given)
    return (held or None) == (given or None)


def _of_owner(kind: Kind, parents: Mapping[str, Resolved]) -> str:
    if kind.owner is None or kind.owner not in parents:
        return ""
    owner = KINDS[kind.parents[kind.owner]]
    return f" of {owner.label} {owner.display(parents[kind.owner].entity)}"
