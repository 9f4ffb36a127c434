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
    AUTH_FIELDS,
    CAPABILITIES,
    FORMATS,
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


def check_identifiers(where: str, names: Iterable[str]) -> None:
    """Refuse names that Konnect would not take, of entities below another one."""
    wrong = [name for name in names if not IDENTIFIER.fullmatch(name)]
    if wrong:
        raise InvalidInput(
            f"{where}: {wrong[0]!r} cannot be a name: use 1 to 256 letters, digits, dots, dashes, colons and "
            "underscores."
        )


def label_texts(labels: Any) -> Any:
    """Labels as Konnect takes them: YAML makes numbers and booleans of texts that are not in quotes."""
    if not isinstance(labels, Mapping):
        return labels
    return {str(key): _label_text(value) for key, value in labels.items()}


def _label_text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def _nothing(body: Entity) -> Iterator[str]:
    return iter(())


def _common_problems(kind: Kind, body: Entity) -> Iterator[str]:
    name = body.get(kind.name_field)
    if kind.name_field == "name" and not IDENTIFIER.fullmatch(str(name)):
        yield f"{name!r} cannot be a name: use 1 to 256 letters, digits, dots, dashes, colons and underscores."
    for field, most in (("display_name", 256), ("title", 256), ("description", 1024)):
        if not isinstance(body.get(field, ""), str):
            yield f"{field} must be a text."
        elif len(body.get(field, "")) > most:
            yield f"{field} has more than {most} characters."
    yield from _label_problems(body.get("labels", {}))


def _label_problems(labels: Any) -> Iterator[str]:
    if not isinstance(labels, Mapping):
        yield "labels must be a mapping."
        return
    for key, value in labels.items():
        if not 1 <= len(str(key)) <= 63:
            yield f"labels: {str(key)!r} must have 1 to 63 characters."
        if str(key).startswith(RESERVED_LABELS):
            yield f"labels: {key} begins with one of {', '.join(RESERVED_LABELS)}, which Kong keeps for itself."
        if not isinstance(value, str) or not LABEL.fullmatch(value) or len(value) > 63:
            yield f"labels.{key} must be a text of 1 to 63 letters, digits, dots, dashes and underscores."


def _provider_problems(body: Entity) -> Iterator[str]:
    kind, config = body["type"], body["config"]
    auth = config.get("auth")
    if kind not in PROVIDERS:
        yield f"There is no type {kind} of providers. There are {', '.join(PROVIDERS)}."
        return
    known = ["auth", *PROVIDER_FIELDS.get(kind, "").split()]
    yield from _unknown("config", config, known, f"of type {kind}")
    if not isinstance(auth, Mapping):
        yield "config.auth must be given, as a mapping."
        return
    ways = ["basic", *PROVIDER_AUTHS.get(kind, "").split()]
    if auth.get("type") not in ways:
        yield f"config.auth.type must be one of {', '.join(ways)} for a provider of type {kind}."
        return
    yield from _unknown("config.auth", auth, ["type", *AUTH_FIELDS[auth["type"]].split()], f"of type {auth['type']}")
    for field in ("headers", "params"):
        yield from _pair_problems(f"config.auth.{field}", auth.get(field))


def _pair_problems(where: str, pairs: Any) -> Iterator[str]:
    """Of headers or params, of which Konnect takes one."""
    if pairs is None or pairs == []:
        return
    if not isinstance(pairs, list) or len(pairs) > 1 or not isinstance(pairs[0], Mapping):
        yield f"{where} takes a list of one entry, with name and value."
        return
    for field in ("name", "value"):
        text = pairs[0].get(field, None if field == "name" else "absent")
        if not isinstance(text, str) or not text:
            yield f"{where}.0.{field} must be a text that is not empty."


def _model_problems(body: Entity) -> Iterator[str]:
    kind = body["type"]
    wrong = [name for name in body.get("capabilities") or () if name not in CAPABILITIES[kind]]
    if wrong or not body.get("capabilities"):
        yield f"capabilities of type {kind} are {', '.join(CAPABILITIES[kind])}."
    formats = body.get("formats") or []
    if len(formats) != 1:
        yield "formats takes exactly one entry."
    elif formats[0].get("type", "openai") not in FORMATS:
        yield f"formats.0.type must be one of {', '.join(FORMATS)}."
    if not body.get("targets"):
        yield "targets takes at least one entry."
    for number, target in enumerate(body.get("targets") or ()):
        yield from _target_problems(f"targets.{number}", target)
    route = body["config"].get("route")
    if not isinstance(route, Mapping):
        yield "config.route must be given, as a mapping."
        return
    for field in ("paths", "hosts", "methods", "protocols"):
        if not isinstance(route.get(field, []), list):
            yield f"config.route.{field} must be a list."
    model = route.get("model", {})
    if not isinstance(model, Mapping):
        yield "config.route.model must be a mapping."
    elif "values" in model and not (isinstance(model["values"], list) and len(model["values"]) == 1):
        yield "config.route.model.values takes a list of exactly one entry."


def _target_problems(where: str, target: Mapping[str, Any]) -> Iterator[str]:
    missing = [name for name in ("name", "provider", "config") if not target.get(name)]
    if missing:
        yield f"{where} needs {', '.join(missing)}."
        return
    config = target["config"]
    if not isinstance(config, Mapping):
        yield f"{where}.config must be a mapping."
        return
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
