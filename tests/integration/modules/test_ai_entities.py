# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entities that only AI Gateways have: made, again, changed and removed; secrets that Konnect never returns."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from support.emulator import ROOT
from support.example_bodies import Examples
from support.options import ABSENT

KEY = "Bearer mistral-emulator-key"
REFERENCE = "{vault://my-vault/my-key}"
FINGERPRINT_KEY = {"fingerprint_key": "fake-fingerprint-key" * 2}
PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"

MODEL = {
    "name": "chat",
    "type": "model",
    "capabilities": ["generate"],
    "formats": [{"type": "openai"}],
    "targets": [
        {"name": "mistral-small-latest", "provider": "mistral", "config": {"type": "mistral", "format": "openai"}}
    ],
    "config": {"route": {"paths": ["/v1"], "model": {"body_param": "model", "values": ["chat"]}}},
}
POLICY = {"name": "guard", "type": "ai-prompt-guard", "config": {"deny_patterns": [".*key.*"]}}
CONSUMER = {"name": "app", "type": "api-key"}
CERTIFICATE = {"title": "node", "cert": PEM}


def provider(value: Any = REFERENCE, **more: Any) -> dict[str, Any]:
    header = {"name": "Authorization"} if value is None else {"name": "Authorization", "value": value}
    return {"name": "mistral", "type": "mistral", "config": {"auth": {"type": "basic", "headers": [header]}}, **more}


@pytest.fixture
def stored(gateway):
    """A gateway with a secret that the reference means."""
    gateway.create_all(
        ("config_store", {"name": "my-store"}),
        ("secret", {"config_store": "my-store", "key": "my-key", "value": KEY}),
        ("vault", {"prefix": "my-vault", "config_store": "my-store"}),
    )
    return gateway


def only(gateway, segment):
    (entity,) = gateway.list(segment)
    return entity


CASES = {
    "model": (MODEL, {"targets": [{**MODEL["targets"][0], "weight": 50}]}),
    "policy": (POLICY, {"config": {"deny_patterns": [".*other.*"]}}),
    "consumer": (CONSUMER, {"labels": {"team": "a"}}),
    "model_provider": (provider(), {"labels": {"team": "a"}}),
}


@pytest.mark.parametrize("name", CASES)
def test_an_entity_from_nothing_to_nothing(stored, name):
    options, change = CASES[name]
    module = f"ai_{name}"
    if name == "model":
        stored.create_all(("ai_model_provider", provider()))
    check = stored.run(module, options, check=True)
    assert (check.failed, check.writes) == (False, []), check.message
    made = stored.run(module, options)
    assert (made.changed, made["diff"]) == (True, check["diff"]), made.message
    assert made["created_by_collection"] is True
    for given, changes in ((options, False), ({**options, **change}, True), ({**options, **change}, False)):
        check, run = stored.run(module, given, check=True), stored.run(module, given)
        assert (run.failed, run.changed, len(run.writes)) == (False, changes, int(changes)), run.message
        assert (check.changed, check["diff"]) == (changes, run["diff"])
    assert stored.run(f"{module}_info").result[f"{module}s" if name != "policy" else "ai_policies"]
    absent = {name: options[name] for name in ("name",)} | ABSENT
    assert stored.run(module, absent, check=True).changed
    assert stored.run(module, absent).changed
    assert not stored.run(module, absent).changed


def test_a_data_plane_certificate_is_made_once_and_removed(gateway):
    for changes in (True, False):
        assert gateway.run("ai_data_plane_certificate", CERTIFICATE).changed is changes
    assert gateway.run("ai_data_plane_certificate", {"title": "node", **ABSENT}).changed


def test_a_line_end_is_no_other_data_plane_certificate(gateway):
    gateway.create_all(("ai_data_plane_certificate", CERTIFICATE))
    assert not gateway.run("ai_data_plane_certificate", {**CERTIFICATE, "cert": f"{PEM}\n"}).changed


@pytest.mark.parametrize("change", [{"cert": PEM.replace("MAA", "MAB")}, {"description": "new"}])
def test_another_data_plane_certificate_of_the_same_title_is_refused_in_check_mode_too(gateway, change):
    gateway.create_all(("ai_data_plane_certificate", CERTIFICATE))
    for check in (True, False):
        run = gateway.run("ai_data_plane_certificate", {**CERTIFICATE, **change}, check=check)
        assert (run.code, run.writes) == ("invalid_input", [])
        assert "cannot be changed. Remove it first, or take another title." in run.message


def test_a_gateway_from_nothing_to_nothing(gateway):
    options = {"name": f"{gateway.name}-more", "description": "One"}
    assert gateway.run("ai_gateway", options, check=True).changed
    for given, changes in ((options, True), (options, False), ({**options, "description": "Two"}, True)):
        run = gateway.run("ai_gateway", given)
        assert (run.failed, run.changed) == (False, changes), run.message
    assert [row["description"] for row in gateway.run("ai_gateway_info", {"name": options["name"]})["ai_gateways"]] == [
        "Two"
    ]
    gateway.create_all(("config_store", {"name": "my-store", "ai_gateway": options["name"]}))
    assert gateway.run("ai_gateway", {"name": options["name"], **ABSENT}).code == "not_empty"
    assert gateway.run("ai_gateway", {"name": options["name"], "on_in_use": "remove", **ABSENT}).changed


def test_a_chat_goes_through_what_the_modules_made(stored):
    stored.create_all(("ai_model_provider", provider()), ("ai_model", MODEL))
    assert stored.chat() == 200


def test_the_keys_of_a_consumer_are_those_of_the_task(gateway):
    def keys(**rows):
        return {**CONSUMER, "credentials": [{"name": name, "api_key": key} for name, key in rows.items()]}

    one, other = keys(a="fake-key-one", b="fake-key-two"), keys(a="fake-key-three")
    for given, writes in ((one, 3), (one, 0), (other, 3), (other, 0)):
        check, run = gateway.run("ai_consumer", given, check=True), gateway.run("ai_consumer", given)
        assert (run.failed, run.changed, len(run.writes)) == (False, writes > 0, writes), run.message
        assert (check.changed, check["diff"]) == (run.changed, run["diff"])
        assert "fake-key" not in str(run.result)
    (consumer,) = gateway.list("consumers")
    assert [row["name"] for row in gateway.list(f"consumers/{consumer['id']}/credentials")] == ["a"]
    assert not gateway.run("ai_consumer", CONSUMER).changed


GENERIC = {
    "consumer-groups": ({"display_name": "A"}, {"labels": {"a": "b"}}),
    "agents": (
        {"display_name": "A", "type": "a2a", "config": {"url": "https://example.com", "route": {"paths": ["/a"]}}},
        {"enabled": False},
    ),
}


@pytest.mark.parametrize("kind", GENERIC)
def test_an_entity_without_a_module_of_its_own_from_nothing_to_nothing(gateway, kind):
    body, change = GENERIC[kind]
    options = {"kind": kind, "name": "one", "body": body}
    changed = {**options, "body": {**body, **change}}
    for given, changes in ((options, True), (options, False), (changed, True), (changed, False)):
        check, run = gateway.run("ai_entity", given, check=True), gateway.run("ai_entity", given)
        assert (run.failed, run.changed, len(run.writes)) == (False, changes, int(changes)), run.message
        assert (check.changed, check["diff"]) == (changes, run["diff"])
    (listed,) = gateway.run("ai_entity_info", {"kind": kind})["entities"]
    assert listed["created_by_collection"] is True
    assert gateway.run("ai_entity", {"kind": kind, "name": "one", **ABSENT}).changed


def test_a_secret_of_such_an_entity_is_never_shown_and_told_when_it_changes(gateway):
    body = {"cert": PEM, "key": "-----BEGIN FAKE KEY-----\nMAA=\n-----END FAKE KEY-----"}
    options = {"kind": "certificates", "name": "one", "body": body}
    other = {**options, "body": {**body, "key": body["key"].replace("MAA", "MBB")}}
    for given, changes in ((options, True), (options, False), (other, True), (other, False)):
        run = gateway.run("ai_entity", given)
        assert (run.failed, run.changed) == (False, changes), run.message
        assert "FAKE KEY" not in str(run.result)


# Write-only fields

WORDS = ("--set", "ai_references=hidden", "--set", "ai_secret_null=true")
HIDDEN = pytest.mark.parametrize("gateway", [WORDS], indirect=True, ids=["hidden"])
HIDING = pytest.mark.parametrize("gateway", [(), WORDS], indirect=True, ids=["shown", "hidden"])


@HIDING
@pytest.mark.parametrize(
    "key", [pytest.param("", id="token", marks=pytest.mark.exhaustive), "fake-fingerprint-key" * 2]
)
def test_a_literal_is_written_when_it_changed_and_never_shown(gateway, key):
    for value, changes in (
        (KEY, True),
        (KEY, False),
        ("Bearer another-fake-key", True),
        ("Bearer another-fake-key", False),
    ):
        run = gateway.run("ai_model_provider", provider(value), environment={"KONNECT_FINGERPRINT_KEY": key})
        assert (run.failed, run.changed, len(run.writes)) == (False, changes, int(changes)), run.message
        assert value.split()[1] not in str(run.result)
    assert gateway.chat() == 404


@HIDING
def test_a_changed_reference_is_written_and_the_same_one_is_not(gateway):
    other = {"check_references": "ignore"}
    for value, changes in ((REFERENCE, True), (REFERENCE, False), ("{vault://my-vault/other}", True)):
        run = gateway.run("ai_model_provider", provider(value, **other))
        assert (run.changed, len(run.writes)) == (changes, int(changes)), run.message


def test_a_reference_that_another_client_changed_is_written_again(stored):
    stored.create_all(("ai_model_provider", provider()))
    held = only(stored, "model-providers")
    body = {name: value for name, value in held.items() if name not in ("id", "created_at", "updated_at")}
    body = copy.deepcopy(body)
    body["config"]["auth"]["headers"][0]["value"] = "{vault://my-vault/other}"
    stored.call("PUT", f"model-providers/{held['id']}", body)
    assert stored.run("ai_model_provider", provider()).changed
    assert only(stored, "model-providers")["config"]["auth"]["headers"][0]["value"] == REFERENCE


@HIDING
def test_a_changed_label_beside_a_secret_sends_the_secret(gateway):
    gateway.create_all(("ai_model_provider", provider(KEY)), ("ai_model", MODEL))
    gateway.create_all(("ai_model_provider", provider(KEY, labels={"team": "a"})))
    assert gateway.chat() == 200


@HIDING
@pytest.mark.parametrize("given", [provider(None, labels={"team": "a"}), {"name": "mistral", "labels": {"team": "a"}}])
def test_a_change_without_the_secret_is_refused_before_the_write(gateway, given):
    gateway.create_all(("ai_model_provider", provider(KEY)))
    for check in (True, False):
        run = gateway.run("ai_model_provider", given, check=check)
        assert (run.code, run.writes) == ("invalid_input", [])
    assert not gateway.run("ai_model_provider", {"name": "mistral"}).changed


def test_on_create_writes_no_new_value_and_always_writes_each_time(gateway):
    gateway.create_all(("ai_model_provider", provider(KEY, update_secret="on_create")))
    assert not gateway.run("ai_model_provider", provider("Bearer another-key", update_secret="on_create")).changed
    assert gateway.run("ai_model_provider", provider(KEY, update_secret="always")).changed


@pytest.mark.parametrize(
    "what", ["reset-after", *(pytest.param(it, marks=pytest.mark.exhaustive) for it in ("reset-before", "500"))]
)
def test_a_lost_response_loses_no_secret(gateway, what):
    for number in range(2, 6):
        options = {**provider(KEY), "name": f"provider-{number}"}
        gateway.emulator.faults(f"{number}={what}")
        run = gateway.run("ai_model_provider", options)
        gateway.emulator.faults()
        assert run.changed, run.message
        assert gateway.run("ai_model_provider", options).writes == []


SCHEMAS = {
    "components": {"schemas": json.loads((ROOT / "tests/konnect_emulator/ai_gateways/schemas.json").read_text())}
}
PROVIDERS = {body["type"]: body for body in Examples(SCHEMAS).bodies("CreateAIGatewayModelProviderRequest", full=True)}
VAULTS = {body["type"]: body for body in Examples(SCHEMAS).bodies("CreateAIGatewayVaultRequest", full=True)}


def one_of(kinds, shortly):
    """Parameters of a test; all but one are left to the exhaustive run."""
    return [kind if kind == shortly else pytest.param(kind, marks=pytest.mark.exhaustive) for kind in kinds]


@pytest.mark.parametrize("kind", one_of(PROVIDERS, "mistral"))
def test_a_provider_of_each_type_is_made_once_changed_and_removed(gateway, kind):
    body = {name: PROVIDERS[kind][name] for name in ("type", "config")}
    options = {"name": kind, "state": "present", **body, **FINGERPRINT_KEY}
    changes = [
        gateway.run_handler("ai_model_provider", {**options, **more})["changed"]
        for more in ({}, {}, {"labels": {"a": "b"}}, {}, {"labels": {}})
    ]
    assert changes == [True, False, True, False, True]
    assert gateway.run_handler("ai_model_provider", {"name": kind, "state": "absent"})["changed"]


@pytest.mark.parametrize("kind", one_of([kind for kind in VAULTS if kind != "konnect"], "conjur"))
def test_a_vault_of_each_type_is_made_once_and_changed(gateway, kind):
    config = {
        name: f"{value}-of-some-length" if value == "text" else value for name, value in VAULTS[kind]["config"].items()
    }
    config = config | {name: VAULTS[kind]["config"][name] for name in ("type", "auth_method") if name in config}
    options = {"prefix": "my-vault", "backend": kind, "config": config, "state": "present"}
    changes = [
        gateway.run_handler("vault", {**options, **more})["changed"]
        for more in ({}, {}, {"description": "a"}, {}, {"description": ""})
    ]
    assert changes == [True, False, True, False, True]


def test_a_change_of_a_vault_without_its_secret_is_refused(gateway):
    config = {"account": "a", "endpoint_url": "https://example.com", "login": "l", "api_key": "fake-conjur-key"}
    gateway.create_all(("vault", {"prefix": "my-vault", "backend": "conjur", "config": config}))
    run = gateway.run("vault", {"prefix": "my-vault", "description": "a"})
    assert (run.code, run.writes) == ("invalid_input", [])


# Refusals


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"config": {"auth": {"type": "basic"}, "instance": "x"}}, "It takes auth."),
        ({"config": {"auth": {"type": "azure"}}}, "must be one of basic"),
        ({"config": {"auth": {"type": "basic", "client_id": "x"}}}, "It takes headers, params, type."),
        ({"labels": {"konnect-x": "a"}}, "Kong keeps for itself"),
    ],
)
def test_what_another_type_takes_is_refused_with_the_own_list(gateway, change, said):
    run = gateway.run("ai_model_provider", {**provider(), "check_references": "ignore", **change})
    assert (run.code, run.writes) == ("invalid_input", [])
    assert said in run.message


@pytest.mark.parametrize(
    ("module", "options", "said"),
    [
        ("ai_model_provider", {"name": "mistral", "type": "openai"}, "The type of model provider mistral cannot"),
        ("ai_gateway", {"name": "Quick Start"}, "cannot be the name of an AI Gateway"),
        ("ai_consumer", {**CONSUMER, "credentials": [{"name": "a key", "api_key": KEY}]}, "'a key' cannot be"),
        ("ai_entity", {"kind": "agentz", "name": "a"}, "kind agentz"),
    ],
)
def test_what_konnect_would_refuse_is_refused_in_check_mode_too(gateway, module, options, said):
    gateway.create_all(("ai_model_provider", provider(KEY)))
    for check in (True, False):
        run = gateway.run(module, options, check=check)
        assert run.writes == []
        assert said in run.message


def test_a_policy_that_needs_no_settings_is_made_once(gateway):
    policy = {"name": "keys", "type": "key-auth"}
    gateway.create_all(("ai_policy", policy))
    assert not gateway.run("ai_policy", {**policy, "config": {}}).changed
    assert gateway.run("ai_policy", {**policy, "labels": {"cost": 5}}).changed
    assert only(gateway, "policies")["config"] == {}


def test_another_type_of_a_consumer_leaves_its_other_fields(gateway):
    gateway.create_all(("ai_consumer", {**CONSUMER, "custom_id": "77"}))
    assert gateway.run("ai_consumer", {"name": "app", "type": "oauth"}).changed
    consumer = only(gateway, "consumers")
    assert (consumer["type"], consumer["custom_id"]) == ("oauth", "77")


def test_a_target_without_what_its_type_needs_is_refused(gateway):
    targets = [{"name": "a", "provider": "mistral", "config": {"type": "mistral", "version": "1"}}]
    run = gateway.run("ai_model", {**MODEL, "targets": targets})
    assert (run.code, run.writes) == ("invalid_input", [])
    assert "needs format" in run.message and "has no version" in run.message


def test_a_dangling_reference_is_refused(gateway):
    run = gateway.run("ai_model_provider", provider())
    assert (run.code, run.writes) == ("broken_reference", [])


def test_what_is_referred_to_or_named_stays(stored):
    stored.create_all(("ai_model_provider", provider()), ("ai_model", MODEL))
    secret = {"config_store": "my-store", "key": "my-key", **ABSENT}
    for module, options in (
        ("ai_model_provider", {"name": "mistral", **ABSENT}),
        ("vault", {"prefix": "my-vault", **ABSENT}),
        ("secret", secret),
    ):
        run = stored.run(module, options)
        assert (run.code, run.writes) == ("in_use", []), run.result


@HIDDEN
def test_a_reference_that_konnect_hides_is_guarded_and_in_the_map(stored):
    stored.create_all(("ai_model_provider", provider()))
    assert not stored.run("ai_model_provider", provider()).changed
    (row,) = stored.run("reference_info")["references"]
    assert (row["reference"], row["verified"]) == (REFERENCE, False)
    assert stored.run("vault", {"prefix": "my-vault", **ABSENT}).code == "in_use"
    # Another client may have written another one since.
    assert stored.run("ai_model_provider", {"name": "mistral", "labels": {"team": "a"}}).code == "invalid_input"


def test_a_reference_that_konnect_shows_stays_in_a_change_without_it(stored):
    stored.create_all(("ai_model_provider", provider()), ("ai_model", MODEL))
    assert stored.run("ai_model_provider", {"name": "mistral", "labels": {"team": "a"}}).changed
    assert stored.chat() == 200


def test_references_are_in_the_map_and_can_be_pointed_elsewhere(stored):
    stored.create_all(
        ("ai_model_provider", provider()), ("secret", {"config_store": "my-store", "key": "new", "value": KEY})
    )
    (row,) = stored.run("reference_info")["references"]
    assert (row["entity"], row["field"], row["state"], row["verified"]) == (
        "ai_model_provider",
        "config.auth.headers.0.value",
        "ok",
        True,
    )
    run = stored.run("reference", {"config_store": "my-store", "key": "my-key", "new_key": "new"})
    assert run.changed, run.message
    assert only(stored, "model-providers")["config"]["auth"]["headers"][0]["value"] == "{vault://my-vault/new}"
