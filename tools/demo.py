# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial against the emulator, twice: the second run must change nothing."""

from __future__ import annotations

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests"))

from support.emulator import emulator
from support.playbook import ansible_playbook


def main() -> int:
    with emulator() as konnect:
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
