# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._variables import as_names


@pytest.mark.parametrize("value", [["a", "b"], ("a", " b "), "a, b,", '["a", "b"]'])
def test_names_in_every_form(value):
    assert as_names(value) == ["a", "b"]


@pytest.mark.parametrize("value", [[], ["a", ""], ["a", " "], ["a", 1], ",", 5, None, {"a": 1}, "[]"])
def test_anything_else_is_refused(value):
    with pytest.raises(InvalidInput, match="must be a list of names"):
        as_names(value)


def test_a_name_that_is_no_choice_is_refused():
    with pytest.raises(InvalidInput, match="has c, which is none of a, b"):
        as_names("a, c", ["a", "b"])
