# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The options of a task as they are shown, in C(invocation) and in the log, and the secrets among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from .._entities.kept_secrets import placeholder_error
from .._errors import ErrorCode, InvalidInput
from .._hidden_fields import BY_NAME, HiddenFields
from .._masking import ANSIBLE_PLACEHOLDER, HIDDEN, PLACEHOLDER, placeholders, texts_in
from .._secret_text import PRIVATE_KEY, hidden_parts, is_secret_value, view_text

Options = Mapping[str, Mapping[str, Any]]
Views = Mapping[str, Callable[[Any], Any]]

# A secret of this length in another option is no accident.
LONG_SECRET = 16
_QUERY = re.compile(r"(://[^?#]*\?)[^#]+")
_ALL = HiddenFields(everything=True)


def view_options(
    options: Options, params: Mapping[str, Any], views: Views, by_schema: Collection[str] = ()
) -> dict[str, Any]:
    """The options without secrets.

    :param options: of the argument specification.
    :param views: what is shown of an option, by its name, where the engine knows the schema of it.
    :param by_schema: options of which only a live schema tells what is secret.
    """
    views = {**dict.fromkeys(by_schema, _ALL.view), **views}
    masked = {
        name: views[name](value) if name in views else _show(options.get(name), value) for name, value in params.items()
    }
    secrets = {secret for secret in option_secrets(options, params, views) if len(secret) >= LONG_SECRET}
    return {name: HIDDEN if _holds(value, secrets) else value for name, value in masked.items()}


def option_secrets(
    options: Options, params: Mapping[str, Any], views: Views, by_schema: Collection[str] = ()
) -> set[str]:
    """Each secret among the options, for the masking of free text.

    :param views: options whose secrets the engine knows, because it knows their schema.
    """
    found: set[str] = set()
    for name, value in params.items():
        if name not in views:
            found.update(_ALL.literals(value) if name in by_schema else _secrets(options.get(name), value))
    return found


def check_placeholders(params: Mapping[str, Any], keeps: Collection[str]) -> None:
    """Refuse placeholders for secrets where nothing can stand for them.

    :param keeps: options in which the placeholder of this collection means the secret that Konnect holds.
    """
    found = _placeholders(params, ANSIBLE_PLACEHOLDER)
    if found:
        raise InvalidInput(
            f"{', '.join(found)}: Ansible put a placeholder in the place of a secret, and what stood there cannot be "
            "told. Nothing was written. Give the value itself.",
            code=ErrorCode.PLACEHOLDER,
            fields=[{"field": path, "reason": "a placeholder of Ansible"} for path in found],
        )
    found = _placeholders({name: value for name, value in params.items() if name not in keeps}, PLACEHOLDER)
    if found:
        raise placeholder_error(found)


def _placeholders(params: Mapping[str, Any], pattern: re.Pattern[str]) -> list[str]:
    return [path for name, value in params.items() for path in placeholders(value, pattern, name)]


def _show(option: Mapping[str, Any] | None, value: Any) -> Any:
    """One option, or suboption, as it is shown."""
    if value is None or isinstance(value, bool):
        return value
    if option is None or option.get("no_log"):
        return HIDDEN
    suboptions = option.get("options")
    if suboptions is not None:
        return _show_rows(suboptions, value)
    if option.get("type") == "dict" and not isinstance(value, Mapping):
        return HIDDEN  # of the wrong type, so it may hold anything
    if isinstance(value, str):
        return HIDDEN if _is_misplaced(option, value) else _view_url(value)
    return BY_NAME.view(value)


def _show_rows(suboptions: Options, value: Any) -> Any:
    if isinstance(value, list):
        holds = any(suboption.get("no_log") for suboption in suboptions.values())
        # The other parts of a list that holds secrets are in the result anyway.
        return f"({len(value)} items, not shown)" if holds else [_show_rows(suboptions, row) for row in value]
    if not isinstance(value, Mapping):
        return HIDDEN
    return {name: _show(suboptions.get(str(name)), item) for name, item in value.items()}


def _secrets(option: Mapping[str, Any] | None, value: Any) -> Iterator[str]:
    if option is None or option.get("no_log"):
        yield from texts_in(value)
        return
    suboptions = option.get("options")
    if suboptions is not None:
        for row in value if isinstance(value, list) else [value]:
            if not isinstance(row, Mapping):
                yield from texts_in(row)
                continue
            for name, item in row.items():
                yield from _secrets(suboptions.get(str(name)), item)
    elif isinstance(value, str):
        wrong = option.get("type") == "dict" or _is_misplaced(option, value)
        yield from [value] if wrong else hidden_parts(value, _view_url(value))
    else:
        yield from BY_NAME.literals(value)


def _view_url(text: str) -> str:
    """A text without the secrets in it. No option takes a URL with a query, so whatever a query is, it is a mistake."""
    return _QUERY.sub(rf"\1{HIDDEN}", view_text(text))


def _is_misplaced(option: Mapping[str, Any], value: str) -> bool:
    """True for a text that may have been meant for another option: it holds a private key, its own option cannot take
    it, or is the key of a secret while the text looks like a value.
    """
    if PRIVATE_KEY in value:
        return True
    if option.get("type") in ("int", "float"):
        try:
            float(value)
        except ValueError:
            return True
    return option.get("type") == "str" and option.get("no_log") is False and is_secret_value(value)


def _holds(value: Any, secrets: Collection[str]) -> bool:
    return any(secret in text for text in texts_in(value) for secret in secrets)
