# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pathlib
import subprocess
import sys
from collections.abc import Callable

import pytest
import yaml
from mutants import ENGINE, EQUIVALENT, draw_sample, read_equivalent
from mutation_operators import Mutant, find_mutants
from mutation_runner import Baseline, choose_tests

TOOLS = pathlib.Path(__file__).parents[3] / "tools"
MODULE = """\
def is_small(number: int) -> bool:
    return number < 3


def never_called() -> None:
    raise ValueError
"""
TESTS = """\
from ansible_collections.community.konnect.plugins.module_utils._sizes.size import is_small


def test_a_small_one():
    assert is_small({number})
"""


def mutants_of(**sources: str) -> dict[str, list[Mutant]]:
    return {file: find_mutants(file, source) for file, source in sources.items()}


def names(sample: list[Mutant]) -> list[str]:
    return [mutant.name for mutant in sample]


def test_the_sample_is_in_proportion_to_the_files() -> None:
    mutants = mutants_of(large="x = [" + "1, " * 60 + "]", small="x = [" + "1, " * 30 + "]", nothing="")
    sample = draw_sample(mutants, 31, 1)
    assert [mutant.file for mutant in sample] == ["large"] * 21 + ["small"] * 10
    assert len(set(names(sample))) == 31


def test_the_sample_depends_on_the_seed_and_on_the_file_alone() -> None:
    one, other, changed = "x = [" + "1, " * 50 + "]", "y = [" + "2, " * 50 + "]", "z = [" + "3, " * 50 + "]"
    sample = names(draw_sample(mutants_of(one=one, other=other), 20, 1))
    assert sample == names(draw_sample(mutants_of(one=one, other=other), 20, 1))
    assert sample != names(draw_sample(mutants_of(one=one, other=other), 20, 2))
    assert sample[:10] == names(draw_sample(mutants_of(one=one, other=changed), 20, 1))[:10]


def test_the_sample_is_never_more_than_there_is() -> None:
    assert len(draw_sample(mutants_of(one="x = 1"), 160, 1)) == 2
    assert draw_sample(mutants_of(one=""), 160, 1) == []


def test_the_nearest_tests_come_first_and_only_those_that_reach_the_mutant() -> None:
    (mutant, *_others) = find_mutants("_entities/_lookup.py", "x = 1")
    reached = {"_entities/_lookup.py": frozenset({1})}
    baseline = {
        "tests/test_slow.py": Baseline(2, reached),
        "tests/test_fast.py": Baseline(1, reached),
        "tests/entities/test_lookup_errors.py": Baseline(9, reached),
        "tests/entities/test_lookup.py": Baseline(8, reached),
        "tests/test_other_lines.py": Baseline(1, {"_entities/_lookup.py": frozenset({2})}),
        "tests/test_lookup.py": Baseline(1, {}),
    }
    assert choose_tests(mutant, baseline) == [
        "tests/entities/test_lookup.py",
        "tests/entities/test_lookup_errors.py",
        "tests/test_fast.py",
        "tests/test_slow.py",
    ]


@pytest.fixture
def collection(tmp_path: pathlib.Path) -> pathlib.Path:
    """A collection whose engine is one file, with a test that is not thorough."""
    for name, content in {
        "plugins/module_utils/_sizes/size.py": MODULE,
        "tests/unit/plugins/test_size.py": TESTS.format(number=0),
        "tools/equivalent_mutants.yml": "[]",
        "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.venv/collections']",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path


@pytest.fixture
def run(collection: pathlib.Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(TOOLS / "mutants.py"), "--root", str(collection), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


@pytest.mark.exhaustive
def test_what_the_tests_notice_is_counted(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    result = run()
    assert result.stdout.splitlines()[:-2] == [
        "plugins/module_utils/_sizes/size.py:2: survived",
        "    _sizes/size.py is_small: return number <[ -> =] 3",
        "plugins/module_utils/_sizes/size.py:2: survived",
        "    _sizes/size.py is_small: return number < [3 -> 4]",
        "plugins/module_utils/_sizes/size.py:2: survived",
        "    _sizes/size.py is_small: return number < [3 -> 2]",
        "plugins/module_utils/_sizes/size.py:6: not reached",
        "    _sizes/size.py never_called: [raise ValueError -> pass]",
        "",
        "| package | possible | sample | killed | timed out | survived | not reached | equivalent | noticed |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        "| plugins/module_utils/_sizes | 5 | 5 | 1 | 0 | 3 | 1 | 0 | 20% |",
        "| all | 5 | 5 | 1 | 0 | 3 | 1 | 0 | 20% |",
    ]
    assert result.returncode == 1


@pytest.mark.exhaustive
def test_an_equivalent_mutant_does_not_count_unless_a_test_kills_it(
    collection: pathlib.Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (collection / "tools/equivalent_mutants.yml").write_text(
        """
- {mutant: '_sizes/size.py is_small: return number < [3 -> 4]', reason: example}
- {mutant: '_sizes/size.py is_small: return number < [3 -> 2]', reason: example}
- {mutant: '_sizes/size.py is_small: return number [< -> >=] 3', reason: example}
"""
    )
    assert "| all | 5 | 5 | 1 | 0 | 1 | 1 | 2 | 33% |" in run().stdout


@pytest.mark.exhaustive
def test_tests_that_fail_by_themselves_prove_nothing(
    collection: pathlib.Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (collection / "tests/unit/plugins/test_size.py").write_text(TESTS.format(number=5))
    result = run()
    assert result.returncode == 1
    assert "tests/unit/plugins/test_size.py fails without a mutation" in result.stderr


def test_the_sample_can_be_looked_at(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    result = run("--show", "--file", "size", "--sample", "2")
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 4
    assert "no mutant in a file like 'other'" in run("--show", "--file", "other").stderr


def test_equivalent_mutants_need_a_reason_and_must_be_possible(collection: pathlib.Path) -> None:
    path = collection / "tools/equivalent_mutants.yml"
    possible = find_mutants("_sizes/size.py", MODULE)
    path.write_text("- mutant: |-\n    _sizes/size.py is_small: return number < [3 -> 4]\n  reason: only an example\n")
    assert read_equivalent(collection, possible) == {"_sizes/size.py is_small: return number < [3 -> 4]"}
    with pytest.raises(SystemExit, match=r"Wrong: \['_sizes/size.py is_small"):
        read_equivalent(collection, [])
    path.write_text(path.read_text().replace("only an example", ""))
    with pytest.raises(SystemExit, match="each with a reason"):
        read_equivalent(collection, possible)


def test_a_process_that_takes_too_long_is_stopped() -> None:
    script = """
import time
from mutation_runner import Job, run_jobs
jobs = [Job(lambda: time.sleep(60), 0.5), Job(lambda: 3, 30), Job(lambda: 0, 30)]
run_jobs(jobs, 2)
print([job.code for job in jobs])
"""
    result = subprocess.run([sys.executable, "-c", script], cwd=TOOLS, capture_output=True, text=True, check=True)
    assert result.stdout == "[None, 3, 0]\n"


def test_those_of_the_engine_are_still_in_it() -> None:
    root = TOOLS.parent
    listed = yaml.safe_load((root / EQUIVALENT).read_text(encoding="utf-8"))
    files = {entry["mutant"].split()[0] for entry in listed}
    possible = [each for file in files for each in find_mutants(file, (root / ENGINE / file).read_text("utf-8"))]
    assert read_equivalent(root, possible) == {entry["mutant"] for entry in listed}
