# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Variables as people set them: in YAML, as answers of a survey, on the command line. All of these may be texts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ._errors import InvalidInput


def split_names(text: str) -> list[str]:
    """The names in a text, which commas separate; blanks around them do not count."""
    return [name.strip() for name in text.split(",") if name.strip()]


def from_json(text: str) -> Any:
    """The data in a JSON text; None when it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def as_names(value: Any, choices: Sequence[str] = ()) -> list[str]:
    """The names in a list, in its JSON, or in a text with commas.

    :param choices: the only names that there are; empty for any.

    Raises InvalidInput for anything else.
    """
    if isinstance(value, str):
        found = from_json(value)
        value = found if isinstance(found, list) else split_names(value)
    if (
        not isinstance(value, (list, tuple))
        or not value
        or not all(isinstance(name, str) and name.strip() for name in value)
    ):
        raise InvalidInput("must be a list of names, or a text with the names separated by commas")
    names = [name.strip() for name in value]
    unknown = [name for name in names if choices and name not in choices]
    if unknown:
        raise InvalidInput(f"has {', '.join(unknown)}, which is none of {', '.join(choices)}")
    return names


def as_mapping(value: Any) -> Mapping[str, Any]:
    """A mapping, or that in a JSON text. Raises InvalidInput for anything else."""
    found = from_json(value) if isinstance(value, str) else value
    if not isinstance(found, Mapping):
        raise InvalidInput("must be a mapping, or a text with one as JSON")
    return found


def to_builtin(value: Any) -> Any:
    """Return the same data in the types that JSON has."""
    # Ansible's own types of strings, dictionaries and lists do more than JSON and string functions expect.
    if isinstance(value, Mapping):
        return {str(name): to_builtin(each) for name, each in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [to_builtin(each) for each in value]
    return value
