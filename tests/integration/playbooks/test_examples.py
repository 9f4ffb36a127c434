# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation run as they stand, and the results have the fields that are documented."""

from __future__ import annotations

import importlib

import pytest
import yaml

from support import tutorial
from support.control_plane import ControlPlaneHarness
from support.emulator import ROOT
from support.playbook_tasks import run_tasks

SHARED_REDIS = {"name": "shared-redis", "type": "redis-ce", "config": {"host": "redis.example.com"}}
# What has to be there before the examples of a module, because they name it.
NEEDS = {
    "konnect_secret": [tutorial.CONFIG_STORE],
    "konnect_secret_info": [tutorial.CONFIG_STORE],
    "konnect_secrets": [tutorial.CONFIG_STORE],
    "konnect_vault": [tutorial.CONFIG_STORE],
    "konnect_vault_info": [tutorial.CONFIG_STORE],
    "konnect_route": [tutorial.SERVICE],
    "konnect_route_info": [tutorial.SERVICE],
    "konnect_plugin": [tutorial.CONFIG_STORE, tutorial.SECRET, tutorial.VAULT, tutorial.SERVICE, tutorial.ROUTE],
    "konnect_reference": [tutorial.CONFIG_STORE, tutorial.SECRET, tutorial.VAULT],
    "konnect_plugin_info": [tutorial.SERVICE, tutorial.ROUTE],
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
    ControlPlaneHarness.first(konnect).create_all(*NEEDS.get(name, []))
    steps = run_tasks(konnect, *examples)
    returned = yaml.safe_load(documentation.RETURN)
    for example, step in zip(examples, steps, strict=True):
        assert not step.result.get("failed"), step.result
        if f"community.konnect.{name}" in example:
            own = set(step.result) - {"changed", "diff", "failed", "invocation", "warnings"}
            assert own <= set(returned), "a result that is not documented"
            always = {result for result, field in returned.items() if field["returned"] == "success"}
            assert always <= own, "a documented result that is missing"
