# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The entry of C(managed_by) by which this collection knows what it wrote into fields that Konnect never returns.

Whether Konnect returns a reference in such a field is not known. Where it does not, the entry stands in for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._errors import InvalidInput
from .._vault_reference import build_reference, is_reference, parse_reference, texts
from .kind import Entity

ENTRY = "secrets"
NONE, UNRECORDED = "none", "unrecorded"
# In an entity, that its references are what was last written, and perhaps not what Konnect holds.
UNVERIFIED = "unverified_references"
# The secret of a way to authenticate that Konnect holds where this field beside it is set.
SECRET_BESIDE: Mapping[str, str] = {"client_id": "client_secret", "access_key_id": "secret_access_key"}
_MOST_CHARACTERS = 63
_ENTRY = re.compile(r"reference\.([a-z][a-z0-9-]*)\.([A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]|[A-Za-z0-9])")


def reference_entry(reference: str) -> str | None:
    """The entry for an entity whose only secret is a reference; None where it does not fit."""
    try:
        found = parse_reference(reference)
    except InvalidInput:
        return None
    entry = f"reference.{found.prefix}.{found.resource}"
    fits = len(entry) <= _MOST_CHARACTERS and _ENTRY.fullmatch(entry)
    return entry if fits and reference == build_reference(found.resource, found.prefix) else None


def provider_received(provider: Entity) -> Entity:
    """A provider as Konnect returns it, with the reference that was last written where it shows none."""
    entry = (provider.get("managed_by") or {}).get(ENTRY)
    match = _ENTRY.fullmatch(entry) if isinstance(entry, str) else None
    config = provider.get("config")
    if match is None or not isinstance(config, Mapping) or not isinstance(config.get("auth"), Mapping):
        return provider
    filled = _with_secret(config["auth"], build_reference(match[2], match[1]))
    return provider if filled is None else {**provider, "config": {**config, "auth": filled}, UNVERIFIED: True}


def provider_sent(provider: Entity) -> Entity:
    """A provider as it is sent, with the entry of the reference that is in it."""
    sent = {name: value for name, value in provider.items() if name != UNVERIFIED}
    entries = sent.get("managed_by") or {}
    if not _ENTRY.fullmatch(str(entries.get(ENTRY))):
        return sent
    found = [text for _path, text in texts(sent.get("config")) if is_reference(text)]
    entry = reference_entry(found[0]) if len(found) == 1 else None
    return {**sent, "managed_by": {**entries, ENTRY: entry or entries[ENTRY]}}


def without_entry(entity: Entity) -> Entity:
    """An entity as people see it."""
    entries = {name: value for name, value in (entity.get("managed_by") or {}).items() if name != ENTRY}
    rest = {name: value for name, value in entity.items() if name not in ("managed_by", UNVERIFIED)}
    return {**rest, "managed_by": entries} if entries else rest


def _with_secret(auth: Mapping[str, Any], reference: str) -> dict[str, Any] | None:
    for field in ("headers", "params"):
        rows = auth.get(field)
        if isinstance(rows, list) and rows and isinstance(rows[0], Mapping) and rows[0].get("value") is None:
            return {**auth, field: [{**rows[0], "value": reference}, *rows[1:]]}
    for beside, secret in SECRET_BESIDE.items():
        if auth.get(beside) and auth.get(secret) is None:
            return {**auth, secret: reference}
    return None
