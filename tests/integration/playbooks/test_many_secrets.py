# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many secrets in a play: nothing of their values in its output, progress as it is made, and runs that are killed."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from support.control_plane import ControlPlaneHarness
from support.emulator import ROOT, Emulator, emulator
from support.playbook import INTERPRETER, ansible_playbook, environment_of_a_run, run_play

MODULE = "community.konnect.konnect_secrets"
STORE = {"name": "my-store"}


def rows(count: int, word: str) -> list[dict[str, str]]:
    return [{"key": f"key-{number:04}", "value": f"Bearer fake-{word}-{number:04}-value"} for number in range(count)]


def playbook(directory: pathlib.Path, tasks: list[dict[str, Any]], variables: dict[str, Any]) -> list[str]:
    """Write a play that has the secrets in a file of variables, and return the arguments for ansible-playbook.

    Ansible shows the source of a task that it refuses, so values must not stand in the task.
    """
    (directory / "variables.json").write_text(json.dumps(variables))
    play = {"hosts": "localhost", "gather_facts": False, "vars": INTERPRETER, "tasks": tasks}
    play["vars_files"] = [str(directory / "variables.json")]
    path = directory / "playbook.yml"
    path.write_text(json.dumps([play]))
    return [str(path)]


HIDDEN_JSON = {"key": "json", "value": {"user": "fake-hidden-user", "password": "fake-hidden-password"}}
MISSPELT = {"key": "key-x", "valeu": "fake-hidden-misspelt", "value": "fake-hidden-x"}


def test_no_value_is_shown_or_logged(konnect, tmp_path):
    cases = {
        "written": [*rows(30, "hidden"), HIDDEN_JSON],
        "short": [{"key": "short", "value": "fake-hidden"}],
        "misspelt option": [*rows(2, "hidden"), MISSPELT],
        "bad key": [*rows(2, "hidden"), {"key": "a/b", "value": "fake-hidden-slash"}],
        "text for a list": "fake-hidden-text",
        "text for a row": ["fake-hidden-row"],
    }
    konnect.call("POST", "config-stores", STORE)
    tasks = []
    for name in cases:
        options = {"config_store": "my-store", "secrets": f"{{{{ cases['{name}'] }}}}"}
        tasks.append({"name": name, MODULE: options, "ignore_errors": True, "diff": True})
    run = ansible_playbook(*playbook(tmp_path, tasks, {"cases": cases}), "-vvv", environment=konnect.environment)
    assert (run.recap["changed"], run.recap["ignored"]) == (2, 4), run.output
    assert not re.findall(r"fake-hidden\S*", run.output)


@pytest.fixture
def store_twenty(konnect):
    """Run a play that writes twenty secrets, with these options of ansible-playbook."""
    konnect.call("POST", "config-stores", STORE)
    task = {"name": "Store", MODULE: {"config_store": "my-store", "secrets": rows(20, "hidden")}}

    def run(*arguments):
        done = run_play(*arguments, environment={**konnect.environment, "KONNECT_FORK": "true"}, tasks=[task])
        assert done.code == 0, done.output
        return done.output

    return run


@pytest.mark.exhaustive
def test_progress_is_shown_as_it_is_made(store_twenty):
    output = store_twenty("-v")
    before_the_result = output.partition("changed: [localhost]")[0]
    assert re.findall(r"(\d+) of 20 secrets", before_the_result) == [str(done) for done in range(2, 21, 2)]
    assert "fake-hidden" not in output


@pytest.mark.exhaustive
def test_progress_is_not_shown_unless_asked_for(store_twenty):
    assert "of 20 secrets" not in store_twenty()


def stored(konnect: Emulator) -> tuple[dict[str, str], set[str]]:
    """The values by key, which the emulator shows, and the keys that a record stands for."""
    (store,) = konnect.list("config-stores")
    entries = {entry["key"]: entry["value"] for entry in konnect.list(f"config-stores/{store['id']}/secrets")}
    records = {key.partition(".fingerprint.")[0] for key in entries if ".fingerprint." in key}
    return {key: value for key, value in entries.items() if ".fingerprint." not in key}, records


def kill_and_repair(directory: pathlib.Path, count: int, kills: int, seed: int) -> None:
    """Cut runs short at random moments by SIGKILL; each time another one finishes the work, and a third has none."""
    chance = random.Random(seed)
    with emulator("--set", "secret_echo=true") as konnect:
        konnect.call("POST", "config-stores", STORE)
        quickstart = ControlPlaneHarness.first(konnect)
        for kill in range(kills):
            secrets = rows(count, f"run{kill}")
            task = {MODULE: {"config_store": "my-store", "secrets": "{{ secrets }}"}}
            run_and_kill(konnect, playbook(directory, [task], {"secrets": secrets}), chance.randrange(1, 2 * count))
            options = {"config_store": "my-store", "secrets": secrets}
            repaired = quickstart.run("secrets", options)
            held, records = stored(konnect)
            assert not repaired.failed, repaired.message
            assert held == {row["key"]: row["value"] for row in secrets}
            assert records == set(held)
            assert not quickstart.run("secrets", options).changed


def run_and_kill(konnect: Emulator, arguments: list[str], after: int) -> None:
    """Run ansible-playbook, and kill it and all its children once this number of writes was seen."""
    with konnect.request_log.open("rb") as log:
        log.seek(0, os.SEEK_END)
        process = subprocess.Popen(
            [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), *arguments],
            cwd=ROOT,
            env=environment_of_a_run(konnect.environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        seen = 0
        while seen < after and process.poll() is None:
            seen += log.read().count(b'"PUT"')
            time.sleep(0.002)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_killed_run_is_finished_by_the_next(tmp_path):
    kill_and_repair(tmp_path, count=60, kills=1, seed=5)


@pytest.mark.exhaustive
def test_twenty_killed_runs_with_a_thousand_secrets(tmp_path):
    kill_and_repair(tmp_path, count=1000, kills=20, seed=20)
