# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the integration tests: the emulator that a worker shares, and a control plane for each test."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator

import pytest

from support.ai_gateway import AiGatewayHarness
from support.control_plane import ControlPlaneHarness
from support.emulator import Emulator, emulator


@pytest.fixture(scope="session")
def emulators() -> Iterator[Callable[..., Emulator]]:
    """Start one emulator for each set of arguments that the tests of this worker ask for."""
    with contextlib.ExitStack() as stack:
        yield functools.cache(lambda *arguments: stack.enter_context(emulator(*arguments)))


@pytest.fixture
def konnect(request: pytest.FixtureRequest, emulators: Callable[..., Emulator]) -> Iterator[ControlPlaneHarness]:
    """A control plane of the test's own; the mark ``emulator`` gives the emulator's arguments."""
    mark = request.node.get_closest_marker("emulator")
    shared = emulators(*(mark.args if mark else ()))
    yield ControlPlaneHarness.create(shared)
    shared.faults()


@pytest.fixture
def gateway(request: pytest.FixtureRequest, emulators: Callable[..., Emulator]) -> Iterator[AiGatewayHarness]:
    """An AI Gateway of the test's own, with the data plane; the mark ``emulator`` or a parameter gives the emulator's
    arguments.
    """
    mark = request.node.get_closest_marker("emulator")
    shared = emulators(*getattr(request, "param", mark.args if mark else ()))
    yield AiGatewayHarness.create(shared)
    shared.faults()
