# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Which options a task gives, and in which form, before Ansible validates them.

Not given are null and the empty string, which is what an empty field of a survey and an unset variable of the
environment become. The empty string is a value only for free text that Konnect stores, where it clears the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .._variables import from_json, split_names

Options = Mapping[str, Mapping[str, Any]]
# Free text that Konnect stores.
CLEARABLE = {"condition", "description", "path"}
# Lists of names, none of which contains a comma. A text in their place is split at commas.
NAMES = {"ca_certificates", "consumer_groups", "consumers", "hosts", "ignore_lost", "methods"}
NAMES |= {"previous_hashes", "protocols", "snis", "tags"}
# Texts in JSON. Where a template makes one, ansible-core before 2.19 turns it into a mapping.
JSON_TEXTS = {"jwk"}
# Lists that are not stored, where an empty element means none.
GAPS_ALLOWED = {"ignore_lost", "previous_fingerprint_keys", "previous_hashes"}
_JSON_STARTS = {"dict": "{", "list": "["}


def given_options(options: Options, params: Mapping[str, Any], *, top: bool = True) -> dict[str, Any]:
    """The parameters of a task without those that are not given, and with texts as the lists and mappings they mean.

    :param options: the options as an argument specification has them. Parameters that are none of them stay.
    """
    given = {}
    for name, value in params.items():
        option = options.get(name)
        if option is None:
            given[name] = value
        elif value is not None and (value != "" or (top and name in CLEARABLE)):
            given[name] = _formed(name, option, value)
    return given


def _formed(name: str, option: Mapping[str, Any], value: Any) -> Any:
    kind, inner = option.get("type"), option.get("options")
    if name in JSON_TEXTS and isinstance(value, Mapping):
        return json.dumps(value)
    if isinstance(value, str):
        value = _from_text(name, option, value)
    elif isinstance(value, (list, tuple)) and name in GAPS_ALLOWED:
        value = [item for item in value if item not in (None, "")]
    if kind == "list" and isinstance(value, (list, tuple)):
        if inner is not None:
            value = [given_options(inner, row, top=False) if isinstance(row, Mapping) else row for row in value]
    elif kind == "dict" and inner is not None and isinstance(value, Mapping):
        value = given_options(inner, value, top=False)
    return value


def _from_text(name: str, option: Mapping[str, Any], text: str) -> Any:
    """The list or mapping that a text stands for; the text itself where it stands for none."""
    kind = str(option.get("type"))
    if kind == "list" and option.get("elements") == "dict" and text.lstrip().startswith("{"):
        row = from_json(text)
        return [row] if isinstance(row, dict) else text
    if text.lstrip().startswith(_JSON_STARTS.get(kind, "\0")):
        found = from_json(text)
        if isinstance(found, {"dict": dict, "list": list}[kind]):
            return found
    if kind == "list" and option.get("elements") == "str":
        # A text without any name must not clear the list.
        return (split_names(text) or [""]) if name in NAMES else [text]
    return text


def misfits(options: Options, given: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """A sentence for each option whose value Ansible would take for a text that nobody wrote, with what to do.

    No sentence contains a value.

    :param given: the parameters as C(given_options) returns them.
    """
    for name, value in given.items():
        option = options.get(name)
        if option is None:
            continue
        where, kind, elements = f"{path}{name}", option.get("type"), option.get("elements")
        if kind in ("str", "path") and "choices" not in option:
            yield from _misfit(where, value, may_be_blank=not path and name in CLEARABLE)
        elif kind == "list" and elements == "str" and isinstance(value, (list, tuple)):
            for item in value:
                yield from _misfit(f"an element of {where}", item)
        elif isinstance(value, str) and (kind == "dict" or elements == "dict"):
            form = "mapping" if kind == "dict" else "list of mappings"
            yield f"{where} must be a {form}, or a text with one as JSON."
        elif "options" in option:
            for row in value if isinstance(value, list) else [value]:
                if isinstance(row, Mapping):
                    yield from misfits(option["options"], row, f"{where}.")


def _misfit(where: str, value: Any, *, may_be_blank: bool = False) -> Iterator[str]:
    if isinstance(value, (Mapping, list, tuple)):
        word = "mapping" if isinstance(value, Mapping) else "list"
        yield f"{where} must be a text, and is a {word}. Give the one name or text that is meant."
    elif isinstance(value, bool):
        yield f"{where} must be a text, and is a boolean. Put the text in quotes."
    elif value is None or (isinstance(value, str) and not value.strip() and not may_be_blank):
        yield f"{where} is empty or blank. Give a text, or leave it out."
