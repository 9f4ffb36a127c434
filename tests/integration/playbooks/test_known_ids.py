# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action lets the tasks of a run know which ids others found, whichever way it runs modules, also over hosts."""

from __future__ import annotations

import pytest

from support.emulator import emulator
from support.options import STORE
from support.playbook import INTERPRETER, run_play
from support.playbook_tasks import task

TASKS = [
    task("config_store", STORE, run_once=True),
    *[task("secret_info", {"config_store": "my-store"})] * 2,
    task("secret_info", {"config_store": "my-store"}, check_mode=True),
]


@pytest.mark.parametrize("forks", ["true", pytest.param("false", marks=pytest.mark.exhaustive)])
def test_all_tasks_and_hosts_of_a_run_ask_once_for_a_control_plane_and_a_store(monkeypatch, forks):
    monkeypatch.setenv("KONNECT_FORK", forks)
    with emulator() as konnect:
        inventory = ["--inventory", "one,two,", "--forks", "2"]
        play = {"hosts": "all", "connection": "local", "vars": INTERPRETER, "tasks": TASKS}
        run = run_play(*inventory, environment=konnect.environment, **play)
        assert run.code == 0, run.output
        paths = [row["path"].rpartition("/")[2] for row in konnect.requests() if row["method"] == "GET"]
    assert (paths.count("control-planes"), paths.count("secrets")) == (1, 6)
    assert paths.count("config-stores") == 2  # of the task that makes it
