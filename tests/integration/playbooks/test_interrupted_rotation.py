# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation that was killed is finished by the next run, rolled back, or removed with everything else."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from support.emulator import API_KEY, ROOT, Emulator
from support.playbook import environment_of_a_run
from support.rotation import (
    BAD_KEY,
    NEW_KEY,
    ready_to_rotate,
    references,
    rotate,
    rotate_in,
    route_names,
    stored,
    use_role,
    wait_for_answer,
)
from support.tutorial import everything

# The judge in tests/integration/rotation kills rotations at every request, in this process.
pytestmark = pytest.mark.exhaustive


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    with ready_to_rotate() as running:
        yield running


def interrupted(konnect: Emulator, key: str, strategy: str, after: int) -> bool:
    """Begin a rotation and kill it after so many writes; whether it came that far."""
    konnect.writes()
    command = [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), "playbooks/rotate.yml"]
    for name, value in (("strategy", strategy), ("old_value", f"Bearer {API_KEY}"), ("probe_duration", "1")):
        command += ["--extra-vars", f"rotate_secret_{name}='{value}'"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment_of_a_run({**konnect.environment, "MISTRAL_API_KEY": key}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    written = 0
    while written < after and process.poll() is None:
        written += len(konnect.writes())
        time.sleep(0.005)
    kill(process.pid)
    process.wait()
    return written >= after


def kill(pid: int) -> None:
    """Kill a process with all that it started: Ansible's workers have sessions of their own and would go on."""
    started = children(pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    for child in started:
        kill(child)


def children(pid: int) -> list[int]:
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


# The last write of the phase prepare; with blue_green and in_place, the first one that live traffic notices.
PREPARED = {"trial": 4, "blue_green": 6, "in_place": 4}
WRITES = [(strategy, after) for strategy in PREPARED for after in range(1, 17, 2)]


@pytest.mark.parametrize(("strategy", "after"), WRITES)
def test_killed_after_any_write_it_is_finished_by_the_next_run(konnect, strategy, after):
    reached = interrupted(konnect, NEW_KEY, strategy, after)
    assert reached or after > PREPARED[strategy]
    wait_for_answer(konnect)
    done = rotate(konnect, NEW_KEY, rotate_secret_strategy=strategy, old_api_key=API_KEY)
    assert (done.failed, done.outcome in ("rotated", "unchanged", "cleaned_up")) == (False, True), done.message
    assert stored(konnect) == {"mistral-key": NEW_KEY}
    assert (references(konnect), route_names(konnect)) == ({"mistral-key"}, ["example-route"])
    konnect.writes()
    again = rotate(konnect, NEW_KEY, rotate_secret_strategy=strategy, old_api_key=API_KEY)
    assert (again.failed, again.changed, konnect.writes()) == (False, 0, [])


@pytest.mark.parametrize(("strategy", "after"), WRITES)
def test_a_bad_key_that_was_killed_after_any_write_is_rolled_back(konnect, strategy, after):
    interrupted(konnect, BAD_KEY, strategy, after)
    done = rotate_in(
        konnect,
        use_role(
            rotate_secret_phases=["rollback"],
            rotate_secret_strategy=strategy,
            rotate_secret_old_value=f"Bearer {API_KEY}",
            rotate_secret_proxy_url=konnect.proxy_url,
        ),
    )
    assert done.outcome in ("rolled_back", "unchanged", "cleaned_up"), done.message
    wait_for_answer(konnect)
    assert stored(konnect) == {"mistral-key": API_KEY}
    assert (references(konnect), route_names(konnect)) == ({"mistral-key"}, ["example-route"])


@pytest.mark.parametrize(("strategy", "after"), WRITES)
def test_the_teardown_removes_what_a_killed_rotation_left(konnect, strategy, after):
    interrupted(konnect, NEW_KEY, strategy, after)
    done = rotate(konnect, NEW_KEY, playbook="teardown")
    assert not done.failed, done.run.output
    assert not any(everything(konnect).values())


def test_the_teardown_removes_a_rotation_that_was_switched(konnect):
    """And the temporary route that its last test could not remove."""
    given = {"rotate_secret_value": f"Bearer {NEW_KEY}", "rotate_secret_strategy": "blue_green"}
    rotate_in(konnect, use_role(**given, rotate_secret_phases=["prepare", "switch"]))
    konnect.faults("DELETE:/core-entities/=401")
    assert rotate_in(konnect, use_role(**given, rotate_secret_phases=["commit"])).failed
    konnect.faults()
    assert len(route_names(konnect)) == 2
    done = rotate(konnect, NEW_KEY, playbook="teardown")
    assert not done.failed, done.run.output
    assert not any(everything(konnect).values())
