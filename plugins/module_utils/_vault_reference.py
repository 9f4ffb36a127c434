# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The grammar of Kong's secret references: ``{vault://PREFIX/RESOURCE[/PROPERTY][?OPTION=VALUE][#VERSION]}``.

Source: Kong's documentation of secrets management, and the parser of Kong Gateway (pdk/vault.lua).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ._errors import InvalidInput

START = "{vault://"
PREFIX = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
# Names of backends, which Kong reads in a reference as the backend itself. Source: Kong's list of reserved names.
RESERVED_PREFIXES = ("aws", "azure", "env", "gcp", "hcv")
_MENTION = re.compile(r"\{vault://[^\s{}]*\}?")


@dataclass(frozen=True)
class Reference:
    """One parsed reference.

    :param prefix: of the vault entity (or a backend's name).
    :param resource: what is asked of the vault: for a Config Store, the key of the secret.
    :param property: a field of a secret whose value is a flat JSON object.
    """

    prefix: str
    resource: str
    property: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


def is_reference(value: Any) -> bool:
    """True if the gateway takes the value for a reference: the whole string, from brace to brace."""
    return isinstance(value, str) and value.startswith(START) and value.endswith("}")


def mentions(value: Any) -> list[str]:
    """Everything in a text that looks like a reference, complete or not, without the text around it."""
    return _MENTION.findall(value) if isinstance(value, str) else []


def parse_reference(text: str) -> Reference:
    """Read a reference; InvalidInput says what is wrong with it."""
    if not is_reference(text):
        raise InvalidInput(
            f"A secret reference must start with {START} and end with a closing brace, and be the whole value."
        )
    try:
        url = urlsplit(text[1:-1])
    except ValueError:
        raise InvalidInput(f"{text} is not a well-formed reference.") from None
    if re.search(r"[\s{}]", text[1:-1]):
        raise InvalidInput(f"{mentions(text)[0]} is followed by white space or another brace inside the reference.")
    if not url.netloc:
        raise InvalidInput(f"{text} names no vault.")
    whole = url.path.endswith("/")
    segments = [unquote(segment) for segment in url.path.split("/") if segment]
    if not segments:
        raise InvalidInput(f"{text} names no secret.")
    name = None if whole or len(segments) == 1 else segments.pop()
    if url.fragment and not re.fullmatch(r"[0-9]+", url.fragment):
        raise InvalidInput(f"{text} has the version {url.fragment}, which is not a whole number.")
    return Reference(
        prefix=url.netloc,
        resource="/".join(segments),
        property=name,
        options=dict(parse_qsl(url.query, keep_blank_values=True)),
        version=int(url.fragment) if url.fragment else None,
    )


def check_prefix(prefix: str) -> None:
    """Refuse what cannot be the prefix of a vault. Source: the pattern in Kong's vault schema."""
    if not PREFIX.fullmatch(prefix):
        raise InvalidInput(
            f"{prefix!r} cannot be a vault's prefix: lower-case letters, digits and dashes, starting with a letter, "
            "not ending with a dash, at least two characters."
        )


def build_reference(resource: str, prefix: str, property: str | None = None) -> str:
    """Write the reference to a secret, or to one property of its JSON value."""
    check_prefix(prefix)
    if not resource.strip("/"):
        raise InvalidInput("A secret reference needs the key of a secret.")
    path = "/".join(quote(segment, safe="") for segment in resource.strip("/").split("/"))
    if property is not None:
        if not property:
            raise InvalidInput("The property of a secret reference must not be empty.")
        path += "/" + quote(property, safe="")
    elif "/" in path:
        path += "/"
    return f"{START}{prefix}/{path}}}"


def with_resource(text: str, resource: str) -> str:
    """Point a reference to another secret: the vault, the property, the options and the version stay."""
    reference = parse_reference(text)
    changed = build_reference(resource, reference.prefix, reference.property)
    rest = text[len(START) : -1]
    ends = [rest.index(mark) for mark in "?#" if mark in rest]
    return f"{changed[:-1]}{rest[min(ends) :] if ends else ''}}}"


def references_in(data: Any) -> Iterator[tuple[str, Reference]]:
    """Each well-formed reference in nested data, with its path, for example C(config.auth.header_value)."""
    for path, text in texts(data):
        if is_reference(text):
            try:
                yield path, parse_reference(text)
            except InvalidInput:
                continue


def texts(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text in nested data, with its path."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from texts(value, f"{path}.{name}" if path else str(name))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from texts(value, f"{path}.{number}")
    elif isinstance(data, str):
        yield path, data
