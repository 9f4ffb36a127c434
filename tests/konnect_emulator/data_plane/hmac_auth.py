# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HMAC Auth plugin (kong/plugins/hmac-auth of Kong Gateway 3.10)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from ..state import Record
from .authentication import Refused, challenge
from .exchange import Exchange

HEADERS = ("proxy-authorization", "authorization")
FIELDS = re.compile(r'\s*[Hh]mac\s*username="(.+)",\s*algorithm="(.+)",\s*headers="(.+)",\s*signature="(.+)"')
NO_DATE = "HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication"


class _Signature(NamedTuple):
    username: str
    algorithm: str
    headers: list[str]
    signature: str


def _is_recent(exchange: Exchange, name: str, allowed_skew: float) -> bool:
    try:
        moment = parsedate_to_datetime(exchange.request.headers.get(name, ""))
    except (TypeError, ValueError):
        return False
    return abs(exchange.now_ms / 1000 - moment.timestamp()) <= allowed_skew


def _signature(config: dict[str, Any], exchange: Exchange) -> _Signature | None:
    for name in HEADERS:
        found = FIELDS.match(exchange.request.headers.get(name, ""))
        if found:
            if config["hide_credentials"]:
                del exchange.headers[name]
            return _Signature(found[1], found[2], found[3].split(" "), found[4])
    return None


def _signed_text(given: _Signature, exchange: Exchange) -> str:
    request = exchange.request
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    lines = []
    for name in given.headers:
        if name in request.headers:
            lines.append(f"{name}: {request.headers[name]}")
        elif name == "@request-target":
            lines.append(f"{name}: {request.method.lower()} {target}")
        elif name == "request-line":
            lines.append(f"{request.method} {target} HTTP/{request.scope.get('http_version', '1.1')}")
        else:
            lines.append(f"{name}:")
    return "\n".join(lines)


def _matches(given: _Signature, secret: str, exchange: Exchange) -> bool:
    digest = getattr(hashlib, given.algorithm.removeprefix("hmac-"))
    expected = hmac.new(secret.encode(), _signed_text(given, exchange).encode(), digest).digest()
    try:
        return hmac.compare_digest(expected, base64.b64decode(given.signature))
    except binascii.Error:
        return False


def _body_is_as_signed(exchange: Exchange) -> bool:
    received = exchange.request.headers.get("digest")
    created = "SHA-256=" + base64.b64encode(hashlib.sha256(exchange.body).digest()).decode()
    return received == created if received is not None else not exchange.body


def find_signer(config: dict[str, Any], exchange: Exchange) -> tuple[Record, str]:
    """Return the credential by which a request is signed; raises Refused."""
    scheme = challenge("hmac", config["realm"])
    if not any(name in exchange.request.headers for name in HEADERS):
        raise Refused("Unauthorized", scheme)
    if not any(_is_recent(exchange, name, config["clock_skew"]) for name in ("x-date", "date")):
        raise Refused(NO_DATE, scheme)
    given = _signature(config, exchange)
    usable = (
        given is not None
        and given.algorithm in config["algorithms"]
        and set(config["enforce_headers"] or ()) <= set(given.headers)
    )
    credential = exchange.config.credential("hmac-auths", given.username) if given and usable else None
    if given is None or credential is None:
        raise Refused("HMAC signature cannot be verified", scheme)
    unsigned_body = config["validate_request_body"] and not _body_is_as_signed(exchange)
    if unsigned_body or not _matches(given, credential["secret"], exchange):
        raise Refused("HMAC signature does not match", scheme)
    return credential, credential["username"]
