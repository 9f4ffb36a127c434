# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.community.konnect.plugins.module_utils._task import Task


def test_a_task_writes_unless_it_is_in_check_mode():
    assert Task().check_mode is False
    assert Task(check_mode=True).check_mode is True


def test_warnings_are_kept_in_order():
    task = Task()
    task.warn("first")
    task.warn("second")
    assert task.warnings == ["first", "second"]


def test_values_to_hide_add_up():
    task = Task()
    task.hide(["fake-one", "fake-two"])
    task.hide({"fake-three"})
    assert task.secrets == {"fake-one", "fake-two", "fake-three"}


def test_two_tasks_share_nothing():
    first, second = Task(), Task()
    first.warn("first")
    first.hide(["fake-one"])
    assert (second.warnings, second.secrets) == ([], set())


def test_progress_goes_to_the_report():
    lines = []
    Task(report=lines.append).report("10 of 20")
    assert lines == ["10 of 20"]


def test_progress_without_a_report_is_dropped():
    assert Task().report("10 of 20") is None
