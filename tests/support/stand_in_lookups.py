# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lookups of other collections, in the place of those that need a server of their own.

Each takes the options of the real one, and returns data of its form, by the documentation in Ansible 12.3. A lookup of
something else than a guide's key fails, as the real one does.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLUGIN = """from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **options):
        wanted = {wanted!r}
        if (list(terms), options) != wanted:
            raise AnsibleError("{name} has nothing for " + repr((terms, options)) + ", only for " + repr(wanted))
        return [{value!r}]
"""


@dataclass(frozen=True)
class Lookup:
    """The only call that a lookup knows, and the data around the key."""

    terms: Sequence[str]
    options: Mapping[str, str]
    value: Any = None

    def plugin(self, name: str, key: str) -> str:
        """The source of a plugin that returns this key."""
        value = _with_key(self.value, key) if self.value else key
        return PLUGIN.format(name=name, value=value, wanted=(list(self.terms), dict(self.options)))


KEY, ENCODED_KEY = object(), object()
LOOKUPS = {
    "community.hashi_vault.vault_kv2_get": Lookup(
        ["ai/mistral"],
        {"engine_mount_point": "secret"},
        {"secret": {"api_key": KEY}, "data": {"data": {"api_key": KEY}}, "metadata": {"version": 1}},
    ),
    "amazon.aws.secretsmanager_secret": Lookup(["ai/mistral"], {"region": "eu-central-1"}),
    "azure.azcollection.azure_keyvault_secret": Lookup(["mistral"], {"vault_url": "https://example.vault.azure.net"}),
    "kubernetes.core.k8s": Lookup(
        [],
        {"kind": "Secret", "namespace": "ai", "resource_name": "mistral"},
        {"kind": "Secret", "metadata": {"name": "mistral"}, "data": {"api-key": ENCODED_KEY}},
    ),
    "community.general.onepassword": Lookup(["Mistral"], {"field": "credential", "vault": "AI"}),
}


def write_lookups(folder: Path, key: str) -> None:
    """Write all of them below ``ansible_collections`` in a folder of collections."""
    for name, lookup in LOOKUPS.items():
        namespace, collection, plugin = name.split(".")
        file = folder / "ansible_collections" / namespace / collection / "plugins" / "lookup" / f"{plugin}.py"
        file.parent.mkdir(parents=True)
        file.write_text(lookup.plugin(name, key), encoding="utf-8")


def _with_key(data: Any, key: str) -> Any:
    if isinstance(data, dict):
        return {name: _with_key(value, key) for name, value in data.items()}
    return {id(KEY): key, id(ENCODED_KEY): base64.b64encode(key.encode()).decode()}.get(id(data), data)
