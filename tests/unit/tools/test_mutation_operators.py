# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import textwrap
from typing import Any

import pytest
from mutation_operators import Mutant, find_mutants


def mutants(source: str) -> list[Mutant]:
    return find_mutants("_file.py", textwrap.dedent(source))


def changes(source: str) -> list[str]:
    return [mutant.name.partition(": ")[2] for mutant in mutants(source)]


def in_function(*lines: str, returns: str = "Any") -> list[str]:
    return changes(f"def f() -> {returns}:\n    " + "\n    ".join(lines))


def test_a_condition_is_negated_and_forced() -> None:
    assert changes("if a:\n    b") == ["if [ -> not ]a:", "if [a -> True]:", "if [a -> False]:"]
    assert changes("x = a if b else c") == [
        "x = a if [ -> not ]b else c",
        "x = a if [b -> True] else c",
        "x = a if [b -> False] else c",
    ]
    assert changes("x = [a for a in b if c]")[1] == "x = [a for a in b if [c -> True]]"


def test_a_loop_is_not_made_endless_on_purpose() -> None:
    assert changes("while a:\n    b") == ["while [ -> not ]a:", "while [a -> False]:"]
    assert changes("while True:\n    b") == []


def test_a_negation_is_taken_away_instead_of_doubled() -> None:
    assert changes("if not a:\n    b") == ["if [not a -> True]:", "if [not a -> False]:", "if [not  -> ]a:"]


def test_each_part_of_a_condition_is_left_out() -> None:
    assert changes("x = a and b") == ["x = a [and -> or] b", "x = [a and  -> ]b", "x = a[ and b -> ]"]
    assert changes("x = a or b or c")[1:] == ["x = [a or  -> ]b or c", "x = a or [b or  -> ]c", "x = a or b[ or c -> ]"]


@pytest.mark.parametrize(
    ("operator", "others"),
    [
        ("<", ["<=", ">="]),
        ("<=", ["<", ">"]),
        (">", [">=", "<="]),
        (">=", [">", "<"]),
        ("==", ["!="]),
        ("!=", ["=="]),
        ("is", ["is not"]),
        ("is not", ["is"]),
        ("in", ["not in"]),
        ("not in", ["in"]),
    ],
)
def test_a_comparison_gets_another_operator(operator: str, others: list[str]) -> None:
    values = {"<": False, "<=": True, ">": False, ">=": True, "==": True, "!=": False}
    found = mutants(f"x = a {operator} b")
    if operator in values:
        assert [run(mutant, a=1, b=1)["x"] for mutant in found] == [values[other] for other in others]
    else:
        assert [run(mutant, a=None, b=[None])["x"] for mutant in found] == [
            eval(f"a {other} b", {"a": None, "b": [None]}) for other in others
        ]


def test_bounds_are_off_by_one() -> None:
    assert changes("x = a[0]") == ["x = a[[0 -> 1]]", "x = a[[0 -> -1]]"]
    assert changes("x = a[b:]") == ["x = a[b[ ->  + 1]:]", "x = a[b:[ -> -1]]"]
    assert changes("x = a[:b]") == ["x = a[[ -> 1]:b]", "x = a[:b[ ->  + 1]]"]
    assert changes("x = a[-1:]")[-2:] == ["x = a[-[1 -> 2]:]", "x = a[-[1 -> 0]:]"]
    assert changes("def f(a=3):\n    pass") == ["def f(a=[3 -> 4]):", "def f(a=[3 -> 2]):"]


def test_statements_are_removed() -> None:
    assert changes("f(a)") == ["[f(a) -> pass]"]
    assert changes("x += a") == ["[x += a -> pass]"]
    assert changes("x.y = a") == ["[x.y = a -> pass]"]
    assert changes("raise x") == ["[raise x -> pass]"]
    assert changes("for x in a:\n    break") == ["[break -> pass]"]


def test_the_first_value_of_a_variable_or_an_attribute_stays() -> None:
    assert in_function("x = a", "x = b") == ["[x = b -> pass]"]
    assert changes("def f(x):\n    x = a") == ["[x = a -> pass]"]
    assert changes("class A:\n    def __init__(self, x):\n        self.x = x") == []


@pytest.mark.parametrize(
    ("returns", "expected"),
    [
        ("Any", "return [x -> None]"),
        ("bool", "return [ -> not ]x"),
        ("int", "return x[ ->  + 1]"),
        ("list[str]", "return [x -> []]"),
        ("dict[str, list[str]]", "return [x -> {}]"),
        ("list[str] | None", "return [x -> None]"),
    ],
)
def test_another_value_is_returned(returns: str, expected: str) -> None:
    assert in_function("return x", returns=returns) == [expected]


def test_a_returned_constant_is_not_replaced_by_itself() -> None:
    assert in_function("return None") == []
    assert in_function("return {}", returns="dict[str, Any]") == []
    assert in_function("return True", returns="bool") == ["return [True -> False]"]


@pytest.mark.parametrize(
    "source",
    [
        '"""Text."""',
        "import a",
        "X = 'text'",
        "x = f'{a[0]} {b if c else d}'",
        "x: Literal[1] = a",
        "def f(a: Literal[1]) -> Literal[2]:\n    pass",
        "@dataclass(frozen=True)\nclass A:\n    x: int = 3",
        "@lru_cache(maxsize=64)\ndef f():\n    pass",
        "assert a == 3",
        "if TYPE_CHECKING:\n    import a",
        "raise NotImplementedError",
    ],
)
def test_what_is_no_behaviour_is_left_alone(source: str) -> None:
    assert changes(source) == []


def run(mutant: Mutant, **names: Any) -> dict[str, Any]:
    exec(mutant.compile("_file.py"), names)
    return names


def test_a_mutant_has_its_own_change_and_no_other() -> None:
    found = mutants("x = [1, 2]")
    assert [run(mutant)["x"] for mutant in found] == [[2, 2], [0, 2], [1, 3], [1, 1]]


def test_the_name_tells_file_function_and_change_and_equal_changes_apart() -> None:
    source = "class A:\n    def f(self):\n        g()\n        g()"
    assert [mutant.name for mutant in mutants(source)] == [
        "_file.py A.f: [g() -> pass]",
        "_file.py A.f: [g() -> pass] (2)",
    ]
    assert [mutant.name for mutant in mutants("import a\n\n" + source)] == [mutant.name for mutant in mutants(source)]


def test_the_lines_are_those_of_the_statement_without_its_block() -> None:
    (mutant, *_others) = mutants("x = 'a'\nif (\n    a\n):\n    b")
    assert mutant.lines == range(2, 5)
