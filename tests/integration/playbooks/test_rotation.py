# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A new key by site.yml and rotate.yml, from the first key to nothing, with a client that chats all the while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from support.emulator import API_KEY, Emulator
from support.rotation import BAD_KEY, NEW_KEY, Rotation, load, ready_to_rotate, rotate, stored
from support.tutorial import everything

CHECK = ("--check",)
# All that the tutorial makes beside the secret.
TUTORIAL = {
    "stores": ["my-config-store"],
    "vaults": ["mysecretvault"],
    "services": ["example-service"],
    "routes": ["example-route"],
    "plugins": ["ai-proxy"],
}


@dataclass
class Moment:
    """A run of the journey, and what was there afterwards."""

    rotation: Rotation
    writes: list[str]
    statuses: Counter[int]
    stored: dict[str, str]
    entities: dict[str, list[str]]


@dataclass
class Journey:
    """Runs one after the other against one emulator, by their names."""

    konnect: Emulator
    moments: dict[str, Moment] = field(default_factory=dict)

    def run(self, name: str, key: str, *options: str, **more: Any) -> None:
        self.konnect.requests()
        with load(self.konnect) as statuses:
            rotation = rotate(self.konnect, key, *options, **more)
        writes = self.konnect.writes()
        found = everything(self.konnect)
        entries = stored(self.konnect) if found["stores"] else {}
        del found["secrets"]
        self.moments[name] = Moment(rotation, writes, statuses, entries, found)


@pytest.fixture(scope="module")
def journey() -> Iterator[Journey]:
    with ready_to_rotate("--propagation-ms", "300") as konnect:
        found = Journey(konnect)
        found.run("bad by site", BAD_KEY, playbook="site")
        found.run("bad", BAD_KEY)
        found.run("predicted", NEW_KEY, *CHECK)
        found.run("good", NEW_KEY)
        found.run("again by site", NEW_KEY, playbook="site")
        found.run("good by site", API_KEY, playbook="site")
        found.run("removal", API_KEY, playbook="teardown")
        yield found


# One worker runs the playbooks for all of these tests.
pytestmark = pytest.mark.xdist_group("rotation-journey")
RUNS = ["bad by site", "bad", "predicted", "good", "again by site"]
each_bad = pytest.mark.parametrize("name", ["bad by site", "bad"])
each_good = pytest.mark.parametrize(("name", "key"), [("good", NEW_KEY), ("good by site", API_KEY)])


@pytest.mark.parametrize("name", [*RUNS, "good by site"])
def test_every_request_of_a_client_is_answered(journey, name):
    assert set(journey.moments[name].statuses) == {200}


@each_bad
def test_a_bad_key_fails_the_playbook(journey, name):
    assert journey.moments[name].rotation.failed


@each_bad
def test_a_bad_key_is_told_with_what_is_live(journey, name):
    rotation = journey.moments[name].rotation
    assert rotation.outcome == "rolled_back"
    assert rotation.message.startswith("The provider rejected the new value of mistral-key")
    assert rotation.message.endswith("The earlier value is live, as before.")
    assert rotation.message in " ".join(rotation.run.output.split())


@each_bad
def test_after_a_bad_key_only_the_working_one_is_stored(journey, name):
    assert journey.moments[name].stored == {"mistral-key": API_KEY}


@each_bad
def test_a_bad_key_never_reaches_the_secret_that_live_traffic_uses(journey, name):
    assert [line for line in journey.moments[name].writes if line.endswith("/secrets/mistral-key")] == []


@each_good
def test_a_good_key_is_rotated(journey, name, key):
    moment = journey.moments[name]
    assert not moment.rotation.failed, moment.rotation.run.output
    assert moment.rotation.outcome == "rotated"
    assert moment.stored == {"mistral-key": key}


@each_good
def test_the_old_key_may_be_revoked_once_all_nodes_use_the_new_one(journey, name, key):
    result = journey.moments[name].rotation.result
    assert result["old_key_may_be_revoked"] is True
    assert result["message"].endswith("The old key may be revoked.")


def test_check_mode_predicts_a_rotation(journey):
    predicted, done = journey.moments["predicted"], journey.moments["good"]
    assert predicted.writes == []
    assert predicted.rotation.changed == done.rotation.changed > 0
    assert predicted.rotation.message == "mistral-key would be rotated, if the new value works."


def test_the_same_key_again_changes_nothing(journey):
    moment = journey.moments["again by site"]
    assert (moment.rotation.failed, moment.rotation.changed, moment.writes) == (False, 0, [])


@pytest.mark.parametrize("name", [*RUNS, "good by site"])
def test_between_runs_only_the_entities_of_the_tutorial_exist(journey, name):
    assert journey.moments[name].entities == TUTORIAL


def test_the_teardown_removes_everything(journey):
    assert not any(journey.moments["removal"].entities.values())
