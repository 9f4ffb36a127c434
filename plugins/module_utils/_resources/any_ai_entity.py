# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Entities of AI Gateways that have no module of their own, by the segment of their path, which the beta may change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .._entities.ai_kinds import MAY_HOLD_SECRETS, any_kind
from .._entities.control_plane import ControlPlane
from .._entities.kind import READ_ONLY, Entity, Spec
from .._errors import ApiError, InvalidInput
from .._hidden_fields import HiddenFields
from .._secret_text import looks_secret
from .ai_entity import AiFields, list_ai
from .ai_fields import CHECKS

_SEGMENT = re.compile(r"[a-z][a-z0-9-]*")
EXAMPLE = "consumer-groups"
_SECRET: Spec = {"type": "string", "encrypted": True}
# Fields that are secret though their name does not tell.
_KEYS = ("key", "key_alt", "api_key")


def any_fields(options: Mapping[str, Any]) -> AiFields:
    """The fields of the kind in the options of konnect_ai_entity. Their names tell what is secret."""
    segment = options["kind"]
    if not _SEGMENT.fullmatch(segment):
        raise InvalidInput(f"kind must be the last part of a path of Konnect's API, such as {EXAMPLE}.")
    body = options.get("body") or {}
    taken = sorted(name for name in body if name in options and name != "name")
    if taken:
        raise InvalidInput(f"body has {', '.join(taken)}, which are options of the module. Set them beside body.")
    if body.get("name") not in (None, options.get("name")):
        raise InvalidInput("The name in body is not that of the task. Leave it out: it cannot be changed.")
    also = tuple(options["sensitive_fields"] or ())
    texts = {name: _spec(name, value, also) for name, value in body.items()}
    return AiFields(
        any_kind(segment, texts),
        ("name", *(name for name in body if name != "name" and name not in READ_ONLY)),
        fixed=("name",),
        sensitive=also,
        may_hold_secrets=segment in MAY_HOLD_SECRETS,
        check_others=CHECKS.get(segment),
    )


@contextmanager
def kind_explained(kind: str) -> Iterator[None]:
    """Say what it means that there is no list of this name."""
    try:
        yield
    except ApiError as error:
        if error.status != 404:
            raise
        hint = f"Check kind {kind}: it is the name of a list in Konnect's API, such as {EXAMPLE}."
        raise error.explained(hint) from error


def any_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as those of a module with the fields of the kind."""
    return {**(options.get("body") or {}), **{name: value for name, value in options.items() if name != "body"}}


def list_any_ai(parent: ControlPlane, options: Mapping[str, Any]) -> list[Entity]:
    """The entities that konnect_ai_entity_info returns."""
    fields = any_fields(options)
    with kind_explained(options["kind"]):
        rows = list_ai(parent, fields, options)
    return [{name: _view(name, value, fields.sensitive) for name, value in row.items()} for row in rows]


def hide_body(parent: ControlPlane, fields: AiFields) -> None:
    """Let what is shown of the option C(body) be without secrets."""
    rules = fields.rules
    parent.task.views["body"] = lambda body: {
        name: rules[name].view(value) if name in rules else value for name, value in (body or {}).items()
    }


def _view(name: str, value: Any, also: tuple[str, ...]) -> Any:
    return HiddenFields(_spec(name, value, also), also=also, everything=_spec(name, value, also) is _SECRET).view(value)


def _spec(name: str, value: Any, also: tuple[str, ...]) -> Spec:
    is_secret = isinstance(value, str) and (looks_secret(name) or name in _KEYS or name in also)
    return _SECRET if is_secret else {}
