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
from urllib.parse import quote, unquote, unquote_plus

from ._errors import InvalidInput

START = "{vault://"
PREFIX = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
# Names of backends, which Kong reads in a reference as the backend itself. Source: Kong's list of reserved names.
RESERVED_PREFIXES = ("aws", "azure", "env", "gcp", "hcv")
# A slash between two other characters.
_SLASH = re.compile(r"(?<=[^/])/(?=[^/])")
_VERSION = re.compile(r"\s*-?(0[xX][0-9a-fA-F]+|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)\s*")
# What people type for a reference, with a part of its frame missing or wrong.
_ATTEMPT = re.compile(r"\s*\{?\s*vault\s*(:\s*/|//)[^{}]*\}?\s*", re.IGNORECASE)
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
    options: Mapping[str, Any] = field(default_factory=dict)
    version: float | None = None


def is_reference(value: Any) -> bool:
    """True if the gateway takes the value for a reference: the whole string, from brace to brace."""
    return isinstance(value, str) and value.startswith(START) and value.endswith("}")


def mentions(value: Any) -> list[str]:
    """Everything in a text that looks like a reference, complete or not, without the text around it."""
    return _MENTION.findall(value) if isinstance(value, str) else []


def mistake(value: Any) -> str | None:
    """The mistake in a text that means to be a reference and is none; None for any other value."""
    if not isinstance(value, str) or is_reference(value) or not _ATTEMPT.fullmatch(value):
        return None
    text = value.strip()
    if not text.startswith("{"):
        return "it has no opening brace"
    if not text.endswith("}"):
        return "it has no closing brace"
    if text != value or re.match(r"\{(vault:?)?\s", text, re.IGNORECASE):
        return "it has a blank where none may be"
    if not text.startswith("{vault"):
        return "vault is in lower case"
    return "two slashes follow vault:"


def parse_reference(text: str) -> Reference:
    """Read a reference as the gateway does; InvalidInput says what is wrong with it.

    The gateway splits a path at its slashes, decodes the parts, and then decodes them once more, now with a plus sign
    for a blank. It ignores the user and the port of a URL, and what follows a semicolon.
    """
    if not is_reference(text):
        raise InvalidInput(
            f"A secret reference must start with {START} and end with a closing brace, and be the whole value."
        )
    authority, path, query, version = _split(text)
    prefix = re.sub(r":[^:\]]*$", "", re.sub(r"^[^@]*@", "", authority))
    prefix = re.sub(r"^\[(.+)\]$", r"\1", prefix, flags=re.DOTALL)
    if not prefix:
        raise InvalidInput(f"{text} names no vault.")
    segments = [unquote(segment) for segment in path.split("/") if segment]
    if not segments:
        raise InvalidInput(f"{text} names no secret.")
    name = None if len(segments) == 1 or path.endswith("/") else unquote_plus(segments.pop())
    if version is not None and not _VERSION.fullmatch(version):
        raise InvalidInput(f"{text} has the version {version}, which is no number.")
    return Reference(
        prefix=prefix,
        resource=unquote_plus("/".join(segments)),
        property=name or None,
        options=_options(query),
        version=_number(version) if version else None,
    )


def _split(text: str) -> tuple[str, str, str, str | None]:
    """The authority, the path, the query and the fragment of a reference, as the gateway's URL parser cuts them."""
    rest, mark, fragment = text[len(START) : -1].partition("#")
    authority, slash, rest = rest.partition("/")
    rest, _mark, query = rest.partition("?")
    return authority, rest.partition(";")[0] if slash else "", query, fragment if mark else None


def _options(query: str) -> dict[str, Any]:
    """Options by name: a text, True for one without a value, a list for one that is given several times."""
    found: dict[str, list[str | bool]] = {}
    for part in filter(None, query.split("&")):
        name, mark, value = part.partition("=")
        found.setdefault(unquote_plus(name), []).append(unquote_plus(value) if mark else True)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _number(version: str) -> int | float:
    """A version as Lua reads it: a whole or broken number, or a hexadecimal one."""
    if "x" in version.lower():
        return int(version, 16)
    number = float(version)
    return int(number) if number.is_integer() else number


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
    if not resource:
        raise InvalidInput("A secret reference needs the key of a secret.")
    # The gateway drops empty parts of a path, so a slash beside another one or at an end has to be encoded.
    path = "/".join(_encoded(part) for part in _SLASH.split(resource))
    if property is not None:
        if not property:
            raise InvalidInput("The property of a secret reference must not be empty.")
        path += "/" + _encoded(property)
    elif "/" in path:
        path += "/"
    return f"{START}{prefix}/{path}}}"


def _encoded(part: str) -> str:
    """A part of a path, encoded as often as the gateway decodes it."""
    return quote(part.replace("%", "%25").replace("+", "%2B"), safe="")


def with_resource(text: str, resource: str) -> str:
    """Point a reference to another secret: the vault, the property, the options and the version stay."""
    reference = parse_reference(text)
    changed = build_reference(resource, reference.prefix, reference.property)
    _authority, _path, query, version = _split(text)
    ends = [f"?{query}"] if query else []
    return f"{changed[:-1]}{''.join([*ends, *([f'#{version}'] if version else [])])}}}"


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
