# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The kinds of entities that only AI Gateways have (beta): rows as those of the other table, and what their types take.

Source: Konnect's OpenAPI document of the AI Gateways API (ai-gateways-v1); a test holds these tables against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .kind import REFERENCEABLE, SECRET_REFERENCE, Entity, Kind, Spec


def _record(**fields: Spec) -> Spec:
    return {"type": "record", "fields": [{name: spec} for name, spec in fields.items()]}


def _kind(name: str, label: str, segment: str, **more: Any) -> Kind:
    return Kind(name, label, (segment,), "cursor", takes_id=False, **more)


TEXT: Spec = {"type": "string"}
_PAIRS: Spec = {
    "type": "array",
    "elements": _record(name=REFERENCEABLE, value=SECRET_REFERENCE, location=TEXT),
}
AUTH: Spec = _record(
    type=TEXT,
    headers=_PAIRS,
    params=_PAIRS,
    access_key_id=REFERENCEABLE,
    secret_access_key=SECRET_REFERENCE,
    session_token=SECRET_REFERENCE,
    assume_role_arn=REFERENCEABLE,
    role_session_name=REFERENCEABLE,
    service_account_json=SECRET_REFERENCE,
    metadata_url=REFERENCEABLE,
    oauth_token_url=REFERENCEABLE,
    client_id=REFERENCEABLE,
    client_secret=SECRET_REFERENCE,
    tenant_id=REFERENCEABLE,
)

AI_MODEL_PROVIDER = _kind(
    "ai_model_provider", "model provider", "model-providers", texts={"config": _record(auth=AUTH)}
)
AI_MODEL = _kind("ai_model", "AI model", "models", texts={"config": {}, "targets": {"unknown": True}})
AI_POLICY = _kind("ai_policy", "policy", "policies", texts={"config": {}})
AI_CONSUMER = _kind("ai_consumer", "consumer", "consumers")
AI_CREDENTIAL = _kind(
    "ai_credential", "credential", "credentials", texts={"api_key": {"type": "string", "encrypted": True}}
)
AI_DATA_PLANE_CERTIFICATE = _kind(
    "ai_data_plane_certificate", "data plane certificate", "data-plane-certificates", name_field="title"
)

_PEMS = ("cert", "key", "cert_alt", "key_alt")
# The list of gateways.
API = ("v1", "ai-gateways")

# Of the kinds without a module of their own, those that may hold references; the beta may rename them.
AI_CERTIFICATE = _kind("ai_certificate", "certificate", "certificates", texts=dict.fromkeys(_PEMS, REFERENCEABLE))
OTHERS = (
    _kind("ai_agent", "agent", "agents", texts={"config": {}, "upstream": {}}),
    AI_CERTIFICATE,
    _kind("ai_identity_provider", "identity provider", "identity", texts={"config": {}}),
    _kind("ai_mcp_server", "MCP server", "mcp-servers", texts={"config": {}, "tools": {"unknown": True}}),
)
# The lists of these kinds, in which Konnect may hold secrets that it does not show.
MAY_HOLD_SECRETS = tuple(kind.segments[0] for kind in OTHERS)
REFERRING = (AI_MODEL_PROVIDER, AI_MODEL, AI_POLICY, *OTHERS)
KINDS = {kind.name: kind for kind in (*REFERRING, AI_CONSUMER, AI_DATA_PLANE_CERTIFICATE)}


def any_kind(segment: str, texts: Mapping[str, Spec]) -> Kind:
    """A kind of which nothing but its path is known."""
    return _kind("ai_entity", f"entity in {segment}", segment, texts=texts)


# By list, what a new entity needs besides its name, and by list and type, what it needs besides that. A field of a
# mapping is needed where the mapping is given; those of providers and models are checked by their types.
REQUIRED: Mapping[str, str] = {
    "agents": "display_name type config config.url",
    "ai-gateways": "display_name",
    "ca-certificates": "cert",
    "certificates": "cert key",
    "consumer-groups": "display_name",
    "consumers": "display_name type",
    "data-plane-certificates": "cert",
    "identity": "display_name type",
    "identity/openid-connect": "config.cache_tokens_salt",
    "mcp-servers": "display_name type config",
    "mcp-servers/conversion-listener": "config.url",
    "mcp-servers/conversion-only": "config.url",
    "mcp-servers/listener": "sources",
    "mcp-servers/passthrough-listener": "config.url",
    "mcp-servers/upstream-server": "config.url config.tools_cache_ttl_seconds",
    "model-providers": "display_name type config",
    "models": "display_name type capabilities formats targets config",
    "policies": "display_name type",
    "snis": "display_name hostname certificate",
    "vaults": "type config",
    "vaults/aws": "config.role_session_name",
    "vaults/azure": "config.vault_uri config.location config.type",
    "vaults/conjur": "config.endpoint_url config.login config.account",
    "vaults/gcp": "config.project_id",
    "vaults/konnect": "config.config_store_id",
}


def missing_fields(kind: Kind, body: Entity) -> list[str]:
    """The fields that an entity needs and does not have, or has empty."""
    place = kind.segments[-1]
    needed = " ".join(REQUIRED.get(name, "") for name in (place, f"{place}/{body.get('type')}")).split()
    return [path for path in needed if _lacks(body, path)]


def _lacks(body: Entity, path: str) -> bool:
    name, _dot, inner = path.partition(".")
    value = body.get(name)
    if not inner:
        return value in (None, "", [], {})
    return isinstance(value, Mapping) and bool(value) and value.get(inner) in (None, "")


# What a type takes. Of a way to authenticate, by its type:
AUTH_FIELDS: Mapping[str, str] = {
    "basic": "headers params",
    "aws": "access_key_id assume_role_arn batch_role_arn role_session_name secret_access_key session_token "
    "sts_endpoint_url",
    "azure": "client_id client_secret tenant_id use_managed_identity",
    "gcp": "metadata_url oauth_token_url service_account_json use_gcp_service_account",
    "sagemaker": "aws",
}
# Of a provider: the ways to authenticate besides basic, and other settings.
PROVIDER_AUTHS: Mapping[str, str] = {"azure": "azure", "bedrock": "aws", "gemini": "gcp", "sagemaker": "sagemaker"}
PROVIDER_FIELDS: Mapping[str, str] = {"azure": "foundry instance service"}
PROVIDERS = (
    *("anthropic", "azure", "bedrock", "cerebras", "cohere", "dashscope", "databricks", "deepseek", "gemini"),
    *("huggingface", "kimi", "llama2", "mistral", "ollama", "openai", "sagemaker", "vercel", "vllm", "xai"),
)
# Of the target of a model: what every type takes, what one takes besides, and what it needs.
TARGET_FIELDS = (
    *("cache_read_cost", "cache_write_cost", "cache_write_cost_list", "context_window_factor"),
    *("embeddings_dimensions", "input_cost", "max_tokens", "output_cost", "service_tier_factor", "temperature"),
    *("top_k", "top_p", "upstream_url"),
)
TARGET_MORE: Mapping[str, str] = {
    "anthropic": "version",
    "azure": "api_version deployment_id foundry_path_prefix",
    "bedrock": "batch_bucket_prefix embeddings_normalize performance_config_latency region video_output_s3_uri",
    "cohere": "api_version embedding_input_type wait_for_model",
    "dashscope": "international",
    "databricks": "workspace_instance_id",
    "gemini": "gcp_environment",
    "huggingface": "use_cache wait_for_model",
    "kimi": "international",
    "llama2": "format",
    "mistral": "format",
    "sagemaker": "aws target",
}
TARGET_REQUIRED: Mapping[str, str] = {
    "databricks": "workspace_instance_id",
    "llama2": "format upstream_url",
    "mistral": "format",
    "vllm": "upstream_url",
}
CAPABILITIES: Mapping[str, list[str]] = {
    "api": ["batches", "files"],
    "model": [
        *("generate", "agentic", "realtime", "embeddings", "image", "audio/speech", "audio/transcription"),
        *("audio/translation", "video", "rerank"),
    ],
}
FORMATS = ["anthropic", "bedrock", "cohere", "gemini", "huggingface", "openai"]

# Lists whose order Konnect does not keep, and what it fills in, by name at any depth (kongctl 0.4,
# ai_gateway_payload_compare.go).
SETS = frozenset(
    {
        "targets",
        "formats",
        "capabilities",
        "failover_criteria",
        "protocols",
        "policies",
        "proxy_urls",
        "methods",
        "hosts",
    }
)
DEFAULTS: Mapping[str, Any] = {
    **dict.fromkeys(("allow_auth_override", "audits", "payloads", "preserve_host", "global"), False),
    **dict.fromkeys(("name_header", "request_buffering", "response_buffering", "statistics", "strip_path"), True),
    **dict.fromkeys(("connect_timeout", "read_timeout", "write_timeout"), 60000),
    "acl_attribute_type": "consumer",
    "domain": "services.ai.azure.com",
    "enabled": True,
    "fail_timeout": 10000,
    "failover_criteria": ["error", "timeout"],
    "https_redirect_status_code": 426,
    "max_fails": 0,
    "max_payload_size": 1048576,
    "max_request_body_size": 8388608,
    "protocols": ["http", "https"],
    "regex_priority": 0,
    "response_streaming": "allow",
    "retries": 5,
    "slots": 10000,
    "ttl": 0,
    "weight": 100,
}
