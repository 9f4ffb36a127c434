# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The variables of roles and hosts, as far as they have it in common: unset ones, choices, connection options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.module_utils.common.validation import check_type_bool, check_type_float, check_type_int

from ...module_utils._errors import InvalidInput
from ...module_utils._variables import as_mapping, from_json

# Where Konnect is.
SERVER = ("konnect_region", "konnect_url")
CONNECTION = (
    *("control_plane", "workspace", "ai_gateway", "konnect_token", *SERVER, "validate_certs", "ca_path"),
    *("request_timeout", "request_retries", "request_deadline"),
)
# Who sets one of them means it, and not these of the caller or of the host.
INSTEAD_OF = {
    "konnect_region": ("konnect_url",),
    "konnect_url": ("konnect_region",),
    "ai_gateway": ("control_plane", "workspace"),
}

# The types of those that are no texts.
CONNECTION_TYPES = {
    "validate_certs": "bool",
    **dict.fromkeys(("request_timeout", "request_retries", "request_deadline"), "int"),
}
# By the types that options of modules have.
FORMS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "bool": (check_type_bool, "true or false"),
    "int": (check_type_int, "a whole number"),
    "float": (check_type_float, "a number"),
}


def only_set(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that are set. Null and the empty text mean that one is not."""
    return {name: value for name, value in variables.items() if value is not None and value != ""}


def connection_options(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The connection options that are set, to be used over those of the caller.

    A URL or a region stands instead of both of the caller, so the other one is empty then. So does a control plane or
    an AI Gateway, where C(ai_gateway) is among the variables.
    """
    given = only_set(variables)
    connection = {name: given[name] for name in CONNECTION if name in given}
    others = [other for name in connection for other in INSTEAD_OF.get(name, ())]
    others += ["ai_gateway"] if "control_plane" in connection and "ai_gateway" in variables else []
    return {**dict.fromkeys(others, ""), **connection}


def mapping(given: Mapping[str, Any], role: str, name: str) -> Mapping[str, Any]:
    """A variable of a role that is a mapping, or one in JSON. Raises InvalidInput for another value."""
    try:
        return as_mapping(given.get(name, {}))
    except InvalidInput as error:
        raise InvalidInput(f"{role}_{name} {error.message}.") from None


def one_of(given: Mapping[str, Any], role: str, name: str, choices: Sequence[str], *, default: str = "") -> str:
    """A variable of a role that has choices, the first of which is the default unless it is given.

    Raises InvalidInput for another value.
    """
    value = given.get(name, default or choices[0])
    if value not in choices:
        raise InvalidInput(f"{role}_{name} must be one of {', '.join(choices)}.")
    return str(value)


def check_rows(given: Mapping[str, Any], role: str, name: str) -> None:
    """Refuse a variable that is no list of mappings, nor its JSON, nor that of one mapping. Raises InvalidInput."""
    value = given.get(name, [])
    found = from_json(value) if isinstance(value, str) else value
    rows = [found] if isinstance(value, str) and isinstance(found, Mapping) else found
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, Mapping) for row in rows):
        raise InvalidInput(f"{role}_{name} must be a list of mappings, or a text with one as JSON.")


def check_types(given: Mapping[str, Any], prefix: str, types: Mapping[str, str]) -> None:
    """Refuse variables that a module would refuse, which may be long after the first write; connection options, too.

    :param prefix: of the names that users know, such as C(ai_proxy_).
    :param types: by name, as in FORMS.

    Raises InvalidInput with a sentence for each, without its value.
    """
    forms = {name: FORMS[form] for name, form in {**CONNECTION_TYPES, **types}.items() if name in given}
    wrong = [
        f"{prefix}{name} must be {form}." for name, (check, form) in forms.items() if not _passes(check, given[name])
    ]
    if wrong:
        raise InvalidInput(" ".join(wrong))


def _passes(check: Callable[[Any], Any], value: Any) -> bool:
    try:
        check(value)
    except (TypeError, ValueError):
        return False
    return True
