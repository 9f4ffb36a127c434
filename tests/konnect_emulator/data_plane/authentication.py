# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all plugins that authenticate share: logical AND and OR, the anonymous consumer, the refusal.

Source: kong/plugins/{key-auth,basic-auth,hmac-auth,jwt} of Kong Gateway 3.10.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from ..json_application import json_response
from ..state import Record
from .exchange import Exchange
from .responses import JSON_UTF8
from .running_config import ActivePlugin

Find = Callable[[dict[str, Any], Exchange], tuple[Record, str]]


@dataclass
class Refused(Exception):
    """A 401: the ``message``, and the ``challenge`` in WWW-Authenticate; ``body`` stands for Kong's usual one."""

    message: str
    challenge: str
    body: dict[str, Any] | None = None

    def response(self, exchange: Exchange) -> Response:
        """Render the 401."""
        challenge = {"WWW-Authenticate": self.challenge}
        if self.body is None:
            return exchange.refuse(401, self.message, **challenge)
        response = json_response(self.body, 401, JSON_UTF8)
        response.headers.update(challenge)
        return response


def challenge(scheme: str, realm: str | None) -> str:
    """Return the value of WWW-Authenticate."""
    return f'{scheme} realm="{realm}"' if realm else scheme


def authenticate(find: Find) -> Callable[[ActivePlugin, Exchange], Response | None]:
    """Return the access phase of a plugin; ``find`` returns a credential and its identifier, or raises Refused."""

    def access(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
        config = plugin.config
        if exchange.method == "OPTIONS" and not config.get("run_on_preflight", True):
            return None
        if config["anonymous"] and exchange.credential:
            return None
        try:
            credential, identifier = find(config, exchange)
        except Refused as refused:
            return _let_in(config["anonymous"], exchange) if config["anonymous"] else refused.response(exchange)
        exchange.identify(exchange.config.consumers[credential["consumer"]["id"]], credential, identifier)
        return None

    return access


def _let_in(anonymous: str, exchange: Exchange) -> Response | None:
    """Make a request that of the anonymous consumer, given by id or username."""
    consumer = exchange.config.find_consumer(anonymous)
    if consumer is None:
        return exchange.refuse(500, f"anonymous consumer {anonymous} is configured but doesn't exist")
    exchange.identify(consumer, None, None)
    return None
