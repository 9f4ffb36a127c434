# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation that was cut short is finished by the next run, or taken back."""

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

from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, ROOT, Emulator
from support.rotation import BAD_KEY, BLUE_GREEN, NEW_KEY, chat, ready_to_rotate, referred, rotate, stored


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    with ready_to_rotate() as running:
        yield running


def interrupted(konnect: Emulator, key: str, strategy: str, after: int, *more: str) -> bool:
    """Begin a rotation and kill it after so many writes; whether it came that far."""
    konnect.writes()
    options = ("--extra-vars", f"rotate_secret_strategy={strategy}", *more)
    process = subprocess.Popen(
        [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), "playbooks/rotate.yml", *options],
        cwd=ROOT,
        env={**os.environ, **konnect.environment, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "MISTRAL_API_KEY": key},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    written = 0
    while written < after and process.poll() is None:
        written += len(konnect.writes())
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return written >= after


# Of each strategy: the value is written and nothing else; the references are moved and nothing is proved. Where time is
# short, only the second is tried.
LATEST = {"in_place": 1, "blue_green": 3}


@pytest.mark.parametrize(
    ("strategy", "after"),
    [
        pytest.param(strategy, after, marks=() if (strategy, after) == ("blue_green", 3) else pytest.mark.exhaustive)
        for strategy in LATEST
        for after in (1, 2, 3, 4, 5)
    ],
)
def test_killed_at_any_step_it_is_finished_by_the_next_run(konnect, strategy, after):
    reached = interrupted(konnect, NEW_KEY, strategy, after)
    assert reached or after > LATEST[strategy]
    assert chat(konnect) == 200
    finished = rotate(konnect, rotate_secret_strategy=strategy)
    assert finished.code == 0, finished.output
    assert chat(konnect) == 200
    live = referred(konnect)
    assert f"The live key is {live}" in finished.output
    assert stored(konnect)[live] is True
    konnect.writes()
    again = rotate(konnect, rotate_secret_strategy=strategy)
    assert (again.code, again.changed) == (0, 0), again.output
    assert konnect.writes() == []


def taken_back(konnect: Emulator, key: str = BAD_KEY) -> str:
    """Rotate to a value that fails, and see that all is at the first key again; what was told."""
    bad = rotate(konnect, key, **BLUE_GREEN)
    assert bad.code != 0
    assert "The references are back at mistral-key, which works." in bad.output
    assert referred(konnect) == "mistral-key"
    assert chat(konnect) == 200
    return bad.output


def test_a_bad_key_whose_rotation_was_killed_is_taken_back(konnect):
    assert interrupted(konnect, BAD_KEY, "blue_green", LATEST["blue_green"])
    assert referred(konnect) == "mistral-key-blue"
    told = taken_back(konnect)
    assert "The expected hash was still" not in told, "nothing was written, so nothing has to move"


def add_another_plugin(konnect: Emulator, key: str = "mistral-key") -> None:
    """A route with a plugin of its own that refers to the key."""
    (plugin,) = konnect.list("core-entities/plugins")
    route = {"name": "another-route", "paths": ["/another"], "protocols": ["http"]}
    service = konnect.list("core-entities/services")[0]["id"]
    route = konnect.call("POST", "core-entities/routes", {**route, "service": {"id": service}})
    config = {
        **plugin["config"],
        "auth": {**plugin["config"]["auth"], "header_value": f"{{vault://mysecretvault/{key}}}"},
    }
    konnect.call("POST", "core-entities/plugins", {"name": "ai-proxy", "route": {"id": route["id"]}, "config": config})


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", LATEST)
@pytest.mark.parametrize("after", range(1, 9))
def test_killed_at_any_step_of_going_back_it_is_taken_back_by_the_next_run(konnect, strategy, after):
    add_another_plugin(konnect)
    old = ("--extra-vars", f"old_api_key={API_KEY} rotate_secret_probe_retries=0")
    interrupted(konnect, BAD_KEY, strategy, after, *old)
    bad = rotate(konnect, BAD_KEY, old_api_key=API_KEY, rotate_secret_strategy=strategy)
    assert "works." in bad.output
    assert referred(konnect) == "mistral-key"
    assert chat(konnect) == 200
    good = rotate(konnect, NEW_KEY, rotate_secret_strategy=strategy)
    assert good.code == 0, good.output
    assert chat(konnect) == 200
    assert stored(konnect)[referred(konnect)] is True


@pytest.mark.exhaustive
def test_what_the_killed_rotation_had_moved_goes_back_too(konnect):
    assert interrupted(konnect, BAD_KEY, "blue_green", LATEST["blue_green"])
    add_another_plugin(konnect)  # to which it did not come
    taken_back(konnect)


@pytest.mark.exhaustive
def test_what_the_killed_rotation_had_not_moved_is_moved(konnect):
    assert interrupted(konnect, NEW_KEY, "blue_green", LATEST["blue_green"])
    add_another_plugin(konnect)
    assert rotate(konnect, **BLUE_GREEN).code == 0
    assert referred(konnect) == "mistral-key-blue"


@pytest.mark.exhaustive
def test_a_bad_key_whose_rotation_was_killed_and_no_other_key_to_go_back_to(konnect):
    assert interrupted(konnect, BAD_KEY, "blue_green", LATEST["blue_green"])
    (store,) = konnect.list("config-stores")
    konnect.call("DELETE", f"config-stores/{store['id']}/secrets/mistral-key")
    bad = rotate(konnect, BAD_KEY, **BLUE_GREEN)
    assert "no earlier key to go back to; mistral-key-blue with the new value is live." in bad.output


@pytest.mark.exhaustive
@pytest.mark.parametrize("variables", [{}, {"rotate_secret_value_version": 2}])
def test_cut_short_between_the_two_writes_that_record_the_proof(konnect, variables):
    variables = {**BLUE_GREEN, "rotate_secret_new_key": "another-key", **variables}
    konnect.faults(r"DELETE:another-key\.fingerprint\.\w+\.f=401")
    assert "was not recorded" in rotate(konnect, **variables).output
    konnect.faults()
    konnect.writes()
    again = rotate(konnect, **variables)
    assert (again.code, again.changed) == (0, 0), again.output
    assert konnect.writes() == []


@pytest.mark.exhaustive
def test_killed_on_the_way_to_a_key_that_was_proved_at_another_time(konnect):
    """What it holds may have been revoked since, so that it has to prove itself again."""
    blue = {"config_store": "my-config-store", "key": "mistral-key-blue", "value": f"Bearer {BAD_KEY}"}
    ControlPlaneHarness.first(konnect).run_handler("secret", blue)
    add_another_plugin(konnect)
    assert interrupted(konnect, BAD_KEY, "blue_green", 5)  # the value twice, its record, a removal, and one reference
    taken_back(konnect)


@pytest.mark.exhaustive
def test_another_bad_key_after_one_whose_rotation_was_killed(konnect):
    assert interrupted(konnect, BAD_KEY, "blue_green", LATEST["blue_green"])
    taken_back(konnect, f"{BAD_KEY}-too")


@pytest.mark.exhaustive
def test_the_last_value_that_works_is_not_written_over(konnect):
    """With both other keys in use and neither proved."""
    assert interrupted(konnect, BAD_KEY, "blue_green", LATEST["blue_green"])
    assert interrupted(konnect, f"{BAD_KEY}-too", "blue_green", LATEST["blue_green"])
    add_another_plugin(konnect, "mistral-key-blue")
    third = rotate(konnect, f"{BAD_KEY}-three", **BLUE_GREEN)
    assert "Set rotate_secret_new_key" in third.output
    assert stored(konnect)["mistral-key"] is True
    assert rotate(konnect, API_KEY, **BLUE_GREEN).code == 0
    assert chat(konnect) == 200


@pytest.mark.exhaustive
def test_killed_before_the_old_key_is_removed_though_nothing_is_due(konnect):
    young = {**BLUE_GREEN, "rotate_secret_remove_old": "true", "rotate_secret_max_age_days": 0}
    konnect.faults("DELETE:/mistral-key$=401")
    assert rotate(konnect, **young).code != 0
    konnect.faults()
    done = rotate(konnect, **{**young, "rotate_secret_max_age_days": 1})
    assert (done.code, done.changed) == (0, 1), done.output
    assert stored(konnect) == {"mistral-key-blue": True}


@pytest.mark.exhaustive
def test_check_mode_predicts_what_finishes_it(konnect):
    assert interrupted(konnect, NEW_KEY, "blue_green", LATEST["blue_green"])
    predicted = rotate(konnect, NEW_KEY, "--check", **BLUE_GREEN)
    assert (predicted.code, predicted.changed) == (0, rotate(konnect, NEW_KEY, **BLUE_GREEN).changed)
