# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shorthand fields of a record: old names, which Kong turns into today's before anything else.

(kong/db/schema/init.lua, ``process_auto_fields``.) Where the value goes is code in Kong; here it is ``replaced_with``
of the field's deprecation, else the name that the deprecation's message recommends, else a table. An old name that is
in none of them is accepted and has no effect, as in Kong's session plugin.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from .field_rules import same, word
from .schema import Field

Path = list[str]

# Of plugins whose shorthands have no deprecation (kong/plugins/session/schema.lua).
TARGETS = {
    "cookie_lifetime": "rolling_timeout",
    "cookie_idletime": "idling_timeout",
    "cookie_discard": "stale_ttl",
    "cookie_samesite": "cookie_same_site",
    "cookie_httponly": "cookie_http_only",
    "cookie_persistent": "remember",
}
RECOMMENDED = re.compile(r"please use config\.([\w.]+) instead")
ADDRESSES = {"cluster_addresses": "ip", "sentinel_addresses": "host"}
ABSENT = object()


def target_paths(name: str, field: Field) -> list[Path]:
    """Return where a shorthand's value goes, below its record."""
    deprecation = field.get("deprecation", {})
    if deprecation.get("replaced_with"):
        return [item["path"] for item in deprecation["replaced_with"]]
    recommended = RECOMMENDED.search(deprecation.get("message", ""))
    if recommended:
        return [recommended[1].split(".")]
    return [[TARGETS[name]]] if name in TARGETS else []


def new_form(name: str, value: Any) -> Any:
    """Return a shorthand's value in the form of its target."""
    if name in ADDRESSES and isinstance(value, list):
        pairs = (str(address).rpartition(":") for address in value)
        return [{ADDRESSES[name]: host, "port": int(port) if port.isdigit() else port} for host, _colon, port in pairs]
    if name == "consumer_claim" and isinstance(value, list):
        return [value] if value else []
    if (name, value) == ("cookie_samesite", "off"):
        return "Lax"
    return 0 if (name, value) == ("cookie_idletime", None) else value


def old_form(name: str, value: Any) -> Any:
    """Return the value of a target in the form of its shorthand."""
    if name in ADDRESSES and isinstance(value, list):
        return [f"{node[ADDRESSES[name]]}:{node['port']}" for node in value]
    if name == "consumer_claim" and isinstance(value, list):
        return value[0] if value else []
    return value


def value_at(record: Any, path: Path) -> Any:
    """Return the value at a path, ABSENT if there is none."""
    for name in path:
        record = record.get(name, ABSENT) if isinstance(record, dict) else ABSENT
    return record


def mismatch(record: dict[str, Any], name: str, field: Field) -> str | None:
    """Return what is wrong if a record gives the old and the new name with different values."""
    value = record[name]
    if value is None:
        return None
    for item in field.get("deprecation", {}).get("replaced_with") or ():
        held = value_at(record, item["path"])
        # In Lua false counts as not given.
        if held is ABSENT or held is None or held is False or same(old_form(name, held), value):
            continue
        names = f"{name} = {word(value)} vs {'.'.join(item['path'])} = {word(held)}"
        return f"both deprecated and new field are used but their values mismatch: {names}"
    return None


def replace(record: dict[str, Any], name: str, field: Field) -> None:
    """Move a shorthand's value to its targets, in place; what a new name already holds wins over a deprecated one."""
    value = new_form(name, record.pop(name))
    deprecated = "deprecation" in field
    for first, *rest in target_paths(name, field):
        held = record.get(first)
        if not rest:
            if not deprecated or held is None:
                record[first] = copy.deepcopy(value)
            continue
        placed = copy.deepcopy(value)
        for step in reversed(rest[1:]):
            placed = {step: placed}
        inner = held if isinstance(held, dict) else {}
        if not deprecated or inner.get(rest[0]) is None:
            record[first] = {**inner, rest[0]: placed}


def with_shorthands(field: Field, record: Any) -> Any:
    """Return a stored config that also shows the old names whose deprecation says what replaced them."""
    if isinstance(record, list) and "elements" in field:
        return [with_shorthands(field["elements"], item) for item in record]
    if field["type"] != "record" or not isinstance(record, dict):
        return record
    known = {name: inner for entry in field["fields"] for name, inner in entry.items()}
    shown = {name: with_shorthands(known[name], item) if name in known else item for name, item in record.items()}
    for entry in field.get("shorthand_fields", ()):
        for name, shorthand in entry.items():
            replaced_with = shorthand.get("deprecation", {}).get("replaced_with")
            held = value_at(record, replaced_with[0]["path"]) if replaced_with else ABSENT
            if held is not ABSENT:
                shown[name] = old_form(name, held)
    return shown
