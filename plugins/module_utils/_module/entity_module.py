# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Modules of kinds that their row in the table says everything about: options and handler, each made of the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._entities.control_plane import ControlPlane
from .._entities.kind import Kind
from .._resources.entity import ensure_entity, info_option, info_parents, list_entities, remove_entity_of
from .._resources.option_checks import check_no_private_keys
from .argument_spec import (
    CHECK_REFERENCES,
    CONNECTION,
    CONTROL_PLANE,
    ENTITY,
    HIDDEN_VALUE,
    LITERAL_SECRETS,
    ON_IN_USE,
    STATE,
    TAGS,
    ArgumentSpec,
)

Handler = Callable[[ControlPlane, dict[str, Any]], dict[str, Any]]
Check = Callable[[Mapping[str, Any]], None]


def entity_spec(
    kind: Kind, fields: Mapping[str, Mapping[str, Any]], required_one_of: Sequence[Sequence[str]] = ()
) -> ArgumentSpec:
    """The options of the module that manages a kind.

    :param fields: the options that are fields of the entity.
    """
    pieces = [CONNECTION, CONTROL_PLANE, STATE]
    pieces += [TAGS] if "tags" in kind.sets else []
    pieces += [ON_IN_USE] if kind.dependents or kind.used_by else []
    pieces += [HIDDEN_VALUE] if kind.hidden else [CHECK_REFERENCES] if kind.may_refer else []
    pieces += [LITERAL_SECRETS] if kind.takes_secret_references else []
    keeps = [name for name in kind.texts if name in fields]
    return ArgumentSpec(options=fields, required_one_of=required_one_of, keeps=keeps).merge(*pieces)


def entity_handler(
    kind: Kind, fields: Mapping[str, Any], check: Check = lambda options: None, *, lists: tuple[str, ...] = ()
) -> Handler:
    """The handler of such a module.

    :param check: refuses options before any request.
    :param lists: of the fields, those that are lists of other entities beside it.
    """
    names = [name for name in (*fields, *(("tags",) if "tags" in kind.sets else ())) if name not in (*lists, "id")]

    def handler(parent: ControlPlane, options: dict[str, Any]) -> dict[str, Any]:
        check_no_private_keys(fields, options)
        check(options)
        if options["state"] == "absent":
            return remove_entity_of(parent, kind, options, names)
        return ensure_entity(parent, kind, options, names)

    return handler


def entity_info_spec(kind: Kind) -> ArgumentSpec:
    """The options of the module that lists a kind."""
    options = {info_option(kind): {"type": "str"}, **dict.fromkeys(info_parents(kind), ENTITY)}
    return ArgumentSpec(options=options).merge(CONNECTION, CONTROL_PLANE, *([TAGS] if "tags" in kind.sets else []))


def entity_info_handler(kind: Kind) -> Handler:
    """The handler of such a module."""

    def handler(parent: ControlPlane, options: dict[str, Any]) -> dict[str, Any]:
        return {"changed": False, f"{kind.result_name}s": list_entities(parent, kind, options)}

    return handler
