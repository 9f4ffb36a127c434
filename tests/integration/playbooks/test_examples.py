# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation run as they stand, and the results have the fields that are documented."""

from __future__ import annotations

import importlib

import pytest
import yaml

from support.emulator import ROOT
from support.playbook_tasks import run_tasks, task

STORE = ("config_store", {"name": "my-config-store"})
SECRET = ("secret", {"config_store": "my-config-store", "key": "mistral-key", "value": "Bearer fake-key-number-one"})
VAULT = ("vault", {"prefix": "mysecretvault", "config_store": "my-config-store"})
SERVICE = ("service", {"name": "example-service", "url": "http://httpbin.konghq.com/anything"})
ROUTE = ("route", {"name": "example-route", "service": "example-service", "paths": ["/anything"]})
SHARED_REDIS = {"name": "shared-redis", "type": "redis-ce", "config": {"host": "redis.example.com"}}
# What has to be there before the examples of a module, because they name it.
NEEDS = {
    "konnect_secret": [STORE],
    "konnect_secret_info": [STORE],
    "konnect_secrets": [STORE],
    "konnect_vault": [STORE],
    "konnect_vault_info": [STORE],
    "konnect_route": [SERVICE],
    "konnect_route_info": [SERVICE],
    "konnect_plugin": [STORE, SECRET, VAULT, SERVICE, ROUTE],
    "konnect_reference": [STORE, SECRET, VAULT],
    "konnect_plugin_info": [SERVICE, ROUTE],
}
PLUGINS = sorted(
    f"{path.parent.name}.{path.stem}"
    for kind in ("modules", "filter", "test")
    for path in (ROOT / "plugins" / kind).glob("*.py")
)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_examples(konnect, plugin):
    name = plugin.partition(".")[2]
    documentation = importlib.import_module(f"ansible_collections.community.konnect.plugins.{plugin}")
    examples = yaml.safe_load(documentation.EXAMPLES)
    konnect.call("POST", "core-entities/partials", SHARED_REDIS)
    needed = [task(*each) for each in NEEDS.get(name, [])]
    steps = run_tasks(konnect, *needed, *[{**example} for example in examples])[len(needed) :]
    returned = yaml.safe_load(documentation.RETURN)
    for example, step in zip(examples, steps, strict=True):
        assert not step.result.get("failed"), step.result
        if f"community.konnect.{name}" in example:
            own = set(step.result) - {"changed", "diff", "failed", "invocation", "warnings"}
            assert own <= set(returned), "a result that is not documented"
            always = {result for result, field in returned.items() if field["returned"] == "success"}
            assert always <= own, "a documented result that is missing"
