# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import email.utils
import json

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import (
    ANY_PROVIDER,
    UPSTREAM_LATENCY,
    Probe,
    ProbeResponse,
    assess,
    is_cached,
)

URL = "http://localhost:8000/anything"
CHAT = Probe(URL)
OWN = Probe(URL, method="GET")
SENT_ON = {UPSTREAM_LATENCY: "12"}
BY_KONG = {"X-Kong-Response-Latency": "1"}
COMPLETION = json.dumps({"choices": [{"message": {"content": "84"}}]}).encode()
MARKER = ("X-Konnect-Rotation-Trial", "fake-marker")
MARKED = {**SENT_ON, MARKER[0]: MARKER[1]}


def answer(status, headers=None, body=COMPLETION):
    return ProbeResponse(status, SENT_ON if headers is None else headers, body)


# Verdicts


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (answer(200), "good", "got 200 from the provider"),
        (answer(401), "bad", "got 401 from the provider"),
        (answer(403), "bad", "got 403 from the provider"),
        (answer(200, BY_KONG), "unknown", "got 200 from Kong itself"),
        (answer(401, BY_KONG), "unknown", "got 401 from Kong itself"),
        (answer(503, BY_KONG), "unknown", "got 503 from Kong itself"),
        (answer(401, {"Server": "nginx"}), "unknown", "got 401 from a server that does not say that it is Kong"),
        (answer(400), "unknown", "got 400 from the provider"),
        (answer(402), "unknown", "got 402 from the provider"),
        (answer(404), "unknown", "got 404 from the provider"),
        (answer(429), "unknown", "got 429 from the provider"),
        (answer(302), "unknown", "got 302 from the provider"),
        (answer(500), "unknown", "got 500 from the provider"),
        (answer(502), "unknown", "got 502 from the provider"),
        (ProbeResponse(None, error="Connection refused"), "unknown", "got no response (Connection refused)"),
        (answer(200, {**SENT_ON, "X-Cache-Status": "Hit"}), "unknown", "got 200 from a cache"),
        (answer(401, {**SENT_ON, "X-Cache-Status": "Hit"}), "unknown", "got 401 from a cache"),
        (answer(200, {**SENT_ON, "Age": "3"}), "unknown", "got 200 from a cache"),
        (answer(200, body=b""), "unknown", "got 200 without a chat completion"),
        (answer(200, body=b"<html>"), "unknown", "got 200 without a chat completion"),
        (answer(200, body=b"\xff"), "unknown", "got 200 without a chat completion"),
        (answer(200, body=b"[]"), "unknown", "got 200 without a chat completion"),
        (answer(200, body=b"[" * 100_000), "unknown", "got 200 without a chat completion"),
        (answer(200, body=b'{"choices": []}'), "unknown", "got 200 without a chat completion"),
        (answer(200, body=b'{"choices": {"a": 1}}'), "unknown", "got 200 without a chat completion"),
        (answer(200, body=b'{"error": "quota"}'), "unknown", "got 200 without a chat completion"),
    ],
)
def test_what_an_answer_to_a_chat_proves(given, verdict, reason):
    assessed = assess(CHAT, given)
    assert (assessed.verdict, assessed.reason) == (verdict, reason)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_without_a_chat_each_success_is_good(status):
    assert assess(OWN, answer(status, body=b"")).verdict == "good"


@pytest.mark.parametrize(
    ("status", "verdict"), [(418, "good"), (200, "unknown"), (204, "unknown"), (400, "bad"), (401, "unknown")]
)
def test_a_probe_may_say_itself_what_is_good_and_bad(status, verdict):
    assert assess(Probe(URL, good=(418,), bad=(400,)), answer(status, body=b"")).verdict == verdict


def test_the_statuses_of_a_probe_count_only_when_the_provider_sent_them():
    probe = Probe(URL, good=(418,), bad=(400,))
    assert {assess(probe, answer(status, {})).verdict for status in (418, 400)} == {"unknown"}


@pytest.mark.parametrize(
    ("headers", "cached"),
    [
        ({}, False),
        ({"X-Cache-Status": "Hit"}, True),
        ({"X-Cache-Status": "HIT"}, True),
        ({"X-Cache-Status": "Miss"}, False),
        ({"X-Cache-Status": "Bypass"}, False),
        # The upstream was asked, because what the cache had was too old.
        ({"X-Cache-Status": "Refresh"}, False),
        ({"Age": "0"}, False),
        ({"Age": " "}, False),
        ({"Age": "1"}, True),
    ],
)
def test_which_responses_come_from_a_cache(headers, cached):
    assert is_cached(headers) == cached


def test_a_body_never_gets_into_the_reason():
    for status in (200, 401, 500):
        assert "fake-key" not in assess(CHAT, answer(status, body=b'{"error": "fake-key"}')).reason


# Waiting


def in_seconds(seconds):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return email.utils.format_datetime(moment, usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("headers", [SENT_ON, {}, MARKED])
def test_how_long_the_server_asks_to_wait(status, headers):
    assert assess(CHAT, answer(status, {**headers, "Retry-After": "7"})).wait == 7
    assert 25 < assess(CHAT, answer(status, {**headers, "Retry-After": in_seconds(30)})).wait <= 30
    assert assess(CHAT, answer(status, headers)).wait is None


def test_a_date_to_wait_for_is_judged_by_the_clock_of_the_gateway():
    headers = {"Retry-After": "Mon, 23 Nov 2026 10:00:09 GMT", "Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
    assert assess(CHAT, answer(429, {**SENT_ON, **headers})).wait == 9


def test_another_route_may_ask_to_wait_too():
    assert assess(CHAT, answer(429, {"Retry-After": "7"}), MARKER).wait == 7


# The temporary route


@pytest.mark.parametrize("status", [200, 401, 404, 503])
@pytest.mark.parametrize("headers", [SENT_ON, {**SENT_ON, MARKER[0]: "fake-marker-of-an-earlier-run"}])
def test_without_the_marker_an_answer_is_none_of_the_trial(status, headers):
    assessed = assess(CHAT, answer(status, headers), MARKER)
    assert (assessed.verdict, assessed.reason) == (None, f"got {status} from another route than the temporary one")


@pytest.mark.parametrize(
    ("headers", "verdict", "reason"),
    [(SENT_ON, "bad", "got 401 from the provider"), (BY_KONG, None, "got 401 from Kong itself")],
)
def test_where_nothing_else_is_answered_any_response_of_the_provider_counts(headers, verdict, reason):
    assessed = assess(CHAT, answer(401, headers), ANY_PROVIDER)
    assert (assessed.verdict, assessed.reason) == (verdict, reason)


def test_without_a_response_nothing_is_known_of_the_route():
    assessed = assess(CHAT, ProbeResponse(None, error="Read timed out."), MARKER)
    assert (assessed.verdict, assessed.reason) == (None, "got no response (Read timed out.)")


@pytest.mark.parametrize(("status", "verdict"), [(200, "good"), (401, "bad"), (429, "unknown")])
def test_with_the_marker_an_answer_counts(status, verdict):
    assert assess(CHAT, answer(status, MARKED), MARKER).verdict == verdict


def test_a_marked_response_of_kong_itself_proves_nothing_about_the_value():
    assert assess(CHAT, answer(401, {MARKER[0]: MARKER[1]}), MARKER).verdict == "unknown"


# The request


def test_a_chat_may_ask_for_a_model():
    content, _headers = Probe(CHAT.url, chat={"model": "chat"}).content(7)
    assert json.loads(content) == {"model": "chat", "messages": [{"role": "user", "content": "What is 7+8?"}]}


def test_each_question_is_another_one():
    contents = [CHAT.content(number)[0] for number in range(20)]
    assert len(set(contents)) == 20
    assert json.loads(contents[7]) == {"messages": [{"role": "user", "content": "What is 7+8?"}]}


@pytest.mark.parametrize(
    ("probe", "content", "headers"),
    [
        (
            Probe(URL, body={"model": "é", "n": 1}),
            b'{"model": "\\u00e9", "n": 1}',
            {"Content-Type": "application/json"},
        ),
        (Probe(URL, body=[1]), b"[1]", {"Content-Type": "application/json"}),
        (Probe(URL, body="model=é"), "model=é".encode(), {}),
        (Probe(URL, body=""), b"", {}),
        (OWN, None, {}),
        (Probe(URL, method="GET", body={"a": 1}), b'{"a": 1}', {"Content-Type": "application/json"}),
    ],
)
def test_the_body_of_a_probe(probe, content, headers):
    assert probe.content(1) == (content, headers)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (URL, URL),
        ("https://example.com/a/b?key=fake-key#fake-key", "https://example.com/a/b"),
        ("https://alice:fake-key@example.com:8443/a", "https://example.com:8443/a"),
        ("https://fake-token@example.com/a", "https://example.com/a"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url, shown):
    assert Probe(url).safe_url == shown


@pytest.mark.parametrize(
    "url",
    ["", "localhost:8000", "ftp://example.com", "http://", "http:///a", "http://[::1", "http://a b/", "http://a\n"],
)
def test_a_probe_needs_a_url(url):
    with pytest.raises(InvalidInput, match="such as http://localhost:8000/anything"):
        Probe(url)


@pytest.mark.parametrize("value", ["Bearer fake-key\n", " Bearer fake-key", "Bearer\r\nfake-key"])
def test_a_header_that_could_not_be_sent_is_refused_without_its_value(value):
    with pytest.raises(InvalidInput, match="The header Authorization of the probe") as caught:
        Probe(URL, headers={"Authorization": value})
    assert "fake-key" not in caught.value.message


@pytest.mark.parametrize("timeout", [0, -1])
def test_a_timeout_has_to_be_positive(timeout):
    with pytest.raises(InvalidInput, match="more than 0 seconds"):
        Probe(URL, timeout=timeout)


def test_a_status_is_not_good_and_bad_at_once():
    with pytest.raises(InvalidInput, match="good and bad at once"):
        Probe(URL, good=(200, 401))
