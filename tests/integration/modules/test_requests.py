# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks ask for: nothing twice."""

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
