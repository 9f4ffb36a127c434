# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the engine in one place and see whether a test fails: for a fixed sample of such mutants.

The exit code is 1 when more than a tenth of them survive.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import os
import pathlib
import random
import sys
import time
from collections.abc import Iterable, Mapping

import yaml
from mutation_operators import Mutant, find_mutants
from mutation_runner import ENGINE, run_mutants

EQUIVALENT = "tools/equivalent_mutants.yml"
MAX_EQUIVALENT = 10
MIN_NOTICED = 0.9
OUTCOMES = ("killed", "timed out", "survived", "not reached", "equivalent")


def draw_sample(mutants: Mapping[str, list[Mutant]], size: int, seed: int) -> list[Mutant]:
    """Draw from each file in proportion to its mutants, in an order that does not depend on the other files."""
    total = sum(map(len, mutants.values()))
    exact = {file: min(size, total) * len(found) / max(1, total) for file, found in mutants.items()}
    shares = {file: int(share) for file, share in exact.items()}
    for file in sorted(exact, key=lambda file: shares[file] - exact[file])[: min(size, total) - sum(shares.values())]:
        shares[file] += 1
    sample = []
    for file, found in mutants.items():
        order = list(range(len(found)))
        random.Random(f"{seed} {file}").shuffle(order)
        sample += [found[index] for index in sorted(order[: shares[file]])]
    return sample


def read_equivalent(root: pathlib.Path, possible: Iterable[Mutant]) -> set[str]:
    """Read the names of the mutants that behave like the original.

    :raises SystemExit: when there are too many, or one has no reason or is no mutant of the engine (any more).
    """
    listed = yaml.safe_load((root / EQUIVALENT).read_text(encoding="utf-8"))
    names = {mutant.name for mutant in possible}
    wrong = [entry["mutant"] for entry in listed if entry["mutant"] not in names or not entry.get("reason")]
    if wrong or len(listed) > MAX_EQUIVALENT:
        raise SystemExit(f"{EQUIVALENT}: at most {MAX_EQUIVALENT} mutants, each with a reason. Wrong: {wrong}")
    return {entry["mutant"] for entry in listed}


def count(mutants: Iterable[Mutant], outcomes: Mapping[str, str]) -> dict[str, collections.Counter[str]]:
    """Count the mutants and their outcomes for each package of the engine, and for all of it."""
    rows = collections.defaultdict[str, collections.Counter[str]](collections.Counter)
    whole = collections.Counter[str]()
    for mutant in mutants:
        for row in (rows[str(pathlib.PurePosixPath(ENGINE, mutant.file).parent)], whole):
            row.update(["possible", outcomes.get(mutant.name, "not in the sample")])
    return {**rows, "all": whole}


def noticed(row: Mapping[str, int]) -> float:
    """Return the share of the valid mutants that made a test fail or run for too long."""
    good, bad = row["killed"] + row["timed out"], row["survived"] + row["not reached"]
    return good / (good + bad) if good + bad else 1.0


def show_counts(rows: Mapping[str, Mapping[str, int]]) -> str:
    """Write the counts as a table in Markdown."""
    lines = ["| package | possible | sample | " + " | ".join(OUTCOMES) + " | noticed |", "|---" + "|---:" * 8 + "|"]
    for package, row in rows.items():
        outcomes = [row[outcome] for outcome in OUTCOMES]
        cells = [package, row["possible"], sum(outcomes), *outcomes, f"{noticed(row):.0%}"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=160, help="how many mutants (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the choice (default: %(default)s)")
    parser.add_argument("--file", default="", help="only mutants of files whose path below the engine contains this")
    parser.add_argument("--show", action="store_true", help="list the sample, and run nothing")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="tests at a time (default: %(default)s)")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).parents[1], help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    started, root = time.monotonic(), options.root.resolve()
    files = {str(path.relative_to(root / ENGINE)): path for path in sorted((root / ENGINE).rglob("*.py"))}
    mutants = {file: find_mutants(file, path.read_text(encoding="utf-8")) for file, path in files.items()}
    equivalent = read_equivalent(root, itertools.chain(*mutants.values()))
    mutants = {file: found for file, found in mutants.items() if options.file in file}
    sample = draw_sample(mutants, options.sample, options.seed)
    if not sample:
        parser.error(f"no mutant in a file like {options.file!r}")
    outcomes = {} if options.show else run_mutants(sample, root, options.workers)
    for name in equivalent & outcomes.keys():
        # One that a test can kill is none, whatever the list says.
        outcomes[name] = outcomes[name] if outcomes[name] == "killed" else "equivalent"
    for mutant in sample:
        outcome = outcomes.get(mutant.name, "in the sample")
        if outcome not in ("killed", "equivalent"):
            print(f"{ENGINE}/{mutant.file}:{mutant.lines.start}: {outcome}\n    {mutant.name}")
    if options.show:
        return 0
    rows = count(itertools.chain(*mutants.values()), outcomes)
    print(f"\n{show_counts(rows)}\n\nSeed {options.seed}, {time.monotonic() - started:.0f} seconds.")
    return 0 if noticed(rows["all"]) >= MIN_NOTICED else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
