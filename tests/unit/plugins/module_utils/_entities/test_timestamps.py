# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.timestamps import milliseconds, seconds
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T10:00:00.123Z", 1_795_428_000_123),
        ("2026-11-23T10:00:00Z", 1_795_428_000_000),
        ("2026-11-23T12:00:00.123+02:00", 1_795_428_000_123),
    ],
)
def test_milliseconds(text, expected):
    assert milliseconds(text) == expected


def test_no_time_is_an_error():
    with pytest.raises(KonnectError):
        milliseconds("yesterday")


@pytest.mark.parametrize(
    ("created_at", "expected"),
    [("2026-11-23T10:00:00.500Z", 1_795_428_000.5), (1_795_428_000, 1_795_428_000), (None, 0)],
)
def test_seconds(created_at, expected):
    assert seconds(created_at) == expected
