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
    """Runs one after the other against one emulator, each when a test first asks for it."""

    konnect: Emulator
    moments: dict[str, Moment] = field(default_factory=dict)

    def moment(self, name: str) -> Moment:
        run = RUNS[name]
        if run.after:
            self.moment(run.after)
        if name not in self.moments:
            self.moments[name] = self._run(run)
        return self.moments[name]

    def _run(self, run: Run) -> Moment:
        self.konnect.requests()
        with load(self.konnect) as statuses:
            rotation = rotate(self.konnect, run.key, *run.options, playbook=run.playbook)
        writes = self.konnect.writes()
        found = everything(self.konnect)
        entries = stored(self.konnect) if found["stores"] else {}
        del found["secrets"]
        return Moment(rotation, writes, statuses, entries, found)


@dataclass(frozen=True)
class Run:
    """A playbook with a key.

    :param after: the run that has to come before.
    """

    key: str
    playbook: str = "rotate"
    options: tuple[str, ...] = ()
    after: str = ""


RUNS = {
    "bad by site": Run(BAD_KEY, "site"),
    "bad": Run(BAD_KEY),
    "predicted": Run(NEW_KEY, options=CHECK),
    "good": Run(NEW_KEY),
    "again by site": Run(NEW_KEY, "site", after="good"),
    "good by site": Run(API_KEY, "site", after="good"),
    "removal": Run(API_KEY, "teardown"),
}
# What a bad and a good key do, each by one playbook; the others are like them.
FIRST = ("bad by site", "good")


@pytest.fixture(scope="module")
def journey() -> Iterator[Journey]:
    with ready_to_rotate("--propagation-ms", "300") as konnect:
        yield Journey(konnect)


def runs(*names: str) -> list[Any]:
    """Parameters of a test; all but the first runs are left to the exhaustive run."""
    return [name if name in FIRST else pytest.param(name, marks=pytest.mark.exhaustive) for name in names]


# One worker runs the playbooks for all of these tests.
pytestmark = pytest.mark.xdist_group("rotation-journey")
KEPT = [name for name in RUNS if name != "removal"]
each_bad = pytest.mark.parametrize("name", runs("bad by site", "bad"))
each_good = pytest.mark.parametrize("name", runs("good", "good by site"))


@pytest.mark.parametrize("name", runs(*KEPT))
def test_every_request_of_a_client_is_answered(journey, name):
    assert set(journey.moment(name).statuses) == {200}


@each_bad
def test_a_bad_key_fails_the_playbook(journey, name):
    assert journey.moment(name).rotation.failed


@each_bad
def test_a_bad_key_is_told_with_what_is_live(journey, name):
    rotation = journey.moment(name).rotation
    assert rotation.outcome == "rolled_back"
    assert rotation.message.startswith("The provider rejected the new value of mistral-key")
    assert rotation.message.endswith("The earlier value is live, as before.")
    assert rotation.message in " ".join(rotation.run.output.split())


@each_bad
def test_after_a_bad_key_only_the_working_one_is_stored(journey, name):
    assert journey.moment(name).stored == {"mistral-key": API_KEY}


@each_bad
def test_a_bad_key_never_reaches_the_secret_that_live_traffic_uses(journey, name):
    assert [line for line in journey.moment(name).writes if line.endswith("/secrets/mistral-key")] == []


@each_good
def test_a_good_key_is_rotated(journey, name):
    moment = journey.moment(name)
    assert not moment.rotation.failed, moment.rotation.run.output
    assert moment.rotation.outcome == "rotated"
    assert moment.stored == {"mistral-key": RUNS[name].key}


@each_good
def test_the_old_key_may_be_revoked_once_all_nodes_use_the_new_one(journey, name):
    result = journey.moment(name).rotation.result
    assert result["old_key_may_be_revoked"] is True
    assert result["message"].endswith("The old key may be revoked.")


@pytest.mark.exhaustive
def test_check_mode_predicts_a_rotation(journey):
    predicted, done = journey.moment("predicted"), journey.moment("good")
    assert predicted.writes == []
    assert predicted.rotation.changed == done.rotation.changed > 0
    assert predicted.rotation.message == "mistral-key would be rotated, if the new value works."


@pytest.mark.exhaustive
def test_the_same_key_again_changes_nothing(journey):
    moment = journey.moment("again by site")
    assert moment.writes == [], moment.rotation.run.output
    assert (moment.rotation.failed, moment.rotation.changed) == (False, 0)


@pytest.mark.parametrize("name", runs(*KEPT))
def test_between_runs_only_the_entities_of_the_tutorial_exist(journey, name):
    assert journey.moment(name).entities == TUTORIAL


def test_the_teardown_removes_everything(journey):
    assert not any(journey.moment("removal").entities.values())
