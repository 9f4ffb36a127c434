# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The definition of one kind of entity: a row of the table in kinds.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._client.pagination import Paging
from .._predictions import is_stand_in

Entity = dict[str, Any]

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
READ_ONLY = frozenset({"id", "created_at", "updated_at"})


# Kong's own form of a field, such as ``{"type": "string", "encrypted": True}``.
Spec = Mapping[str, Any]
REFERENCEABLE: Spec = {"type": "string", "referenceable": True}
SECRET_TEXT: Spec = {"type": "string", "encrypted": True}
SECRET_REFERENCE: Spec = {"type": "string", "encrypted": True, "referenceable": True}


def is_id(text: str) -> bool:
    """True for the form of an id, in lower or upper case, or of one that only check mode returns."""
    return _UUID.fullmatch(text) is not None or is_stand_in(text)


@dataclass(frozen=True)
class Kind:
    """One row.

    :param label: the name in messages, in Kong's terms.
    :param segments: the path of its list below the parent.
    :param name_field: the field that users know it by.
    :param name_filter: whether the list takes ``filter[name][eq]``.
    :param strict_name: whether its name has only letters, digits, dots, dashes, underscores and tildes.
    :param schema: the entity's name at the validate endpoint; None when it has none.
    :param sets: fields whose order means nothing: of a list, or of each list in a mapping.
    :param parents: fields that hold ``{"id": ...}`` of another kind.
    :param dependents: kinds that belong to it and go with it, and the field with which they point here.
    :param used_by: kinds that only refer to it, by its id or its name, and the field with which they do.
    :param defaults: what the server fills in besides null; left out of diffs.
    :param id_field: the field by which requests name an entity of the list.
    :param takes_id: whether a new entity may be given its id; else Konnect makes one.
    :param owner: the parent below whose path it is written; the flat list is then only read.
    :param nested: the path of its list below the owner.
    :param identity: the fields that tell its entities apart, in one or more ways, of which a task gives one; that of
        the name when there is none.
    :param needs: what a new entity must have besides; of each entry one field.
    :param unique: other fields, or fields together, of which a control plane has each value once.
    :param texts: fields that hold secrets or secret references, or whose secrets only their names tell.
    :param hidden: that one of these of which responses show nothing, or only a hash.
    :param records: fields that hold a mapping with fields of its own, which a task need not give all.
    :param alternatives: fields of which an entity has one; given one, it loses the others.
    :param only_new: fields that count when it is created, and run down or are consumed afterwards.
    :param live_schema: whether Konnect has a schema for its C(config), which says where references may be.
    :param result: what results call it, where that is not its name.
    :param remembered: whether tasks of a run need not ask for its id, as a parent, that an earlier one found or made.
    :param envelope: the field that holds the entity where it is read alone.
    :param shared: whether it belongs to the control plane as a whole instead of to one of its workspaces.
    """

    name: str
    label: str
    segments: tuple[str, ...]
    paging: Paging
    name_field: str = "name"
    name_filter: bool = False
    strict_name: bool = False
    schema: str | None = None
    sets: frozenset[str] = frozenset()
    parents: Mapping[str, str] = field(default_factory=dict)
    dependents: tuple[tuple[str, str], ...] = ()
    used_by: tuple[tuple[str, str], ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    id_field: str = "id"
    takes_id: bool = True
    owner: str | None = None
    nested: tuple[str, ...] = ()
    identity: tuple[tuple[str, ...], ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    texts: Mapping[str, Spec] = field(default_factory=dict)
    hidden: str | None = None
    records: frozenset[str] = frozenset()
    alternatives: tuple[str, ...] = ()
    only_new: frozenset[str] = frozenset()
    live_schema: bool = False
    result: str = ""
    remembered: bool = False
    envelope: str = ""
    shared: bool = False

    def display(self, entity: Entity) -> str:
        return str(next(iter(self.names(entity)), None) or entity.get("instance_name") or entity.get("id") or "?")

    def subject(self, entity: Entity) -> str:
        """Name an entity where a sentence begins, such as C(Control plane quickstart)."""
        return f"{self.label[0].upper()}{self.label[1:]} {self.display(entity)}"

    def names(self, entity: Entity) -> list[str]:
        """The names by which users may know an entity; of a certificate, its SNIs."""
        names = entity.get(self.name_field)
        return [*names] if isinstance(names, list) else [str(names)] if names else []

    @property
    def result_name(self) -> str:
        return self.result or self.name

    @property
    def is_named(self) -> bool:
        """True if one field alone tells its entities apart, and an id may stand in its place."""
        return not self.identity

    @property
    def may_be_hidden(self) -> list[str]:
        """The secrets that responses are taken to show, and perhaps do not."""
        return [name for name, spec in self.texts.items() if spec == SECRET_TEXT and name != self.hidden]

    @property
    def takes_secret_references(self) -> bool:
        """True if one of its secrets may be a reference, and so should be."""
        return SECRET_REFERENCE in self.texts.values()

    @property
    def may_refer(self) -> bool:
        """True if references to secrets may be in what responses show of it."""
        return self.live_schema or any(spec for name, spec in self.texts.items() if name != self.hidden)
