# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.pagination import (
    PAGE_SIZES,
    next_cursor,
    page_items,
    page_problem,
)

NEXT_PAGES = [
    (None, None),
    ("", None),
    ("b=", "b="),
    ("/v2/config-stores?page[after]=b%3D", "b="),
    ("/v2/config-stores?page%5Bsize%5D=100&page%5Bafter%5D=b", "b"),
    ("https://elsewhere.example.com/?page[after]=b", "b"),
    ("https://elsewhere.example.com/config-stores", None),
    ("/v2/config-stores?page[size]=100", None),
    ("/v2/config-stores?page[after]=", None),
]


def test_pages_are_as_large_as_konnect_allows():
    assert PAGE_SIZES == {"number": 100, "cursor": 100, "offset": 1000, "items": 100}


@pytest.mark.parametrize(
    ("paging", "name"),
    [("number", "data"), ("cursor", "data"), ("offset", "data"), ("items", "items"), ("whole", "items")],
)
def test_the_items_of_a_page(paging, name):
    assert page_items({name: [{"id": "1"}, {"id": "2"}]}, paging) == [{"id": "1"}, {"id": "2"}]


def test_a_page_without_items_may_have_null():
    assert page_items({"data": None}, "offset") == []


def problem(page, paging, check_item=lambda item: None):
    return page_problem(page, paging, check_item)


def test_what_is_no_item_is_a_problem():
    assert problem({"data": [{"id": "1"}, None]}, "offset") == "null as an item of a list"


def test_each_item_is_checked():
    assert problem({"data": [{"id": "1"}, {"id": "2"}]}, "offset", lambda item: item["id"]) == "1"


@pytest.mark.parametrize(
    ("page", "paging"),
    [
        ({}, "offset"),
        ({"items": []}, "cursor"),
        ({"data": []}, "items"),
        ({"data": {}}, "number"),
        ([], "offset"),
        (None, "items"),
        ({"data": [], "offset": 1}, "offset"),
        *[
            ({"data": [], "meta": meta}, paging)
            for paging in ("cursor", "number")
            for meta in ("text", [1], {"page": "text"}, {"page": [1]})
        ],
        *[({"data": [], "meta": {"page": {"next": text}}}, "cursor") for text in (1, ["b"], {"b": 1}, "http://[")],
        *[({"data": [], "meta": {"page": {"total": total}}}, "number") for total in ("10", -1, 1.5, [1])],
        ({"items": [], "page": {"next": 1}}, "items"),
    ],
)
def test_what_is_no_page_is_a_problem(page, paging):
    assert problem(page, paging)


@pytest.mark.parametrize(
    ("page", "paging"),
    [
        ({"data": None}, "offset"),
        ({"data": [], "offset": None, "next": None}, "offset"),
        ({"data": [], "meta": None}, "cursor"),
        ({"data": [], "meta": {"page": {"next": None, "size": None}}}, "cursor"),
        ({"data": [], "meta": {"page": {"number": 1, "size": 10, "total": 0}}}, "number"),
        ({"items": [], "page": {"total_count": 0}}, "items"),
    ],
)
def test_what_may_be_null_or_missing_in_a_page_is_no_problem(page, paging):
    assert problem(page, paging) is None


@pytest.mark.parametrize(
    ("page", "expected"), [({"offset": "x"}, "x"), ({"offset": None}, None), ({"offset": ""}, None), ({}, None)]
)
def test_the_next_page_by_offset(page, expected):
    assert next_cursor(page, "offset", 1, 5) == expected


@pytest.mark.parametrize(("following", "expected"), NEXT_PAGES)
def test_the_next_page_by_cursor(following, expected):
    assert next_cursor({"meta": {"page": {"next": following}}}, "cursor", 1, 5) == expected


@pytest.mark.parametrize(("following", "expected"), NEXT_PAGES)
def test_the_next_page_of_items(following, expected):
    assert next_cursor({"page": {"next": following}}, "items", 1, 5) == expected


@pytest.mark.parametrize("page", [{}, {"meta": None}, {"meta": {"page": None}}, {"page": {"next": "b"}}])
def test_a_page_without_a_cursor_is_the_last(page):
    assert next_cursor(page, "cursor", 1, 5) is None


@pytest.mark.parametrize("page", [{}, {"page": None}, {"meta": {"page": {"next": "b"}}}])
def test_a_page_of_items_without_a_cursor_is_the_last(page):
    assert next_cursor(page, "items", 1, 5) is None


@pytest.mark.parametrize(
    ("number", "total", "expected"),
    [(1, 11, "1"), (1, 10, None), (1, 9, None), (2, 21, "2"), (2, 20, None), (1, None, None)],
)
def test_the_next_page_by_number(number, total, expected):
    assert next_cursor({"meta": {"page": {"size": 10, "total": total}}}, "number", number, 10) == expected


def test_the_size_of_a_page_is_that_of_the_server():
    assert next_cursor({"meta": {"page": {"size": 10, "total": 11}}}, "number", 1, 5) == "1"
    assert next_cursor({"meta": {"page": {"size": 20, "total": 11}}}, "number", 1, 5) is None


@pytest.mark.parametrize(("count", "expected"), [(100, "1"), (99, None)])
def test_without_a_total_the_list_goes_on_after_a_full_page(count, expected):
    assert next_cursor({"meta": {"page": {}}}, "number", 1, count) == expected


@pytest.mark.parametrize(("count", "expected"), [(5, "1"), (11, None), (0, None)])
def test_without_a_size_the_items_are_counted(count, expected):
    assert next_cursor({"meta": {"page": {"total": 11}}}, "number", 1, count) == expected


def test_a_page_without_items_is_the_last():
    assert next_cursor({"meta": {"page": {"size": 10, "total": 100}}}, "number", 1, 0) is None
