# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email.utils
import time

from ansible_collections.community.konnect.plugins.module_utils._pace import RateBudget, back_off, retry_after


def test_back_off_grows_and_is_capped():
    assert 0.25 <= back_off(1) <= 0.5
    assert 1 <= back_off(3) <= 2
    assert 30 <= back_off(50) <= 60


def test_retry_after_in_seconds_and_as_a_date():
    assert retry_after({"Retry-After": "7"}) == 7
    assert retry_after({"Retry-After": "3600"}) == 60
    assert 5 < retry_after({"Retry-After": email.utils.formatdate(time.time() + 9, usegmt=True)}) <= 9
    assert retry_after({"Retry-After": email.utils.formatdate(time.time() - 9, usegmt=True)}) == 0
    assert retry_after({"Retry-After": "soon"}) is None
    assert retry_after({}) is None


def test_the_budget_waits_for_the_reset_when_nothing_remains():
    now = [100.0]
    budget = RateBudget(lambda: now[0])
    budget.note({"RateLimit-Remaining": "1", "RateLimit-Reset": "30"})
    assert budget.pause() == 0
    budget.note({"RateLimit-Remaining": "0", "RateLimit-Reset": "30"})
    assert budget.pause() == 30
    now[0] += 31
    assert budget.pause() == 0
