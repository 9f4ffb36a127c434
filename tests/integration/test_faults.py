# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial with each request failing in each way: success or one clear error, and then a clean run repairs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from in_process import ONE, SECRET, TUTORIAL, TWO, World, remove
from running import Emulator, emulator

from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from konnect_emulator.faults import KINDS

# Several kinds take the same way through the client; one of each does where time is short.
REPEATED = ("429", "429-date", "500", "503", "truncated", "wrong-type")
each_kind = pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.exhaustive) if kind in REPEATED else kind for kind in KINDS]
)
# What may be told of a request that failed for good; none of these faults lasts longer than one request.
LASTING = {"401": "unauthorized"}


@pytest.fixture(scope="module")
def konnect() -> Iterator[Emulator]:
    with emulator("--set", "secret_echo=true", "--page-size", "2") as running:
        yield running


@each_kind
def test_each_request_of_the_tutorial(konnect, kind):
    undisturbed = World(konnect)
    konnect.faults()
    assert undisturbed.tutorial() == 6
    count = undisturbed.requests_sent()
    expected = undisturbed.state()
    for number in range(1, count + 1):
        world = World(konnect)
        konnect.faults(f"{number}={kind}")
        try:
            world.tutorial()
        except KonnectError as error:
            assert error.code == LASTING.get(kind), f"request {number}: {error.message}"
            assert "fake-key" not in error.message
        else:
            assert kind not in LASTING
        konnect.faults()
        world.tutorial()
        assert world.state() == expected, f"request {number}"
        assert world.tutorial() == 0, f"request {number}"


@each_kind
def test_each_request_of_a_new_value(konnect, kind):
    def in_sync(world: World, value: str) -> bool:
        return not world.run("secret", {**SECRET, "value": value}, check_mode=True)["changed"]

    def stored(world: World) -> str:
        return next(value for key, value in world.state()["secrets"]["my-config-store"] if key[0] == "mistral-key")

    for number in itertools.count(1):
        world = World(konnect)
        world.run(*TUTORIAL[0])
        world.run("secret", {**SECRET, "value": ONE})
        konnect.faults(f"{number}={kind}")
        try:
            world.run("secret", {**SECRET, "value": TWO})
        except KonnectError as error:
            assert error.code == LASTING.get(kind), f"request {number}: {error.message}"
        reached = world.requests_sent() >= number
        konnect.faults()
        # No record vouches for a value that is not stored.
        for value in (ONE, TWO):
            assert not in_sync(world, value) or stored(world) == value, f"request {number}"
        world.run("secret", {**SECRET, "value": TWO})
        assert in_sync(world, TWO)
        assert stored(world) == TWO
        if not reached:
            return


@pytest.mark.exhaustive
@each_kind
def test_each_request_of_the_removal(konnect, kind):
    for number in itertools.count(1):
        world = World(konnect)
        world.tutorial()
        konnect.faults(f"{number}={kind}")
        try:
            remove(world)
        except KonnectError as error:
            assert error.code == LASTING.get(kind), f"request {number}: {error.message}"
        reached = world.requests_sent() >= number
        konnect.faults()
        remove(world)
        assert not any(world.state().values()), f"request {number}"
        if not reached:
            return
