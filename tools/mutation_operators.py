# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mutants of a Python file: conditions, comparisons, bounds, removed statements and returned values.

Texts (f-strings too), type hints, decorators, the fields of classes and assertions are left alone.
"""

from __future__ import annotations

import ast
import collections
import copy
import os.path
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import CodeType
from typing import TypeAlias

# A node's place: its parent, the attribute of the parent, and the index if that is a list.
Slot: TypeAlias = tuple[ast.AST, str, int | None]

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
EMPTY = {"dict": "{}", "list": "[]", "set": "set()", "tuple": "()"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
UNTOUCHED = ("annotation", "decorator_list", "returns")
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases", "decorator_list")
MAX_CONTEXT = 60


@dataclass(frozen=True)
class Mutant:
    """One possible change of a file.

    :param name: the file, the function and the change as text; stays the same when the function moves in its file.
    :param lines: the lines of the changed statement, without its blocks.
    """

    file: str
    name: str
    lines: range
    tree: ast.Module
    slot: Slot
    node: ast.AST

    def compile(self, path: str) -> CodeType:
        original = _put(self.slot, self.node)
        try:
            return compile(ast.fix_missing_locations(self.tree), path, "exec", dont_inherit=True)
        finally:
            _put(self.slot, original)


@dataclass(frozen=True)
class _Scope:
    """Where a node stands.

    :param returns: the return annotation of the function.
    :param bound: the line where each local variable of the function gets its first value.
    """

    name: str = ""
    returns: str = ""
    bound: Mapping[str, int] = field(default_factory=dict)
    statement: ast.stmt | None = None

    def enter(self, node: ast.AST) -> _Scope:
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            return replace(self, statement=node) if isinstance(node, ast.stmt) else self
        name = f"{self.name}.{node.name}".lstrip(".")
        if isinstance(node, ast.ClassDef):
            return _Scope(name, statement=node)
        bound: dict[str, int] = {argument.arg: 0 for argument in ast.walk(node) if isinstance(argument, ast.arg)}
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                bound[inner.id] = min(bound.get(inner.id, inner.lineno), inner.lineno)
        return _Scope(name, ast.unparse(node.returns) if node.returns else "", bound, node)


def find_mutants(file: str, source: str) -> list[Mutant]:
    """Find every possible mutant of a file, in the order of its code."""
    tree = ast.parse(source)
    count = collections.Counter[str]()
    mutants = []
    for slot, node, scope in _walk(tree, _Scope()):
        assert scope.statement is not None
        change = _change(scope.statement, slot, node)
        name = f"{file} {scope.name}: {change}"
        count[name] += 1
        suffix = f" ({count[name]})" if count[name] > 1 else ""
        mutants.append(Mutant(file, name + suffix, _lines(scope.statement), tree, slot, node))
    return mutants


def _walk(parent: ast.AST, scope: _Scope) -> Iterator[tuple[Slot, ast.AST, _Scope]]:
    for attribute, value in ast.iter_fields(parent):
        if attribute in UNTOUCHED:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _left_alone(node, parent):
                continue
            inner = scope.enter(node)
            for mutation in _mutations(node, parent, attribute, inner):
                yield (parent, attribute, index), mutation, inner
            yield from _walk(node, inner)


def _left_alone(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(node, ast.AnnAssign):
        return isinstance(parent, ast.ClassDef)
    if isinstance(node, ast.If):
        return ast.unparse(node.test).endswith("TYPE_CHECKING")
    return isinstance(node, (ast.Assert, ast.JoinedStr))


def _mutations(node: ast.AST, parent: ast.AST, attribute: str, scope: _Scope) -> Iterator[ast.AST]:
    if isinstance(node, ast.stmt) and _is_removable(node, scope):
        yield ast.Pass()
    if not isinstance(node, ast.expr):
        return
    if attribute in ("test", "ifs", "guard") and not isinstance(node, ast.Constant):
        yield from _forced_conditions(node, parent)
    yield from _expressions(node)
    if isinstance(parent, ast.Return):
        yield from _returned_values(node, scope.returns)


def _is_removable(node: ast.stmt, scope: _Scope) -> bool:
    """Tell whether the code can do without the statement; not so for the first value of a variable or an attribute."""
    match node:
        case ast.Assign(targets=targets):
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            others = [target for target in targets if isinstance(target, (ast.Attribute, ast.Subscript))]
            again = all(scope.bound.get(name, node.lineno) < node.lineno for name in names)
            return again and len(names + others) == len(targets) and not scope.name.endswith("__init__")
        case ast.Raise(exc=error):
            return "NotImplementedError" not in ast.dump(error or node)
        case ast.Expr(value=ast.Call()) | ast.Return(value=None):
            return True
    return isinstance(node, (ast.AugAssign, ast.Break, ast.Continue, ast.Delete))


def _forced_conditions(node: ast.expr, parent: ast.AST) -> Iterator[ast.expr]:
    if not _negates_itself(node):
        yield _negated(node)
    if not isinstance(parent, ast.While):
        yield ast.Constant(True)
    yield ast.Constant(False)


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BoolOp(op=junction, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(junction, ast.And) else ast.And(), values)
            for index in range(len(values)):
                rest = [*values[:index], *values[index + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(junction, rest)
        case ast.Compare(left=left, ops=operators, comparators=comparators):
            for index, operator in enumerate(operators):
                for other in COMPARISONS[type(operator)]:
                    yield ast.Compare(left, [*operators[:index], other(), *operators[index + 1 :]], comparators)
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            yield from (ast.Constant(number + 1), ast.Constant(number - 1))
        case ast.Slice(lower=lower, upper=upper, step=step) if lower or upper:
            if not _is_number(lower):
                yield ast.Slice(_added(lower, 1) if lower else ast.Constant(1), upper, step)
            if not _is_number(upper):
                yield ast.Slice(lower, _added(upper, 1) if upper else ast.Constant(-1), step)


def _returned_values(node: ast.expr, returns: str) -> Iterator[ast.expr]:
    kind = returns.partition("[")[0] if "None" not in returns else ""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif kind == "bool":
        if not _negates_itself(node):
            yield _negated(node)
    elif kind in ("int", "float"):
        if not _is_number(node):
            yield _added(node, 1)
    else:
        value = ast.parse(EMPTY.get(kind, "None"), mode="eval").body
        if ast.dump(node) != ast.dump(value):
            yield value


def _is_number(node: ast.expr | None) -> bool:
    operand = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(operand, ast.Constant) and isinstance(operand.value, (int, float))


def _negates_itself(node: ast.expr) -> bool:
    """Tell whether another operator already makes the opposite of the node."""
    if isinstance(node, ast.Compare):
        return len(node.ops) == 1
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _negated(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), node)


def _added(node: ast.expr, number: int) -> ast.expr:
    return ast.BinOp(node, ast.Add(), ast.Constant(number))


def _put(slot: Slot, node: ast.AST) -> ast.AST:
    """Put a node in its place.

    :returns: the node that was there.
    """
    parent, attribute, index = slot
    value = getattr(parent, attribute)
    if index is None:
        setattr(parent, attribute, node)
        return value  # type: ignore[no-any-return]
    original, value[index] = value[index], node
    return original  # type: ignore[no-any-return]


def _lines(statement: ast.stmt) -> range:
    blocks = [node.lineno for name in ("body", "cases") for node in getattr(statement, name, [])[:1]]
    return range(statement.lineno, max(statement.lineno, blocks[0] - 1 if blocks else statement.end_lineno or 0) + 1)


def _header(statement: ast.stmt) -> str:
    bare = copy.copy(statement)
    for name in BLOCKS:
        if hasattr(bare, name):
            setattr(bare, name, [])
    return ast.unparse(bare)


def _change(statement: ast.stmt, slot: Slot, node: ast.AST) -> str:
    """Write the statement with what changes in it, such as C(if attempts [< -> <=] 3:)."""
    before = _header(statement)
    original = _put(slot, node)
    after = "pass" if original is statement else _header(statement)
    _put(slot, original)
    old, new = (re.findall(r"\w+|\s+|.", text) for text in (before, after))
    start = len(os.path.commonprefix([old, new]))
    end = len(os.path.commonprefix([old[start:][::-1], new[start:][::-1]]))
    changed = ("".join(tokens[start : len(tokens) - end])[:MAX_CONTEXT] for tokens in (old, new))
    head, tail = "".join(old[:start])[-MAX_CONTEXT:], "".join(old[len(old) - end :])[:MAX_CONTEXT]
    return f"{head}[{' -> '.join(changed)}]{tail}".strip()
