# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Masking: what is secret in options and results, and what Ansible has to hide."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ._vault_reference import is_reference, mentions

HIDDEN = "(not shown)"
HIDDEN_CHANGED = "(not shown, changed)"
# Shorter texts are no secrets, and hiding every occurrence of them would garble what is shown.
SHORTEST_SECRET = 4
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_SECRET_WORDS = {"apikey", "authorization", "credential", "credentials", "jwk", "pass", "passphrase", "passwd"}
_SECRET_WORDS |= {"password", "pem", "secret", "secrets", "token"}
_SECRET_ENDINGS = re.compile(r"(^|_)(key|((header|param)_value)|service_account_json|access_key_id)$")
# Names of what is about a secret and is none, such as token_endpoint or secret_name.
_HARMLESS_ENDINGS = re.compile(
    r"_(algorithm|count|endpoint|expiration|field|file|format|headers?|length|location|methods?|names?|path|policy|"
    r"prefix|size|timeout|ttl|type|ur[il])$"
)


def secret_forms(value: str) -> set[str]:
    """A secret's value and the parts of it that are secret by themselves: what follows ``Bearer ``, and each string
    of a value that is JSON. A reference is none, even one that is cut short.
    """
    forms = {value, re.sub(r"^(Bearer|Basic)\s+", "", value)}
    with contextlib.suppress(ValueError):
        forms.update(_strings(json.loads(value)))
    return {form for form in forms if len(form) >= SHORTEST_SECRET and mentions(form) != [form]}


def secrets_by_name(data: Any, *, secret: bool = False) -> Iterator[str]:
    """Each literal under a name that looks secret in free-form data. References are no secrets."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from secrets_by_name(value, secret=secret or looks_secret(str(name)))
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from secrets_by_name(value, secret=secret)
    elif secret and is_literal(data):
        yield from secret_forms(str(data))


def suboption_secrets(options: Mapping[str, Any], rows: Any) -> Iterator[str]:
    """Each secret in a dict of suboptions or a list of them: what is marked as one, and what is misspelt or misshapen.

    :param options: the suboptions as an argument specification has them.
    """
    for row in rows if isinstance(rows, list) else [rows]:
        if not isinstance(row, Mapping):
            yield from secrets_by_name(row, secret=True)
            continue
        for name, value in row.items():
            if options.get(name, {"no_log": True}).get("no_log"):
                yield from secrets_by_name(value, secret=True)


def holds_secrets(option: Mapping[str, Any]) -> bool:
    """True if a suboption of this option of an argument specification is marked as secret."""
    return any(suboption.get("no_log") for suboption in option.get("options", {}).values())


def occurring(secrets: Iterable[str], data: Any) -> set[str]:
    """Those of the secrets that occur anywhere in the data.

    Ansible compares each secret with each text of a result. With thousands of both that takes many seconds; searching
    one long text for each takes a tenth of one, and nearly always finds nothing.
    """
    text = "\n".join(set(_leaves(data)))
    return {secret for secret in secrets if len(secret) >= SHORTEST_SECRET and secret in text}


def times(data: Any) -> list[str]:
    """The times of secrets in the data. A secret such as C(2026) must not garble these: tasks go by them."""
    return [leaf for leaf in _leaves(data) if _TIME.fullmatch(leaf)]


def mask_by_name(data: Any, before: Any = None, *, secret: bool = False) -> Any:
    """Replace each literal under a name that looks secret; references stay.

    :param before: an earlier state of it; a literal that differs from it says so.
    """
    if isinstance(data, Mapping):
        earlier = before if isinstance(before, Mapping) else {}
        return {
            name: mask_by_name(value, earlier.get(name), secret=secret or looks_secret(str(name)))
            for name, value in data.items()
        }
    if isinstance(data, list):
        others = before if isinstance(before, list) and len(before) == len(data) else [before] * len(data)
        return [mask_by_name(value, other, secret=secret) for value, other in zip(data, others, strict=True)]
    return hidden(data, before) if secret and is_literal(data) else data


def hidden(literal: Any, before: Any) -> str:
    """The placeholder for a literal that must not be shown."""
    return HIDDEN if before is None or before == literal else HIDDEN_CHANGED


def is_literal(data: Any) -> bool:
    """True if a value could be a secret itself: a text or a number, and no reference to a secret."""
    if isinstance(data, str):
        return data != "" and not is_reference(data)
    return isinstance(data, (int, float)) and not isinstance(data, bool)


def looks_secret(name: str) -> bool:
    """True if a field of that name would hold a secret, for example C(aws_secret_access_key)."""
    name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
    if _HARMLESS_ENDINGS.search(name):
        return False
    return bool(_SECRET_WORDS.intersection(name.split("_")) or _SECRET_ENDINGS.search(name))


def url_password(value: Any) -> str | None:
    """The password in a URL, such as C(https://user:password@host)."""
    try:
        return urlsplit(value).password if isinstance(value, str) and "@" in value else None
    except ValueError:
        return None


def _strings(data: Any) -> Iterable[str]:
    if isinstance(data, Mapping):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
    elif isinstance(data, str):
        yield data


def _leaves(data: Any) -> Iterator[str]:
    """The texts in any data, and its numbers as texts. Names in mappings are none: Ansible does not mask them."""
    if isinstance(data, Mapping):
        for value in data.values():
            yield from _leaves(value)
    elif isinstance(data, (list, tuple, set, frozenset)):
        for value in data:
            yield from _leaves(value)
    elif isinstance(data, bytes):
        yield data.decode(errors="replace")
    elif data is not None and not isinstance(data, bool):
        yield str(data)
