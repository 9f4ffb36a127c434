# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entries of a config store, as the scripted server lists them."""

from __future__ import annotations

from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._fingerprint_record import Record
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import FingerprintKeys, Wanted
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID

STORE = "0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e"
PLANE_PATH = f"/v2/control-planes/{PLANE_ID}"
SECRETS_PATH = f"{PLANE_PATH}/config-stores/{STORE}/secrets"
KEYS = FingerprintKeys("fake-fingerprint-key-a" * 2)
VALUE, OTHER_VALUE = "Bearer fake-key-number-one", "Bearer fake-key-number-two"
WRITTEN, WRITTEN_MS = "2026-11-23T10:00:00.000Z", 1_795_428_000_000
LATER, LATER_MS = "2026-11-23T11:00:00.000Z", 1_795_431_600_000


def secret(key: str, updated_at: str = WRITTEN) -> dict[str, Any]:
    return {"key": key, "updated_at": updated_at}


def record(key: str, value: str = VALUE, time: int = WRITTEN_MS, keys: FingerprintKeys = KEYS) -> Record:
    return keys.record_makers(STORE, Wanted(key, value))[0](time)


def listed(*entries: dict[str, Any] | Record) -> tuple[int, dict[str, Any]]:
    """The response with all that a store holds."""
    data = [secret(entry.entry) if isinstance(entry, Record) else entry for entry in entries]
    return 200, {"data": data, "meta": {"page": {"next": None}}}


def written(updated_at: str = LATER) -> tuple[int, dict[str, Any]]:
    """The response to a write."""
    return 200, {"updated_at": updated_at}


def references(*keys: str) -> dict[str, Any]:
    """Routes with a vault on the store, and a plugin that refers to these secrets through it."""
    plugin = {
        "id": "plugin-1",
        "name": "ai-proxy",
        "config": {key: f"{{vault://my-vault/{key}}}" for key in keys},
    }
    vault = {"id": "vault-1", "name": "konnect", "prefix": "my-vault", "config": {"config_store_id": STORE}}
    kinds = ("plugins", "certificates", "keys", "partials", "vaults")
    routes: dict[str, Any] = {f"GET {PLANE_PATH}/core-entities/{kind}": (200, {"data": []}) for kind in kinds}
    routes[f"GET {PLANE_PATH}/core-entities/vaults"] = (200, {"data": [vault]})
    routes[f"GET {PLANE_PATH}/core-entities/plugins"] = (200, {"data": [plugin]})
    return routes
