# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bodies that move_to_ai_gateway.yml plans, by the rules that the emulator has from Konnect's description."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._move.plan import make_plan
from ansible_collections.community.konnect.plugins.plugin_utils._move.sides import Side
from konnect_emulator.ai_gateways import schemas

ROUTE = {"id": "r", "name": "example-route", "paths": ["/v1/chat/completions"], "hosts": ["ai.example.com"]}
OPTIONS = {
    "anthropic_version": "2023-06-01",
    "azure_instance": "inst",
    "azure_deployment_id": "dep",
    "bedrock": {"aws_region": "eu-west-1", "aws_assume_role_arn": "arn:fake"},
    "cohere": {"wait_for_model": True, "embedding_input_type": "image"},
    "dashscope": {"international": False},
    "databricks": {"workspace_instance_id": "id"},
    "gemini": {"api_endpoint": "e", "location_id": "l", "project_id": "p"},
    "huggingface": {"use_cache": True},
    "llama2_format": "raw",
    "mistral_format": "openai",
    "upstream_url": "https://example.com",
    "max_tokens": 100,
    "input_cost": 1.5,
}
AUTHS = {
    "bedrock": {"aws_access_key_id": "AKIAFAKE", "aws_secret_access_key": "{vault://env/fake}"},
    "azure": {"azure_client_id": "c", "azure_client_secret": "{vault://env/fake}", "azure_tenant_id": "t"},
    "gemini": {"gcp_service_account_json": "{vault://env/fake}", "gcp_use_service_account": True},
}
HEADER = {"header_name": "Authorization", "header_value": "{vault://env/fake}"}
PROVIDERS = (
    *("anthropic", "azure", "bedrock", "cerebras", "cohere", "dashscope", "databricks", "deepseek", "gemini"),
    *("huggingface", "llama2", "mistral", "ollama", "openai", "vllm", "xai"),
)
VAULTS = {
    "env": {"prefix": "X_", "base64_decode": True},
    "aws": {"region": "eu-west-1", "role_session_name": "KongVault", "ttl": 60},
    "gcp": {"project_id": "p"},
    "azure": {"vault_uri": "https://v", "location": "eu", "type": "secrets", "credentials_prefix": "AZURE"},
    "conjur": {"account": "a", "endpoint_url": "https://c", "login": "l", "api_key": "fake", "auth_method": "api_key"},
}
HCV = {"host": "h", "port": 8200, "mount": "secret", "kv": "v1", "protocol": "http"}
HCV_METHODS = {
    "token": {"token": "fake"},
    "kubernetes": {"kube_role": "kong", "kube_auth_path": "kubernetes"},
    "approle": {"approle_role_id": "r", "approle_secret_id": "fake", "approle_auth_path": "approle"},
}


def plan(plugin=None, vaults=()):
    plugins = [{"id": "p", "route": {"id": "r"}, **plugin}] if plugin else []
    found = make_plan(Side(plugins=plugins, routes=[ROUTE], vaults=list(vaults)), Side(), {})
    assert found["left"] == []
    return found


def problems(schema, body):
    return list(schemas.check(schemas.schema_of(f"CreateAIGateway{schema}Request"), body))


def check(found):
    for kind, schema in (("providers", "ModelProvider"), ("models", "Model")):
        for name, options in found[kind].items():
            assert problems(schema, {"name": name, "display_name": name, **options}) == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider(provider):
    auth = AUTHS.get(provider, HEADER)
    config = {
        "route_type": "llm/v1/chat",
        "auth": auth,
        "model": {"provider": provider, "name": "m", "options": OPTIONS},
    }
    check(plan({"name": "ai-proxy", "config": config}))


@pytest.mark.parametrize(
    "balancer",
    [
        {"algorithm": "round-robin"},
        {"algorithm": "least-connections", "retries": 2},
        {"algorithm": "priority", "failover_criteria": ["error"]},
        {"algorithm": "consistent-hashing", "hash_on_header": "X-User"},
        {"algorithm": "lowest-latency", "latency_strategy": "e2e"},
        {"algorithm": "lowest-usage", "tokens_count_strategy": "cost"},
    ],
    ids=lambda balancer: balancer["algorithm"],
)
def test_every_way_to_choose_a_target(balancer):
    # As Konnect fills it in.
    filled = {"latency_strategy": "tpot", "tokens_count_strategy": "total-tokens", "hash_on_header": "X", **balancer}
    targets = [
        {
            "route_type": "llm/v1/chat",
            "auth": HEADER,
            "model": {"provider": provider, "name": "m", "options": {}},
            "weight": 50,
        }
        for provider in ("openai", "cohere")
    ]
    check(plan({"name": "ai-proxy-advanced", "config": {"targets": targets, "balancer": filled}}))


@pytest.mark.parametrize(
    ("backend", "config"),
    [*VAULTS.items(), *(("hcv", {**HCV, "auth_method": name, **more}) for name, more in HCV_METHODS.items())],
)
def test_every_vault(backend, config):
    found = plan(vaults=[{"id": "v", "name": backend, "prefix": "my-vault", "config": config}])
    options = found["vaults"]["my-vault"]
    assert problems("Vault", {"name": "my-vault", "type": options["backend"], "config": options["config"]}) == []
