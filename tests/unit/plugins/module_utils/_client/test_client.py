# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import (
    ApiError,
    InvalidInput,
    KonnectError,
    TransportError,
    UnknownOutcome,
)

PATH = ("control-planes", "1", "core-entities", "vaults")


def test_token_and_answer(server, connect):
    server.script = [(200, {"id": "1"})]
    assert connect().get(("control-planes", "1")) == {"id": "1"}
    method, path, headers, _body = server.requests[0]
    assert (method, path) == ("GET", "/v2/control-planes/1")
    assert headers["Authorization"] == "Bearer kpat_test"
    assert headers["User-Agent"].startswith("community.konnect/")


def test_netrc_does_not_replace_the_token(server, connect, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.script = [(200, {})]
    connect().get(("control-planes", "1"))
    assert server.requests[0][2]["Authorization"] == "Bearer kpat_test"


def test_no_cookie_is_sent_back(server, connect):
    server.script = [(200, {}, {"Set-Cookie": "session=1"}), (200, {})]
    client = connect()
    client.get(("control-planes", "1"))
    client.get(("control-planes", "1"))
    assert "Cookie" not in server.requests[1][2]


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_a_segment_that_leads_elsewhere_is_refused(server, connect, segment):
    with pytest.raises(InvalidInput):
        connect().delete(("control-planes", "1", "config-stores", "2", "secrets", segment))
    assert server.requests == []


def test_segments_are_quoted(server, connect):
    server.script = [(200, {})]
    connect().get(("control-planes", "a/b?c#d%e"))
    assert server.requests[0][1] == "/v2/control-planes/a%2Fb%3Fc%23d%25e"


@pytest.mark.parametrize("failure", ["reset", (500, {}), (502, b"<html>"), (503, {}), (504, {}), (200, b"{broken")])
def test_a_read_is_repeated(server, connect, pauses, failure):
    server.script = [failure, (200, {"id": "1"})]
    assert connect().get(("control-planes", "1")) == {"id": "1"}
    assert len(pauses) == 1


def test_a_read_gives_up_after_its_retries(server, connect):
    server.script = [(503, {})] * 3
    with pytest.raises(ApiError) as caught:
        connect(retries=2).get(("control-planes", "1"))
    assert caught.value.status == 503


@pytest.mark.parametrize("failure", ["reset", (500, {}), (502, b"<html>"), (503, {}), (504, {}), (200, b"{broken")])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_whose_answer_is_lost_is_not_repeated_blindly(server, connect, failure, method):
    server.script = [failure]
    with pytest.raises(UnknownOutcome):
        connect().request(method, PATH, body={})
    assert len(server.requests) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_what_the_rate_limit_refused_is_repeated(server, connect, pauses, method):
    server.script = [(429, {}, {"Retry-After": "7"}), (429, {}, {"Retry-After": "600"}), (200, {"id": "1"})]
    connect().request(method, PATH)
    assert pauses == [7, 60]


def test_the_rate_limit_ends_with_the_deadline(server, connect):
    server.script = [(429, {"message": "API rate limit exceeded"}, {"Retry-After": "50"})] * 10
    with pytest.raises(ApiError) as caught:
        connect(deadline=120).get(PATH)
    assert caught.value.code == "rate_limited"
    assert len(server.requests) == 3


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refused_connection_is_repeated_and_then_told(server, connect, pauses, method):
    client = connect(retries=2)
    server.close()
    with pytest.raises(TransportError) as caught:
        client.request(method, PATH)
    assert caught.value.code == "unreachable"
    assert "refused" in caught.value.message
    assert len(pauses) == 2


def test_a_host_without_an_address_was_sent_nothing(connect):
    client = connect(retries=0)
    object.__setattr__(client.connection, "url", "http://nowhere.invalid")
    with pytest.raises(TransportError) as caught:
        client.request("POST", PATH, body={})
    assert caught.value.code == "unreachable"
    assert "cannot be reached" in caught.value.message


def test_an_unauthorized_request_is_not_repeated(server, connect):
    server.script = [(401, {"message": "Unauthorized", "status": 401})]
    with pytest.raises(ApiError) as caught:
        connect().get(PATH)
    assert caught.value.code == "unauthorized"
    assert "KONNECT_TOKEN" in caught.value.message


def test_a_redirect_is_not_followed(server, connect):
    server.script = [(302, {}, {"Location": "http://127.0.0.1:1/"})]
    with pytest.raises(TransportError) as caught:
        connect().get(PATH)
    assert caught.value.code == "redirect"


def test_nothing_is_written_in_check_mode(server, connect):
    with pytest.raises(KonnectError):
        connect(read_only=True).request("PUT", PATH, body={})
    assert server.requests == []


def test_validation_is_asked_for_in_check_mode(server, connect):
    server.script = [(503, {}), (200, {})]
    connect(read_only=True).validate(PATH, {"name": "x"})
    assert [request[3] for request in server.requests] == [{"name": "x"}] * 2


def test_delete_of_what_is_gone_is_fine(server, connect):
    server.script = [(404, {})]
    connect().delete(PATH)


def test_delete_looks_after_a_unknown_outcome(server, connect):
    server.script = ["reset", (200, {"id": "1"}), "reset", (404, {})]
    connect().delete(PATH)
    assert [line.split()[0] for line in server.sent()] == ["DELETE", "GET", "DELETE", "GET"]


def test_a_list_by_cursor_is_read_to_its_end(server, connect):
    def page(key, following):
        return {"data": [{"key": key}], "meta": {"page": {"next": following}}}

    server.script = [
        (200, page("a", "/config-stores?page[after]=b%3D")),
        (200, page("b", "/config-stores?page%5Bafter%5D=c")),
        (200, page("c", None)),
    ]
    assert [item["key"] for item in connect().list(PATH, "cursor")] == ["a", "b", "c"]
    assert "page%5Bafter%5D=b%3D" in server.requests[1][1]
    assert server.requests[1][1].startswith("/v2/control-planes/1/")


def test_a_list_stops_on_a_repeated_cursor_and_drops_duplicates(server, connect):
    page = {"data": [{"id": "1"}], "offset": "x", "next": "/elsewhere"}
    server.script = [(200, page), (200, page)]
    assert list(connect().list(PATH, "offset")) == [{"id": "1"}]
    assert len(server.requests) == 2


def test_a_numbered_list_is_read_to_its_end(server, connect):
    def page(number):
        return {"data": [{"id": str(number)}], "meta": {"page": {"number": number, "size": 1, "total": 3}}}

    server.script = [(200, page(1)), (200, page(2)), (200, page(3))]
    assert [item["id"] for item in connect().list(("control-planes",), "number")] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "following", ["b=", "/v2/control-planes/1/nodes?page[after]=b%3D", "https://elsewhere.example.com/?page[after]=b="]
)
def test_a_list_of_items_is_read_to_its_end(server, connect, following):
    def page(identity, **after):
        return {"items": [{"id": identity}], "page": {"total_count": 2, **after}}

    server.script = [(200, page("a", next=following)), (200, page("b", next="/nodes?page[after]="))]
    assert [item["id"] for item in connect().list(PATH, "items")] == ["a", "b"]
    assert "page%5Bafter%5D=b%3D" in server.requests[1][1]
    assert server.requests[1][1].startswith("/v2/control-planes/1/")


def test_the_deadline_can_be_moved_but_not_nearer(server, connect):
    server.script = [(200, {}), (200, {})]
    client = connect(deadline=10)
    client.extend_deadline(5)
    client.sleep(9)
    client.get(PATH)
    client.extend_deadline(5)
    client.sleep(4)
    client.get(PATH)
    client.sleep(1)
    with pytest.raises(TransportError) as caught:
        client.get(PATH)
    assert caught.value.code == "deadline"


def test_the_time_is_the_servers(server, connect, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 7.0)
    server.script = [(200, {}, {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"})]
    client = connect()
    assert client.server_time == 7.0
    client.get(PATH)
    assert client.server_time == 1_795_428_000


def test_what_is_not_a_list_is_an_error(server, connect):
    server.script = [(200, {"items": []})]
    with pytest.raises(TransportError):
        list(connect().list(PATH, "offset"))


def test_a_slow_answer_ends_at_the_timeout(server, connect):
    import socket

    silent = socket.create_server(("127.0.0.1", 0))
    client = connect(timeout=0.05, retries=0)
    object.__setattr__(client.connection, "url", f"http://127.0.0.1:{silent.getsockname()[1]}")
    with pytest.raises(TransportError) as caught:
        client.get(PATH)
    assert "timed out" in caught.value.message.lower()
    silent.close()


def test_the_rate_limit_is_not_run_into(server, connect, pauses):
    server.script = [(200, {}, {"RateLimit-Remaining": "0", "RateLimit-Reset": "12"}), (200, {})]
    client = connect()
    client.get(PATH)
    client.get(PATH)
    assert pauses == [12]


@pytest.mark.parametrize("status", [403, 404])
def test_below_a_new_parent_a_refusal_is_not_believed_at_once(server, connect, pauses, status):
    date = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
    server.script = [(200, {}, date), (status, {}, date), (200, {"id": "1"}, date)]
    client = connect()
    client.get(PATH)
    client.note_parent(created=1_795_428_000 - 10)
    assert client.get(PATH) == {"id": "1"}
    assert len(pauses) == 1


def test_below_an_old_parent_it_is(server, connect, pauses):
    date = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
    server.script = [(200, {}, date), (404, {}, date)]
    client = connect()
    client.get(PATH)
    client.note_parent(created=1_795_428_000 - 1000)
    with pytest.raises(ApiError):
        client.get(PATH)
    assert pauses == []


def test_what_is_not_there_is_not_waited_for(server, connect, pauses):
    date = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
    server.script = [(200, {}, date), (404, {}, date)]
    client = connect()
    client.get(PATH)
    client.note_parent(created=1_795_428_000)
    assert client.find(PATH) is None
    assert pauses == []
