# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Checks of what a task gives for an entity of an AI Gateway, by the type that it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._entities.ai_kinds import (
    AI_MODEL,
    AI_MODEL_PROVIDER,
    API,
    AUTH_FIELDS,
    CAPABILITIES,
    PROVIDER_AUTHS,
    PROVIDER_FIELDS,
    PROVIDERS,
    TARGET_FIELDS,
    TARGET_MORE,
    TARGET_REQUIRED,
)
from .._entities.kind import Entity, Kind
from .._errors import InvalidInput

IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,256}")
LABEL = re.compile(r"[a-z0-9A-Z]([a-z0-9A-Z._-]*[a-z0-9A-Z])?")
RESERVED_LABELS = ("kong", "konnect", "mesh", "kic", "_")


def check_entity(kind: Kind, body: Entity) -> None:
    """Refuse a body that Konnect would not take. Raises InvalidInput with everything that is wrong."""
    found = [*_common_problems(kind, body), *TYPED.get(kind.name, _nothing)(body)]
    if found:
        raise InvalidInput(" ".join(found))


def _nothing(body: Entity) -> Iterator[str]:
    return iter(())


def _common_problems(kind: Kind, body: Entity) -> Iterator[str]:
    name = body.get(kind.name_field)
    if kind.name_field == "name" and kind.segments != API and not IDENTIFIER.fullmatch(str(name)):
        yield f"{name!r} cannot be a name: use 1 to 256 letters, digits, dots, dashes, colons and underscores."
    for field, most in (("display_name", 256), ("title", 256), ("description", 1024)):
        if len(body.get(field) or "") > most:
            yield f"{field} has more than {most} characters."
    for key, value in (body.get("labels") or {}).items():
        if str(key).startswith(RESERVED_LABELS):
            yield f"labels: {key} begins with one of {', '.join(RESERVED_LABELS)}, which Kong keeps for itself."
        if not LABEL.fullmatch(str(value)) or len(str(value)) > 63:
            yield f"labels.{key} must have 1 to 63 letters, digits, dots, dashes and underscores."


def _provider_problems(body: Entity) -> Iterator[str]:
    kind, config = body["type"], body["config"]
    auth = config.get("auth")
    if kind not in PROVIDERS:
        yield f"There is no type {kind} of providers. There are {', '.join(PROVIDERS)}."
        return
    known = ["auth", *PROVIDER_FIELDS.get(kind, "").split()]
    yield from _unknown("config", config, known, f"of type {kind}")
    if not isinstance(auth, Mapping):
        yield "config.auth must be given."
        return
    ways = ["basic", *PROVIDER_AUTHS.get(kind, "").split()]
    if auth.get("type") not in ways:
        yield f"config.auth.type must be one of {', '.join(ways)} for a provider of type {kind}."
        return
    yield from _unknown("config.auth", auth, ["type", *AUTH_FIELDS[auth["type"]].split()], f"of type {auth['type']}")
    for field in ("headers", "params"):
        if len(auth.get(field) or ()) > 1:
            yield f"config.auth.{field} takes one entry."


def _model_problems(body: Entity) -> Iterator[str]:
    kind = body["type"]
    wrong = [name for name in body.get("capabilities") or () if name not in CAPABILITIES[kind]]
    if wrong or not body.get("capabilities"):
        yield f"capabilities of type {kind} are {', '.join(CAPABILITIES[kind])}."
    if len(body.get("formats") or ()) != 1:
        yield "formats takes exactly one entry."
    if not body.get("targets"):
        yield "targets takes at least one entry."
    for number, target in enumerate(body.get("targets") or ()):
        yield from _target_problems(f"targets.{number}", target)
    route = body["config"].get("route")
    if not isinstance(route, Mapping):
        yield "config.route must be given."
    elif len((route.get("model") or {}).get("values", "x")) != 1:
        yield "config.route.model.values takes exactly one entry."


def _target_problems(where: str, target: Mapping[str, Any]) -> Iterator[str]:
    missing = [name for name in ("name", "provider", "config") if not target.get(name)]
    if missing:
        yield f"{where} needs {', '.join(missing)}."
        return
    config = target["config"]
    kind = config.get("type")
    if kind not in PROVIDERS:
        yield f"{where}.config.type must be one of {', '.join(PROVIDERS)}."
        return
    known = ["type", *TARGET_FIELDS, *TARGET_MORE.get(kind, "").split()]
    yield from _unknown(f"{where}.config", config, known, f"of type {kind}")
    needed = [name for name in TARGET_REQUIRED.get(kind, "").split() if not config.get(name)]
    if needed:
        yield f"{where}.config of type {kind} needs {', '.join(needed)}."


def _unknown(where: str, given: Mapping[str, Any], known: Iterable[str], what: str) -> Iterator[str]:
    wrong = sorted(set(given) - set(known))
    if wrong:
        yield f"{where} {what} has no {', '.join(wrong)}. It takes {', '.join(sorted(known))}."


TYPED = {AI_MODEL_PROVIDER.name: _provider_problems, AI_MODEL.name: _model_problems}
