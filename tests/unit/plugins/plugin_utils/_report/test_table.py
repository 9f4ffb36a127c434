# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.community.konnect.plugins.plugin_utils._report.html import element
from ansible_collections.community.konnect.plugins.plugin_utils._report.table import cell, scrollable, table
from ansible_collections.community.konnect.tests.unit.html_page import Page


def test_a_table_has_a_head_for_each_column():
    page = Page(table("Secrets", ["Secret", "References"], [element("tr")], numeric=(1,)))
    assert page.find("th") == [{"scope": "col"}, {"scope": "col", "class": "number"}]


def test_a_table_is_named_for_screen_readers():
    (attributes,) = Page(table("Secrets", ["Secret"], [element("tr")])).find("table")
    assert attributes["aria-label"] == "Secrets"


def test_a_table_without_rows_is_none():
    assert table("Secrets", ["Secret"], []) == '<p class="none">None.</p>'


def test_a_cell_of_a_number_has_its_class():
    assert cell(3, number=True) == '<td class="number">3</td>'


def test_a_cell_can_sort_by_another_value():
    assert cell("OK", sort=0) == '<td data-sort="0">OK</td>'


def test_the_keyboard_can_scroll():
    assert Page(scrollable("Map", element("svg"), "drawing")).find("div", "drawing") == [
        {"class": "scroll drawing", "role": "region", "aria-label": "Map", "tabindex": "0"}
    ]
