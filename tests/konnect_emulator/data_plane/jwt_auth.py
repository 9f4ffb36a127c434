# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JWT plugin (kong/plugins/jwt of Kong Gateway 3.10), for the algorithms HS and RS."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ..request_bodies import parse_json
from ..state import Record
from .authentication import Refused, challenge
from .exchange import Exchange


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _tokens(config: dict[str, Any], exchange: Exchange) -> set[str]:
    request = exchange.request
    found = {request.query_params[name] for name in config["uri_param_names"] or () if name in request.query_params}
    found |= {request.cookies[name] for name in config["cookie_names"] or () if name in request.cookies}
    for name in config["header_names"] or ():
        bearer = re.match(r"\s*[Bb]earer\s+(.+)", request.headers.get(name, ""))
        found |= {bearer[1]} if bearer else set()
    return {token for token in found if token}


def _is_signed(signed: str, signature: bytes, algorithm: str, secret: bytes | str) -> bool:
    digest = f"sha{algorithm[2:]}"
    if algorithm.startswith("HS"):
        key = secret.encode() if isinstance(secret, str) else secret
        return hmac.compare_digest(hmac.new(key, signed.encode(), getattr(hashlib, digest)).digest(), signature)
    try:
        public_key = serialization.load_pem_public_key(str(secret).encode())
        if not algorithm.startswith("RS") or not isinstance(public_key, rsa.RSAPublicKey):
            return False
        public_key.verify(signature, signed.encode(), padding.PKCS1v15(), getattr(hashes, digest.upper())())
    except (InvalidSignature, ValueError):
        return False
    return True


def _wrong_claims(config: dict[str, Any], claims: dict[str, Any], now: float) -> dict[str, str]:
    """Return what is wrong with registered claims, by their name."""
    wrong: dict[str, str] = {}
    for name in config["claims_to_verify"] or ():
        if not isinstance(claims.get(name), (int, float)):
            wrong[name] = "must be a number"
        elif name == "exp" and claims["exp"] <= now:
            wrong["exp"] = "token expired"
        elif name == "nbf" and claims["nbf"] > now:
            wrong["nbf"] = "token not valid yet"
    latest = config["maximum_expiration"]
    if not wrong and latest and claims.get("exp", 0) - now > latest:
        wrong["exp"] = "exceeds maximum allowed expiration"
    return wrong


def find_issuer(config: dict[str, Any], exchange: Exchange) -> tuple[Record, str]:
    """Return the credential of the issuer of the token in a request; raises Refused."""
    plain = challenge("Bearer", config["realm"])
    marked = f'{plain}{"," if config["realm"] else ""} error="invalid_token"'

    def refused(message: str, scheme: str = marked) -> Refused:
        return Refused(message, scheme, {"message": message})

    tokens = _tokens(config, exchange)
    if len(tokens) != 1:
        raise refused("Multiple tokens provided") if tokens else refused("Unauthorized", plain)
    token = tokens.pop()
    try:
        signed, _dot, signature = token.rpartition(".")
        header, claims = (parse_json(_decode(part)) for part in signed.split("."))
        decoded = _decode(signature)
    except (ValueError, binascii.Error):
        raise refused("Bad token; invalid JSON") from None
    name = config["key_claim_name"]
    issuer = claims.get(name) or header.get(name)
    if not issuer:
        raise refused(f"No mandatory '{name}' in claims")
    credential = exchange.config.credential("jwts", str(issuer))
    if credential is None:
        raise refused(f"No credentials found for given '{name}'")
    if header.get("alg") != credential["algorithm"]:
        raise refused("Invalid algorithm")
    symmetric = credential["algorithm"].startswith("HS")
    secret = credential.get("secret" if symmetric else "rsa_public_key") or ""
    usable = _decode(secret) if symmetric and config["secret_is_base64"] else secret
    if not _is_signed(signed, decoded, credential["algorithm"], usable):
        raise refused("Invalid signature")
    wrong = _wrong_claims(config, claims, exchange.now_ms / 1000)
    if wrong:
        raise Refused("", marked, wrong)
    return credential, credential["key"]
