# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of rotations in this process: the tutorial in control planes of a very fast emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from support.control_plane import ControlPlaneHarness
from support.emulator import Emulator
from support.rotation_run import VERY_FAST, arguments, connect, set_up


@pytest.fixture
def new_control_plane(emulators: Callable[..., Emulator]) -> Iterator[Callable[[], ControlPlaneHarness]]:
    """Return a function that makes a control plane with the tutorial, which alone has the data plane."""
    shared = emulators(*arguments(VERY_FAST))

    def create() -> ControlPlaneHarness:
        konnect = ControlPlaneHarness.create(shared)
        set_up(konnect)
        connect(konnect)
        return konnect

    yield create
    shared.faults()


@pytest.fixture
def konnect(new_control_plane: Callable[[], ControlPlaneHarness]) -> ControlPlaneHarness:
    """One such control plane."""
    return new_control_plane()
