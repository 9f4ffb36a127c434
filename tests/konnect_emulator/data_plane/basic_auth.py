# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Basic Auth plugin (kong/plugins/basic-auth of Kong Gateway 3.10)."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from typing import Any

from ..entities.credential_kinds import password_hash
from ..state import Record
from .authentication import Refused, challenge
from .exchange import Exchange

HEADERS = ("proxy-authorization", "authorization")


def _user_and_password(value: str) -> tuple[str, str]:
    """Return what a header says, empty if it is none of Basic."""
    found = re.match(r"\s*[Bb]asic\s*(.+)", value)
    try:
        decoded = base64.b64decode(found[1], validate=True).decode("utf-8", "replace") if found else ""
    except binascii.Error:
        decoded = ""
    user, colon, password = decoded.partition(":")
    return (user, password) if user and colon else ("", "")


def find_user(config: dict[str, Any], exchange: Exchange) -> tuple[Record, str]:
    """Return the credential of the user in a request; raises Refused."""
    credential, password = None, ""
    for name in HEADERS:
        user, password = _user_and_password(exchange.request.headers.get(name, ""))
        if config["hide_credentials"]:
            del exchange.headers[name]
        credential = exchange.config.credential("basic-auths", user)
        if credential is not None:
            break
    expected = password_hash(password, credential["consumer"]["id"]) if credential else ""
    if credential is None or not hmac.compare_digest(credential["password"], expected):
        raise Refused("Unauthorized", challenge("Basic", config["realm"]))
    return credential, credential["username"]
