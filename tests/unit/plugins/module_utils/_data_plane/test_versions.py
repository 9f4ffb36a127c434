# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.versions import is_at_least, is_version

V02 = "v02_00000000000000000000000000ff"


@pytest.mark.parametrize("text", [V02, V02.upper().replace("V", "v"), "0" * 31 + "7", "7", "42"])
def test_versions(text):
    assert is_version(text)


@pytest.mark.parametrize(
    "text", ["", "0" * 32, "6f1d4c0b9a3e58274c1f0d9b8e7a6352", V02[:-1], V02 + "0", "1" * 33, "v01_" + V02[4:]]
)
def test_hashes_are_no_versions(text):
    assert not is_version(text)


@pytest.mark.parametrize(
    ("version", "other", "expected"),
    [
        (V02, V02, True),
        (V02, V02.replace("ff", "fe"), True),
        (V02, V02.replace("00ff", "0100"), False),
        (V02.replace("ff", "FF"), V02, True),
        ("10", "9", True),
        ("9", "10", False),
        ("0" * 30 + "10", "9", True),
        ("any", "any", True),
        ("any", "other", None),
        ("7", V02, None),
        (V02, "7", None),
        (None, "7", None),
    ],
)
def test_comparing_versions(version, other, expected):
    assert is_at_least(version, other) is expected
