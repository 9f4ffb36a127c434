# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""References to secrets, ``{vault://prefix/resource[/key][?options][#version]}``: parsing, and resolving them.

The grammar is that of Kong's vault library (kong/pdk/vault.lua). A reference that leads nowhere resolves to an empty
string: nothing checks it when an entity is written.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_plus

from ..plugins.schema import Field, is_reference, named_fields
from ..state import Snapshot

# What Lua takes for a number.
VERSION = re.compile(r"\s*-?(0[xX][0-9a-fA-F]+|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)\s*")


class InvalidReference(ValueError):
    """Text that looks like a reference and cannot be parsed."""


@dataclass(frozen=True)
class Reference:
    """A parsed reference; ``key`` is the property of a JSON secret, None for the whole secret."""

    prefix: str
    resource: str
    key: str | None


def parse_reference(text: str) -> Reference:
    """Parse a reference; raises InvalidReference.

    The parts of a path are decoded by the URL parser, and once more afterwards, then with plus signs for blanks. The
    last of several parts is the key, unless the path ends in ``/``.
    """
    if not is_reference(text):
        raise InvalidReference("not a reference")
    rest, mark, version = text[len("{vault://") : -1].partition("#")
    authority, slash, rest = rest.partition("/")
    path = rest.partition("?")[0].partition(";")[0]
    host = re.sub(r":[^:\]]*$", "", authority.partition("@")[2] if "@" in authority else authority)
    if not host:
        raise InvalidReference("reference url is missing host")
    if not slash or not path:
        raise InvalidReference("reference url is missing path" if not slash else "reference url has empty path")
    if mark and not VERSION.fullmatch(version):
        raise InvalidReference("reference url has invalid version")
    parts = [unquote(part) for part in path.split("/") if part]
    if not parts:
        raise InvalidReference("reference url has invalid path")
    key = unquote_plus(parts.pop()) if len(parts) > 1 and not path.endswith("/") else None
    return Reference(re.sub(r"^\[(.+)\]$", r"\1", host), unquote_plus("/".join(parts)), key)


def _environment_variable(name: str) -> str | None:
    return os.environ.get(name.replace("-", "_").upper())


def _fetch_secret(snapshot: Snapshot, reference: Reference) -> str | None:
    for vault in snapshot.entities.get("vaults", ()):
        if vault["prefix"] != reference.prefix:
            continue
        config = vault["config"]
        if vault["name"] == "konnect":
            return snapshot.secrets.get(config["config_store_id"], {}).get(reference.resource)
        if vault["name"] == "env":
            return _environment_variable((config.get("prefix") or "") + reference.resource)
    if reference.prefix == "env":
        return _environment_variable(reference.resource)
    return None


def resolve(snapshot: Snapshot, text: str) -> str:
    """Return the secret that a reference stands for, or an empty string."""
    try:
        reference = parse_reference(text)
    except InvalidReference:
        return ""
    found = _fetch_secret(snapshot, reference)
    if found is None or reference.key is None:
        return found or ""
    try:
        properties = json.loads(found)
    except ValueError:
        return ""
    value = properties.get(reference.key) if isinstance(properties, dict) else None
    return value if isinstance(value, str) else ""


def resolve_all(snapshot: Snapshot, field: Field, value: Any) -> Any:
    """Return a config with the references in its referenceable fields resolved; elsewhere they are mere text."""
    kind = field["type"]
    if field.get("referenceable") and is_reference(value):
        return resolve(snapshot, value)
    if kind == "record" and isinstance(value, dict):
        known = dict(named_fields(field["fields"]))
        return {name: resolve_all(snapshot, known[name], item) for name, item in value.items() if name in known}
    if kind in ("array", "set") and isinstance(value, list):
        return [resolve_all(snapshot, field["elements"], item) for item in value]
    if kind == "map" and isinstance(value, dict):
        return {name: resolve_all(snapshot, field["values"], item) for name, item in value.items()}
    return value
