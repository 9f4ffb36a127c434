# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""How each AI provider expects its key. Source: Kong's AI Proxy schema, and the documentation of the providers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...module_utils._vault_reference import build_reference


@dataclass(frozen=True)
class Provider:
    """A provider of the plugin AI Proxy.

    :param environment: the environment variable with the key, read only for this provider.
    :param header_name: the header for the key, which ``value_prefix`` precedes.
    :param param_name: the query parameter for the key, instead of a header.
    :param aws: the key is a pair, whose id and key are one secret with two properties.
    :param options: options in ``config.model.options`` that AI Proxy requires and that are always the same.
    :param required: options there that AI Proxy requires and that the user must set.
    """

    environment: str
    header_name: str = "Authorization"
    value_prefix: str = "Bearer "
    param_name: str = ""
    aws: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()

    def secret_value(self, key: str, key_id: str) -> str:
        """The value of the secret: the whole value of the header, or both parts of an AWS key."""
        if self.aws:
            return json.dumps({"access_key_id": key_id, "secret_access_key": key})
        return self.value_prefix + key.removeprefix("Bearer ")

    def auth(self, prefix: str, key: str) -> dict[str, str]:
        """``config.auth`` of the plugin, which refers to a secret by the prefix of its vault and its key."""
        if self.aws:
            parts = ("access_key_id", "secret_access_key")
            return {f"aws_{part}": build_reference(key, prefix, part) for part in parts}
        reference = build_reference(key, prefix)
        if self.param_name:
            return {"param_name": self.param_name, "param_location": "query", "param_value": reference}
        return {"header_name": self.header_name, "header_value": reference}


PROVIDERS = {
    "anthropic": Provider("ANTHROPIC_API_KEY", "x-api-key", "", options={"anthropic_version": "2023-06-01"}),
    "azure": Provider("AZURE_OPENAI_API_KEY", "api-key", "", required=("azure_instance", "azure_deployment_id")),
    "bedrock": Provider("AWS_SECRET_ACCESS_KEY", aws=True, required=("bedrock",)),
    "cerebras": Provider("CEREBRAS_API_KEY"),
    "cohere": Provider("COHERE_API_KEY"),
    "dashscope": Provider("DASHSCOPE_API_KEY"),
    "databricks": Provider("DATABRICKS_TOKEN", required=("databricks",)),
    "deepseek": Provider("DEEPSEEK_API_KEY"),
    "gemini": Provider("GEMINI_API_KEY", value_prefix="", param_name="key"),
    "huggingface": Provider("HF_TOKEN"),
    "llama2": Provider("LLAMA2_API_KEY", required=("llama2_format", "upstream_url")),
    "mistral": Provider("MISTRAL_API_KEY", options={"mistral_format": "openai"}),
    "ollama": Provider("OLLAMA_API_KEY", required=("upstream_url",)),
    "openai": Provider("OPENAI_API_KEY"),
    "vllm": Provider("VLLM_API_KEY", required=("upstream_url",)),
    "xai": Provider("XAI_API_KEY"),
}
