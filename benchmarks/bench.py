# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python benchmarks/bench.py [--quick]``: what things cost, side by side in one run, against the emulator.

Prints tables for people, and writes the figures for machines to benchmarks/results.json (with --quick to
tests/output/quick.json). Times are in seconds, those of plays from the start of ansible-playbook to its end.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from operator import itemgetter
from statistics import median

from plays import HERE, PARALLEL, Plays, Result

from support.emulator import API_KEY, ROOT, TOKEN, emulator

NEW_KEY = "fake-key-that-is-accepted"
UTILITY = str(HERE / "floor.py")
RATE_LIMIT = 100
LOOK_UPS = 2  # the control plane and the store
PAGE = 100
# What is aimed at; benchmarks/README.md says how near it is.
FLOOR_FACTOR, UNCHANGED_SECONDS, URI_FACTOR, TUTORIAL_FACTOR, MEGABYTES = 1.25, 0.5, 20, 0.35, 120
USED_SHARE, REFUSED, FORKS_FACTOR, AT_ONCE_FACTOR, TASKS_REQUESTS = 0.95, 10, 0.4, 0.55, 12
FEW = 4
FORKS = 10


def floor(plays: Plays, url: str, count: int) -> float:
    """The seconds that the same requests take in an empty store by requests alone. It too is run by ansible-playbook,
    which takes some of the machine while it waits; neither that play's own time nor the start of a Python counts.
    """
    bare = plays.command(sys.executable, "-c", "pass")
    plays.new_store()
    arguments = [url, plays.store_url, TOKEN, str(count), str(PARALLEL)]
    return plays.command(sys.executable, UTILITY, "requests", *arguments) - bare


def served(plays: Plays, url: str, count: int) -> float:
    """How many writes a second the emulator can serve to clients that do nothing else."""
    plays.new_store()
    command = [sys.executable, UTILITY, "sockets", url, plays.store_url, TOKEN, str(count), str(PARALLEL)]
    return count / float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def first_apply(plays: Plays) -> Result:
    plays.new_store()
    return plays.bulk()


def secrets(latency: int, counts: Sequence[int], uri_items: int, directory: pathlib.Path) -> list[Result]:
    """One row for each number of secrets."""
    rows = []
    with emulator("--latency-ms", str(latency)) as konnect:
        plays = Plays(konnect, directory)
        plays.secrets(uri_items)
        nothing = plays.nothing()
        per_item = (plays.uri_loop() - nothing) / uri_items
        for count in counts:
            row: Result = {"latency_ms": latency, "secrets": count, "uri_per_item": per_item}
            # Where little is to be done, what else the machine does weighs much.
            times = 1 if count > 100 else 3
            plays.secrets(count)
            row["floor"] = median(floor(plays, konnect.konnect_url, count) for _time in range(times))
            row["nothing"] = median(plays.nothing() for _time in range(times))
            row["first"] = sorted((first_apply(plays) for _time in range(times)), key=itemgetter("seconds"))[times // 2]
            row["unchanged"] = plays.bulk()
            plays.secrets(count, changed=count // 100)
            row["changed"] = plays.bulk()
            row["uri_factor"] = per_item / (row["first"]["seconds"] / count)
            row["floor_factor"] = max(0.0, row["first"]["seconds"] - row["nothing"]) / row["floor"]
            rows.append(row)
            print_rows([row], header=len(rows) == 1)
    return rows


def others(count: int, rate_limited: int, directory: pathlib.Path) -> Result:
    """The tutorial, a rotation, memory, the rate limit, and what the emulator alone can serve."""
    found: Result = {}
    with emulator() as konnect:
        plays = Plays(konnect, directory)
        plays.secrets(count)
        found["memory"] = {"secrets": count, "megabytes": plays.memory()}
        found["emulator_requests_per_second"] = served(plays, konnect.konnect_url, 4000)
    found["tutorial"], found["rotation"] = tutorial(directory), rotation(directory)
    print("\nrotate.yml: a bad key {bad:.1f}, a good key {good:.1f}".format(**found["rotation"]), flush=True)
    with emulator("--rate-limit", str(RATE_LIMIT)) as konnect:
        plays = Plays(konnect, directory)
        plays.secrets(rate_limited)
        first = plays.bulk()
        writes = 2 * rate_limited
        found["rate_limit"] = {
            "writes": writes,
            "seconds": first["elapsed"],
            "used": writes / (first["elapsed"] * RATE_LIMIT),
            "refused": first["requests"] - writes - LOOK_UPS - 1,
        }
    return found


def tutorial(directory: pathlib.Path, times: int = 5) -> Result:
    """The medians of several times of site.yml from nothing and again, beside as many pings as it ran tasks."""
    rows: list[tuple[float, float, float]] = []
    with emulator() as konnect:
        plays = Plays(konnect, directory)
        plays.secrets(0)
        # Not measured: the emulator loads what calls models when it calls the first.
        _seconds, tasks = plays.tutorial()
        for _time in range(times):
            plays.teardown()
            rows.append((plays.tutorial()[0], plays.tutorial()[0], plays.nothing(tasks - 1)))
    first, again, pings = (median(column) for column in zip(*rows, strict=True))
    return {"first": first, "again": again, "tasks": tasks, "pings": pings}


def rotation(directory: pathlib.Path) -> Result:
    """The seconds of rotate.yml with a key that the provider rejects, and with one that it takes."""
    with emulator("--upstream-key", API_KEY, "--upstream-key", NEW_KEY) as konnect:
        plays = Plays(konnect, directory)
        plays.tutorial()
        bad = plays.rotation("fake-key-that-is-rejected", accepted=False)
        return {"bad": bad, "good": plays.rotation(NEW_KEY, accepted=True)}


def six_tasks(latency: int, directory: pathlib.Path) -> Result:
    """The tasks of the tutorial in one play, from nothing and again. Later ones know what earlier ones found."""
    with emulator("--latency-ms", str(latency)) as konnect:
        plays = Plays(konnect, directory)
        plays.secrets(0)
        nothing, first, again = plays.nothing(), plays.six_tasks(), plays.six_tasks()
    print(
        "\n| latency | empty play | six tasks, first | requests | again | requests |\n|---|---|---|---|---|---|\n"
        f"| {latency} ms | {nothing:.2f} | {first['seconds']:.2f} | {first['requests']} "
        f"| {again['seconds']:.2f} | {again['requests']} |",
        flush=True,
    )
    return {"latency_ms": latency, "nothing": nothing, "first": first, "again": again}


def at_once(count: int, latency: int, directory: pathlib.Path) -> Result:
    """A first apply by few requests at once, and by as many as are sent where nothing is given."""
    with emulator("--latency-ms", str(latency)) as konnect:
        plays = Plays(konnect, directory)
        plays.secrets(count)
        nothing, few = plays.nothing(), plays.bulk(parallel=FEW)
        plays.new_store()
        many = plays.bulk()
    factor = many["seconds"] / few["seconds"]
    print(
        f"\n| latency | secrets | empty play | {FEW} at once | {PARALLEL} at once | factor |"
        "\n|---|---|---|---|---|---|\n"
        f"| {latency} ms | {count} | {nothing:.2f} | {few['seconds']:.2f} | {many['seconds']:.2f} | {factor:.2f} |",
        flush=True,
    )
    return {"latency_ms": latency, "secrets": count, "few": few, "many": many, "nothing": nothing, "factor": factor}


def many_hosts(count: int, latency: int, directory: pathlib.Path) -> Result:
    """site.yml over control planes of the inventory plugin, one at a time and several at once."""
    found = []
    for forks in (1, FORKS):
        # Each by an emulator of its own, because a longer list of control planes may take one page more.
        with emulator("--latency-ms", str(latency)) as konnect:
            found.append(Plays(konnect, directory).hosts(count, forks))
    one, several = found
    factor = several["seconds"] / one["seconds"]
    print(
        f"\n| latency | hosts | one at a time | {FORKS} forks | factor | requests |\n|---|---|---|---|---|---|\n"
        f"| {latency} ms | {count} | {one['seconds']:.1f} | {several['seconds']:.1f} | {factor:.2f} "
        f"| {one['requests']}, {several['requests']} |",
        flush=True,
    )
    return {"hosts": count, "latency_ms": latency, "forks": FORKS, "one": one, "several": several, "factor": factor}


def print_rows(rows: list[Result], *, header: bool) -> None:
    if header:
        print(
            "| latency | secrets | empty play | floor | first apply | x floor | nothing changed | requests "
            "| 1% changed | uri, an item | x uri |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['latency_ms']} ms | {row['secrets']} | {row['nothing']:.2f} | {row['floor']:.2f} "
            f"| {row['first']['seconds']:.2f} | {row['floor_factor']:.2f} | {row['unchanged']['seconds']:.2f} "
            f"| {row['unchanged']['requests']} | {row['changed']['seconds']:.2f} | {row['uri_per_item']:.3f} "
            f"| {row['uri_factor']:.0f} |",
            flush=True,
        )


def targets(rows: list[Result], found: Result) -> list[tuple[str, bool]]:
    """What was aimed at, and whether it was met."""
    lines = []
    for row in rows:
        what = f"{row['secrets']} secrets, {row['latency_ms']} ms"
        most = FLOOR_FACTOR * row["floor"] + row["nothing"]
        lines.append(
            (f"{what}: first apply {row['first']['seconds']:.2f} <= {most:.2f}", row["first"]["seconds"] <= most)
        )
        pages = -(-2 * row["secrets"] // PAGE)
        lines.append(
            (
                f"{what}: nothing changed, {row['unchanged']['requests']} requests <= {pages + LOOK_UPS}",
                row["unchanged"]["requests"] <= pages + LOOK_UPS,
            )
        )
        if row["secrets"] == 1000:
            more = row["unchanged"]["seconds"] - row["nothing"]
            lines.append(
                (
                    f"{what}: nothing changed, {more:.2f} more than an empty play <= {UNCHANGED_SECONDS}",
                    more <= UNCHANGED_SECONDS,
                )
            )
        lines.append(
            (
                f"{what}: an item {row['uri_factor']:.0f} times as fast as by uri >= {URI_FACTOR}",
                row["uri_factor"] >= URI_FACTOR,
            )
        )
    tutorial, memory, limit = found["tutorial"], found["memory"], found["rate_limit"]
    hosts, tasks, many = found["many_hosts"], found["six_tasks"], found["at_once"]
    what, counts = f"{hosts['hosts']} hosts, {FORKS} forks", [hosts[way]["requests"] for way in ("one", "several")]
    lines += [
        (f"{what}: {hosts['factor']:.2f} of one at a time <= {FORKS_FACTOR}", hosts["factor"] <= FORKS_FACTOR),
        (f"{what}: {counts[1]} requests == {counts[0]} of one at a time", counts[0] == counts[1]),
        (
            f"six tasks, nothing changed: {tasks['again']['requests']} requests <= {TASKS_REQUESTS}",
            tasks["again"]["requests"] <= TASKS_REQUESTS,
        ),
        (
            f"{many['secrets']} secrets, {many['latency_ms']} ms: {PARALLEL} at once {many['factor']:.2f} of {FEW} "
            f"at once <= {AT_ONCE_FACTOR}",
            many["factor"] <= AT_ONCE_FACTOR,
        ),
        *(
            (
                f"tutorial, {run} run {tutorial[run]:.2f}, {tutorial['tasks'] - 1} pings {tutorial['pings']:.2f}: "
                f"{tutorial[run] / tutorial['pings']:.2f} <= {TUTORIAL_FACTOR}",
                tutorial[run] <= TUTORIAL_FACTOR * tutorial["pings"],
            )
            for run in ("first", "again")
        ),
        (
            f"the module's memory at {memory['secrets']} secrets: {memory['megabytes']} MiB < {MEGABYTES}",
            memory["megabytes"] < MEGABYTES,
        ),
        (
            f"rate limit {RATE_LIMIT}, {limit['writes']} writes: {limit['used']:.1%} used >= {USED_SHARE:.0%}",
            limit["used"] >= USED_SHARE,
        ),
        (
            f"rate limit {RATE_LIMIT}, {limit['writes']} writes: {limit['refused']} answers of 429 < {REFUSED}",
            limit["refused"] < REFUSED,
        ),
    ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the small ones only, in about three minutes")
    quick = parser.parse_args().quick
    counts: Sequence[int] = (100,) if quick else (100, 1000, 5000)
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        rows: list[Result] = []
        for latency in (0,) if quick else (0, 20):
            rows += secrets(latency, counts, 10 if quick else 100, directory)
        found = others(counts[-1], 500 if quick else 1000, directory)
        found["six_tasks"] = six_tasks(50, directory)
        found["at_once"] = at_once(1000, 20, directory)
        found["many_hosts"] = many_hosts(10 if quick else 100, 50, directory)
    machine = {
        "python": platform.python_version(),
        "ansible-core": version("ansible-core"),
        "requests": version("requests"),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
    }
    print(f"\nThe emulator alone serves {found['emulator_requests_per_second']:.0f} writes a second.\n")
    met = targets(rows, found)
    for line, good in met:
        print(f"{'met   ' if good else 'MISSED'}  {line}")
    output = ROOT / "tests" / "output" / "quick.json" if quick else HERE / "results.json"
    output.parent.mkdir(exist_ok=True)
    figures = {"machine": machine, "parallel": PARALLEL, "secrets": rows, **found}
    figures["targets"] = [{"target": line, "met": good} for line, good in met]
    output.write_text(json.dumps(figures, indent=2) + "\n")
    print(f"\nFigures: {output.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
