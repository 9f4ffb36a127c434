# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's entity checks: rules over several fields of a plugin's config. Each function returns a check."""

from __future__ import annotations

from typing import Any

from ..errors import Violation, entity_violation, field_violation
from .schema import Check, is_reference


def _value_at(config: Any, path: str) -> Any:
    for name in path.split("."):
        config = config.get(name) if isinstance(config, dict) else None
    return config


def _quoted(paths: tuple[str, ...]) -> str:
    return ", ".join(f"'{path}'" for path in paths)


def _is_set(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def all_or_none(*paths: str) -> Check:
    """Check Kong's ``mutually_required``, which does not run when one of the values is a reference."""

    def check(config: dict[str, Any]) -> list[Violation]:
        values = [_value_at(config, path) for path in paths]
        given = [value for value in values if _is_set(value)]
        if any(is_reference(value) for value in values) or len(given) in (0, len(paths)):
            return []
        return [entity_violation(f"all or none of these fields must be set: {_quoted(paths)}")]

    return check


def at_least_one(*paths: str) -> Check:
    """Check Kong's ``at_least_one_of``."""

    def check(config: dict[str, Any]) -> list[Violation]:
        if any(_is_set(_value_at(config, path)) for path in paths):
            return []
        names = _quoted(tuple(f"config.{path}" for path in paths))
        return [entity_violation(f"at least one of these fields must be non-empty: {names}")]

    return check


def exactly_one(*paths: str) -> Check:
    """Check Kong's ``only_one_of``, which also accepts none."""

    def check(config: dict[str, Any]) -> list[Violation]:
        if sum(_is_set(_value_at(config, path)) for path in paths) < 2:
            return []
        names = _quoted(tuple(f"config.{path}" for path in paths))
        return [entity_violation(f"exactly one of these fields must be non-empty: {names}")]

    return check


def must_set(path: str, when: str, *values: Any, message: str) -> Check:
    """Check that ``path`` is set when ``when`` is one of ``values``; ``%s`` in the message is the quoted path."""

    def check(config: dict[str, Any]) -> list[Violation]:
        if _value_at(config, when) not in values or _is_set(_value_at(config, path)):
            return []
        return [entity_violation(message % f"'{path}'")]

    return check


def required_if(path: str, when: str, value: Any) -> Check:
    """Check Kong's ``conditional`` with ``required``: two violations, one of the field and one of the entity."""

    def check(config: dict[str, Any]) -> list[Violation]:
        if _value_at(config, when) != value or _value_at(config, path) is not None:
            return []
        reason = f"failed conditional validation given value of field 'config.{when}'"
        return [field_violation(f"config.{path}", "required field missing"), entity_violation(reason)]

    return check
