# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Read the variables of the role ai_gateway, and find what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...module_utils._errors import InvalidInput
from ...module_utils._vault_reference import build_reference
from .ai_proxy import API_KEY
from .providers import PROVIDERS, Provider
from .variables import check_types, connection_options, mapping, one_of, only_set

ROLE = "ai_gateway"
STATES = ("present", "absent")
NAME = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# What a type of target needs besides, where there is one good answer.
TARGETS: Mapping[str, Mapping[str, str]] = {"mistral": {"format": "openai"}, "anthropic": {"version": "2023-06-01"}}


def read_gateway_settings(variables: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what the tasks of the role need to know, with the API key in it.

    :param variables: by their names without ``ai_gateway_``. Null and the empty text mean that one is not set.
    :param environment: of the process, for what no variable sets.

    Raises InvalidInput with a sentence that says what to set.
    """
    given = only_set(variables)
    state = one_of(given, ROLE, "state", STATES)
    check_types(given, f"{ROLE}_", {"remove_gateway": "bool"})
    names = _names(given, environment)
    fitting = [name for name, row in PROVIDERS.items() if not row.aws]
    kind = one_of(given, ROLE, "provider_type", fitting, default="mistral")
    provider = PROVIDERS[kind]
    key = given.get("api_key") or environment.get(provider.environment, "")
    connection = connection_options(given)
    if state == "present":
        _check(given, kind, provider, key, names["secret_key"])
    return {
        **names,
        "state": state,
        "connection": connection,
        # The parent is the gateway, even where the play names a control plane for other tasks.
        "defaults": {**connection, "ai_gateway": names["gateway"]},
        "provider_type": kind,
        "provider": str(given.get("provider", kind)),
        "provider_config": {**mapping(given, ROLE, "provider_config"), "auth": _auth(provider, names)},
        "key": str(key),
        "secret_value": provider.secret_value(str(key), ""),
        "model": str(given.get("model", "chat")),
        "path": str(given.get("path", "/v1")),
        "target": str(given.get("target", "")),
        "target_config": {"type": kind, **TARGETS.get(kind, {}), **mapping(given, ROLE, "target_config")},
    }


def _names(given: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    gateway = given.get("name") or environment.get("KONNECT_AI_GATEWAY")
    if not gateway:
        raise InvalidInput("Set ai_gateway_name (or KONNECT_AI_GATEWAY in the environment) to the name of the gateway.")
    names = {name: str(given.get(name, "")) for name in ("config_store", "vault", "secret_key")}
    for name in ("config_store", "vault"):
        if not NAME.fullmatch(names[name]):
            raise InvalidInput(
                f"ai_gateway_{name} has lower-case letters, digits and dashes. It begins with a letter and ends with a "
                "letter or a digit."
            )
    if not KEY.fullmatch(names["secret_key"]):
        raise InvalidInput(
            "ai_gateway_secret_key has letters, digits, dots, dashes and underscores. It begins with a letter or a "
            "digit."
        )
    return {**names, "gateway": str(gateway)}


def _check(given: Mapping[str, Any], kind: str, provider: Provider, key: Any, secret_key: str) -> None:
    if not given.get("target"):
        raise InvalidInput("Set ai_gateway_target to the provider's name of a model, such as mistral-small-latest.")
    if not isinstance(key, str) or not key:
        raise InvalidInput(
            f"Set ai_gateway_api_key (or {provider.environment} in the environment) to your API key for {kind}."
        )
    if key == secret_key or not API_KEY.fullmatch(key):
        raise InvalidInput(
            "ai_gateway_api_key must be the provider's key itself. It equals ai_gateway_secret_key, or it is a secret "
            "reference, or it contains white space, often a line end from a file."
        )


def _auth(provider: Provider, names: Mapping[str, str]) -> dict[str, Any]:
    reference = build_reference(names["secret_key"], names["vault"])
    if provider.param_name:
        return {
            "type": "basic",
            "params": [{"name": provider.param_name, "value": reference, "location": "query"}],
        }
    return {"type": "basic", "headers": [{"name": provider.header_name, "value": reference}]}
