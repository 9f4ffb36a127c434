# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The arguments of a task as only the controller sees them: before options make texts of what YAML and templates gave.

No message that is made of what these functions return contains a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._errors import InvalidInput

# In YAML without quotes, {vault://PREFIX/KEY} is a mapping with this key and no value.
_REFERENCE_AS_KEY = re.compile(r"\s*vault\s*(:\s*)?/", re.IGNORECASE)
# Options whose value is stored as a text, a mapping or a list as JSON.
STORED_AS_TEXT = ("value", "old_value")
SECRETS = (*STORED_AS_TEXT, "konnect_token", "fingerprint_key", "previous_fingerprint_keys")
# Shorter texts are in many values by chance.
SHORTEST_PIECE = 4


def unquoted_references(data: Any, path: str = "") -> list[str]:
    """The path of each secret reference without quotes, such as C(config.auth.header_value)."""
    if isinstance(data, Mapping):
        if any(isinstance(name, str) and _REFERENCE_AS_KEY.match(name) for name in data):
            return [path]
        items = [(f"{path}.{name}" if path else str(name), item) for name, item in data.items()]
    elif isinstance(data, (list, tuple)):
        items = [(f"{path}.{number}", item) for number, item in enumerate(data)]
    else:
        return []
    return [found for where, item in items for found in unquoted_references(item, where)]


def guessed_values(arguments: Mapping[str, Any], written: Mapping[str, Any]) -> list[str]:
    """The path of each value of a secret that is a list or a mapping where the task has a template.

    Up to ansible-core 2.18, a template whose text looks like a list or a mapping becomes one, and the text is lost.

    :param written: the arguments as the task has them, with their templates.
    """
    found = []
    for path, value, template in _stored_texts(arguments, written):
        if isinstance(value, (list, Mapping)) and not isinstance(template, (list, Mapping)):
            found.append(path)
    return found


def _stored_texts(arguments: Mapping[str, Any], written: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in STORED_AS_TEXT:
        if name in arguments:
            yield name, arguments[name], written.get(name)
    rows, templates = arguments.get("secrets"), written.get("secrets")
    # Of a list that is one template, the rows keep their types.
    if isinstance(rows, list) and isinstance(templates, list) and len(rows) == len(templates):
        for number, (row, template) in enumerate(zip(rows, templates, strict=True)):
            if isinstance(row, Mapping) and isinstance(template, Mapping) and "value" in row:
                yield f"secrets.{number}.value", row["value"], template.get("value")


def holds_secret(item: Any, arguments: Mapping[str, Any]) -> bool:
    """True if the item of a loop holds a secret of the task's arguments, or a piece of one."""
    rows = arguments.get("secrets")
    given = [arguments, *(row for row in (rows if isinstance(rows, list) else []) if isinstance(row, Mapping))]
    secrets = [text for options in given for name in SECRETS for text in _texts(options.get(name))]
    return any(
        piece == secret or (len(piece) >= SHORTEST_PIECE and piece in secret) or secret in piece
        for piece in _texts(item)
        for secret in secrets
    )


def wants_fork(variable: Any, environment: str | None) -> bool:
    """True if modules may run in a fork: by the variable konnect_fork, and else by KONNECT_FORK. Both may be empty."""
    source, wanted = ("KONNECT_FORK", environment) if variable in (None, "") else ("konnect_fork", variable)
    if wanted in (None, ""):
        return True
    try:
        return bool(boolean(wanted))
    except TypeError:
        raise InvalidInput(f"{source} must be true or false. Leave it out for true.") from None


def _texts(data: Any) -> Iterator[str]:
    """The texts and numbers in any data; not empty ones."""
    if isinstance(data, Mapping):
        data = list(data.values())
    if isinstance(data, (list, tuple)):
        for item in data:
            yield from _texts(item)
    elif isinstance(data, (str, int, float)) and not isinstance(data, bool) and str(data):
        yield str(data)
