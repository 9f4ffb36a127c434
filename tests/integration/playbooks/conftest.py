# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests that run the real ansible-playbook, each against an emulator of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from support.emulator import Emulator, emulator
from support.playbook import Run, ansible_playbook


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    with emulator() as running:
        yield running


@pytest.fixture
def site(konnect: Emulator) -> Callable[..., Run]:
    """Run site.yml (or another playbook of the collection) against the emulator."""

    def run(*arguments: str, playbook: str = "site.yml", **environment: str) -> Run:
        return ansible_playbook(
            f"playbooks/{playbook}",
            *arguments,
            environment={**konnect.environment, **environment},
            extra_vars={**konnect.extra_vars, "probe_delay": 0.2},
        )

    return run
