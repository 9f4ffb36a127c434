# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.pagination import list_field
from ansible_collections.community.konnect.plugins.module_utils._errors import TransportError
from ansible_collections.community.konnect.tests.unit.served import page

PATH = ("control-planes", "1", "core-entities", "vaults")
URL = "/v2/control-planes/1/core-entities/vaults"


@pytest.mark.parametrize(
    ("paging", "query"),
    [
        ("number", "page%5Bsize%5D=100&page%5Bnumber%5D=1"),
        ("cursor", "page%5Bsize%5D=100"),
        ("items", "page%5Bsize%5D=100"),
        ("offset", "size=1000"),
        ("whole", ""),
    ],
)
def test_the_first_page_is_asked_for_by_its_size(server, connect, paging, query):
    server.script = [(200, {list_field(paging): []})]
    assert list(connect().list(PATH, paging)) == []
    assert server.sent() == [f"GET {URL}?{query}".rstrip("?")]


def test_a_query_goes_with_every_page(server, connect):
    server.script = [(200, {"data": [{"id": "1"}], "offset": "x"}), page({"id": "2"})]
    assert len(list(connect().list(PATH, "offset", {"tags": "a"}))) == 2
    assert server.sent() == [f"GET {URL}?tags=a&size=1000", f"GET {URL}?tags=a&size=1000&offset=x"]


def test_a_list_by_cursor_is_read_to_its_end(server, connect):
    def numbered(key, following):
        return {"data": [{"key": key}], "meta": {"page": {"next": following}}}

    server.script = [
        (200, numbered("a", "/config-stores?page[after]=b%3D")),
        (200, numbered("b", "/config-stores?page%5Bafter%5D=c")),
        (200, numbered("c", None)),
    ]
    assert [item["key"] for item in connect().list(PATH, "cursor")] == ["a", "b", "c"]
    assert server.sent()[1:] == [
        f"GET {URL}?page%5Bsize%5D=100&page%5Bafter%5D=b%3D",
        f"GET {URL}?page%5Bsize%5D=100&page%5Bafter%5D=c",
    ]


def test_a_list_by_number_is_read_to_its_end(server, connect):
    def numbered(number):
        return {"data": [{"id": str(number)}], "meta": {"page": {"number": number, "size": 1, "total": 3}}}

    server.script = [(200, numbered(1)), (200, numbered(2)), (200, numbered(3))]
    assert [item["id"] for item in connect().list(PATH, "number")] == ["1", "2", "3"]
    assert [line.rpartition("=")[2] for line in server.sent()] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "following", ["b=", "/v2/control-planes/1/nodes?page[after]=b%3D", "https://elsewhere.example.com/?page[after]=b="]
)
def test_a_list_of_items_is_read_to_its_end(server, connect, following):
    def numbered(identity, **after):
        return {"items": [{"id": identity}], "page": {"total_count": 2, **after}}

    server.script = [(200, numbered("a", next=following)), (200, numbered("b", next="/nodes?page[after]="))]
    assert [item["id"] for item in connect().list(PATH, "items")] == ["a", "b"]
    assert server.sent()[1] == f"GET {URL}?page%5Bsize%5D=100&page%5Bafter%5D=b%3D"


def test_a_page_with_nothing_new_does_not_end_a_list_by_cursor(server, connect):
    pages = [("a", "x"), ("a", "y"), ("b", None)]
    server.script = [(200, {"data": [{"id": name}], "offset": following}) for name, following in pages]
    assert [item["id"] for item in connect().list(PATH, "offset")] == ["a", "b"]


def test_a_list_stops_on_a_repeated_cursor(server, connect):
    server.script = [(200, {"data": [{"id": number}], "offset": "x", "next": "/elsewhere"}) for number in "123"]
    assert [item["id"] for item in connect().list(PATH, "offset")] == ["1", "2"]
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "twice", [{"id": "1"}, {"id": "1", "key": "a"}, {"key": "a"}, {"name": "x", "count": 1}, {"id": "", "key": "a"}]
)
def test_an_item_that_comes_twice_is_returned_once(server, connect, twice):
    server.script = [(200, {"data": [twice], "offset": "x"}), page(twice, {"id": "2"})]
    assert list(connect().list(PATH, "offset")) == [twice, {"id": "2"}]


@pytest.mark.parametrize("identity", ["id", "key"])
def test_an_item_that_changes_between_two_pages_is_returned_once(server, connect, identity):
    first, changed = ({identity: "a", "updated_at": number} for number in (1, 2))
    server.script = [(200, {"data": [first], "offset": "x"}), page(changed)]
    assert list(connect().list(PATH, "offset")) == [first]


def test_items_without_an_id_differ_by_their_content(server, connect):
    server.script = [page({"name": "x", "count": 1}, {"count": 1, "name": "x"}, {"name": "x", "count": 2})]
    assert list(connect().list(PATH, "offset")) == [{"name": "x", "count": 1}, {"name": "x", "count": 2}]


def test_items_of_one_name_differ_by_their_id(server, connect):
    server.script = [page({"id": "1", "key": "a"}, {"id": "2", "key": "a"})]
    assert len(list(connect().list(PATH, "offset"))) == 2


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"items": []}, "no list in data"),
        ({"data": {}}, "no list in data"),
        ([], "a list instead of a page of a list"),
        ({"data": [None]}, "null as an item of a list"),
        ({"data": ["text"]}, "a text as an item of a list"),
        ({"data": [], "offset": 5}, "a number as the offset"),
    ],
)
def test_what_is_no_list_is_asked_for_again_and_then_an_error(server, connect, data, what):
    server.script = [(200, data)] * 2
    with pytest.raises(TransportError) as caught:
        list(connect(retries=1).list(PATH, "offset"))
    assert caught.value.code == "unexpected_response"
    assert caught.value.message == f"GET {URL}: {server.url} sent 200 with {what}."
    assert server.script == []


def test_an_item_that_cannot_be_used_is_an_error(server, connect):
    server.script = [page({"id": "1"}, {"id": 5})]
    with pytest.raises(TransportError, match="sent 200 with a bad id"):
        list(connect(retries=0).list(PATH, "offset", check=lambda item: "a bad id" if item["id"] == 5 else None))


@pytest.mark.parametrize("total", [{"total": 10_000, "size": 1}, {}])
def test_a_list_by_number_ends_when_the_server_repeats_itself(server, connect, total):
    items = [{"id": str(number)} for number in range(100)]
    server.routes = {f"GET {URL}": (200, {"data": items, "meta": {"page": total}})}
    assert len(list(connect().list(PATH, "number"))) == 100
    assert len(server.requests) == 2
