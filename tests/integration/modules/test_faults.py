# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial with each request failing in each way: success or one clear error, and then a clean run repairs."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from konnect_emulator.faults import KINDS
from support import tutorial
from support.control_plane import ControlPlaneHarness
from support.engine import KonnectError
from support.options import NEW_VALUE

# Several kinds take the same way through the client; one of each does where time is short.
REPEATED = ("401", "429", "429-date", "429-retry-after", "500", "502", "503", "reset-before", "truncated", "wrong-type")
each_kind = pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.exhaustive) if kind in REPEATED else kind for kind in KINDS]
)
# The errors of faults that last; none of the others lasts longer than one request.
LASTING = {"401": "unauthorized"}
_module, SECRET = tutorial.SECRET


@pytest.fixture
def shared(emulators):
    """An emulator that shows the values of secrets, with small pages; it injects no faults when the test is over."""
    running = emulators("--set", "secret_echo=true", "--page-size", "2")
    yield running
    running.faults()


def disturb(konnect: ControlPlaneHarness, act: Callable[[], object], number: int, kind: str) -> bool:
    """Act while one request fails; whether there was such a request.

    What fails for good is told by its code, and without a secret.
    """
    konnect.emulator.faults(f"{number}={kind}")
    try:
        act()
    except KonnectError as error:
        assert error.code == LASTING.get(kind), f"request {number}: {error.message}"
        assert "fake-key" not in error.message
        reached = True
    else:
        reached = konnect.emulator.request_count() >= number
        assert not (reached and kind in LASTING), f"request {number} failed, and nothing was told"
    konnect.emulator.faults()
    return reached


def attempts(shared, kind, prepare, act):
    """Let each request of ``act`` fail in turn, each time in a new control plane; yield it and a name for messages."""
    for number in itertools.count(1):
        konnect = ControlPlaneHarness.create(shared)
        prepare(konnect)
        reached = disturb(konnect, lambda konnect=konnect: act(konnect), number, kind)
        if not reached:
            assert number > 1
            return
        yield konnect, f"request {number}"


@each_kind
def test_the_tutorial_is_repaired_by_the_next_run(shared, kind):
    undisturbed = ControlPlaneHarness.create(shared)
    tutorial.apply(undisturbed)
    expected = tutorial.content(undisturbed)
    for konnect, where in attempts(shared, kind, lambda _konnect: None, tutorial.apply):
        tutorial.apply(konnect)
        assert tutorial.content(konnect) == expected, where
        assert tutorial.apply(konnect) == 0, where


def write(konnect: ControlPlaneHarness, value: str = NEW_VALUE) -> None:
    konnect.run_handler("secret", {**SECRET, "value": value})


def in_sync(konnect: ControlPlaneHarness, value: str) -> bool:
    return not konnect.run_handler("secret", {**SECRET, "value": value}, check=True)["changed"]


def stored(konnect: ControlPlaneHarness) -> str:
    entries = tutorial.content(konnect)["secrets"]["my-config-store"]
    return next(value for key, value in entries if key[0] == "mistral-key")


def create_secret(konnect: ControlPlaneHarness) -> None:
    for module, options in (tutorial.CONFIG_STORE, tutorial.SECRET):
        konnect.run_handler(module, options)


@each_kind
def test_no_record_stands_for_a_value_that_is_not_stored(shared, kind):
    for konnect, where in attempts(shared, kind, create_secret, write):
        for value in (SECRET["value"], NEW_VALUE):
            assert not in_sync(konnect, value) or stored(konnect) == value, where


@each_kind
def test_a_new_value_is_written_by_the_next_run(shared, kind):
    for konnect, where in attempts(shared, kind, create_secret, write):
        write(konnect)
        assert in_sync(konnect, NEW_VALUE), where
        assert stored(konnect) == NEW_VALUE, where


@pytest.mark.exhaustive
@each_kind
def test_the_removal_is_finished_by_the_next_run(shared, kind):
    for konnect, where in attempts(shared, kind, tutorial.apply, tutorial.remove):
        tutorial.remove(konnect)
        assert not any(tutorial.content(konnect).values()), where
