# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rotation of a secret: proved, taken back, finished after an interruption, and never a reference that dangles."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from support.emulator import API_KEY, Emulator
from support.rotation import (
    BAD_KEY,
    BLUE_GREEN,
    NEW_KEY,
    chat,
    ready_to_rotate,
    referred,
    rotate,
    stored,
    wait_for_answer,
)


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    with ready_to_rotate() as running:
        yield running


@contextlib.contextmanager
def load(konnect: Emulator) -> Iterator[Counter[int]]:
    """A client that hammers the proxy all the while; the statuses of its answers."""
    statuses: Counter[int] = Counter()
    over = threading.Event()

    def hammer() -> None:
        while not over.wait(0.02):
            statuses[chat(konnect)] += 1

    thread = threading.Thread(target=hammer)
    thread.start()
    try:
        yield statuses
    finally:
        over.set()
        thread.join()


def test_in_place(konnect):
    predicted = rotate(konnect, NEW_KEY, "--check")
    assert (predicted.code, predicted.changed) == (0, 1), predicted.output
    assert konnect.writes() == []
    with load(konnect) as statuses:
        done = rotate(konnect)
    assert done.code == 0, done.output
    assert "Rotated. The live key is mistral-key" in done.output
    assert set(statuses) == {200}
    assert stored(konnect) == {"mistral-key": True}
    konnect.writes()
    again = rotate(konnect)
    assert (again.code, again.changed) == (0, 0), again.output
    assert konnect.writes() == []


@pytest.mark.exhaustive
def test_in_place_with_a_bad_key(konnect):
    assert rotate(konnect).code == 0
    young = rotate(konnect, API_KEY, rotate_secret_max_age_days=1)
    assert (young.code, young.changed) == (0, 0), young.output

    bad = rotate(konnect, BAD_KEY, old_api_key=NEW_KEY)
    assert bad.code != 0
    assert "The old value of mistral-key is live again, and works." in bad.output
    assert "returned 401" in bad.output
    assert chat(konnect) == 200
    assert rotate(konnect).changed == 0  # what is live is recorded as what it is

    stays = rotate(konnect, BAD_KEY)
    assert "The new value of mistral-key is live. It stays" in stays.output
    wait_for = rotate(konnect)
    assert wait_for.code == 0, wait_for.output
    assert chat(konnect) == 200


@pytest.mark.exhaustive
def test_blue_green(konnect):
    predicted = rotate(konnect, NEW_KEY, "--check", **BLUE_GREEN, rotate_secret_remove_old="true")
    assert (predicted.code, predicted.changed) == (0, 3), predicted.output
    assert konnect.writes() == []
    with load(konnect) as statuses:
        done = rotate(konnect, **BLUE_GREEN)
    assert done.code == 0, done.output
    assert "The live key is mistral-key-blue" in done.output
    assert set(statuses) == {200}
    assert referred(konnect) == "mistral-key-blue"
    assert stored(konnect) == {"mistral-key": True, "mistral-key-blue": True}
    konnect.writes()
    again = rotate(konnect, **BLUE_GREEN)
    assert (again.code, again.changed) == (0, 0), again.output
    assert konnect.writes() == []

    bad = rotate(konnect, BAD_KEY, **BLUE_GREEN)
    assert bad.code != 0
    assert "The references are back at mistral-key-blue, which works." in bad.output
    assert referred(konnect) == "mistral-key-blue"
    assert chat(konnect) == 200
    assert "mistral-key-green" in stored(konnect)

    with load(konnect) as statuses:
        back = rotate(konnect, API_KEY, **BLUE_GREEN, rotate_secret_remove_old="true")
    assert back.code == 0, back.output
    assert set(statuses) == {200}
    # The first key still holds that value.
    assert referred(konnect) == "mistral-key"
    assert stored(konnect) == {"mistral-key": True}


def wait_for_write(konnect: Emulator) -> None:
    while not any(line.endswith("/mistral-key") for line in konnect.writes()):
        time.sleep(0.005)


@contextlib.contextmanager
def in_between(act: Callable[[], None]) -> Iterator[None]:
    other = threading.Thread(target=act)
    other.start()
    yield
    other.join()


def test_somebody_else_writes_while_a_rotation_waits(konnect):
    path = f"config-stores/{konnect.list('config-stores')[0]['id']}/secrets/mistral-key"

    def write_in_between() -> None:
        wait_for_write(konnect)
        konnect.call("PUT", path, {"value": f"Bearer {NEW_KEY}"})

    with in_between(write_in_between):
        done = rotate(konnect, BAD_KEY, old_api_key=API_KEY)
    assert done.code != 0
    assert "Another client has written mistral-key since" in done.output
    assert "works" not in done.output
    assert chat(konnect) == 200, "what somebody else wrote was not overwritten"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"rotate_secret_remove_old": "true"}, "go with rotate_secret_strategy=blue_green"),
        ({"ai_proxy_secret_key": "no-such-key"}, "has no secret no-such-key"),
        ({"rotate_secret_strategy": "blue_green", "rotate_secret_new_key": "mistral-key"}, "different keys"),
    ],
)
def test_bad_input(konnect, variables, words):
    done = rotate(konnect, **variables)
    assert done.code != 0
    assert words in done.output
    assert konnect.writes() == []


@pytest.mark.exhaustive
def test_a_value_that_proved_itself_stays_when_only_its_record_fails(konnect):
    konnect.faults(r"PUT:mistral-key\.fingerprint\.\w+\.0=401")  # the record of a value that proved itself
    done = rotate(konnect, old_api_key=API_KEY)
    assert done.code != 0
    assert "is live and works, but that was not recorded" in done.output
    konnect.faults()
    assert chat(konnect) == 200
    konnect.writes()
    assert rotate(konnect).code == 0
    assert [line for line in konnect.writes() if line.endswith("/mistral-key")] == []
    assert stored(konnect) == {"mistral-key": True}


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("fault", "old", "live", "outcome"),
    [
        (r"/mistral-key\.fingerprint=401", API_KEY, 200, "The old value of mistral-key was put back, but"),
        (r"/mistral-key\.fingerprint=401", "", 401, "The new value of mistral-key is live. It stays"),
        ("/mistral-key$=401", API_KEY, 200, "Nothing was written; the value of mistral-key is the one that it was."),
        ("/mistral-key$=reset-before", API_KEY, 200, "Nothing was written"),
        ("/mistral-key$=reset-after", API_KEY, 401, "Whether the new or the old value of mistral-key is live"),
    ],
)
def test_the_write_of_the_new_value_fails(konnect, fault, old, live, outcome):
    konnect.faults(f"PUT:{fault}")
    done = rotate(konnect, BAD_KEY, old_api_key=old, rotate_secret_request_retries=0)
    assert done.code != 0
    assert outcome in done.output
    konnect.faults()
    wait_for_answer(konnect, live)
    assert rotate(konnect).code == 0
    assert chat(konnect) == 200


@pytest.mark.exhaustive
def test_the_value_goes_back_also_when_the_nodes_cannot_be_read(konnect):
    def break_in_between() -> None:
        wait_for_write(konnect)
        konnect.faults("GET:/nodes=500")

    with in_between(break_in_between):
        done = rotate(konnect, BAD_KEY, old_api_key=API_KEY, rotate_secret_request_retries=0)
    assert done.code != 0
    assert "The old value of mistral-key was put back, but that it works again could not be proved." in done.output
    wait_for_answer(konnect)


@pytest.mark.exhaustive
def test_what_is_in_use_is_never_written_over(konnect):
    """The key in use must be named, and a key of somebody else's is not taken."""
    assert rotate(konnect, **BLUE_GREEN).code == 0
    konnect.writes()
    unused = rotate(konnect, API_KEY)
    assert unused.code != 0
    assert "In use is mistral-key-blue" in unused.output

    path = f"config-stores/{konnect.list('config-stores')[0]['id']}/secrets"
    konnect.call("PUT", f"{path}/other-key", {"value": "fake-value-of-another"})
    log = {"name": "http-log", "config": {"http_endpoint": "{vault://mysecretvault/other-key}"}}
    konnect.call("POST", "core-entities/plugins", log)
    konnect.writes()
    taken = rotate(
        konnect, API_KEY, **BLUE_GREEN, ai_proxy_secret_key="mistral-key-blue", rotate_secret_new_key="other-key"
    )
    assert "other-key is referred to already" in taken.output
    assert konnect.writes() == []


@pytest.mark.exhaustive
def test_what_goes_wrong_is_told_as_it_is(konnect):
    konnect.faults("PUT:core-entities/plugins/=401")
    done = rotate(konnect, **BLUE_GREEN)
    assert done.code != 0
    assert "The probe" not in done.output
    assert "does not accept it" in done.output
    konnect.faults()
    assert referred(konnect) == "mistral-key"


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", ["in_place", "blue_green"])
def test_a_secret_that_is_known_by_version(konnect, strategy):
    short = {"rotate_secret_value_version": 2, "old_api_key": API_KEY, "rotate_secret_strategy": strategy}
    bad = rotate(konnect, BAD_KEY, **short)
    assert "works." in bad.output
    assert chat(konnect) == 200
    good = rotate(konnect, NEW_KEY, **short)
    assert good.code == 0, good.output
    assert chat(konnect) == 200
    again = rotate(konnect, NEW_KEY, **short)
    assert (again.code, again.changed) == (0, 0), again.output
