# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The providers and targets of AI Gateways that stand for the targets of AI Proxy.

Sources: ai-deck-converter 0.15 of Kong (revert/provider.go, revert/model.go, convert/provider.go), and Kong's schemas
of the plugins ai-proxy and ai-proxy-advanced 3.15.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._entities.ai_kinds import PROVIDER_AUTHS, PROVIDERS, TARGET_FIELDS, TARGET_REQUIRED
from ...module_utils._vault_reference import is_reference, mentions, texts

Config = Mapping[str, Any]

PLUGINS = ("ai-proxy", "ai-proxy-advanced")

# By the type of authentication, the fields of the plugin's auth and their names.
_CLOUD_AUTHS: Mapping[str, Mapping[str, str]] = {
    "aws": {"aws_access_key_id": "access_key_id", "aws_secret_access_key": "secret_access_key"},
    "azure": {
        "azure_client_id": "client_id",
        "azure_client_secret": "client_secret",
        "azure_tenant_id": "tenant_id",
        "azure_use_managed_identity": "use_managed_identity",
    },
    "gcp": {
        "gcp_metadata_url": "metadata_url",
        "gcp_oauth_token_url": "oauth_token_url",
        "gcp_service_account_json": "service_account_json",
        "gcp_use_service_account": "use_gcp_service_account",
    },
}
# Options of the plugin's model that are a part of how a provider authenticates.
_ROLE = {
    "bedrock.aws_assume_role_arn": "assume_role_arn",
    "bedrock.aws_role_session_name": "role_session_name",
    "bedrock.aws_sts_endpoint_url": "sts_endpoint_url",
    "bedrock.batch_role_arn": "batch_role_arn",
}
_INSTANCE = "azure_instance"
_GEMINI = ("api_endpoint", "location_id", "project_id")
# By the type of the provider, options of the plugin's model and their names.
_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "anthropic": {"anthropic_version": "version"},
    "azure": {"azure_api_version": "api_version", "azure_deployment_id": "deployment_id", _INSTANCE: ""},
    "bedrock": {
        "bedrock.aws_region": "region",
        "bedrock.batch_bucket_prefix": "batch_bucket_prefix",
        "bedrock.embeddings_normalize": "embeddings_normalize",
        "bedrock.performance_config_latency": "performance_config_latency",
        "bedrock.video_output_s3_uri": "video_output_s3_uri",
        **dict.fromkeys(_ROLE, ""),
    },
    "cohere": {
        "cohere.embedding_input_type": "embedding_input_type",
        "cohere.wait_for_model": "wait_for_model",
    },
    "dashscope": {"dashscope.international": "international"},
    "databricks": {"databricks.workspace_instance_id": "workspace_instance_id"},
    "gemini": {f"gemini.{name}": "" for name in _GEMINI},
    "huggingface": {"huggingface.use_cache": "use_cache", "huggingface.wait_for_model": "wait_for_model"},
    "llama2": {"llama2_format": "format"},
    "mistral": {"mistral_format": "format"},
}
# Options that only one type of provider reads.
_OF_SOME_TYPE = frozenset(option for options in _OPTIONS.values() for option in options)


class NoCounterpart(Exception):
    """Something of a control plane cannot be on an AI Gateway; the message says why."""


@dataclass(frozen=True)
class Served:
    """One target of AI Proxy on an AI Gateway.

    :param type: of the provider.
    :param config: of the provider.
    :param target: of the model, without its provider.
    :param lost: settings of the plugin that have no counterpart.
    """

    type: str
    config: dict[str, Any]
    target: dict[str, Any]
    lost: tuple[str, ...]


def targets_of(plugin: Config) -> list[Config]:
    """The targets of a plugin; the plain AI Proxy is one."""
    config = plugin["config"]
    return [config] if plugin["name"] == "ai-proxy" else list(config.get("targets") or ())


def serve(target: Config) -> Served:
    """The provider and the target that stand for a target of AI Proxy. Raises NoCounterpart."""
    model, auth = target.get("model") or {}, target.get("auth") or {}
    kind = str(model.get("provider"))
    if kind not in PROVIDERS:
        raise NoCounterpart(f"AI Gateways have no providers of type {kind}.")
    if not model.get("name"):
        raise NoCounterpart("It takes the name of the model from each request.")
    for path, text in texts(auth, "auth"):
        if mentions(text) and not is_reference(text):
            raise NoCounterpart(
                f"{path} holds a secret reference inside a longer text, which AI Gateways do not resolve. Store the "
                "whole text as the secret, and refer to that."
            )
    options = dict(_leaves(model.get("options") or {}))
    config, lost = _target_config(kind, options)
    provider, unused = _provider_config(kind, auth, options)
    more = {
        "weight": target.get("weight"),
        "semantic_description": target.get("description"),
        "allow_auth_override": auth.get("allow_override") or None,
    }
    given = {name: value for name, value in more.items() if value not in (None, "")}
    if target.get("metadata"):
        lost.append("metadata")
    if (target.get("logging") or {}).get("log_statistics"):
        lost.append("logging.log_statistics")
    return Served(kind, provider, {"name": model["name"], "config": config, **given}, (*unused, *lost))


def _leaves(options: Config, path: str = "") -> Iterator[tuple[str, Any]]:
    """The options that are set, with the names of records before a dot."""
    for name, value in options.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}{name}.")
        elif value not in (None, "", []):
            yield f"{path}{name}", value


def _target_config(kind: str, options: Config) -> tuple[dict[str, Any], list[str]]:
    own = _OPTIONS.get(kind, {})
    found = {name: value for name, value in options.items() if name in TARGET_FIELDS}
    found |= {own[name]: value for name, value in options.items() if own.get(name)}
    lost = [
        f"model.options.{name}"
        for name in options
        if name not in TARGET_FIELDS and name not in own and name not in _OF_SOME_TYPE
    ]
    place = {name: options[f"gemini.{name}"] for name in _GEMINI if f"gemini.{name}" in options}
    if kind == "gemini" and len(place) == len(_GEMINI):
        found["gcp_environment"] = place
    elif kind == "gemini":
        lost += [f"model.options.gemini.{name}" for name in place]
    missing = [name for name in TARGET_REQUIRED.get(kind, "").split() if not found.get(name)]
    if missing:
        raise NoCounterpart(f"A target of type {kind} needs {', '.join(missing)}, which the plugin does not set.")
    return {"type": kind, **found}, lost


def _provider_config(kind: str, auth: Config, options: Config) -> tuple[dict[str, Any], list[str]]:
    way = PROVIDER_AUTHS.get(kind, "")
    of_cloud = _CLOUD_AUTHS.get(way, {})
    cloud = {name: auth[field] for field, name in of_cloud.items() if auth.get(field)}
    role = {option: options[option] for option in _ROLE if option in options and way == "aws"}
    basic = _basic(auth)
    unused = [f"auth.{field}" for fields in _CLOUD_AUTHS.values() for field in fields if auth.get(field)]
    unused = [field for field in unused if field.removeprefix("auth.") not in of_cloud]
    if of_cloud and (cloud or not basic):
        unused += [f"auth.{field}" for field in ("header_value", "param_value") if auth.get(field)]
        found = {"type": way, **cloud, **{_ROLE[option]: value for option, value in role.items()}}
    else:
        unused += [f"model.options.{option}" for option in role]
        found = {"type": "basic", **basic}
    instance = {"instance": options[_INSTANCE]} if kind == "azure" and _INSTANCE in options else {}
    return {"auth": found, **instance}, unused


def _basic(auth: Config) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if auth.get("header_name"):
        found["headers"] = [_set({"name": auth["header_name"], "value": auth.get("header_value")})]
    if auth.get("param_name"):
        location = auth.get("param_location")
        param = {"name": auth["param_name"], "value": auth.get("param_value"), "location": location}
        found["params"] = [_set(param)]
    return found


def _set(fields: Config) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
