# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which model a request means, and what AI Proxy is told to do with it.

The path is that of a model's route and of its format and capability; the alias is in the request
(ai-deck-converter 0.15.0, internal/aimap/endpoints.go). Only formats and capabilities of chats are known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request

from ..data_plane.references import resolve
from ..plugins.schema import is_reference
from ..state import Record, Snapshot

CHAT_PATHS = {("openai", "generate"): "/chat/completions", ("openai", "agentic"): "/responses"}


def models_at(snapshot: Snapshot, request: Request) -> list[Record]:
    """Return the models whose route a request takes."""
    return [
        model
        for model in snapshot.entities.get("models", ())
        if model["enabled"] and request.url.path in _paths(model) and _is_meant(model["config"]["route"], request)
    ]


def _paths(model: Record) -> Iterator[str]:
    for base in model["config"]["route"].get("paths") or ["/"]:
        for capability in model["capabilities"]:
            suffix = CHAT_PATHS.get((model["formats"][0].get("type", "openai"), capability))
            if suffix:
                yield base.rstrip("/") + suffix


def _is_meant(route: Mapping[str, Any], request: Request) -> bool:
    methods, wanted = route.get("methods") or [request.method], route.get("headers") or {}
    return request.method in methods and all(
        request.headers.get(name) in values for name, values in wanted.items() if isinstance(values, list)
    )


def chosen_model(models: list[Record], request: Request, body: Mapping[str, Any]) -> Record | None:
    """Return the model that the selector in a request names; None if it names none."""
    for model in models:
        selector = model["config"]["route"].get("model") or {}
        header = selector.get("header_param")
        given = request.headers.get(header) if header else body.get(selector.get("body_param", "model"))
        if given in (selector.get("values") or [model["name"]]):
            return model
    return None


def is_admitted(snapshot: Snapshot, model: Record, request: Request) -> bool:
    """Tell whether a request has the key of a consumer, where its model asks for one."""
    if not (model.get("access") or {}).get("identity_providers"):
        return True
    given = request.headers.get("apikey")
    rows = [rows for kind, rows in snapshot.entities.items() if kind.startswith("credentials/")]
    return given is not None and given in [row.get("api_key") for table in rows for row in table]


def ai_proxy_config(snapshot: Snapshot, model: Record) -> dict[str, Any] | None:
    """Return the configuration of AI Proxy for the first target of a model, references resolved; None without its
    provider."""
    target = model["targets"][0]
    providers = snapshot.entities.get("model-providers", ())
    provider = next((each for each in providers if target["provider"] in (each["id"], each["name"])), None)
    if provider is None:
        return None
    settings = model["config"]
    return {
        "route_type": "llm/v1/chat",
        "auth": {**_auth(snapshot, provider), "allow_override": target["allow_auth_override"]},
        "model": {"provider": provider["type"], "name": target["name"], "options": target["config"]},
        "response_streaming": settings["response_streaming"],
        "max_request_body_size": settings["max_request_body_size"],
        "model_name_header": settings["model"]["name_header"],
    }


def _auth(snapshot: Snapshot, provider: Record) -> dict[str, Any]:
    auth = provider["config"].get("auth") or {}
    found: dict[str, Any] = {}
    for header in auth.get("headers", ()):
        found |= {"header_name": header["name"], "header_value": _resolved(snapshot, header.get("value", ""))}
    for param in auth.get("params", ()):
        value = _resolved(snapshot, param.get("value", ""))
        found |= {"param_name": param["name"], "param_value": value, "param_location": param.get("location", "body")}
    return found


def _resolved(snapshot: Snapshot, value: str) -> str:
    """Return what a value stands for; a reference counts only as the whole value."""
    if not is_reference(value):
        return value
    vaults = [
        {"prefix": vault["name"], "name": vault["type"], "config": vault["config"]}
        for vault in snapshot.entities.get("vaults", ())
    ]
    return resolve(Snapshot({"vaults": vaults}, snapshot.secrets), value)
