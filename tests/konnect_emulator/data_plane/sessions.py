# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Session plugin (kong/plugins/session of Kong Gateway 3.10): a cookie stands for a consumer once authenticated.

The cookie is a random word, and the sessions are in the node's memory, whatever ``storage`` says.
"""

from __future__ import annotations

import secrets
from typing import Any

from starlette.responses import Response

from .exchange import Exchange, Session
from .running_config import ActivePlugin


def _session(config: dict[str, Any], exchange: Exchange) -> Session | None:
    return exchange.memory.sessions.get(exchange.request.cookies.get(config["cookie_name"], ""))


def resume_session(plugin: ActivePlugin, exchange: Exchange) -> Response | None:
    """Make a request with a known cookie that of its consumer."""
    session = _session(plugin.config, exchange)
    consumer = exchange.config.consumers.get(session.consumer_id) if session else None
    if session and consumer:
        exchange.identify(consumer, session.credential, session.credential["id"])
    return None


def start_session(plugin: ActivePlugin, exchange: Exchange, response: Response) -> None:
    """Give a client that just authenticated a cookie."""
    config = plugin.config
    if exchange.consumer is None or exchange.credential is None or _session(config, exchange):
        return
    word = secrets.token_urlsafe(24)
    exchange.memory.sessions[word] = Session(exchange.consumer["id"], exchange.credential)
    response.set_cookie(
        config["cookie_name"],
        word,
        path=config["cookie_path"],
        secure=config["cookie_secure"],
        httponly=config["cookie_http_only"],
        samesite=config["cookie_same_site"].lower(),
    )
