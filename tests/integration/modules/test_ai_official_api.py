# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules send below an AI Gateway, and what the emulator answers, follow Kong's API description.

Skips where that file is not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from support import engine
from support.ai_gateway import AiGatewayHarness
from support.ai_tutorial import FINGERPRINT_KEY, tutorial
from support.example_bodies import Examples
from support.options import ABSENT, REMOVE_IN_USE
from support.rotation_run import GOOD, Rotator, arguments
from support.shared import OPENAPI, needs
from support.validating_proxy import AI_GATEWAYS, NEEDS_PROXY, report, reset, validating_proxy, violations

from .test_ai_entities import CERTIFICATE, CONSUMER, GENERIC, MODEL, POLICY, PROVIDERS, SCHEMAS, VAULTS, provider

# Reading the description takes the proxy some seconds.
pytestmark = [
    needs(OPENAPI / "ai-gateways-v1.yaml"),
    *NEEDS_PROXY,
    pytest.mark.exhaustive,
    pytest.mark.xdist_group("official API of AI Gateways"),
]

LABELS = {"labels": {"a": "b"}}
STORE = {"name": "my-store"}
SECRET = {"config_store": "my-store", "key": "my-key", "value": "Bearer fake-mistral-key"}
VAULT = {"prefix": "my-vault", "config_store": "my-store"}
REFERABLE = [("config_store", STORE), ("secret", SECRET), ("vault", VAULT)]
GATEWAY = {
    "name": "another",
    "display_name": "Another",
    "description": "A",
    "proxy_urls": [{"host": "a.example.com", "port": 443, "protocol": "https"}],
    **LABELS,
}
KEYS = [
    {"name": "one", "api_key": "fake-consumer-key", "display_name": "One", "ttl": 60},
    {"name": "two", "api_key": "fake-other-consumer-key", "display_name": None, "ttl": None},
]
FULL_MODEL = {
    **MODEL,
    "display_name": "Chat",
    "enabled": False,
    "access": {"acls": {"allow": ["app"]}},
    "policies": ["guard"],
    **LABELS,
}
AGENT = GENERIC["agents"][0]
# Of each module: what it needs, all its options, and a change.
CASES = {
    "ai_gateway": ([], GATEWAY, {"description": "B"}),
    "ai_model_provider": (REFERABLE, provider(display_name="M", **LABELS), {"labels": {"a": "c"}}),
    "ai_model": ([*REFERABLE, ("ai_policy", POLICY), ("ai_model_provider", provider())], FULL_MODEL, {"enabled": True}),
    "ai_policy": ([], {**POLICY, "display_name": "G", "enabled": False, "global": True, **LABELS}, {"enabled": True}),
    "ai_consumer": (
        [("ai_policy", POLICY)],
        {**CONSUMER, "display_name": "A", "custom_id": "7", "policies": ["guard"], "credentials": KEYS, **LABELS},
        {"credentials": KEYS[:1]},
    ),
    "ai_data_plane_certificate": ([], {**CERTIFICATE, "description": "A"}, None),
    "ai_entity": ([], {"kind": "agents", "name": "one", "body": AGENT}, {"body": {**AGENT, "enabled": False}}),
}
OF_EVERY_MODULE = {"state", "on_in_use", "check_references", "update_secret", "fingerprint_key", "sensitive_fields"}
TARGETS = {body["type"]: body for body in Examples(SCHEMAS).bodies("AIGatewayTargetConfig", full=True)}


@pytest.fixture(scope="module")
def proxy(emulators):
    with validating_proxy(emulators().konnect_url, AI_GATEWAYS) as url:
        yield url


@pytest.fixture
def validated(gateway, proxy, record_property):
    """A gateway behind the proxy; every violation of the API description fails the test."""
    reset(proxy)
    yield replace(gateway, konnect_url=proxy)
    check(proxy, record_property)


def check(proxy, record_property):
    assert violations(proxy) == []
    count = report(proxy)["requests"]
    record_property("tally", ["Requests and responses by the API descriptions", count, count])


def run_all(gateway, *tasks):
    """Run each task in check mode, twice for real, and see that the second run changes nothing."""
    for module, options in tasks:
        gateway.run_handler(module, options, check=True)
        gateway.run_handler(module, options)
        assert not gateway.run_handler(module, options)["changed"], (module, options)


def test_every_option_of_every_module_is_among_the_cases():
    for module, (_needs, options, _change) in CASES.items():
        spec = engine.load_module(module).SPEC.options
        connection = {*engine.load_module("ai_gateway_info").SPEC.options, "ai_gateway"} - {"name"}
        assert set(spec) - connection - OF_EVERY_MODULE <= set(options), module


@pytest.mark.parametrize("module", CASES)
def test_a_module_with_all_its_options(validated, module):
    needed, options, change = CASES[module]
    if "fingerprint_key" in engine.load_module(module).SPEC.options:
        options = {**options, **FINGERPRINT_KEY}
    changes = [(module, {**options, **change})] if change else []
    listed = {"kind": options["kind"]} if "kind" in options else {}
    run_all(validated, *needed, (module, options), *changes, (f"{module}_info", listed))
    identity = {name: options[name] for name in ("kind", "name", "title") if name in options}
    run_all(validated, (module, {**identity, **ABSENT}))


@pytest.mark.parametrize("kind", PROVIDERS)
def test_a_provider_of_each_type_and_a_model_with_a_target_of_it(validated, kind):
    options = {"name": kind, "type": kind, "config": PROVIDERS[kind]["config"], **FINGERPRINT_KEY}
    target = {"name": "a", "provider": kind, "config": TARGETS[kind]}
    chat = {**MODEL, "targets": [target], **FINGERPRINT_KEY}
    run_all(
        validated,
        ("ai_model_provider", options),
        ("ai_model_provider", {**options, **LABELS}),
        ("ai_model", chat),
        ("ai_model", {**chat, "targets": [{**target, "weight": 7}]}),
        ("ai_model", {"name": "chat", **ABSENT}),
        ("ai_model_provider", {"name": kind, **ABSENT}),
    )


@pytest.mark.parametrize("kind", [kind for kind in VAULTS if kind != "konnect"])
def test_a_vault_of_each_type(validated, kind):
    config = {name: "a" * 24 if value == "text" else value for name, value in VAULTS[kind]["config"].items()}
    config |= {name: VAULTS[kind]["config"][name] for name in ("type", "auth_method") if name in config}
    vault = {"prefix": "my-vault", "backend": kind, "config": config, **FINGERPRINT_KEY}
    run_all(validated, ("vault", vault), ("vault", {**vault, "description": "A"}))
    run_all(validated, ("vault", {"prefix": "my-vault", **ABSENT}))


def test_the_modules_that_serve_both_products(validated):
    run_all(
        validated,
        *REFERABLE,
        ("secret", {**SECRET, "value": "Bearer another-fake-key"}),
        (
            "secrets",
            {"config_store": "my-store", "secrets": [{"key": "more", "value": "c" * 24, "value_version": None}]},
        ),
        ("vault", {**VAULT, "description": "A"}),
        ("ai_model_provider", provider()),
        ("reference", {"config_store": "my-store", "key": "my-key", "new_key": "more"}),
        ("wait_for_sync", {"wait": False}),
        *((info, {}) for info in ("config_store_info", "vault_info", "reference_info")),
        ("secret_info", {"config_store": "my-store"}),
        ("ai_model_provider", {"name": "mistral", **ABSENT}),
        ("config_store", {**STORE, **REMOVE_IN_USE, **ABSENT}),
    )


def test_a_rotation(emulators, record_property):
    gateway = AiGatewayHarness.create(emulators(*arguments()))
    for module, options in tutorial(gateway.emulator.upstream_url):
        gateway.run_handler(module, options)
    with validating_proxy(gateway.konnect_url, AI_GATEWAYS) as proxy:
        rotator = Rotator(replace(gateway, konnect_url=proxy), {"probe_duration": 1})
        assert rotator.rotate(GOOD).outcome == "rotated"
        check(proxy, record_property)
