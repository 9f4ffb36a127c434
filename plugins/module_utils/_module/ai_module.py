# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Modules of the entities that only AI Gateways have: options and handler, each made of what is known of the kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._entities.ai_kinds import AI_MODEL_PROVIDER, AI_POLICY
from .._entities.control_plane import ControlPlane
from .._resources.ai_entity import AiFields, ai_result, ensure_ai, list_ai, remove_ai
from .argument_spec import (
    AI_GATEWAY,
    CHECK_REFERENCES,
    CONNECTION,
    HIDDEN_VALUE,
    ON_IN_USE,
    STATE,
    ArgumentSpec,
)

Handler = Callable[[ControlPlane, dict[str, Any]], dict[str, Any]]


def ai_spec(fields: AiFields, options: Mapping[str, Mapping[str, Any]]) -> ArgumentSpec:
    """The options of the module that manages a kind."""
    pieces = [CONNECTION, AI_GATEWAY, STATE]
    pieces += [ON_IN_USE] if fields.kind in (AI_MODEL_PROVIDER, AI_POLICY) else []
    pieces += [CHECK_REFERENCES, HIDDEN_VALUE] if fields.kind.texts else []
    return ArgumentSpec(options=options, by_schema=[*fields.kind.texts], keeps=[*fields.kind.texts]).merge(*pieces)


def ai_handler(fields: AiFields) -> Handler:
    """The handler of such a module."""

    def handler(parent: ControlPlane, options: dict[str, Any]) -> dict[str, Any]:
        change = ensure_ai if options["state"] == "present" else remove_ai
        return ai_result(parent, fields, change(parent, fields, options))

    return handler


def ai_info_spec(fields: AiFields) -> ArgumentSpec:
    """The options of the module that lists a kind."""
    return ArgumentSpec(options={fields.kind.name_field: {"type": "str"}}).merge(CONNECTION, AI_GATEWAY)


def ai_info_handler(fields: AiFields, name: str) -> Handler:
    """The handler of such a module.

    :param name: of the list in the result.
    """

    def handler(parent: ControlPlane, options: dict[str, Any]) -> dict[str, Any]:
        return {"changed": False, name: list_ai(parent, fields, options)}

    return handler
