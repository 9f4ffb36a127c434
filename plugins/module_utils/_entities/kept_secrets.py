# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The placeholder for a hidden value, given back: it means the value that Konnect holds in its place.

So a result can be an option again. A secret goes only where it is already: not to another place in the data, and beside
another destination only when the task allows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._errors import ErrorCode, InvalidInput
from .._hidden_fields import HiddenFields, Node, Path
from .._masking import HIDDEN, PLACEHOLDER, placeholders
from .comparison import without_nulls

# Fields that say where a request goes, and with it the secret beside them.
_DESTINATION = re.compile(r"(^|_)(address(es)?|endpoints?|hosts?|hostname|nodes|provider|proxy|servers?|ur[il]s?)$")


@dataclass
class Kept:
    """Data in which each placeholder is replaced.

    :param name: of the option, for messages.
    :param paths: where secrets were kept; of one in a list, the path of the list.
    """

    name: str
    data: Any = None
    paths: list[Path] = field(default_factory=list)


def keep_secrets(rule: HiddenFields, given: Any, held: Any, name: str) -> Kept:
    """Put what Konnect holds in the place of each placeholder.

    :param rule: what is hidden of such data.
    :param held: the same data as Konnect holds it; None when it holds none.
    :param name: of the option, for messages.

    Raises InvalidInput with the code placeholder when there is nothing to keep.
    """
    kept, missing = Kept(name), list[str]()
    kept.data = _Keeper(rule, kept.paths, missing).fill(rule.root, given, held, name)
    if missing:
        raise placeholder_error(missing)
    return kept


def placeholder_error(paths: Iterable[str]) -> InvalidInput:
    """The error for placeholders that no secret can be told from."""
    fields = [{"field": path, "reason": "a placeholder where there is no secret to keep"} for path in paths]
    return InvalidInput(
        f"{', '.join(row['field'] for row in fields)}: {HIDDEN} stands for a secret that Konnect holds in that very "
        "place, and there is none, or more than one that it could be. Nothing was written. Give the secret itself, or "
        "better a secret reference.",
        code=ErrorCode.PLACEHOLDER,
        fields=fields,
    )


def check_destinations(rule: HiddenFields, kept: Kept, before: Any, after: Any) -> None:
    """Raise InvalidInput with the code moved_secret when a kept secret would go to another destination.

    :param before, after: the data as it is and as it will be, both normalized.
    """
    moved = sorted({".".join(path) for secret in kept.paths for path in _moved(rule, secret, before, after)})
    if moved:
        name, secrets = kept.name, ", ".join(sorted({".".join((kept.name, *path)) for path in kept.paths}))
        raise InvalidInput(
            f"The task changes {', '.join(f'{name}.{path}' for path in moved)} and keeps the secret in {secrets}, "
            "which would then go to the new destination. Nothing was written. Give the secret that belongs there, or "
            "set keep_secrets_on_move.",
            code=ErrorCode.MOVED_SECRET,
            fields=[{"field": f"{name}.{path}", "reason": "changed beside a kept secret"} for path in moved],
        )


@dataclass
class _Keeper:
    rule: HiddenFields
    paths: list[Path]
    missing: list[str]

    def fill(self, node: Node, given: Any, held: Any, where: str) -> Any:
        if not _holds_placeholder(given):
            return given
        if held is not None and self._has_view(node, given, held):
            self.paths.extend(self._secret_paths(node, given))
            return held
        if isinstance(given, Mapping):
            self.missing.extend(where for name in given if PLACEHOLDER.search(str(name)))
            inner = held if isinstance(held, Mapping) else {}
            return {
                name: self.fill(self.rule.below(node, str(name)), value, inner.get(name), f"{where}.{name}")
                for name, value in given.items()
            }
        if isinstance(given, (list, tuple)):
            element = self.rule.below(node, None)
            others = held if isinstance(held, (list, tuple)) else ()
            return [self._element(element, item, others, f"{where}.{number}") for number, item in enumerate(given)]
        if PLACEHOLDER.fullmatch(given) and isinstance(held, (str, int, float)):
            self.paths.append(node.path)
            return held
        self.missing.append(where)
        return given

    def _element(self, node: Node, given: Any, held: Iterable[Any], where: str) -> Any:
        if not _holds_placeholder(given):
            return given
        alike = [item for item in held if self._has_view(node, given, item)]
        if len(alike) == 1:
            self.paths.append(node.path)
            return alike[0]
        self.missing.append(where)
        return given

    def _has_view(self, node: Node, given: Any, held: Any) -> bool:
        return bool(_unmarked(without_nulls(given)) == without_nulls(self.rule.view_at(node, held)))

    def _secret_paths(self, node: Node, given: Any) -> Iterator[Path]:
        if isinstance(given, Mapping):
            for name, value in given.items():
                yield from self._secret_paths(self.rule.below(node, str(name)), value)
        elif _holds_placeholder(given):
            yield node.path


def _holds_placeholder(data: Any) -> bool:
    return next(placeholders(data, PLACEHOLDER, ""), None) is not None


def _unmarked(data: Any) -> Any:
    """The data with every placeholder in its plain form."""
    if isinstance(data, Mapping):
        return {name: _unmarked(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_unmarked(value) for value in data]
    return PLACEHOLDER.sub(HIDDEN, data) if isinstance(data, str) else data


def _moved(rule: HiddenFields, secret: Path, before: Any, after: Any) -> Iterator[Path]:
    """The paths of changed destinations to which a secret belongs: of each record around it the own fields, and those
    in other records there that hold no secret of their own.
    """
    node = rule.root
    for step in secret:
        old, new = (side if isinstance(side, Mapping) else {} for side in (before, after))
        for name in sorted({*old, *new} - {step}):
            other = rule.below(node, name)
            if isinstance(old.get(name), (Mapping, list)) and any(rule.literals_at(other, old.get(name))):
                continue
            was, will = dict(_destinations(name, old.get(name))), dict(_destinations(name, new.get(name)))
            yield from ((*node.path, *path) for path in sorted({*was, *will}) if was.get(path) != will.get(path))
        node, before, after = rule.below(node, step), old.get(step), new.get(step)


def _destinations(name: str, value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The fields in a value that say where a request goes, with their paths."""
    path = (*path, name)
    if _DESTINATION.search(name):
        yield path, value
    elif isinstance(value, Mapping):
        for inner, item in value.items():
            yield from _destinations(str(inner), item, path)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            for inner, field_value in item.items() if isinstance(item, Mapping) else ():
                yield from _destinations(str(inner), field_value, (*path, str(number)))
