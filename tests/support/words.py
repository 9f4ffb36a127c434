# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds words that the project replaced by plainer ones, where users and readers would meet them.

The words are data: ``tests/words.yml``. A *place* is a kind of text, such as task names. Each place has a rule of its
own for where it is found and for what counts as a match.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

DOCUMENTATION_NAMES = ("DOCUMENTATION", "EXAMPLES", "RETURN")
DOCUMENTED_PLUGINS = ("modules", "filter", "test", "inventory")
MESSAGE_OPTIONS = ("msg", "fail_msg", "success_msg")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@dataclass(frozen=True)
class Text:
    """A piece of text that belongs to a place.

    :param line: the number of its first line.
    """

    place: str
    path: Path
    line: int
    text: str


@dataclass(frozen=True)
class Rule:
    """Words to avoid in some places.

    :param later: known, but not searched for yet.
    """

    words: tuple[str, ...]
    places: tuple[str, ...]
    instead: str
    reason: str
    later: bool = False


@dataclass(frozen=True)
class Finding:
    """A word that is still in use."""

    path: Path
    line: int
    word: str
    rule: Rule

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.word!r}; write: {self.rule.instead} ({self.rule.reason})"


def load_rules(path: Path) -> list[Rule]:
    """Read the words. Raises ValueError for a place that does not exist."""
    rules = []
    for row in yaml.safe_load(path.read_text(encoding="utf-8")):
        unknown = set(row["places"]) - set(MATCHERS)
        if unknown:
            raise ValueError(f"{path.name}: unknown places {', '.join(sorted(unknown))} for {row['words']}")
        rules.append(Rule(**{**row, "words": tuple(row["words"]), "places": tuple(row["places"])}))
    return rules


def find(rules: Iterable[Rule], texts: Iterable[Text]) -> list[Finding]:
    """Return every use of a word in a place where it counts, in the order of the texts."""
    current = [rule for rule in rules if not rule.later]
    return [
        Finding(text.path, text.line + text.text.count("\n", 0, start), word, rule)
        for text in texts
        for rule in current
        if text.place in rule.places
        for word in rule.words
        for start in MATCHERS[text.place](word, text.text)
    ]


def read_texts(root: Path) -> Iterator[Text]:
    """Yield every text of a checkout that belongs to a place, with paths relative to its root."""
    readers: dict[str, Callable[[Path, str], Iterable[Text]]] = {
        "*.md": _document,
        "docs/**/*.*": _document,
        "benchmarks/*.md": _document,
        "tests/*.md": _document,
        "galaxy.yml": _document,
        "changelogs/fragments/*.yml": _document,
        "roles/*/*.md": _document,
        "roles/*/meta/*.yml": _role_documentation,
        "roles/*/tasks/**/*.yml": _tasks,
        "playbooks/*.yml": _tasks,
        "extensions/molecule/**/*.yml": _tasks,
        "plugins/**/*.py": _plugin,
        "tests/**/*.*": _test_names,
    }
    for pattern, read in readers.items():
        for path in sorted(root.glob(pattern)):
            relative = path.relative_to(root)
            if path.is_file() and not {"output", "__pycache__"} & set(relative.parts):
                yield from read(relative, path.read_text(encoding="utf-8", errors="replace"))


# How a word is found in a text of each place: the positions at which it begins


def _anywhere(word: str, text: str) -> list[int]:
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    return [match.start() for match in re.finditer(rf"\b{pattern}\b", text, re.IGNORECASE)]


def _as_a_part(word: str, name: str) -> list[int]:
    if word.startswith("_"):
        return _exactly(word, name)
    return [0] if f" {_parts(word)} " in f" {_parts(name)} " else []


def _parts(name: str) -> str:
    """Return the words of a name: ``LostAnswer``, ``lost_answer`` and ``LOST_ANSWER`` are all "lost answer"."""
    return " ".join(WORD.findall(name)).lower()


def _exactly(word: str, text: str) -> list[int]:
    return [0] if word == text else []


def _at_the_start(word: str, text: str) -> list[int]:
    return [0] if re.match(rf"{re.escape(word)}\b", text) else []


MATCHERS: Mapping[str, Callable[[str, str], list[int]]] = {
    "docs": _anywhere,
    "tasks": _anywhere,
    "messages": _anywhere,
    "identifiers": _as_a_part,
    "codes": _exactly,
    "options": _exactly,
    "docstrings": _at_the_start,
    "tests": _exactly,
}


# How the texts are found in a file


def _document(path: Path, content: str) -> Iterator[Text]:
    yield Text("docs", path, 1, content)


def _role_documentation(path: Path, content: str) -> Iterator[Text]:
    yield from _document(path, content)
    for entry_point in (yaml.safe_load(content).get("argument_specs") or {}).values():
        yield from _options(path, 1, entry_point)


def _tasks(path: Path, content: str) -> Iterator[Text]:
    """Names and messages of tasks; comments, jinja and all else are left out."""
    lines = content.splitlines()

    def line_of(text: str) -> int:
        words = text.split()
        start = " ".join(words[:3])
        return next((number for number, line in enumerate(lines, 1) if start in " ".join(line.split())), 1)

    def walk(data: Any) -> Iterator[Text]:
        if isinstance(data, list):
            yield from chain.from_iterable(walk(item) for item in data)
        elif isinstance(data, dict):
            for name, value in data.items():
                if name == "name" and isinstance(value, str):
                    yield Text("tasks", path, line_of(value), value)
                elif name in MESSAGE_OPTIONS and isinstance(value, str):
                    yield Text("messages", path, line_of(value), value)
                else:
                    yield from walk(value)

    yield from walk(yaml.safe_load(content))


def _plugin(path: Path, content: str) -> Iterator[Text]:
    tree = ast.parse(content)
    yield Text("identifiers", path, 1, path.stem)
    for name, line in _bound_names(tree):
        yield Text("identifiers", path, line, name)
    documentation = _documentation(path, tree)
    for node in documentation:
        yield Text("docs", path, node.lineno, str(node.value))
        for document in yaml.safe_load_all(str(node.value)):  # examples may be several files
            yield from _options(path, node.lineno, document)
    docstrings = _docstrings(tree)
    for node in docstrings:
        yield Text("docstrings", path, node.lineno, str(node.value).lstrip())
    ignored = {id(node) for node in chain(documentation, docstrings)}
    for text, line in _strings(tree, ignored):
        yield Text("messages" if " " in text else "codes", path, line, text)


def _test_names(path: Path, content: str) -> Iterator[Text]:
    yield Text("tests", path, 1, path.stem)
    if path.suffix == ".py":
        for name, line in _bound_names(ast.parse(content)):
            yield Text("tests", path, line, name)


def _options(path: Path, line: int, documentation: Any) -> Iterator[Text]:
    """The names of options and results, those below others included."""
    if not isinstance(documentation, dict):
        return
    for name, value in documentation.items():
        if isinstance(value, dict) and "description" in value:
            yield Text("options", path, line, str(name))
        yield from _options(path, line, value)


def _documentation(path: Path, tree: ast.Module) -> list[ast.Constant]:
    """The texts that ansible-doc shows."""
    room = path.parts[1]
    if room not in (*DOCUMENTED_PLUGINS, "doc_fragments"):
        return []
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and (room == "doc_fragments" or {ast.unparse(target) for target in node.targets} & set(DOCUMENTATION_NAMES))
    ]


def _docstrings(tree: ast.Module) -> list[ast.Constant]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.append(first.value)
    return found


def _strings(node: ast.AST, ignored: set[int]) -> Iterator[tuple[str, int]]:
    """Every string of the code; what an f-string inserts is replaced by ``{}``."""
    if id(node) in ignored:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, node.lineno
    elif isinstance(node, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
        yield "".join(parts), node.lineno
        inserted = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        yield from chain.from_iterable(_strings(part, ignored) for part in inserted)
    else:
        yield from chain.from_iterable(_strings(child, ignored) for child in ast.iter_child_nodes(node))


def _bound_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every name that the code gives: functions, classes, parameters, variables, attributes."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno
