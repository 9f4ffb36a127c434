# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._report.html import Markup, element, fragment, isolated


def test_text_is_escaped():
    assert element("p", "<&\"'") == "<p>&lt;&amp;&quot;&#x27;</p>"


def test_markup_is_not_escaped():
    assert element("p", Markup("<b>")) == "<p><b></p>"


def test_children_may_be_nested_or_missing():
    assert element("p", None, ["a", ("b", 1)]) == "<p>ab1</p>"


def test_characters_that_do_not_print_become_escapes():
    assert element("p", "\u202e", title="\n") == '<p title="\\n">\\u202e</p>'


def test_attributes_are_escaped():
    assert element("p", title="\"<'") == '<p title="&quot;&lt;&#x27;"></p>'


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"class_": "a"}, ' class="a"'),
        ({"data_x": 0}, ' data-x="0"'),
        ({"hidden": True}, " hidden"),
        ({"hidden": False, "id": None}, ""),
    ],
)
def test_attributes(attributes, expected):
    assert element("p", **attributes) == f"<p{expected}></p>"


def test_void_elements_have_no_end_tag():
    assert element("input", id="x") == '<input id="x">'


def test_a_fragment_has_no_tag():
    assert fragment("a", element("b")) == "a<b></b>"


def test_a_name_is_isolated():
    assert isolated("a<b") == "<bdi>a&lt;b</bdi>"
