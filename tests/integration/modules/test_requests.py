# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks ask for: nothing twice, and not for the ids that an earlier task of the run found or made."""

from __future__ import annotations

from collections import Counter

import pytest

from support.control_plane import ModuleRun
from support.options import ABSENT
from support.tutorial import PLUGIN, SECRET, SERVICE, TUTORIAL, VAULT

NAMED = ("plugin", {**PLUGIN[1], "instance_name": "mistral"})
CHANGED = [(module, {**options, "tags": ["new"]}) for module, options in (VAULT, SERVICE, PLUGIN)]
OTHERS = [
    NAMED,
    NAMED,
    ("secret", {**SECRET[1], "value": "Bearer fake-new-value", "on_new_value": "warn"}),
    ("reference_info", {}),
    ("secret", {**SECRET[1], **ABSENT, "on_in_use": "keep"}),
    ("vault", {"prefix": "mysecretvault", **ABSENT, "on_in_use": "keep"}),
    ("config_store", {"name": "my-config-store", **ABSENT, "on_in_use": "keep"}),
]


def read_twice(run: ModuleRun) -> list[str]:
    return [line for line, count in Counter(run.requests).items() if count > 1 and line.startswith("GET")]


@pytest.fixture
def made(konnect):
    konnect.create_all(*TUTORIAL)
    return konnect


def test_no_task_of_the_tutorial_reads_anything_twice_when_nothing_changed(made):
    assert [read_twice(made.run(*task)) for task in TUTORIAL] == [[]] * len(TUTORIAL)


@pytest.mark.parametrize("tasks", [CHANGED, OTHERS], ids=["changed", "others"])
def test_no_task_reads_a_list_twice(made, tasks):
    for run in made.create_all(*tasks):
        # Without a list of plugins by name, so that no other plugin has the instance name.
        assert [line for line in read_twice(run) if not (run.changed and line.endswith("/plugins"))] == []


@pytest.fixture
def remembering(tmp_path):
    """The environment that the action gives to all modules of a run."""
    return {"KONNECT_KNOWN_IDS_FILE": str(tmp_path / "ids.jsonl"), "KONNECT_RUN_KEY": "fake-run-key"}


def test_the_tutorial_costs_ten_requests_when_nothing_changed(made, remembering):
    runs = [made.run(*task, environment=remembering) for task in TUTORIAL]
    assert [len(run.requests) for run in runs] == [2, 1, 1, 1, 1, 4]
    assert not any(run.changed for run in runs)


def test_without_the_action_nothing_is_remembered(made):
    assert [len(made.run(*task).requests) for task in TUTORIAL] == [2, 3, 3, 2, 3, 6]


def test_a_new_store_in_the_place_of_one_that_an_earlier_task_found_is_noticed(made, remembering):
    made.run(*SECRET, environment=remembering)
    (store,) = made.list("config-stores")
    made.call("DELETE", f"config-stores/{store['id']}", force="true")
    made.call("POST", "config-stores", {"name": store["name"]})
    run = made.run(*SECRET, environment=remembering)
    assert (run["reason"], made.run(*SECRET, environment=remembering).changed) == ("created", False)


def test_a_new_route_in_the_place_of_one_that_an_earlier_task_found_is_noticed(made, remembering):
    made.run(*PLUGIN, environment=remembering)
    (route,) = made.list("core-entities/routes")
    made.call("DELETE", f"core-entities/routes/{route['id']}")
    new = made.call("POST", "core-entities/routes", {"name": route["name"], "paths": ["/anything"]})
    run = made.run(*PLUGIN, environment=remembering)
    assert run["plugin"]["route"] == {"id": new["id"]}


def test_a_store_that_is_removed_and_made_again_in_a_run_is_the_new_one(made, remembering):
    (old,) = made.list("config-stores")
    everything = {"name": "my-config-store", "on_in_use": "remove", **ABSENT}
    for task in (SECRET, ("config_store", everything), ("config_store", {"name": "my-config-store"}), SECRET):
        run = made.run(*task, environment=remembering)
    assert (run["reason"], made.list("config-stores")[0]["id"] != old["id"]) == ("created", True)


def test_a_task_that_manages_an_entity_asks_for_it(made, remembering):
    for task in (SERVICE, SERVICE):
        run = made.run(*task, environment=remembering)
    assert run.requests == ["GET core-entities/services"]
