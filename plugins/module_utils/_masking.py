# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Masking by content: free text from outside, such as a server's message, loses every secret of the task.

Data with fields is masked by :mod:`_hidden_fields` instead, by the path of each field and never by content.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from ._errors import visible
from ._vault_reference import mentions

HIDDEN = "(not shown)"
HIDDEN_CHANGED = "(not shown, changed)"
# The texts that stand for a secret in a result or a diff of this collection.
PLACEHOLDER = re.compile(r"\(not shown(, [a-z][a-z:_ ]*)?\)")
# Those that Ansible puts in the place of one, and from which nothing can be told.
ANSIBLE_PLACEHOLDER = re.compile(r"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER|(?<!\*)\*{8}(?!\*)")
# In bytes. Shorter texts occur by chance, and hiding each of them would garble what is shown.
SHORTEST_SECRET = 8
SHORTEST_LINE = 16
# A word of this collection, such as the reason value_changed.
_CODE = re.compile(r"[a-z_]+")
# No form of escaping changes such a text.
_UNESCAPED = re.compile(r"[A-Za-z0-9_.\-]+")
# The fields of results that hold free text.
FREE_TEXT = re.compile(r"(^|_)(details?|errors?|exception|messages?|msg|reasons?|stderr|stdout|trace|warnings)$")


def secret_parts(value: str) -> set[str]:
    """A secret's value and the parts of it that are secret by themselves: what follows ``Bearer ``, each line of a PEM,
    and each string of a value that is JSON. A reference is none, even one without its end.
    """
    parts = {value, re.sub(r"^(Bearer|Basic)\s+", "", value)}
    with contextlib.suppress(ValueError):
        parts.update(_strings(json.loads(value)))
    lines = {
        line.strip()
        for part in parts
        if "-----BEGIN " in part
        for line in part.splitlines()
        if not line.startswith("-----") and len(line.strip()) >= SHORTEST_LINE
    }
    whole = {part for part in parts if len(part.encode(errors="replace")) >= SHORTEST_SECRET}
    return {part for part in whole | lines if mentions(part) != [part]}


def mask_text(text: str, secrets: Iterable[str]) -> str:
    """A text without any of the secrets, in whatever form a server may cite them."""
    return _without(text, _occurring([text], secrets))


def mask_free_text(data: Any, secrets: Iterable[str]) -> Any:
    """A result whose fields of free text are masked; everything else stays as it is."""
    texts = set(_free_texts(data))
    found = _occurring(texts, secrets) if texts else []
    return _masked(data, found) if found else data


def _free_texts(data: Any, name: str = "") -> Iterator[str]:
    if isinstance(data, Mapping):
        for field, value in data.items():
            yield from _free_texts(value, str(field))
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from _free_texts(value, name)
    elif isinstance(data, str) and FREE_TEXT.search(name) and not _CODE.fullmatch(data):
        yield data


def _occurring(texts: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """Each form of a secret that occurs in the texts, the longest first, because one secret may be part of another.

    There may be thousands of secrets and of texts: one search in all texts at once costs least.
    """
    everything = "\n".join(texts)
    found = {form for secret in secrets for part in secret_parts(secret) for form in _forms(part) if form in everything}
    return sorted(found, key=len, reverse=True)


def _masked(data: Any, forms: list[str], name: str = "") -> Any:
    if isinstance(data, Mapping):
        return {field: _masked(value, forms, str(field)) for field, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_masked(value, forms, name) for value in data]
    return _without(data, forms) if isinstance(data, str) and FREE_TEXT.search(name) else data


def _without(text: str, forms: list[str]) -> str:
    for form in forms:
        text = text.replace(form, HIDDEN)
    return text


def placeholders(data: Any, pattern: re.Pattern[str], path: str) -> Iterator[str]:
    """The path of each text in the data, names in mappings included, in which the pattern occurs."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            if pattern.search(str(name)):
                yield path
            yield from placeholders(value, pattern, f"{path}.{name}")
    elif isinstance(data, (list, tuple)):
        for number, value in enumerate(data):
            yield from placeholders(value, pattern, f"{path}.{number}")
    elif isinstance(data, str) and pattern.search(data):
        yield path


def texts_in(data: Any) -> Iterator[str]:
    """Each text in any data, and each number as a text; names in mappings and booleans are none."""
    if isinstance(data, Mapping):
        for value in data.values():
            yield from texts_in(value)
    elif isinstance(data, (list, tuple, set, frozenset)):
        for value in data:
            yield from texts_in(value)
    elif data is not None and not isinstance(data, bool):
        yield str(data)


def _forms(secret: str) -> Iterator[str]:
    """A secret as it is, with its white space folded as in a message of one line, and escaped for JSON, URLs and
    base64, where it may end before the end of the text around it.
    """
    folded = re.sub(r"\s+", " ", secret).strip()
    for text in dict.fromkeys((secret, secret.strip(), folded)):
        if len(text.encode(errors="replace")) < SHORTEST_SECRET:
            continue
        data = text.encode(errors="replace")
        yield text
        yield from (encode(data).decode().rstrip("=") for encode in (base64.b64encode, base64.urlsafe_b64encode))
        if _UNESCAPED.fullmatch(text):
            continue
        escaped = [json.dumps(text, ensure_ascii=ascii)[1:-1] for ascii in (True, False)]
        doubly = [json.dumps(form)[1:-1] for form in escaped]
        quoted = [quote(data), quote(data, safe=""), quote_plus(data)]
        quoted += [re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), form) for form in quoted]
        yield from {visible(text), repr(text)[1:-1], *escaped, *doubly, *quoted}


def _strings(data: Any) -> Iterable[str]:
    if isinstance(data, Mapping):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
    elif isinstance(data, str):
        yield data
