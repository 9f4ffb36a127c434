# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Key Auth plugin (kong/plugins/key-auth of Kong Gateway 3.10). There are no credentials, so no key is valid."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..request_bodies import parse_json
from .responses import kong_error


def _has_key(config: dict[str, Any], request: Request, raw: bytes) -> bool:
    given = set(request.headers) if config["key_in_header"] else set()
    if config["key_in_query"]:
        given |= set(request.query_params)
    if config["key_in_body"]:
        try:
            body = parse_json(raw)
        except ValueError:
            body = None
        given |= set(body) if isinstance(body, dict) else set()
    # Names of headers are in lower case here, and Kong compares them without case.
    return any(name in given or name.lower() in given for name in config["key_names"])


def unauthorized(config: dict[str, Any], request: Request, raw: bytes, request_id: str) -> Response | None:
    """Return the 401 of a request, or None if the plugin lets it pass: a preflight, an anonymous consumer."""
    if config["anonymous"] or (request.method == "OPTIONS" and not config["run_on_preflight"]):
        return None
    message = "Unauthorized" if _has_key(config, request, raw) else "No API key found in request"
    realm = f' realm="{config["realm"]}"' if config["realm"] else ""
    return kong_error(401, message, request_id, **{"WWW-Authenticate": f"Key{realm}"})
