# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
import json
import socket
import threading

import pytest

from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import (
    ANY_PROVIDER,
    MAX_BODY_BYTES,
    UPSTREAM_LATENCY,
    Probe,
    ProbeResponse,
)
from ansible_collections.community.konnect.plugins.module_utils._rotation.prober import Patience, Prober, send_probe

PROBE = Probe("http://localhost:8000/anything", method="GET")
SENT_ON = {UPSTREAM_LATENCY: "12"}
GOOD, BAD, QUOTA = (ProbeResponse(status, SENT_ON) for status in (200, 401, 429))
NO_ANSWER = ProbeResponse(None, error="Connection refused")
THREE = Patience(3, 10, 60)
MARKER = ("X-Konnect-Rotation-Trial", "fake-marker")


class Gateway:
    """Gives one answer after the other, and the last one from then on, on a clock of its own."""

    def __init__(self, *answers, takes=0.0):
        self.time = 100.0
        self.sent = []
        self.pauses = []
        self._answers = itertools.chain(answers, itertools.repeat(answers[-1]))
        self._takes = takes

    def send(self, probe, number):
        self.sent.append((self.time, number))
        self.time += self._takes
        return next(self._answers)

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.time += seconds

    @property
    def times(self):
        return [time - 100.0 for time, _number in self.sent]

    @property
    def prober(self):
        return Prober(lambda: self.time, self.sleep, self.send)

    def run(self, patience=THREE, marker=None):
        return self.prober.run(PROBE, patience, marker)


def marked(answer):
    return ProbeResponse(answer.status, {**answer.headers, MARKER[0]: MARKER[1]})


# When a verdict stands


def test_enough_good_answers_over_enough_time():
    gateway = Gateway(GOOD)
    found = gateway.run()
    assert (found.verdict, found.attempts, found.arrived) == ("good", 3, True)
    assert gateway.times == [0, 5, 10]


def test_one_good_answer_is_enough_when_it_is_asked_for():
    gateway = Gateway(GOOD)
    assert (gateway.run(Patience()).verdict, gateway.times) == ("good", [0])


def test_good_answers_that_come_fast_go_on_for_the_time_that_is_asked_for():
    gateway = Gateway(GOOD)
    assert gateway.run(Patience(1, 3)).verdict == "good"
    assert gateway.times[-1] >= 3


def test_two_bad_answers_five_seconds_apart():
    gateway = Gateway(BAD)
    found = gateway.run()
    assert (found.verdict, found.reason, gateway.times) == ("bad", "got 401 from the provider", [0, 5])


def test_a_good_answer_refutes_a_bad_one():
    gateway = Gateway(BAD, GOOD, BAD, GOOD)
    assert (gateway.run().verdict, len(gateway.sent)) == ("good", 6)


def test_a_bad_answer_refutes_good_ones():
    gateway = Gateway(GOOD, GOOD, BAD)
    assert (gateway.run().verdict, len(gateway.sent)) == ("bad", 4)


@pytest.mark.parametrize(("answer", "verdict"), [(GOOD, "good"), (BAD, "bad")])
def test_an_answer_that_proves_nothing_refutes_nothing(answer, verdict):
    gateway = Gateway(answer, QUOTA, NO_ANSWER, answer)
    assert gateway.run(Patience(2, 0, 60)).verdict == verdict
    assert len(gateway.sent) == 4


def test_what_was_unclear_may_become_clear():
    gateway = Gateway(NO_ANSWER, QUOTA, GOOD)
    assert gateway.run().verdict == "good"


# How long it goes on


@pytest.mark.parametrize("answer", [QUOTA, NO_ANSWER, ProbeResponse(500, SENT_ON), ProbeResponse(401)])
def test_what_stays_unclear_is_unknown_after_the_deadline(answer):
    gateway = Gateway(answer)
    found = gateway.run()
    assert (found.verdict, found.arrived) == ("unknown", True)
    assert 50 < gateway.times[-1] <= 60


def test_the_reason_is_that_of_the_last_answer():
    assert Gateway(NO_ANSWER, QUOTA).run().reason == "got 429 from the provider"


def test_pauses_grow():
    gateway = Gateway(QUOTA)
    gateway.run()
    assert gateway.pauses[:7] == [1, 2, 3, 4, 5, 5, 5]


def test_the_server_may_ask_for_a_longer_pause():
    gateway = Gateway(ProbeResponse(429, {**SENT_ON, "Retry-After": "17"}), GOOD)
    gateway.run()
    assert gateway.times == [0, 17, 22, 27]


def test_a_pause_beyond_the_deadline_ends_it_at_once():
    gateway = Gateway(ProbeResponse(429, {**SENT_ON, "Retry-After": "61"}))
    assert (gateway.run(Patience(3, 10, 30)).verdict, gateway.times) == ("unknown", [0])


@pytest.mark.parametrize(("answer", "status"), [(GOOD, 200), (BAD, 401)])
def test_an_answer_that_nothing_confirmed_in_time_is_unknown(answer, status):
    found = Gateway(answer).run(Patience(3, 10, 4))
    assert found.verdict == "unknown"
    assert found.reason == f"got {status} from the provider, too late for another one to confirm it"


def test_slow_answers_count_for_the_time_that_they_took():
    gateway = Gateway(GOOD, takes=20.0)
    assert (gateway.run().verdict, gateway.times) == ("good", [0, 25, 50])


# The temporary route


def test_answers_of_another_route_count_for_nothing():
    gateway = Gateway(BAD, BAD, BAD, marked(GOOD), BAD, marked(GOOD), GOOD, marked(GOOD))
    found = gateway.run(marker=MARKER)
    assert (found.verdict, found.attempts, found.arrived) == ("good", 8, True)


@pytest.mark.parametrize("answer", [GOOD, BAD, NO_ANSWER])
def test_a_route_that_never_answered_has_not_arrived(answer):
    found = Gateway(answer).run(marker=MARKER)
    assert (found.verdict, found.arrived) == ("unknown", False)


def test_a_route_that_answered_once_has_arrived():
    found = Gateway(marked(QUOTA), GOOD).run(marker=MARKER)
    assert (found.verdict, found.arrived) == ("unknown", True)


# What is sent


def test_each_question_is_another_one():
    gateway = Gateway(QUOTA)
    gateway.run()
    numbers = [number for _time, number in gateway.sent]
    assert len(set(numbers)) == len(numbers)


def test_two_runs_ask_different_questions():
    """A cache may have the responses of the first one."""
    gateways = [Gateway(GOOD) for _run in range(20)]
    for gateway in gateways:
        gateway.run(Patience())
    assert len({gateway.sent[0][1] for gateway in gateways}) > 15


@pytest.mark.parametrize(
    ("answer", "answered"),
    [(GOOD, True), (BAD, True), (QUOTA, True), (ProbeResponse(400, {}), False), (NO_ANSWER, False)],
)
def test_only_the_provider_answers(answer, answered):
    gateway = Gateway(answer)
    assert gateway.prober.gets_response(PROBE, ANY_PROVIDER) is answered
    assert len(gateway.sent) == 1


def test_the_look_for_an_answer_asks_another_question_each_time():
    gateway = Gateway(GOOD)
    for _time in range(2):
        gateway.prober.gets_response(PROBE, ANY_PROVIDER)
    (_at, one), (_at, other) = gateway.sent
    assert one != other


def test_the_result_shows_no_body():
    assert Gateway(BAD).run().result() == {
        "url": "http://localhost:8000/anything",
        "verdict": "bad",
        "reason": "got 401 from the provider",
        "attempts": 2,
    }


# Over a connection


def probe(server, **more):
    return Probe(f"{server.url}/anything", **more)


def test_a_probe_gets_response(server):
    server.script = [(200, {"choices": []}, {UPSTREAM_LATENCY: "3"})]
    found = send_probe(probe(server, headers={"X-Konnect-Rotation": "fake"}), 41)
    assert (found.status, json.loads(found.body), found.headers[UPSTREAM_LATENCY.lower()]) == (
        200,
        {"choices": []},
        "3",
    )
    ((method, path, headers, body),) = server.requests
    assert (method, path, headers["X-Konnect-Rotation"]) == ("POST", "/anything", "fake")
    assert body == {"messages": [{"role": "user", "content": "What is 41+42?"}]}
    assert headers["Content-Type"] == "application/json"


def test_a_probe_has_the_headers_of_the_user(server):
    server.script = [(200, {})]
    send_probe(
        probe(server, headers={"apikey": "fake-consumer-key", "content-type": "application/x-own"}, body="{}"), 1
    )
    ((_method, _path, headers, _body),) = server.requests
    sent = {name.lower(): value for name, value in headers.items()}
    assert (sent["apikey"], sent["content-type"]) == ("fake-consumer-key", "application/x-own")


def test_each_probe_opens_a_new_connection(server):
    server.script = [(200, {})]
    send_probe(probe(server), 1)
    ((_method, _path, headers, _body),) = server.requests
    assert headers["Connection"] == "close"


def test_a_probe_carries_no_credentials_of_its_own(server, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login alice password fake\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.script = [(200, {}, {"Set-Cookie": "session=fake"}), (200, {})]
    for number in range(2):
        send_probe(probe(server), number)
    for _method, _path, headers, _body in server.requests:
        assert not {"authorization", "cookie"} & {name.lower() for name in headers}


def test_a_redirect_is_not_followed(server):
    server.script = [(302, {}, {"Location": f"{server.url}/elsewhere"})]
    assert send_probe(probe(server), 1).status == 302
    assert len(server.requests) == 1


def test_no_proxy_is_used_on_the_way_to_this_machine(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.script = [(200, {})]
    assert send_probe(probe(server), 1).status == 200


def test_of_a_large_body_only_the_beginning_is_read(server):
    server.script = [(200, b"x" * (MAX_BODY_BYTES + 100_000))]
    assert len(send_probe(probe(server), 1).body) == MAX_BODY_BYTES


def test_a_connection_that_breaks_is_no_response(server):
    server.script = ["reset"]
    found = send_probe(probe(server), 1)
    assert (found.status, bool(found.error)) == (None, True)


def test_a_gateway_that_cannot_be_reached_is_no_response():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        found = send_probe(Probe(f"http://127.0.0.1:{unused.getsockname()[1]}/"), 1)
    assert (found.status, found.error) == (None, "[Errno 111] Connection refused")


@pytest.fixture
def raw_server():
    """Make a server that sends these bytes, and leaves the connection open."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections = []

    def make(*parts):
        def serve():
            connection, _address = listener.accept()
            connections.append(connection)
            connection.recv(65536)
            for part in parts:
                connection.sendall(part)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield make
    for connection in connections:
        connection.close()
    listener.close()


def test_a_body_that_does_not_arrive_is_no_response(raw_server):
    url = raw_server(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 10\r\n\r\nhalf")
    found = send_probe(Probe(url, timeout=0.2), 1)
    assert (found.status, bool(found.error)) == (None, True)


def test_what_is_no_http_is_no_response(raw_server):
    found = send_probe(Probe(raw_server(b"SSH-2.0-fake\r\n\r\n"), timeout=0.2), 1)
    assert (found.status, bool(found.error)) == (None, True)


def test_a_body_that_is_not_what_its_headers_say_is_no_response(server):
    server.script = [(200, b"no gzip", {"Content-Encoding": "gzip"})]
    found = send_probe(probe(server), 1)
    assert (found.status, bool(found.error)) == (None, True)
