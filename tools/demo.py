# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial against the emulator, twice: the second run must change nothing. Then a bad new key, and a good one."""

from __future__ import annotations

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests"))

from support.emulator import API_KEY, Emulator, emulator
from support.playbook import Run, ansible_playbook

NEW_KEY, BAD_KEY = "mistral-second-fake-key", "mistral-bad-fake-key"


def rotate(konnect: Emulator, key: str) -> Run:
    """Run rotate.yml without its output."""
    return ansible_playbook(
        "playbooks/rotate.yml",
        environment={**konnect.environment, "MISTRAL_API_KEY": key},
        extra_vars={"rotate_secret_probe_duration": 1},
    )


def message(output: str) -> str:
    """Return what the end of a rotation says of the key; raises RuntimeError where it says nothing."""
    found = re.findall(r'((?:mistral-key was|The provider) [^"]*)"', output)
    if not found:
        raise RuntimeError(output)
    return str(found[-1])


def main() -> int:
    with emulator("--upstream-key", API_KEY, "--upstream-key", NEW_KEY) as konnect:
        for title in ("The tutorial, from nothing to an answer", "The same again: nothing changes"):
            print(f"\n===== {title} =====", flush=True)
            run = ansible_playbook(
                "playbooks/site.yml", environment=konnect.environment, extra_vars=konnect.extra_vars, show=True
            )
            if run.code != 0:
                return run.code
        writes = konnect.writes()
        print(f"Requests that write, in both runs together: {len(writes)}", *writes, sep="\n  ")
        if run.changed:
            print(f"The second run changed {run.changed} things.", file=sys.stderr)
            return 1
        print("Second run: changed=0. No Konnect account was needed; the same playbook works against the real one.")
        print("\n===== A new key is tried before it is used =====", flush=True)
        bad, good = rotate(konnect, BAD_KEY), rotate(konnect, NEW_KEY)
        print(f"A key that the provider rejects:\n  {message(bad.output)}\nA key that works:\n  {message(good.output)}")
    return 0 if bad.code != 0 and good.code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
