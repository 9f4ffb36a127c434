# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Texts that look secret: by the name beside it, or by its place in a URL or a connection string."""

from __future__ import annotations

import json
import re
from itertools import pairwise

from ._masking import HIDDEN
from ._variables import from_json
from ._vault_reference import is_reference

_SECRET_WORDS = {"apikey", "cookie", "credential", "credentials", "dsn", "jwk", "license", "pass"}
_SECRET_WORDS |= {"passcode", "passphrase", "passwd", "password", "passwords", "pem", "private", "pwd", "salt"}
_SECRET_WORDS |= {"secret", "secrets", "signature", "token", "webhook"}
_SECRET_ENDINGS = re.compile(
    r"(^|_)(key|access_key_id|authorization(_value)?|connection_string|(header|param)s?_values?|service_account_json|"
    r"webhook_ur[il]|(access|api|encryption|secret|signing)_keys)$"
)
# Names of what is about a secret and is none, such as token_endpoint or secret_name, or public, such as rsa_public_key.
_HARMLESS_ENDINGS = re.compile(
    r"(^|_)public_keys?$|(?<!webhook)_(algorithm|allowed|audience|certificate|claims?|client|count|domain|endpoint|expiration|field|file|"
    r"format|headers?|hint|issuer|keyset|length|lifetime|location|methods?|names?|path|policy|prefix|replay|required|"
    r"same_site|servers?|size|timeout|ttl|type|ur[il]|username)$"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# In the first line of one in PEM, of whatever type.
PRIVATE_KEY = "PRIVATE KEY-----"
PEM = "-----BEGIN "
# Shorter texts may be words.
RANDOM_LENGTH = 20
# Longer texts are code or documents, and matching them would take long.
LONGEST_CONNECTION_STRING = 2048
# An entry of a list, such as ``Authorization:Bearer abc`` or ``api_key=abc``.
_ENTRY = re.compile(r"(\s*(?P<name>[\w.\-]+)\s*[:=]\s*)(?P<value>\S.*)", re.DOTALL)
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*://)(?P<rest>[^\s\"'<>]+)")
# With a password, or as a whole a token. A password may hold what should have been escaped; a port is none.
_USER = re.compile(r"(?P<user>[^:/?#@]*)(:(?!\d{1,5}(?:[/?#]|$))(?P<password>[^@]+))?@")
# As drivers of databases take it: ``user:password@tcp(host:3306)/name``.
_DRIVER_DSN = re.compile(r"^([^\s:/@]+:)([^\s@]+)(@\w*\()")
# ``Server=db;Password=abc`` and ``host=db password=abc``.
_ONE_PAIR = r"[A-Za-z][\w\- ]*?\s*=\s*('[^']*'|\"[^\"]*\"|[^;&\s]+)"
_PAIRS = re.compile(rf"\s*{_ONE_PAIR}([;\s]+{_ONE_PAIR})+[;\s]*")
_PAIR = re.compile(r"(?P<name>[A-Za-z][\w\- ]*?)\s*=\s*(?P<value>'[^']*'|\"[^\"]*\"|[^;&\s]+)")
_QUERY = re.compile(r"[?&;#](?P<name>[^=&;#?]+)=(?P<value>[^&;#]*)")
# Names that hold a secret in the query of a URL and elsewhere as a rule do not.
_QUERY_NAMES = {"auth", "code", "key", "sig"}


def looks_secret(name: str) -> bool:
    """True if a field of that name would hold a secret, for example C(aws_secret_access_key)."""
    name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
    if _HARMLESS_ENDINGS.search(name):
        return False
    return bool(_SECRET_WORDS.intersection(name.split("_")) or _SECRET_ENDINGS.search(name))


def normalize_text(text: str) -> str:
    """A text as it is; one in PEM, and a JWK, without the differences that mean nothing."""
    if text.lstrip().startswith(PEM):
        return "\n".join(line.strip() for line in text.strip().splitlines())
    key = from_json(text) if '"kty"' in text else None
    return json.dumps(key, sort_keys=True) if isinstance(key, dict) else text


def is_random(text: str) -> bool:
    """True for a long text that a person would not have made up: letters and digits in no order, such as a token.

    Counted is how often one kind of character follows another: in words and dates seldom, by chance often.
    """
    if len(text) < RANDOM_LENGTH:
        return False
    kinds = [(character.isdigit(), character.isupper()) for character in text if character.isalnum()]
    if len(kinds) < RANDOM_LENGTH or not re.fullmatch(r"[\w.~%+=\-]+", text, re.ASCII):
        return False
    changes = sum(one != other for one, other in pairwise(kinds))
    has_digit = any(digit for digit, _upper in kinds)
    return changes >= len(kinds) / (4 if has_digit else 2)


def is_secret_value(text: str) -> bool:
    """True for a text that is more likely a secret than the name of one."""
    return text.startswith(("Bearer ", "Basic ", "-----BEGIN ")) or (is_random(text) and not _UUID.fullmatch(text))


def view_text(text: str, *, element: bool = False) -> str:
    """A text without the secrets that it holds in a place of their own.

    :param element: whether it is an element of a list, which may be an entry ``name:value`` or ``name=value``.
    """
    if PRIVATE_KEY in text:
        return HIDDEN
    entry = _ENTRY.fullmatch(text) if element and "://" not in text.partition("=")[0] else None
    if entry and looks_secret(entry["name"]):
        return text if is_reference(entry["value"]) else entry[1] + HIDDEN
    if "://" in text:
        return _URL.sub(_hide_in_url, text)
    if "@" in text:
        text = _DRIVER_DSN.sub(rf"\1{HIDDEN}\3", text)
    is_short = len(text) <= LONGEST_CONNECTION_STRING
    return _PAIR.sub(_hide_value, text) if is_short and "=" in text and _PAIRS.fullmatch(text) else text


def hidden_parts(text: str, masked: str) -> list[str]:
    """The parts of a text that are hidden in the form that is shown of it."""
    found = re.fullmatch("(.+?)".join(map(re.escape, masked.split(HIDDEN))), text, re.DOTALL)
    return list(found.groups()) if found else [text]


def _hide_in_url(url: re.Match[str]) -> str:
    rest, authority = url["rest"], ""
    if url["scheme"] == "vault://":
        return url[0]
    user = _USER.match(rest)
    if user:
        name = HIDDEN if is_random(user["user"]) and not user["password"] else user["user"]
        authority = f"{name}:{HIDDEN}@" if user["password"] else f"{name}@"
        rest = rest[user.end() :]
    place, *query = re.split(r"(?=[?#])", rest, maxsplit=1)
    segments = [HIDDEN if number and is_random(part) else part for number, part in enumerate(place.split("/"))]
    return url["scheme"] + authority + "/".join(segments) + "".join(_QUERY.sub(_hide_value, part) for part in query)


def _hide_value(pair: re.Match[str]) -> str:
    secret = looks_secret(pair["name"]) or pair["name"].lower() in _QUERY_NAMES or is_random(pair["value"])
    if not pair["value"] or not secret:
        return pair[0]
    return pair[0][: pair.start("value") - pair.start()] + HIDDEN
