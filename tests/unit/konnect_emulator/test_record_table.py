# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record table: order, pages, and cursors that survive deletions."""

from __future__ import annotations

import pytest

from konnect_emulator.record_table import InvalidCursor, RecordTable


@pytest.fixture
def table() -> RecordTable[str]:
    """The records A to E, under the keys a to e."""
    letters: RecordTable[str] = RecordTable()
    for letter in "abcde":
        letters.put(letter, letter.upper())
    return letters


def test_records_are_found_by_key(table: RecordTable[str]) -> None:
    assert (len(table), table.get("d"), table.get("x")) == (5, "D", None)


def test_a_replaced_record_keeps_its_place(table: RecordTable[str]) -> None:
    table.put("b", "again")
    assert list(table) == ["A", "again", "C", "D", "E"]


def test_the_first_page_has_no_previous_one(table: RecordTable[str]) -> None:
    first = table.page("", 2)
    assert (first.records, first.previous) == (["A", "B"], None)


def test_the_last_page_has_no_next_one(table: RecordTable[str]) -> None:
    page = table.page(table.page("", 3).next or "", 2)
    assert (page.records, page.next) == (["D", "E"], None)


def test_the_page_before_the_second_is_the_first(table: RecordTable[str]) -> None:
    assert table.page(table.page("", 2).next or "", 2).previous == ""


def test_a_previous_page_is_reached_by_its_cursor(table: RecordTable[str]) -> None:
    last = table.page(table.page("", 4).next or "", 2)
    assert table.page(last.previous or "", 2).records == ["C", "D"]


def test_a_cursor_survives_the_deletion_of_what_follows(table: RecordTable[str]) -> None:
    cursor = table.page("", 2).next or ""
    table.remove("c")
    assert table.page(cursor, 2).records == ["D", "E"]


def test_a_cursor_survives_the_deletion_of_its_own_record(table: RecordTable[str]) -> None:
    cursor = table.page("", 2).next or ""
    table.remove("b")
    assert table.page(cursor, 2).records == ["C", "D"]


def test_a_page_can_be_filtered(table: RecordTable[str]) -> None:
    assert table.page("", 9, lambda letter: letter in "AE").records == ["A", "E"]


@pytest.mark.parametrize("cursor", ["x", "é", "cm93LQ", "cm93LTFh", "===="])
def test_an_unknown_cursor_is_rejected(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        RecordTable[int]().page(cursor, 1)
