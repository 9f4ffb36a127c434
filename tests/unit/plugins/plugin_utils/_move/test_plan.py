# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is carried over from a control plane to an AI Gateway, and what is listed instead."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities import ai_kinds
from ansible_collections.community.konnect.plugins.module_utils._entities.ai_gateways import VAULT_TYPES
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._resources.ai_types import check_entity
from ansible_collections.community.konnect.plugins.plugin_utils._move import ai_proxy as ai_proxy_tables
from ansible_collections.community.konnect.plugins.plugin_utils._move.models import CAPABILITIES
from ansible_collections.community.konnect.plugins.plugin_utils._move.plan import make_plan
from ansible_collections.community.konnect.plugins.plugin_utils._move.reading import read_move
from ansible_collections.community.konnect.plugins.plugin_utils._move.sides import Side
from ansible_collections.community.konnect.plugins.plugin_utils._move.stores import SETTINGS
from ansible_collections.community.konnect.plugins.plugin_utils._roles.providers import PROVIDERS

HIDDEN = "(not shown)"
REFERENCE = "{vault://mysecretvault/mistral-key}"
STORE = {"id": "store-id", "name": "my-config-store"}
VAULT = {"id": "v", "name": "konnect", "prefix": "mysecretvault", "config": {"config_store_id": "store-id"}}
ROUTE = {
    "id": "route-id",
    "name": "example-route",
    "paths": ["/v1/chat/completions"],
    "protocols": ["https", "http"],
    "service": {"id": "service-id"},
    "strip_path": True,
}
GATEWAY_ID = "0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e"
VALUES = {"my-config-store/mistral-key": "Bearer fake-key"}


def target(value=REFERENCE, provider="mistral", options=None, **more):
    return {
        "route_type": "llm/v1/chat",
        "auth": {"header_name": "Authorization", "header_value": value, "allow_override": False},
        "model": {
            "provider": provider,
            "name": "mistral-tiny",
            "options": {"mistral_format": "openai", **(options or {})},
        },
        **more,
    }


def ai_proxy(config=None, **more):
    return {"id": "p", "name": "ai-proxy", "route": {"id": "route-id"}, "config": config or target(), **more}


def source(*plugins, **more):
    given = {"stores": [STORE], "keys": {"store-id": ["mistral-key"]}, "vaults": [VAULT], "routes": [ROUTE]}
    return Side(**{**given, "plugins": list(plugins or (ai_proxy(),)), **more})


def plan(*plugins, gateway=None, values=None, skip=(), **more):
    return make_plan(source(*plugins, **more), gateway or Side(), VALUES if values is None else values, skip)


def left(found):
    return {row["what"]: row["reason"] for row in found["left"]}


def test_the_tutorial_is_carried_over():
    found = plan()
    assert (found["stores"], found["needs"], found["left"]) == (["my-config-store"], [], [])
    assert found["secrets"] == {"my-config-store": [{"key": "mistral-key", "value": "Bearer fake-key"}]}
    assert found["vaults"]["mysecretvault"]["config_store"] == "my-config-store"
    assert found["providers"] == {
        "mistral": {
            "type": "mistral",
            "config": {"auth": {"type": "basic", "headers": [{"name": "Authorization", "value": REFERENCE}]}},
        }
    }
    assert found["models"]["example-route"] == {
        "type": "model",
        "display_name": "example-route",
        "enabled": True,
        "capabilities": ["generate"],
        "formats": [{"type": "openai"}],
        "targets": [{"name": "mistral-tiny", "provider": "mistral", "config": {"type": "mistral", "format": "openai"}}],
        "config": {"route": {"paths": ["/v1"], "model": {"body_param": "model", "values": ["mistral-tiny"]}}},
    }
    assert found["notes"] == ["Model example-route: Requests name the model mistral-tiny."]


def test_a_path_of_another_form_is_told():
    found = plan(routes=[{**ROUTE, "paths": ["/anything"]}])
    assert "go to /anything/chat/completions" in found["notes"][0]


# Values


def test_a_value_that_is_missing_is_named():
    assert plan(values={})["needs"] == ["my-config-store/mistral-key"]


def test_a_literal_of_the_plugin_is_a_value_of_the_provider():
    assert plan(ai_proxy(target(HIDDEN)))["needs"] == ["provider:mistral/Authorization"]
    given = {**VALUES, "provider:mistral/Authorization": "Bearer other"}
    (header,) = plan(ai_proxy(target(HIDDEN)), values=given)["providers"]["mistral"]["config"]["auth"]["headers"]
    assert header["value"] == "Bearer other"


def test_a_secret_of_a_vault_is_a_value():
    conjur = {"account": "a", "endpoint_url": "https://c", "login": "l", "api_key": HIDDEN}
    vault = {"id": "w", "name": "conjur", "prefix": "corp", "config": conjur}
    found = plan(vaults=[VAULT, vault], values={**VALUES, "vault:corp/api_key": "fake"})
    assert found["vaults"]["corp"]["config"]["api_key"] == "fake"


def test_a_secret_that_is_not_wanted_needs_no_value():
    found = plan(ai_proxy(), values={}, skip=["my-config-store/mistral-key"])
    assert (found["needs"], found["secrets"], found["models"]) == ([], {}, {})
    assert "refers to the secret mistral-key" in left(found)["plugin ai-proxy on route example-route"]


@pytest.mark.parametrize("given", [{"values": {**VALUES, "my-config-store/mistrall-key": "x"}}, {"skip": ["other"]}])
def test_a_name_that_is_nothing_is_refused(given):
    with pytest.raises(InvalidInput, match="names nothing of the control plane"):
        plan(**given)


# What the gateway has


def gateway(**more):
    held = {
        "stores": [{"id": "ai-store", "name": "my-config-store"}],
        "keys": {"ai-store": ["mistral-key"]},
        "vaults": [{"prefix": "mysecretvault", "name": "konnect", "config": {"config_store_id": "ai-store"}}],
        "providers": [{"name": "mistral", "type": "mistral", "config": {"auth": {"headers": [{"value": REFERENCE}]}}}],
        "models": [{"name": "example-route"}],
    }
    return Side(**{**held, **more})


@pytest.mark.parametrize("values", [{}, VALUES])
def test_a_second_run_creates_nothing_and_needs_nothing(values):
    found = plan(gateway=gateway(), values=values)
    assert [found[name] for name in ("needs", "stores", "secrets", "vaults", "providers", "models")] == [
        [],
        [],
        {},
        {},
        {},
        {},
    ]
    assert len(found["kept"]) == 5


def test_a_run_that_was_interrupted_goes_on():
    found = plan(gateway=gateway(models=[]), values={})
    assert ([*found["models"]], found["providers"], found["needs"]) == (["example-route"], {}, [])


def test_another_vault_of_the_same_name_is_refused():
    other = [{"prefix": "mysecretvault", "name": "konnect", "config": {"config_store_id": "other"}}]
    with pytest.raises(InvalidInput, match="has another vault mysecretvault"):
        plan(gateway=gateway(vaults=other))


def test_another_provider_of_the_same_name_is_refused():
    with pytest.raises(InvalidInput, match="provider mistral of type openai"):
        plan(gateway=gateway(providers=[{"name": "mistral", "type": "openai"}]))


def test_a_provider_that_may_have_another_key_is_told():
    found = plan(gateway=gateway(models=[], providers=[{"name": "mistral", "type": "mistral"}]))
    assert f"does not show {REFERENCE}" in found["notes"][0]


# Names


def test_a_store_whose_name_does_not_fit_gets_one_that_does():
    found = plan(stores=[{**STORE, "name": "My_Store"}], values={"My_Store/mistral-key": "fake"})
    assert found["stores"] == ["my-store"]
    assert "Config Store My_Store is called my-store on the AI Gateway." in found["notes"]


def test_stores_that_would_have_one_name_are_told_apart():
    stores = [{"id": "a", "name": "my_store"}, {"id": "b", "name": "my-store"}, {"id": "c", "name": "-"}]
    found = plan(stores=stores, keys={}, vaults=[], values={})
    assert found["stores"] == ["my-store"]
    assert {"Config Store my_store", "Config Store -"} <= left(found).keys()


def test_providers_of_one_type_with_several_keys_are_told_apart():
    other = {**ROUTE, "id": "other-id", "name": "other"}
    plugins = (ai_proxy(), ai_proxy(target(HIDDEN), route={"id": "other-id"}))
    found = plan(*plugins, routes=[ROUTE, other])
    assert [*found["providers"]] == ["mistral-example-route", "mistral-other"]
    assert found["models"]["other"]["targets"][0]["provider"] == "mistral-other"


def test_models_with_the_same_key_share_a_provider():
    other = {**ROUTE, "id": "other-id", "name": "other"}
    found = plan(ai_proxy(), ai_proxy(route={"id": "other-id"}), routes=[ROUTE, other])
    assert ([*found["providers"]], len(found["models"])) == (["mistral"], 2)


# What has no counterpart


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        (ai_proxy(target("Bearer {vault://mysecretvault/mistral-key}")), "inside a longer text"),
        (ai_proxy(target("{vault://other/mistral-key}")), "vault other, which is not carried over"),
        (ai_proxy(target("{vault://mysecretvault/gone}")), "the secret gone"),
        (ai_proxy(target(provider="vertex")), "no providers of type vertex"),
        (ai_proxy(target(route_type="preserve")), "do not serve preserve"),
        (ai_proxy(target(provider="databricks")), "needs workspace_instance_id"),
        (ai_proxy(target(options={"upstream_url": f"https://u:{HIDDEN}@host"})), "upstream_url holds a secret"),
        (ai_proxy(route=None), "on every route"),
        (ai_proxy(consumer={"id": "c"}), "one consumer only"),
        (ai_proxy({**target(), "model": {"provider": "openai"}}), "name of the model from each request"),
        (ai_proxy({**target(), "acls": {"allow": [{}]}}), "acls"),
    ],
)
def test_a_plugin_without_a_counterpart_is_listed_with_the_reason(plugin, reason):
    found = plan(plugin)
    assert (found["models"], found["providers"]) == ({}, {})
    assert reason in next(iter(left(found).values()))


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        ({"expression": 'http.path == "/"', "paths": None}, "matches by expression"),
        ({"snis": ["a.example.com"]}, "matches by snis"),
        ({"protocols": ["grpc"]}, "takes grpc"),
    ],
)
def test_a_route_that_matches_otherwise_is_listed(route, reason):
    found = plan(routes=[{**ROUTE, **route}])
    assert found["models"] == {}
    assert reason in left(found)["plugin ai-proxy on route example-route"]


def test_settings_without_a_counterpart_are_listed_one_by_one():
    found = plan(ai_proxy(target(options={"upstream_path": "/x"}, logging={"log_statistics": True})))
    assert found["models"]
    assert {"model.options.upstream_path of plugin ai-proxy on route example-route"} < left(found).keys()


def test_defaults_of_other_types_are_no_loss():
    assert plan(ai_proxy(target(options={"azure_api_version": "2023-05-15"})))["left"] == []


@pytest.mark.parametrize(
    ("vault", "reason"),
    [
        ({"name": "fs", "config": {}}, "no vaults of fs"),
        ({"name": "hcv", "config": {"auth_method": "cert"}}, "no vaults of hcv cert"),
        ({"name": "konnect", "config": {"config_store_id": "gone"}}, "Config Store that it exposes"),
        ({"name": "env", "config": {"prefix": "X_", "ttl": 60}}, "settings ttl"),
        ({"name": "gcp", "config": {}}, "need project_id"),
    ],
)
def test_a_vault_without_a_counterpart_is_listed(vault, reason):
    found = plan(vaults=[VAULT, {"id": "w", "prefix": "other", **vault}])
    assert reason in left(found)["vault other"]


def test_settings_of_a_vault_get_their_new_names():
    config = {
        "auth_method": "kubernetes",
        "host": "h",
        "port": 8200,
        "mount": "secret",
        "kube_role": "kong",
        "approle_auth_path": "approle",
        "aws_login_path": "/v1/auth/aws/login",
    }
    vault = {"id": "w", "prefix": "corp", "name": "hcv", "config": config}
    found = plan(vaults=[VAULT, vault])["vaults"]["corp"]["config"]
    assert (found["role"], "approle_auth_path" in found, "aws_login_path" in found) == ("kong", False, False)


# What must not become open


def test_a_model_whose_route_is_guarded_is_not_enabled():
    guard = {"id": "k", "name": "key-auth", "route": {"id": "route-id"}, "config": {}}
    found = plan(ai_proxy(), guard)
    assert found["models"]["example-route"]["enabled"] is False
    assert "key-auth" in found["notes"][1]
    assert "plugin key-auth on route example-route" in left(found)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "key-auth", "enabled": False, "route": {"id": "route-id"}},
        {"name": "key-auth", "route": {"id": "another"}},
        {"name": "prometheus"},
        {"name": "http-log", "service": {"id": "service-id"}},
    ],
)
def test_what_does_not_guard_the_route_does_not_matter(other):
    assert plan(ai_proxy(), {"id": "k", "config": {}, **other})["models"]["example-route"]["enabled"] is True


# AI Proxy Advanced


def advanced(*targets, **config):
    return {**ai_proxy(), "name": "ai-proxy-advanced", "config": {"targets": list(targets), **config}}


def test_targets_and_the_balancer_are_carried_over():
    openai = target(provider="openai", weight=20, description="for maths")
    balancer = {"algorithm": "lowest-latency", "latency_strategy": "e2e", "tokens_count_strategy": "cost", "retries": 2}
    found = plan(advanced(target(weight=80), openai, balancer=balancer, max_request_body_size=1048576))
    model = found["models"]["example-route"]
    assert [(row["provider"], row["weight"]) for row in model["targets"]] == [("mistral", 80), ("openai", 20)]
    assert model["targets"][1]["semantic_description"] == "for maths"
    assert model["config"]["balancer"] == {"algorithm": "lowest-latency", "latency_strategy": "e2e", "retries": 2}
    assert model["config"]["max_request_body_size"] == 1048576


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        (advanced(target(), balancer={"algorithm": "semantic"}), "chosen by meaning"),
        (advanced(target(), target(route_type="llm/v1/embeddings")), "llm/v1/chat, llm/v1/embeddings"),
        (
            advanced(
                target(),
                {**target(), "model": {"provider": "openai", "name": "x", "model_alias": "other"}},
            ),
            "several aliases",
        ),
    ],
)
def test_what_a_model_cannot_do_is_listed(plugin, reason):
    found = plan(plugin)
    assert found["models"] == {}
    assert reason in next(iter(left(found).values()))


@pytest.mark.parametrize(
    ("provider", "auth", "options", "expected"),
    [
        (
            "bedrock",
            {"aws_access_key_id": "AKIAFAKE", "aws_secret_access_key": REFERENCE},
            {"bedrock": {"aws_region": "eu-west-1", "aws_assume_role_arn": "arn:fake"}},
            {
                "type": "aws",
                "access_key_id": "AKIAFAKE",
                "secret_access_key": REFERENCE,
                "assume_role_arn": "arn:fake",
            },
        ),
        ("azure", {"azure_use_managed_identity": True}, {}, {"type": "azure", "use_managed_identity": True}),
        ("gemini", {"gcp_use_service_account": True}, {}, {"type": "gcp", "use_gcp_service_account": True}),
        (
            "gemini",
            {"param_name": "key", "param_value": REFERENCE, "param_location": "query"},
            {},
            {"type": "basic", "params": [{"name": "key", "value": REFERENCE, "location": "query"}]},
        ),
        ("openai", {}, {}, {"type": "basic"}),
    ],
)
def test_ways_to_authenticate(provider, auth, options, expected):
    config = {**target(), "auth": auth, "model": {"provider": provider, "name": "m", "options": options}}
    assert plan(ai_proxy(config))["providers"][provider]["config"]["auth"] == expected


def test_the_instance_of_azure_is_of_the_provider():
    options = {"azure_instance": "inst", "azure_deployment_id": "dep", "azure_api_version": "2024-01-01"}
    found = plan(ai_proxy({**target(), "model": {"provider": "azure", "name": "m", "options": options}}))
    assert found["providers"]["azure"]["config"]["instance"] == "inst"
    config = found["models"]["example-route"]["targets"][0]["config"]
    assert config == {"type": "azure", "deployment_id": "dep", "api_version": "2024-01-01"}


# Held against the tables that are held against Konnect's description


def test_the_names_are_those_of_the_tables():
    for kind, options in ai_proxy_tables._OPTIONS.items():
        assert {*options.values()} - {""} <= {*ai_kinds.TARGET_MORE.get(kind, "").split()}
    for way, fields in ai_proxy_tables._CLOUD_AUTHS.items():
        assert {*fields.values()} <= {*ai_kinds.AUTH_FIELDS[way].split()}
    assert {*ai_proxy_tables._ROLE.values()} <= {*ai_kinds.AUTH_FIELDS["aws"].split()}
    assert {*CAPABILITIES.values()} <= {*ai_kinds.CAPABILITIES["model"]}
    assert {*SETTINGS} == {backend for backend in VAULT_TYPES if backend != "hcv"} | {
        "hcv token",
        "hcv kubernetes",
        "hcv approle",
    }


OPTIONS = {
    "azure_instance": "inst",
    "azure_deployment_id": "dep",
    "bedrock": {"aws_region": "eu-west-1", "batch_role_arn": "arn:fake"},
    "cohere": {"wait_for_model": True},
    "databricks": {"workspace_instance_id": "id"},
    "gemini": {"api_endpoint": "e", "location_id": "l", "project_id": "p"},
    "huggingface": {"use_cache": True},
    "llama2_format": "openai",
    "upstream_url": "https://example.com",
    "temperature": 0.5,
}


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_what_is_planned_passes_the_checks_before_a_write(provider):
    found = plan(ai_proxy(target(provider=provider, options=OPTIONS)))
    (name,), (model,) = found["providers"], found["models"]
    check_entity(ai_kinds.AI_MODEL_PROVIDER, {"name": name, **found["providers"][name]})
    check_entity(ai_kinds.AI_MODEL, {"name": model, **found["models"][model]})
    assert {row["what"].split()[0] for row in found["left"]} <= {"model.options.bedrock.batch_role_arn"}


# The variables of the playbook

FACTS = {
    "source": {
        "stores": [STORE],
        "secrets": [{"item": "store-id", "secrets": [{"key": "mistral-key"}]}, {"skipped": True, "item": "other"}],
        "vaults": [VAULT],
        "plugins": [ai_proxy()],
        "routes": [ROUTE],
    },
    "gateway": {"stores": [], "secrets": [], "vaults": [], "providers": [], "models": []},
    "ai_gateway": {"name": "moved", "exists": False},
    "values": None,
    "skip": "",
}


@pytest.mark.parametrize(
    ("name", "words"), [("Bad_Name", "cannot be the name of an AI Gateway"), (GATEWAY_ID, f"with the id {GATEWAY_ID}")]
)
def test_a_name_that_no_new_gateway_can_have_is_refused_before_there_is_a_plan(name, words):
    with pytest.raises(InvalidInput, match=words):
        read_move({**FACTS, "ai_gateway": {"name": name, "exists": False}}, {}, check_mode=True)
    assert read_move({**FACTS, "ai_gateway": {"name": name, "exists": True}}, {}, check_mode=True)["needs"]


def test_without_values_only_check_mode_goes_on():
    assert read_move(FACTS, {}, check_mode=True)["is_due"] is False
    with pytest.raises(InvalidInput, match="my-config-store/mistral-key.*move_values.*Nothing was written"):
        read_move(FACTS, {}, check_mode=False)


def test_values_may_come_from_the_environment_as_json():
    environment = {"KONNECT_SECRET_VALUES": '{"my-config-store/mistral-key": "Bearer fake"}'}
    found = read_move(FACTS, environment, check_mode=False)
    assert (found["is_due"], found["secrets"]["my-config-store"][0]["value"]) == (True, "Bearer fake")


@pytest.mark.parametrize("values", ["no json", {"my-config-store/mistral-key": 5}])
def test_values_of_another_form_are_refused_without_showing_them(values):
    with pytest.raises(InvalidInput, match="move_values") as caught:
        read_move({**FACTS, "values": values}, {}, check_mode=False)
    assert "no json" not in caught.value.message
