# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``{vault://prefix/resource[/key][?options][#version]}``: parsing, and resolving on the way to the data plane.

The grammar is that of Kong's vault library (kong/pdk/vault.lua). A reference that leads nowhere becomes an empty
string: nothing checks it when an entity is written.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from .plugin_schemas import Field, each, is_reference
from .state import Snapshot


class BadReference(ValueError):
    """Text that looks like a reference and cannot be taken apart."""


@dataclass(frozen=True)
class Reference:
    """``key`` is the property of a JSON secret, None for the whole secret."""

    vault: str
    resource: str
    key: str | None


def parse(text: str) -> Reference:
    """The last of several segments is the key, unless the path ends in ``/``; segments are percent-decoded."""
    if not is_reference(text):
        raise BadReference("not a reference")
    parts = urlsplit(text[1:-1])
    if parts.fragment and not parts.fragment.lstrip("-").isdigit():
        raise BadReference("reference url has invalid version")
    segments = [part for part in parts.path.split("/") if part]
    if not parts.netloc or not segments:
        raise BadReference("reference url is missing host or path")
    key = None
    if len(segments) > 1 and not parts.path.endswith("/"):
        key = unquote(segments.pop())
    return Reference(parts.netloc.lower(), unquote("/".join(segments)), key)


def _secret(snapshot: Snapshot, reference: Reference) -> str | None:
    for vault in snapshot.entities.get("vaults", ()):
        if vault["prefix"] != reference.vault:
            continue
        config = vault["config"]
        if vault["name"] == "konnect":
            return snapshot.stores.get(config["config_store_id"], {}).get(reference.resource)
        if vault["name"] == "env":
            name = (config.get("prefix") or "") + reference.resource
            return os.environ.get(name.replace("-", "_").upper())
    if reference.vault == "env":
        return os.environ.get(reference.resource.replace("-", "_").upper())
    return None


def resolve(snapshot: Snapshot, text: str) -> str:
    """The secret a reference stands for, or an empty string."""
    try:
        reference = parse(text)
    except BadReference:
        return ""
    found = _secret(snapshot, reference)
    if found is None or reference.key is None:
        return found or ""
    try:
        value = json.loads(found)
    except ValueError:
        return ""
    picked = value.get(reference.key) if isinstance(value, dict) else None
    return picked if isinstance(picked, str) else ""


def resolve_all(snapshot: Snapshot, field: Field, value: Any) -> Any:
    """A config with the references in its referenceable fields replaced; elsewhere they are plain text."""
    kind = field["type"]
    if field.get("referenceable") and is_reference(value):
        return resolve(snapshot, value)
    if kind == "record" and isinstance(value, dict):
        known = dict(each(field["fields"]))
        return {name: resolve_all(snapshot, known[name], item) for name, item in value.items() if name in known}
    if kind in ("array", "set") and isinstance(value, list):
        return [resolve_all(snapshot, field["elements"], item) for item in value]
    if kind == "map" and isinstance(value, dict):
        return {name: resolve_all(snapshot, field["values"], item) for name, item in value.items()}
    return value
