# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Key Auth plugin (kong/plugins/key-auth of Kong Gateway 3.10)."""

from __future__ import annotations

import json
from typing import Any

from ..state import Record
from .authentication import Refused, challenge
from .exchange import Exchange


def _given_keys(config: dict[str, Any], exchange: Exchange, name: str) -> list[str]:
    """Return what a request has under this name, in the first place where it has anything."""
    if config["key_in_header"] and name in exchange.request.headers:
        return exchange.request.headers.getlist(name)
    if config["key_in_query"] and name in exchange.request.query_params:
        return exchange.request.query_params.getlist(name)
    body = exchange.json() if config["key_in_body"] else None
    found = body.get(name) if isinstance(body, dict) else None
    return [] if found is None else list(map(str, found)) if isinstance(found, list) else [str(found)]


def _hide(name: str, exchange: Exchange) -> None:
    del exchange.headers[name]
    exchange.query = [(each, value) for each, value in exchange.query if each != name]
    body = exchange.json()
    if isinstance(body, dict) and name in body:
        exchange.body = json.dumps({each: value for each, value in body.items() if each != name}).encode()


def find_key(config: dict[str, Any], exchange: Exchange) -> tuple[Record, str]:
    """Return the credential of the key in a request; raises Refused."""
    scheme = challenge("Key", config["realm"])
    for name in config["key_names"]:
        keys = _given_keys(config, exchange, name)
        if len(keys) > 1:
            raise Refused("Duplicate API key found", scheme)
        if keys:
            if config["hide_credentials"]:
                _hide(name, exchange)
            credential = exchange.config.credential("key-auths", keys[0])
            if credential is None:
                raise Refused("Unauthorized" if keys[0] else "No API key found in request", scheme)
            return credential, credential["id"]
    raise Refused("No API key found in request", scheme)
