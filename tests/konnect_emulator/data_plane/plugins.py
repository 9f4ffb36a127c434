# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plugins that the data plane runs: their priority, and what they do before and after the upstream.

Priorities are those of Kong Gateway 3.15; a clone of a plugin has one of its own. All others are taken and do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from .access_control import check_address, check_groups, check_size
from .authentication import authenticate
from .balancer import route_by_headers
from .basic_auth import find_user
from .cors import add_cors_headers, answer_preflight
from .exchange import Exchange
from .hmac_auth import find_signer
from .json_threats import check_json
from .jwt_auth import find_issuer
from .key_auth import find_key
from .model_choice import choose_model, use_model
from .prompts import decorate_prompt, guard_prompt
from .proxy_cache import answer_from_cache, keep_response
from .rate_limiting import limit_by_periods, limit_by_windows, protect_service
from .request_transformer import transform_request
from .response_transformer import transform_headers
from .responses import is_terminated, termination
from .running_config import ActivePlugin, RunningConfig
from .sessions import resume_session, start_session

Access = Callable[[ActivePlugin, Exchange], Response | None]
Respond = Callable[[ActivePlugin, Exchange, Response], None]


def _do_nothing(plugin: ActivePlugin, exchange: Exchange, response: Response) -> None:
    pass


def _pass(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    return None


@dataclass(frozen=True)
class Handler:
    """``access`` may return the response that ends a request; ``respond`` changes whatever response there is."""

    priority: int
    access: Access = _pass
    respond: Respond = _do_nothing


def _route_by_header(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    route_by_headers(exchange, plugin.config["rules"])
    return None


def _terminate(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    if not is_terminated(plugin.config, exchange.request):
        return None
    return termination(plugin.config, exchange.request)


def _transform_response(plugin: ActivePlugin, exchange: Exchange, response: Response) -> None:
    transform_headers(plugin.config, response.headers)


HANDLERS = {
    "cors": Handler(2000, answer_preflight, add_cors_headers),
    "session": Handler(1900, resume_session, start_session),
    "jwt": Handler(1450, authenticate(find_issuer)),
    "key-auth": Handler(1250, authenticate(find_key)),
    "basic-auth": Handler(1100, authenticate(find_user)),
    "hmac-auth": Handler(1030, authenticate(find_signer)),
    "json-threat-protection": Handler(1009, check_json),
    "ip-restriction": Handler(990, check_address),
    "request-size-limiting": Handler(951, check_size),
    "acl": Handler(950, check_groups),
    "rate-limiting": Handler(910, limit_by_periods),
    "rate-limiting-advanced": Handler(910, limit_by_windows),
    "service-protection": Handler(901, protect_service),
    "route-by-header": Handler(850, _route_by_header),
    "request-transformer-advanced": Handler(802, transform_request),
    "request-transformer": Handler(801, transform_request),
    "response-transformer": Handler(800, respond=_transform_response),
    "ai-prompt-decorator": Handler(772, decorate_prompt),
    "ai-prompt-guard": Handler(771, guard_prompt),
    "ai-proxy": Handler(770, use_model),
    "ai-proxy-advanced": Handler(770, choose_model),
    "proxy-cache": Handler(100, answer_from_cache, keep_response),
    "request-termination": Handler(2, _terminate),
}


def in_order(config: RunningConfig) -> list[tuple[str, Handler]]:
    """Return the names of the plugins that a configuration has and that do something, the first to run first."""
    ranked = []
    for name in config.plugin_names:
        source, priority = config.clones.get(name, (name, None))
        handler = HANDLERS.get(source)
        if handler is not None:
            ranked.append((handler.priority if priority is None else priority, name, handler))
    return [(name, handler) for _priority, name, handler in sorted(ranked, key=lambda row: (-row[0], row[1]))]
