# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.given import given

FORMS = ["names", "mapping", "name_or_mapping"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", [None, ""])
def test_null_and_an_empty_text_mean_the_default(value, form):
    assert given(value, "the default", form) == "the default"


def test_an_empty_list_of_names_means_the_default():
    assert given([], ["a"], "names") == ["a"]


@pytest.mark.parametrize("value", [["a", "b"], "a,b", " a , b,", '["a", "b"]'])
def test_names_in_every_form(value):
    assert given(value, None, "names", ["a", "b"]) == ["a", "b"]


@pytest.mark.parametrize("form", ["mapping", "name_or_mapping"])
@pytest.mark.parametrize("value", [{"a": "b"}, ' {"a": "b"}'])
def test_a_mapping_in_every_form(value, form):
    assert given(value, None, form) == {"a": "b"}


def test_a_name_stays_a_name():
    assert given("a, b", None, "name_or_mapping") == "a, b"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ({"a": 1}, "names"),
        (["a", ""], "names"),
        ([["a"]], "names"),
        (",", "names"),
        (True, "names"),
        ("c", "names"),
        ("a=b", "mapping"),
        (["a"], "mapping"),
        ('{"a": ', "name_or_mapping"),
        (["a"], "name_or_mapping"),
        (False, "name_or_mapping"),
    ],
)
def test_anything_else_is_refused_by_the_name_of_the_variable(value, form):
    with pytest.raises(AnsibleFilterError, match="^my_variable (must be|has) "):
        given(value, None, form, ["a", "b"], "my_variable")
