# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""konnect_secret_rotation phase by phase, and what konnect_secret_rotation_info shows of it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from support.control_plane import ControlPlaneHarness, ModuleRun
from support.emulator import API_KEY
from support.rotation import BAD_KEY, NEW_KEY, QUICK, ready_to_rotate, stored

SECRET = {"config_store": "my-config-store", "key": "mistral-key"}
TEAM_REFERENCE = "{vault://team-vault/mistral-key}"
NEW, BAD = {"value": f"Bearer {NEW_KEY}"}, {"value": f"Bearer {BAD_KEY}"}
PHASES: list[tuple[str, dict[str, Any]]] = [("prepare", NEW), ("try", {}), ("commit", NEW)]
Phase = Callable[..., ModuleRun]


@dataclass
class Stage:
    """A phase that was run in check mode, then run, then run again, and what the info module showed afterwards."""

    predicted: ModuleRun
    done: ModuleRun
    again: ModuleRun
    info: list[dict[str, Any]]


@pytest.fixture(scope="module")
def quickstart() -> Iterator[ControlPlaneHarness]:
    with ready_to_rotate() as running:
        yield ControlPlaneHarness.first(running)


@pytest.fixture(scope="module")
def run(quickstart: ControlPlaneHarness) -> Phase:
    def phase(
        name: str, *, check: bool = False, environment: dict[str, str] | None = None, **options: Any
    ) -> ModuleRun:
        given = {**SECRET, "probe_duration": QUICK["rotate_secret_probe_duration"], "phase": name, **options}
        return quickstart.run("secret_rotation", given, check=check, environment=environment)

    return phase


@pytest.fixture(scope="module")
def play(quickstart: ControlPlaneHarness, run: Phase, tmp_path_factory: pytest.TempPathFactory) -> list[ModuleRun]:
    """Each phase twice in a play in check mode, before the rotation; and then the secret with the new value."""
    file = tmp_path_factory.mktemp("play") / "facts.jsonl"
    shared = {"KONNECT_CHECK_MODE_FILE": str(file), "KONNECT_RUN_KEY": "fake-seal-key"}
    runs = [run(phase, check=True, environment=shared, **value) for phase, value in PHASES for _time in range(2)]
    return [*runs, quickstart.run("secret", {**SECRET, **NEW}, check=True, environment=shared)]


@pytest.fixture(scope="module")
def stages(quickstart: ControlPlaneHarness, run: Phase, play: list[ModuleRun]) -> dict[str, Stage]:
    """The phases of one rotation."""
    found = {}
    for phase, value in PHASES:
        runs = [run(phase, check=True, **value), run(phase, **value), run(phase, **value)]
        info = quickstart.run("secret_rotation_info", {"config_store": "my-config-store"})
        found[phase] = Stage(*runs, info["rotations"])
    return found


# One worker runs the phases for all of these tests.
pytestmark = pytest.mark.xdist_group("rotation-module")
each_phase = pytest.mark.parametrize("phase", ["prepare", "try", "commit"])


@each_phase
def test_a_phase_is_predicted(stages, phase):
    stage = stages[phase]
    assert stage.predicted.writes == []
    for name in ("changed", "outcome", "next_phase"):
        assert stage.predicted[name] == stage.done[name]


def test_a_rotation_is_predicted_over_a_play(stages, play):
    done = [each for stage in stages.values() for each in (stage.done, stage.again)]
    *checked, secret = play
    assert [write for each in play for write in each.writes] == []
    for name in ("changed", "outcome", "next_phase", "removed"):
        assert [each[name] for each in checked] == [each[name] for each in done]
    assert secret.changed is False


@each_phase
def test_a_phase_that_is_done_changes_nothing(stages, phase):
    assert not stages[phase].again.failed, stages[phase].again.message
    assert (stages[phase].again.changed, stages[phase].again.writes) == (False, [])


@pytest.mark.parametrize(
    ("phase", "outcome", "following"),
    [("prepare", "pending", "try"), ("try", "pending", "commit"), ("commit", "rotated", None)],
)
def test_a_phase_says_which_is_next(stages, phase, outcome, following):
    done = stages[phase].done
    assert (done["outcome"], done["next_phase"]) == (outcome, following)


@pytest.mark.parametrize(("phase", "stage"), [("prepare", "prepared"), ("try", "proved")])
def test_the_info_module_shows_a_pending_rotation(stages, phase, stage):
    (row,) = stages[phase].info
    assert (row["key"], row["stage"], row["pending"], row["known"]) == ("mistral-key", stage, True, True)
    assert (row["next_key"], row["references"], row["references_to_next"]) == ("mistral-key-next", 1, 0)
    assert row["temporary_entities"] == []


def test_the_info_module_shows_nothing_of_a_rotation_that_is_over(stages):
    assert stages["commit"].info == []


def test_the_last_phase_returns_what_a_wait_needs(stages):
    done = stages["commit"].done
    assert done["written_at"] and done["expected_hashes"]


def test_no_value_is_shown(stages):
    shown = str([(stage.predicted.result, stage.done.result, stage.again.result) for stage in stages.values()])
    for secret in (API_KEY, NEW_KEY):
        assert secret not in shown


def test_what_a_rotation_keeps_for_itself_is_no_secret(quickstart, run, stages):
    run("prepare", value=f"Bearer {API_KEY}")
    secrets = quickstart.run("secret_info", {"config_store": "my-config-store"})["secrets"]
    run("rollback")
    assert [secret["key"] for secret in secrets] == ["mistral-key", "mistral-key-next"]


def test_a_phase_out_of_order_names_the_one_that_is_due(run, stages):
    done = run("try")
    assert (done.code, done["next_phase"], done.writes) == ("out_of_order", "prepare", [])


def test_a_commit_with_another_value_is_refused(quickstart, run, stages):
    run("prepare", value=f"Bearer {API_KEY}")
    done = run("commit", **BAD)
    run("rollback")
    assert (done.code, done.writes) == ("value_changed", [])
    assert stored(quickstart.emulator) == {"mistral-key": NEW_KEY}


def test_a_rollback_of_another_value_changes_nothing(quickstart, run, stages):
    run("prepare", value=f"Bearer {API_KEY}")
    other = run("rollback", **BAD)
    assert (other.changed, other.writes) == (False, [])
    assert run("rollback")["outcome"] == "rolled_back"
    assert stored(quickstart.emulator) == {"mistral-key": NEW_KEY}


def test_a_rollback_where_nothing_is_pending_changes_nothing(run, stages):
    done = run("rollback")
    assert (done["outcome"], done.changed, done.writes) == ("unchanged", False, [])


def test_a_rollback_without_a_config_store_changes_nothing(run):
    done = run("rollback", config_store="no-such-store")
    assert (done["outcome"], done.changed, done.writes) == ("unchanged", False, [])


def test_a_rollback_without_a_config_store_repeats_why_the_phase_failed(run):
    done = run("rollback", config_store="no-such-store", because="There is no config store no-such-store.")
    assert (done["outcome"], done["message"]) == (
        "refused",
        "There is no config store no-such-store. Nothing had to be rolled back.",
    )


@pytest.mark.exhaustive
def test_references_in_another_workspace_are_switched_and_pointed_back_too():
    with ready_to_rotate() as running:
        konnect = ControlPlaneHarness.first(running)
        konnect.call("POST", "core-entities/workspaces", {"name": "team"})
        (store,) = konnect.list("config-stores")
        exposing = {"name": "konnect", "prefix": "team-vault", "config": {"config_store_id": store["id"]}}
        konnect.call("POST", "core-entities/team/vaults", exposing)
        headers = {"http_endpoint": "https://example.com", "headers": {"Authorization": TEAM_REFERENCE}}
        konnect.call("POST", "core-entities/team/plugins", {"name": "http-log", "config": headers})
        quick = {"probe_duration": QUICK["rotate_secret_probe_duration"]}
        options = {**SECRET, **NEW, **quick, "strategy": "blue_green", "references": "all"}
        seen = []
        for phase in ("prepare", "switch", "commit"):
            done = konnect.run("secret_rotation", {**options, "phase": phase})
            assert not done.failed, done.message
            plugins = (konnect.list(f"core-entities/{place}plugins") for place in ("", "team/"))
            seen.append(["mistral-key-next" in str(listed) for listed in plugins])
        assert (done["outcome"], seen) == ("rotated", [[False, False], [True, True], [False, False]])
