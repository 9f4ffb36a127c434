# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation run as they stand, and the results have the fields that are documented."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
import yaml

from support import tutorial
from support.ai_gateway import AiGatewayHarness
from support.certificates import served
from support.control_plane import ControlPlaneHarness
from support.emulator import ROOT, Emulator
from support.entity_cases import ALICE, CERT, KEY, LUA
from support.playbook_tasks import run_groups
from support.rotation import BAD_KEY, tutorial_with_key

SHARED_REDIS = {"name": "shared-redis", "type": "redis-ce", "config": {"host": "redis.example.com"}}
EXPOSED = [tutorial.CONFIG_STORE, tutorial.VAULT]
EXAMPLE_CERTIFICATE = ("certificate", {"cert": CERT, "key": KEY, "snis": ["example.com"]})


def stored(key: str) -> tuple[str, dict[str, Any]]:
    """A secret of this key, to which an example refers."""
    return "secret", {"config_store": "my-config-store", "key": key, "value": KEY}


AI_SECRET = [tutorial.CONFIG_STORE, stored("mistral-key"), ("vault", {**tutorial.VAULT[1], "prefix": "my-vault"})]
AI_PROVIDER = ("ai_model_provider", {"name": "mistral", "type": "mistral", "config": {"auth": {"type": "basic"}}})
# What has to be there before the examples of a module, because they name it.
NEEDS = {
    "konnect_ai_model": [AI_PROVIDER],
    "konnect_ai_model_provider": AI_SECRET,
    **dict.fromkeys(("konnect_acl", "konnect_basic_auth", "konnect_hmac_auth", "konnect_jwt"), [ALICE]),
    **dict.fromkeys(("konnect_key_auth", "konnect_mtls_auth"), [ALICE]),
    "konnect_certificate": [*EXPOSED, stored("example-com-key")],
    "konnect_consumer": [("consumer_group", {"name": "gold"})],
    "konnect_consumer_group": [ALICE, ("consumer", {"username": "bob"})],
    "konnect_entity": [tutorial.SERVICE],
    "konnect_key": [*EXPOSED, stored("example-private-key"), ("key_set", {"name": "example-keys"})],
    "konnect_key_info": [("key_set", {"name": "example-keys"})],
    "konnect_partial": [*EXPOSED, stored("redis-password")],
    "konnect_sni": [EXAMPLE_CERTIFICATE],
    "konnect_target": [("upstream", {"name": "example-upstream"})],
    "konnect_secret": [tutorial.CONFIG_STORE],
    "konnect_secret_info": [tutorial.CONFIG_STORE],
    "konnect_secret_rotation_info": [tutorial.CONFIG_STORE],
    "konnect_secrets": [tutorial.CONFIG_STORE],
    "konnect_vault": [tutorial.CONFIG_STORE],
    "konnect_vault_info": [tutorial.CONFIG_STORE],
    "konnect_route": [tutorial.SERVICE],
    "konnect_route_info": [tutorial.SERVICE],
    "konnect_plugin": [tutorial.CONFIG_STORE, tutorial.SECRET, tutorial.VAULT, tutorial.SERVICE, tutorial.ROUTE],
    "konnect_reference": [tutorial.CONFIG_STORE, tutorial.SECRET, tutorial.VAULT],
    "konnect_plugin_info": [tutorial.SERVICE, tutorial.ROUTE],
    "as_options": [tutorial.SERVICE, tutorial.ROUTE],
}
# The variables and files of the reader's own, which examples name.
NAMES = ("alice_password", "alice_hmac_secret", "alice_jwt_secret", "alice_key", "app_key")
VARIABLES = {name: f"fake-{name}" for name in NAMES}
FILES = {
    **dict.fromkeys(("ca.pem", "example.com.pem", "cluster.pem", "node.crt"), CERT),
    "my-plugin/schema.lua": LUA.format(""),
    "set-header/schema.lua": LUA.format("").replace("my-plugin", "set-header"),
    "set-header/handler.lua": "return {}",
}
# The AI Gateway of the examples that need one.
ON_AI_GATEWAY = "ai_gateway: my-gateway"
# Only the first control plane has data planes, which these modules need.
WITH_DATA_PLANES = ("changes", "konnect_secret_rotation", "konnect_wait_for_sync")
# This one connects to a data plane by TLS.
WITH_TLS = "konnect_wait_for_certificate"
# This one sends a chat request, which works after the rotation in the example of a module.
LAST = "filter.chat_outcome"
PLUGINS = sorted(
    (
        f"{path.parent.name}.{path.stem}"
        for kind in ("modules", "filter", "test")
        for path in (ROOT / "plugins" / kind).glob("*.py")
    ),
    key=lambda name: (name == LAST, name),
)


@dataclass(frozen=True)
class Example:
    """A task in the documentation, and its result."""

    task: dict[str, Any]
    result: dict[str, Any]


def load(plugin: str) -> ModuleType:
    return importlib.import_module(f"ansible_collections.community.konnect.plugins.{plugin}")


def parent_for(name: str, text: str, emulator: Emulator) -> ControlPlaneHarness:
    """A parent of their own for the examples: an AI Gateway if they name one, else a control plane."""
    if ON_AI_GATEWAY in text:
        return AiGatewayHarness.create(emulator)
    if name in WITH_DATA_PLANES:
        return ControlPlaneHarness.first(emulator)
    return ControlPlaneHarness.create(emulator)


@pytest.fixture(scope="module")
def examples(emulators: Callable[..., Emulator], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Example]]:
    """The examples of each plugin, after they were run in one play, each plugin's in a parent of its own."""
    folder = tmp_path_factory.mktemp("reader")
    for name, content in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    groups = []
    for plugin in PLUGINS:
        name = plugin.partition(".")[2]
        shared = emulators("--tls") if name == WITH_TLS else emulators()
        text = load(plugin).EXAMPLES
        konnect = parent_for(name, text, shared)
        if name == "konnect_secret_rotation":
            konnect.create_all(*tutorial_with_key(emulators(), BAD_KEY))
        if name == "konnect_plugin":
            konnect.call("POST", "core-entities/partials", SHARED_REDIS)
        konnect.create_all(*NEEDS.get(name, []))
        text = text.replace("control_plane: quickstart", f"control_plane: {konnect.name}")
        text = text.replace(ON_AI_GATEWAY, f"ai_gateway: {konnect.name}")
        text = text.replace("http://localhost:8000", konnect.emulator.proxy_url)
        if name == WITH_TLS:
            text = text.replace("gateway.example.com:8443", shared.tls_proxy_url)
            text = re.sub("[0-9a-f]{64}", served(shared.tls_proxy_url, "example.com"), text)
        text = text.replace("lookup('ansible.builtin.file', '", f"lookup('ansible.builtin.file', '{folder}/")
        around = {"environment": konnect.environment, "vars": VARIABLES}
        groups.append([{**around, **task} for task in yaml.safe_load(text)])
    results = run_groups(groups, emulators().environment)
    rows = zip(PLUGINS, groups, results, strict=True)
    return {plugin: list(map(Example, tasks, found)) for plugin, tasks, found in rows}


def own_results(plugin: str, examples: list[Example]) -> list[set[str]]:
    """The names of the results of a module in its own examples, without those that Ansible adds."""
    module = f"community.konnect.{plugin.partition('.')[2]}"
    added = {"changed", "diff", "failed", "invocation", "warnings"}
    return [set(example.result) - added for example in examples if module in example.task]


# One worker runs the play for all of these tests.
pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("examples")]
each_module = pytest.mark.parametrize("plugin", [plugin for plugin in PLUGINS if plugin.startswith("modules.")])


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_examples_run(examples, plugin):
    assert examples[plugin]
    for example in examples[plugin]:
        assert not example.result.get("failed"), example.result


@each_module
def test_a_module_is_in_its_own_examples(examples, plugin):
    assert own_results(plugin, examples[plugin])


@each_module
def test_every_result_is_documented(examples, plugin):
    documented = yaml.safe_load(load(plugin).RETURN)
    for results in own_results(plugin, examples[plugin]):
        assert results <= set(documented)


@each_module
def test_every_documented_result_is_there(examples, plugin):
    documented = yaml.safe_load(load(plugin).RETURN)
    always = {name for name, field in documented.items() if field["returned"] == "success"}
    for results in own_results(plugin, examples[plugin]):
        assert always <= results
