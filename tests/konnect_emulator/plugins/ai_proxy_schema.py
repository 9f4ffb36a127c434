# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of the AI Proxy plugin, Kong Gateway 3.15, with the checks of Kong's LLM library (kong/llm/schemas)."""

from __future__ import annotations

from .config_checks import all_or_none, must_set
from .schema import (
    WS_PROTOCOLS,
    array,
    boolean,
    flag,
    integer,
    number,
    one_of,
    plugin,
    record,
    referenceable,
    secret,
    string,
)

PROVIDERS = [
    "anthropic",
    "azure",
    "bedrock",
    "cerebras",
    "cohere",
    "dashscope",
    "databricks",
    "deepseek",
    "gemini",
    "huggingface",
    "llama2",
    "mistral",
    "ollama",
    "openai",
    "vllm",
    "xai",
]
ROUTE_TYPES = [
    "audio/v1/audio/speech",
    "audio/v1/audio/transcriptions",
    "audio/v1/audio/translations",
    "image/v1/images/edits",
    "image/v1/images/generations",
    "llm/v1/assistants",
    "llm/v1/batches",
    "llm/v1/chat",
    "llm/v1/completions",
    "llm/v1/embeddings",
    "llm/v1/files",
    "llm/v1/responses",
    "preserve",
    "realtime/v1/realtime",
    "video/v1/videos/generations",
]
CATEGORIES = [
    "audio/speech",
    "audio/transcription",
    "image/generation",
    "text/embeddings",
    "text/generation",
    "video/generation",
]
COHERE_INPUTS = ["classification", "clustering", "image", "search_document", "search_query"]

AUTH = record(
    {
        "header_name": referenceable(),
        "header_value": secret(),
        "param_name": referenceable(),
        "param_value": secret(),
        "param_location": one_of("query", "body"),
        "allow_override": boolean(default=False),
        "aws_access_key_id": secret(),
        "aws_secret_access_key": secret(),
        "azure_use_managed_identity": boolean(default=False),
        "azure_client_id": referenceable(),
        "azure_client_secret": secret(),
        "azure_tenant_id": referenceable(),
        "gcp_use_service_account": boolean(default=False),
        "gcp_service_account_json": secret(),
        "gcp_metadata_url": referenceable(),
        "gcp_oauth_token_url": referenceable(),
    },
    required=False,
)

OPTIONS = record(
    {
        "max_tokens": integer(),
        "input_cost": number(gt=0),
        "output_cost": number(gt=0),
        "cache_read_cost": number(),
        "cache_write_cost": number(),
        "cache_write_cost_list": array(record({"ttl": string(required=True), "cost": number(required=True)})),
        "context_window_factor": array(
            record(
                {
                    "above": string(required=True),
                    "input_factor": number(required=True),
                    "output_factor": number(required=True),
                }
            )
        ),
        "service_tier_factor": array(record({"tier": string(required=True), "factor": number(required=True)})),
        "temperature": number(between=[0, 5]),
        "top_p": number(between=[0, 1]),
        "top_k": integer(between=[0, 500]),
        "anthropic_version": string(),
        "azure_instance": string(),
        "azure_api_version": string(default="2023-05-15"),
        "azure_deployment_id": string(),
        "llama2_format": one_of("raw", "openai", "ollama"),
        "mistral_format": one_of("openai", "ollama"),
        "upstream_url": string(),
        "upstream_path": string(),
        "embeddings_dimensions": integer(gt=0),
        "gemini": record(
            {"api_endpoint": string(), "project_id": string(), "location_id": string(), "endpoint_id": string()},
            required=False,
        ),
        "bedrock": record(
            {
                "aws_region": string(),
                "aws_assume_role_arn": string(),
                "aws_role_session_name": string(),
                "aws_sts_endpoint_url": string(),
                "batch_bucket_prefix": string(),
                "batch_role_arn": string(),
                "embeddings_normalize": boolean(default=False),
                "performance_config_latency": string(),
                "video_output_s3_uri": string(),
            },
            required=False,
        ),
        "huggingface": record({"use_cache": boolean(), "wait_for_model": boolean()}, required=False),
        "cohere": record(
            {
                "embedding_input_type": one_of(*COHERE_INPUTS, default="classification"),
                "wait_for_model": boolean(),
            },
            required=False,
        ),
        "dashscope": record({"international": boolean(default=True)}, required=False),
        "databricks": record({"workspace_instance_id": string()}, required=False),
    },
    required=False,
)

AI_PROXY = plugin(
    "ai-proxy",
    {
        "route_type": one_of(*ROUTE_TYPES, required=True),
        "auth": AUTH,
        "model": record(
            {
                "provider": one_of(*PROVIDERS, required=True),
                "name": string(),
                "model_alias": string(),
                "options": OPTIONS,
            }
        ),
        "logging": record({"log_statistics": flag(False), "log_payloads": flag(False)}),
        "genai_category": one_of(*CATEGORIES, default="text/generation"),
        "response_streaming": one_of("allow", "deny", "always", default="allow"),
        "max_request_body_size": integer(default=1048576, gt=0),
        "model_name_header": boolean(default=True),
        "llm_format": one_of("openai", "bedrock", "gemini", "huggingface", "cohere", "anthropic", default="openai"),
    },
    entity_checks=[
        all_or_none("auth.header_name", "auth.header_value"),
        all_or_none("auth.param_name", "auth.param_value", "auth.param_location"),
        must_set("model.options.llama2_format", "model.provider", "llama2", message="must set %s for llama2 provider"),
        must_set(
            "model.options.mistral_format", "model.provider", "mistral", message="must set %s for mistral provider"
        ),
        must_set(
            "model.options.anthropic_version",
            "model.provider",
            "anthropic",
            message="must set %s for anthropic provider",
        ),
        must_set("model.options.azure_instance", "model.provider", "azure", message="must set %s for azure provider"),
        must_set(
            "model.options.azure_deployment_id", "model.provider", "azure", message="must set %s for azure provider"
        ),
        must_set(
            "model.options.upstream_url",
            "model.provider",
            "llama2",
            message="must set %s for self-hosted providers/models",
        ),
    ],
    protocols=WS_PROTOCOLS,
)
