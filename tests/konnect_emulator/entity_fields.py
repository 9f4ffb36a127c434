# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields of core entities and the words in which Konnect refuses a value.

The wording is that of Kong's open source control plane (koko), which validates entities by JSON schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from .errors import Violation, on_entity, on_field
from .state import is_uuid

HOSTNAME = re.compile(
    r"(?=.{1,253}\Z)[a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9_])?(\.[a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9_])?)*"
)
NAME_PATTERN = r"^[0-9a-zA-Z.\-_~]*$"
TAG_PATTERN = r"^(?:[0-9a-zA-Z.\-_~:]+(?: *[0-9a-zA-Z.\-_~:])*)?$"

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
TYPE_NAMES = ((bool, "boolean"), (str, "string"), (int, "number"), (float, "number"), (list, "array"), (dict, "object"))


@dataclass(frozen=True)
class Field:
    """One field of a core entity.

    ``least`` and ``most`` bound a number, or the length of a string or list; ``test`` returns what is wrong with a
    value, or None. ``foreign`` is the kind that an ``{"id": ...}`` points to; with ``cascade`` a delete there deletes
    here too. ``elements`` are those of an array or the values of an object. A ``hidden`` field is taken, never shown.
    """

    type: str
    required: bool = False
    default: Any = None
    choices: tuple[Any, ...] = ()
    least: float | None = None
    most: float | None = None
    pattern: str | None = None
    test: Callable[[str], str | None] | None = None
    elements: Field | None = None
    distinct: bool = False
    foreign: str | None = None
    cascade: bool = False
    hidden: bool = False

    @property
    def pointer(self) -> Field | None:
        """The foreign field that this one is, or a list of which it is."""
        if self.foreign:
            return self
        return self.elements if self.elements and self.elements.foreign else None


def text(**attributes: Any) -> Field:
    return Field("string", **attributes)


def whole(default: int | None = None, least: float | None = None, most: float | None = None) -> Field:
    return Field("integer", default=default, least=least, most=most)


def truth(default: bool | None = None) -> Field:
    return Field("boolean", default=default)


def one_of(*choices: Any, **attributes: Any) -> Field:
    return Field("string", choices=choices, **attributes)


def listing(elements: Field, **attributes: Any) -> Field:
    return Field("array", elements=elements, **attributes)


def anything(**attributes: Any) -> Field:
    return Field("object", **attributes)


def foreign(kind: str, *, cascade: bool = False, required: bool = False) -> Field:
    return Field("object", foreign=kind, cascade=cascade, required=required)


NAME = text(pattern=NAME_PATTERN, least=1, most=128)
TAGS = listing(text(pattern=TAG_PATTERN, least=1, most=128), distinct=True)


def hostname(value: str) -> str | None:
    return None if HOSTNAME.fullmatch(value) else "must be a valid hostname"


def route_host(value: str) -> str | None:
    """A host name, with one ``*`` as its first or last label, and a port."""
    name = value.partition(":")[0]
    if name.count("*") > 1 or ("*" in name and not (name.startswith("*.") or name.endswith(".*"))):
        return "invalid wildcard: must be placed at leftmost or rightmost label"
    return hostname(name.replace("*", "x"))


def path(value: str) -> str | None:
    if not value.startswith("/"):
        return "must begin with `/`"
    return "must not contain `//`" if "//" in value else None


def python_pattern(pcre: str) -> str:
    """Kong's regex paths are PCRE; the one common difference is how a group is named."""
    return re.sub(r"\(\?<(?![=!])", "(?P<", pcre)


def route_path(value: str) -> str | None:
    if not value.startswith(("/", "~/")):
        return "must begin with `/` (prefix path) or `~/` (regex path)"
    if "//" in value:
        return "must not contain `//`"
    try:
        re.compile(python_pattern(value[1:]) if value.startswith("~") else "")
    except re.error as error:
        return f"invalid regex: '{value[1:]}' ({error.msg})"
    return None


def validate(fields: dict[str, Field], body: dict[str, Any], max_tags: int) -> list[Violation]:
    """What is wrong with an entity (nulls already taken out, defaults already filled in)."""
    found = []
    missing = [name for name, field in fields.items() if field.required and name not in body]
    if missing:
        found.append(on_entity("missing properties: " + ", ".join(f"'{name}'" for name in missing)))
    unknown = [name for name in body if name not in fields]
    if unknown:
        found.append(on_entity(f"additionalProperties {', '.join(f'{name!r}' for name in unknown)} not allowed"))
    for name, field in fields.items():
        if name in body:
            limited = replace(field, most=max_tags) if field is TAGS else field
            found += [on_field(where, message) for where, message in _wrong(limited, body[name], name)]
    return found


def _type_name(value: Any) -> str:
    return next((name for kind, name in TYPE_NAMES if isinstance(value, kind)), "null")


def _is_a(value: Any, type_: str) -> bool:
    return isinstance(value, TYPES[type_]) and (type_ == "boolean" or not isinstance(value, bool))


def _wrong(field: Field, value: Any, where: str) -> Iterator[tuple[str, str]]:
    if not _is_a(value, field.type):
        yield where, f"expected {field.type}, but got {_type_name(value)}"
    elif field.foreign:
        if not is_uuid(value.get("id")):
            yield f"{where}.id", "must be a valid UUID"
    elif isinstance(value, (int, float)):
        if field.choices and value not in field.choices:
            yield where, _expected(field.choices)
        if field.least is not None and value < field.least:
            yield where, f"must be >= {field.least} but found {value}"
        if field.most is not None and value > field.most:
            yield where, f"must be <= {field.most} but found {value}"
    elif isinstance(value, str):
        yield from ((where, message) for message in _wrong_text(field, value))
    elif isinstance(value, list):
        yield from _wrong_list(field, value, where)
    elif field.elements:
        for name, item in value.items():
            yield from _wrong(field.elements, item, f"{where}.{name}")


def _expected(choices: tuple[Any, ...]) -> str:
    shown = ", ".join(f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in choices)
    return f"value must be one of {shown}"


def _wrong_text(field: Field, value: str) -> Iterator[str]:
    if field.choices and value not in field.choices:
        yield _expected(field.choices)
    if field.least is not None and len(value) < field.least:
        yield f"length must be >= {field.least}, but got {len(value)}"
    if field.most is not None and len(value) > field.most:
        yield f"length must be <= {field.most}, but got {len(value)}"
    if field.pattern and not re.fullmatch(field.pattern, value):
        yield f"must match pattern '{field.pattern}'"
    elif field.test:
        message = field.test(value)
        if message:
            yield message


def _wrong_list(field: Field, value: list[Any], where: str) -> Iterator[tuple[str, str]]:
    if field.least is not None and len(value) < field.least:
        yield where, f"minimum {field.least} items required, but found {len(value)} items"
    if field.most is not None and len(value) > field.most:
        yield where, f"maximum {field.most} items required, but found {len(value)} items"
    if field.distinct:
        for place, item in enumerate(value):
            if item in value[:place]:
                yield where, f"items at index {value.index(item)} and {place} are equal"
                break
    if field.elements:
        for place, item in enumerate(value):
            yield from _wrong(field.elements, item, f"{where}[{place}]")
