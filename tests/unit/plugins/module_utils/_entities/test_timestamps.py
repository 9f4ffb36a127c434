# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.timestamps import (
    iso_time,
    milliseconds,
    seconds,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T10:00:00.123Z", 1_795_428_000_123),
        ("2026-11-23T10:00:00Z", 1_795_428_000_000),
        ("2026-11-23T10:00:00z", 1_795_428_000_000),
        ("2026-11-23T12:00:00.123+02:00", 1_795_428_000_123),
        ("2026-11-23T10:00:00", 1_795_428_000_000),
        ("1970-01-01T00:00:00.001Z", 1),
    ],
)
def test_milliseconds(text, expected):
    assert milliseconds(text) == expected


@pytest.mark.parametrize("text", ["yesterday", "", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_is_an_error_that_shows_it(text):
    with pytest.raises(KonnectError) as caught:
        milliseconds(text)
    assert caught.value.message == f"Konnect sent {text!r} where a time was expected."
    assert caught.value.code == "unexpected_response"


def test_a_number_is_no_text_of_a_time():
    with pytest.raises(KonnectError):
        milliseconds(1_795_428_000)


@pytest.mark.parametrize(
    ("created_at", "expected"),
    [("2026-11-23T10:00:00.500Z", 1_795_428_000.5), (1_795_428_000, 1_795_428_000), (None, 0), (0, 0)],
)
def test_seconds(created_at, expected):
    assert seconds(created_at) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (1_795_428_000, "2026-11-23T10:00:00Z"),
        (1_795_428_000.0, "2026-11-23T10:00:00Z"),
        (1_795_428_000.1, "2026-11-23T10:00:01Z"),
    ],
)
def test_a_time_in_whole_seconds_is_never_earlier(moment, expected):
    assert iso_time(moment) == expected
    assert seconds(expected) >= moment
