# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python tools/run_checks.py MAKE``: every target of ``make test``, in two lanes side by side.

pytest is one lane. The others load one core each, and run one after the other in the second. The output of a target is
shown as a whole when it is over, and all results at the end. Exits with 1 when a target failed.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[1]
LANES = (("pytest",), ("lint", "sanity", "molecule"))

_printing = threading.Lock()


@dataclass(frozen=True)
class Check:
    """A target that was run: its exit code, and how many seconds it took."""

    target: str
    code: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.target:10}{'FAILED' if self.code else 'ok':8}{self.seconds:4.0f} s"


def run(make: str, target: str) -> Check:
    """Run a target, and then show its output."""
    started = time.monotonic()
    command = [make, "--no-print-directory", target]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    check = Check(target, done.returncode, time.monotonic() - started)
    with _printing:
        print(f"===== {target} =====", done.stdout, check, "", sep="\n", flush=True)
    return check


def main(make: str) -> int:
    print(f"Running {' and, beside it, '.join(', '.join(lane) for lane in LANES)}.", flush=True)
    with ThreadPoolExecutor(len(LANES)) as pool:
        lanes = list(pool.map(lambda lane: [run(make, target) for target in lane], LANES))
    checks = [check for lane in lanes for check in lane]
    print("===== results =====", *checks, sep="\n")
    return 1 if any(check.code for check in checks) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
