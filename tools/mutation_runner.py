# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the tests that call the engine in their own process on mutants of it: unit tests, and rotations.

A mutant never stands in a file: a forked process compiles it in place of its module, and runs the test files that reach
the changed lines, the nearest first.
"""

from __future__ import annotations

import collections
import functools
import gc
import importlib
import importlib.machinery
import importlib.metadata
import json
import multiprocessing
import multiprocessing.connection
import os
import pathlib
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

import pytest
from mutation_operators import Mutant

ENGINE = "plugins/module_utils"
TESTS = ("tests/unit/plugins", "tests/integration/rotation")
PRELOADED = ("ansible.errors", "ansible.module_utils.basic", "requests", "yaml")
MAX_MEMORY = 4 << 30
BASELINE_TIMEOUT = 300
NOT_IMPORTED = 99


@dataclass(frozen=True)
class Baseline:
    """How one test file runs without a mutation.

    :param reached: the lines that it executes of each file of the engine.
    """

    seconds: float
    reached: Mapping[str, frozenset[int]]

    def reaches(self, mutant: Mutant) -> bool:
        return not self.reached.get(mutant.file, frozenset()).isdisjoint(mutant.lines)


@dataclass
class Job:
    """Work in a process of its own; then ``code`` is its exit code, None if it took longer than ``timeout`` seconds."""

    work: Callable[[], int]
    timeout: float
    log: pathlib.Path = pathlib.Path(os.devnull)
    code: int | None = None


def preload() -> None:
    """Load what every test loads, so that no forked process has to: the plugins of pytest above all."""
    for name in PRELOADED:
        importlib.import_module(name)
    for entry_point in importlib.metadata.entry_points(group="pytest11"):
        entry_point.load()
    gc.freeze()


def run_jobs(jobs: Iterable[Job], workers: int) -> None:
    context = multiprocessing.get_context("fork")
    waiting, running = collections.deque(jobs), dict[Any, tuple[float, Any, Job]]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                job = waiting.popleft()
                process = context.Process(target=_in_child, args=(job,))
                process.start()
                running[process.sentinel] = time.monotonic() + job.timeout, process, job
            deadline, process, job = min(running.values(), key=lambda entry: entry[0])
            ended = multiprocessing.connection.wait(list(running), max(0, deadline - time.monotonic()))
            for sentinel in ended:
                _deadline, process, job = running.pop(sentinel)
                process.join()
                job.code = process.exitcode
            if not ended:
                del running[process.sentinel]
                _kill(process)
    finally:
        for _deadline, process, _job in running.values():
            _kill(process)


def _kill(process: Any) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.join()


def _in_child(job: Job) -> None:
    os.setpgid(0, 0)
    # A loop that no longer ends may also fill the memory.
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    with job.log.open("wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    sys.exit(job.work())


def run_tests(tests: Iterable[str]) -> int:
    return int(pytest.main(["-x", "-n0", "-p", "no:cacheprovider", "-m", "not exhaustive", *tests]))


def run_tests_on_mutant(file: pathlib.Path, mutant: CodeType, tests: Iterable[str]) -> int:
    """Run the tests with the compiled mutant in the place of its file."""
    original = importlib.machinery.SourceFileLoader.get_code
    imported = False

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        nonlocal imported
        if not file.samefile(self.path):
            return original(self, name)
        imported = True
        return mutant

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[assignment, method-assign]
    # Whatever else is not 0 is the work of the mutant: its tests pass without it.
    return run_tests(tests) or (0 if imported else NOT_IMPORTED)


def trace_tests(test: str, report: pathlib.Path) -> int:
    """Run one test file and write what its :class:`Baseline` needs, as JSON."""
    reached = collections.defaultdict[str, set[int]](set)

    def trace_call(frame: FrameType, event: str, argument: Any) -> Any:
        _before, engine, file = frame.f_code.co_filename.rpartition(f"/{ENGINE}/")
        if not engine:
            return None
        lines = reached[file]

        def trace_line(frame: FrameType, event: str, argument: Any) -> Any:
            lines.add(frame.f_lineno)
            return trace_line

        return trace_line(frame, event, argument)

    started = time.monotonic()
    threading.settrace(trace_call)
    sys.settrace(trace_call)
    code = run_tests([test])
    sys.settrace(None)
    seconds = time.monotonic() - started
    report.write_text(json.dumps([seconds, {file: sorted(lines) for file, lines in reached.items()}]))
    return code


def run_baseline(output: pathlib.Path, workers: int) -> dict[str, Baseline]:
    """Run every test file of the current directory once without a mutation.

    :raises SystemExit: when a test fails.
    """
    jobs = {}
    tests = sorted(str(test) for folder in TESTS for test in pathlib.Path(folder).rglob("test_*.py"))
    for number, test in enumerate(tests):
        report = output / f"{number}.json"
        work = functools.partial(trace_tests, test, report)
        jobs[test] = Job(work, BASELINE_TIMEOUT, report.with_suffix(".log")), report
    run_jobs((job for job, _report in jobs.values()), workers)
    baseline = {}
    for test, (job, report) in jobs.items():
        if job.code != 0:
            raise SystemExit(f"{test} fails without a mutation:\n{job.log.read_text(errors='replace')}")
        seconds, reached = json.loads(report.read_text())
        baseline[test] = Baseline(seconds, {file: frozenset(lines) for file, lines in reached.items()})
    return baseline


def choose_tests(mutant: Mutant, baseline: Mapping[str, Baseline]) -> list[str]:
    """Choose the test files that can kill the mutant: those named like its file, then the others from fast to slow."""
    near = f"test_{pathlib.Path(mutant.file).stem.lstrip('_')}_"

    def rank(test: str) -> tuple[bool, float]:
        return not f"{pathlib.Path(test).stem}_".startswith(near), baseline[test].seconds

    return sorted((test for test, run in baseline.items() if run.reaches(mutant)), key=rank)


def run_mutants(sample: Iterable[Mutant], root: pathlib.Path, workers: int) -> dict[str, str]:
    """Run the tests on each mutant, in a copy of the tree.

    :returns: ``killed``, ``timed out``, ``survived`` or ``not reached`` for the name of each mutant.
    :raises SystemExit: when a test fails without a mutation, or the tests took the original for a mutant.
    """
    jobs, outcomes = {}, {}
    with tempfile.TemporaryDirectory(prefix="konnect-") as directory:
        tree, output = pathlib.Path(directory, "tree"), pathlib.Path(directory, "output")
        shutil.copytree(root, tree, ignore=shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__"))
        output.mkdir()
        link = tree / ".venv/collections/ansible_collections/community/konnect"
        link.parent.mkdir(parents=True)
        link.symlink_to(tree)
        os.chdir(tree)
        preload()
        baseline = run_baseline(output, workers)
        for mutant in sample:
            file, tests = tree / ENGINE / mutant.file, choose_tests(mutant, baseline)
            work = functools.partial(run_tests_on_mutant, file, mutant.compile(str(file)), tests)
            jobs[mutant.name] = Job(work, 10 + 4 * sum(baseline[test].seconds for test in tests))
            outcomes[mutant.name] = "survived" if tests else "not reached"
        run_jobs((job for name, job in jobs.items() if outcomes[name] == "survived"), workers)
        os.chdir(root)
    for name, job in jobs.items():
        if job.code == NOT_IMPORTED:
            raise SystemExit(f"The tests did not import this mutant: {name}")
        if outcomes[name] == "survived" and job.code != 0:
            outcomes[name] = "timed out" if job.code is None else "killed"
    return outcomes
