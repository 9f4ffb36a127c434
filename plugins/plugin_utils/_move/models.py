# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The models of AI Gateways that stand for AI Proxy on a route.

Sources: as of C(ai_proxy); the paths, ai-deck-converter (internal/aimap/endpoints.go).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._entities.ai_kinds import FORMATS
from .ai_proxy import PLUGINS, NoCounterpart, Served, serve, targets_of

Entity = Mapping[str, Any]

CAPABILITIES = {
    "llm/v1/chat": "generate",
    "llm/v1/embeddings": "embeddings",
    "llm/v1/responses": "agentic",
    "image/v1/images/generations": "image",
}
# What follows the path of a model, by its format and capability.
SUFFIXES = {
    ("openai", "generate"): "/chat/completions",
    ("openai", "agentic"): "/responses",
    ("openai", "embeddings"): "/embeddings",
    ("openai", "image"): "/images/generations",
    ("anthropic", "generate"): "/v1/messages",
}
# Settings of a route that a model has too, with Kong's defaults.
_ROUTE: Mapping[str, Any] = {
    "hosts": None,
    "methods": None,
    "headers": None,
    "protocols": ["http", "https"],
    "https_redirect_status_code": 426,
    "preserve_host": False,
    "regex_priority": 0,
    "request_buffering": True,
    "response_buffering": True,
    "strip_path": True,
}
_ONLY_ROUTES = ("expression", "snis", "sources", "destinations")
_BALANCER = (
    *("algorithm", "connect_timeout", "fail_timeout", "failover_criteria", "max_fails", "read_timeout", "retries"),
    *("slots", "write_timeout"),
)
_OF_ALGORITHM = {
    "consistent-hashing": "hash_on_header",
    "lowest-latency": "latency_strategy",
    "lowest-usage": "tokens_count_strategy",
}
# Plugins that only watch. Without another one, a model would serve what its route refuses.
_WATCHING = re.compile(
    r".*-log|prometheus|opentelemetry|zipkin|datadog|statsd(-advanced)?|syslog|correlation-id|loggly"
)
_SIGNS = re.compile(r"[^A-Za-z0-9._:-]+")


@dataclass(frozen=True)
class Model:
    """A model, as konnect_ai_model takes it but for the providers of its targets.

    :param served: by target.
    :param lost: settings that have no counterpart.
    :param guards: other plugins that requests to the route pass, without which the model is not enabled.
    :param note: what applications have to do otherwise.
    """

    name: str
    options: dict[str, Any]
    served: tuple[Served, ...]
    lost: tuple[str, ...]
    guards: tuple[str, ...]
    note: str


def routes_of(plugin: Entity, plugins: Iterable[Entity], routes: Iterable[Entity]) -> list[Entity]:
    """The routes on which a plugin runs. Raises NoCounterpart where these do not say what it serves."""
    for scope in ("consumer", "consumer_group"):
        if plugin.get(scope):
            raise NoCounterpart(f"It runs for one {scope.replace('_', ' ')} only.")
    if not plugin.get("route") and not plugin.get("service"):
        raise NoCounterpart("It runs on every route.")
    if plugin.get("route"):
        return [route for route in routes if route["id"] == plugin["route"]["id"]]
    own = {each["route"]["id"] for each in plugins if each["name"] == plugin["name"] and each.get("route")}
    found = [route for route in routes if _service(route) == plugin["service"]["id"] and route["id"] not in own]
    if not found:
        raise NoCounterpart("Its service has no route.")
    return found


def plan_model(plugin: Entity, route: Entity, plugins: Iterable[Entity]) -> Model:
    """The model that stands for a plugin on a route. Raises NoCounterpart."""
    config = plugin["config"]
    targets = targets_of(plugin)
    served = tuple(serve(target) for target in targets)
    name = _SIGNS.sub("-", str(route.get("name") or route["id"]))[:256]
    capability = CAPABILITIES.get(_same(targets, "route_type", "llm/v1/chat"))
    kind = config.get("llm_format") or "openai"
    if capability is None or kind not in FORMATS:
        raise NoCounterpart(f"AI Gateways do not serve {_same(targets, 'route_type', '')} in the format {kind}.")
    alias = _alias(targets, name)
    paths = [_base(path, SUFFIXES.get((kind, capability), "")) for path in route.get("paths") or ()]
    guards = tuple(each["name"] for each in beside(plugin, route, plugins) if not _WATCHING.fullmatch(each["name"]))
    options = {
        "type": "model",
        "display_name": str(route.get("name") or route["id"])[:256],
        "enabled": plugin.get("enabled", True) and not guards,
        "capabilities": [capability],
        "formats": [{"type": kind}],
        "config": {
            "route": {
                **_route(route),
                "paths": list(dict.fromkeys(paths)) or ["/"],
                "model": {"body_param": "model", "values": [alias]},
            },
            **_settings(config, targets),
        },
    }
    lost = {setting: None for each in served for setting in each.lost}
    if config.get("acls"):
        raise NoCounterpart("It has acls, which no model has in this form.")
    note = f"Requests name the model {alias}{_new_paths(route, options, SUFFIXES.get((kind, capability)))}."
    return Model(name, options, served, tuple(lost), guards, note)


def beside(plugin: Entity, route: Entity, plugins: Iterable[Entity]) -> list[Entity]:
    """The other plugins that requests to a route pass."""

    def applies(each: Entity) -> bool:
        on_route = (each.get("route") or {}).get("id") in (None, route["id"])
        return on_route and (each.get("service") or {}).get("id") in (None, _service(route))

    return [each for each in plugins if each["name"] not in PLUGINS and each.get("enabled", True) and applies(each)]


def _same(targets: list[Entity], name: str, default: str) -> str:
    """The value that all targets have in common, or else all that they have."""
    return ", ".join(dict.fromkeys(str(target.get(name) or default) for target in targets))


def _alias(targets: list[Entity], name: str) -> str:
    """The name by which applications ask for the model: as now, as far as they give one."""
    aliases = {(target["model"].get("model_alias") or "") for target in targets}
    if len(aliases) > 1:
        raise NoCounterpart("Its targets have several aliases, and a model has one.")
    names = {target["model"]["name"] for target in targets}
    return next(iter(aliases)) or (names.pop() if len(names) == 1 else name)


def _base(path: str, suffix: str) -> str:
    base = path.removesuffix("$") if path.startswith("~") else path
    return (base.removesuffix(suffix) or "/") if suffix and base.endswith(suffix) else path


def _new_paths(route: Entity, options: Entity, suffix: str | None) -> str:
    """Where requests go instead, as far as that changes."""
    if suffix is None:
        return ""
    served = [path.rstrip("/") + suffix for path in options["config"]["route"]["paths"]]
    return "" if sorted(served) == sorted(route.get("paths") or ()) else f" and go to {', '.join(served)}"


def _route(route: Entity) -> dict[str, Any]:
    wrong = [name for name in _ONLY_ROUTES if route.get(name)]
    if wrong:
        raise NoCounterpart(f"Its route {route.get('name') or route['id']} matches by {', '.join(wrong)}.")
    others = sorted(set(route.get("protocols") or ()) - {"http", "https"})
    if others:
        raise NoCounterpart(f"Its route {route.get('name') or route['id']} takes {', '.join(others)}.")
    given = {name: route[name] for name in _ROUTE if route.get(name) not in (None, [], {})}
    return {
        name: value
        for name, value in given.items()
        if (sorted(value) if isinstance(value, list) else value) != _ROUTE[name]
    }


def _settings(config: Entity, targets: list[Entity]) -> dict[str, Any]:
    """The settings of the model besides its route."""
    found: dict[str, Any] = {
        name: config[name] for name in ("response_streaming", "max_request_body_size") if config.get(name) is not None
    }
    if config.get("model_name_header") is not None:
        found["model"] = {"name_header": config["model_name_header"]}
    if any((target.get("logging") or {}).get("log_payloads") for target in targets):
        found["logging"] = {"payloads": True}
    balancer = config.get("balancer") or {}
    algorithm = balancer.get("algorithm") or "round-robin"
    if algorithm == "semantic":
        raise NoCounterpart("Its targets are chosen by meaning, which takes embeddings and a vector database.")
    fields = (*_BALANCER, *filter(None, [_OF_ALGORITHM.get(algorithm)]))
    chosen = {name: balancer[name] for name in fields if balancer.get(name) is not None}
    return {**found, "balancer": {"algorithm": algorithm, **chosen}} if chosen else found


def _service(route: Entity) -> Any:
    return (route.get("service") or {}).get("id")
