# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Which fields of structured data are hidden: by their path, their name and their schema, never by content.

A schema is Kong's own form of a field, such as ``{"type": "string", "encrypted": True}``; ``{}`` knows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ._masking import HIDDEN, HIDDEN_CHANGED
from ._predictions import SEAL
from ._secret_text import hidden_parts, looks_secret, view_text
from ._vault_reference import is_reference

Spec = Mapping[str, Any]
Path = tuple[str, ...]

# Kong's names of types whose values are no text.
_NO_TEXT = ("boolean", "integer", "number")
_CONTAINERS = ("record", "map", "array", "set")


@dataclass(frozen=True)
class HiddenFields:
    """The rule for one kind of data.

    :param spec: of the data as a whole.
    :param child: the specification below another one: of the field of that name, or for None of the elements.
    :param referenceable: hide every text in a field that may hold a reference, because the schema calls none encrypted.
    :param also: more fields to hide, each by its name or by its path with dots.
    :param everything: hide every literal, because nothing is known yet.
    :param misspelt: hide what stands in a record that has no such field.
    """

    spec: Spec = field(default_factory=dict)
    child: Callable[[Spec, str | None], Spec] = lambda spec, name: {}
    referenceable: bool = False
    also: Collection[str] = ()
    everything: bool = False
    misspelt: bool = False

    def view(self, data: Any, before: Any = None) -> Any:
        """The data with each secret replaced by a placeholder.

        :param before: an earlier state of it; a secret that differs from it says so.
        """
        return self.view_at(self.root, data, before)

    def literals(self, data: Any) -> Iterator[str]:
        """Each text, number as a text, or part of a text that the view does not show."""
        return self.literals_at(self.root, data)

    def sealed(self, data: Any, seal: Callable[[str], str]) -> Any:
        """The data with each text, number or part of a text that the view does not show replaced by a seal."""
        return self._sealed_at(self.root, data, seal)

    @property
    def root(self) -> Node:
        return Node(self.spec, (), self.everything)

    def below(self, node: Node, name: str | None) -> Node:
        """The node below another one: the field of that name, or for None an element."""
        path = node.path if name is None else (*node.path, name)
        spec = self.child(node.spec, name)
        return Node(spec, path, self._is_secret(spec, path, node.secret), name is None)

    def _is_secret(self, spec: Spec, path: Path, inherited: bool) -> bool:
        name, kind = path[-1] if path else "", spec.get("type")
        if self.everything or spec.get("encrypted") or (self.referenceable and spec.get("referenceable")):
            return True
        if name in self.also or ".".join(path) in self.also or (self.misspelt and "known" in spec):
            return True
        # The fields of a record speak for themselves; without a schema, all below a secret name is secret.
        if kind in (*_NO_TEXT, "record") or spec.get("one_of"):
            return False
        # A schema says it of a field that is called nothing but key, which often is the name of something.
        return inherited or (looks_secret(name) and not (kind and name == "key"))

    def view_at(self, node: Node, data: Any, before: Any = None) -> Any:
        if isinstance(data, Mapping):
            earlier = before if isinstance(before, Mapping) else {}
            return {
                name: self.view_at(self.below(node, str(name)), value, earlier.get(name))
                for name, value in data.items()
            }
        if isinstance(data, (list, tuple)):
            alike = isinstance(before, (list, tuple)) and len(before) == len(data)
            # What is compared with nothing of its own place has changed.
            others = before if alike else [None if before is None else ()] * len(data)
            element = self.below(node, None)
            return [self.view_at(element, value, other) for value, other in zip(data, others, strict=True)]
        masked = _view_of(node, data)
        if before is None or before == data or masked == data:
            return masked
        return masked.replace(HIDDEN, HIDDEN_CHANGED) if masked in (HIDDEN, _view_of(node, before)) else masked

    def literals_at(self, node: Node, data: Any) -> Iterator[str]:
        for place, value in self._leaves(node, data):
            masked = _view_of(place, value)
            if masked == HIDDEN:
                yield str(value)
            elif masked != value:
                yield from hidden_parts(value, masked)

    def _sealed_at(self, node: Node, data: Any, seal: Callable[[str], str]) -> Any:
        if isinstance(data, Mapping):
            return {name: self._sealed_at(self.below(node, str(name)), value, seal) for name, value in data.items()}
        if isinstance(data, (list, tuple)):
            return [self._sealed_at(self.below(node, None), value, seal) for value in data]
        masked = _view_of(node, data)
        if masked == data:
            return data
        for part in hidden_parts(str(data), masked):
            masked = masked.replace(HIDDEN, seal(part), 1)
        return masked

    def _leaves(self, node: Node, data: Any) -> Iterator[tuple[Node, Any]]:
        if isinstance(data, Mapping):
            for name, value in data.items():
                yield from self._leaves(self.below(node, str(name)), value)
        elif isinstance(data, (list, tuple)):
            for value in data:
                yield from self._leaves(self.below(node, None), value)
        else:
            yield node, data


@dataclass(frozen=True)
class Node:
    """One place in structured data.

    :param secret: whether what stands there is hidden as a whole.
    :param element: whether it is an element of a list.
    """

    spec: Spec
    path: Path
    secret: bool
    element: bool = False


# For data without a schema: names alone decide.
BY_NAME = HiddenFields()
# For data of which nothing is known.
EVERYTHING = HiddenFields(everything=True)


def is_literal(data: Any) -> bool:
    """True if a value could be a secret itself: a text or a number, and no reference to a secret."""
    if isinstance(data, str):
        return data != "" and not is_reference(data)
    return isinstance(data, (int, float)) and not isinstance(data, bool)


def _view_of(node: Node, value: Any) -> Any:
    """The view of a value that is neither a mapping nor a list."""
    if not is_literal(value):
        return value
    if isinstance(value, str) and SEAL.search(value):
        return SEAL.sub(HIDDEN, value)
    default = node.spec.get("default")
    if node.spec.get("type") in _CONTAINERS:
        return HIDDEN  # of the wrong type, so it may hold anything
    if node.secret and (node.spec.get("encrypted") or value != default):
        return HIDDEN
    return view_text(value, element=node.element) if isinstance(value, str) else value
