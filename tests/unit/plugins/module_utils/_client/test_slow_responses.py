# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses that drip: each byte arrives in time, and the whole never would."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest
import requests

from ansible_collections.community.konnect.plugins.module_utils._client.client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._client.connection import Connection
from ansible_collections.community.konnect.plugins.module_utils._client.timed_session import TimedSession
from ansible_collections.community.konnect.plugins.module_utils._errors import TransportError, UnknownOutcome
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import Probe
from ansible_collections.community.konnect.plugins.module_utils._rotation.prober import send_probe

PATH = ("control-planes", "1")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
# What comes at once, and what then comes again and again.
DRIPS = {
    "content_length": (HEAD + b"Content-Length: 3600\r\n\r\n", b" "),
    "chunked": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "until_the_connection_ends": (HEAD + b"Connection: close\r\n\r\n", b" "),
    "size_of_a_chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "headers": (HEAD, b"X-More: 1\r\n"),
    "one_header": (HEAD + b"X-Long: ", b"x"),
    "status_line": (b"HTTP/1.1 200 ", b"x"),
    "redirect": (b"HTTP/1.1 302 Found\r\nLocation: /v2\r\nContent-Length: 3600\r\n\r\n", b" "),
    "interim_responses": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
}


@pytest.fixture
def dripping():
    """Start a server that sends so much at once and then drips; returns its URL."""
    stop = threading.Event()
    sockets = []

    def serve(listener, first, drip):
        with contextlib.suppress(OSError):
            while True:
                connection, _address = listener.accept()
                sockets.append(connection)
                threading.Thread(target=respond, args=(connection, first, drip), daemon=True).start()

    def respond(connection, first, drip):
        with contextlib.suppress(OSError):
            connection.recv(65536)
            connection.sendall(first)
            while not stop.wait(0.05):
                connection.sendall(drip)

    def start(first, drip):
        listener = socket.create_server(("127.0.0.1", 0))
        sockets.append(listener)
        threading.Thread(target=serve, args=(listener, first, drip), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    stop.set()
    for each in sockets:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def client(url, **limits):
    return KonnectClient(Connection(url, "kpat_test", retries=0, **limits))


@pytest.mark.parametrize("framing", DRIPS)
def test_a_response_that_drips_ends_after_the_timeout(dripping, framing):
    url, started = dripping(*DRIPS[framing]), time.monotonic()
    with pytest.raises(TransportError) as caught:
        client(url, timeout=0.3).get(PATH)
    assert time.monotonic() - started < 10
    assert caught.value.code == "unreachable"


def test_a_response_that_drips_ends_at_the_deadline(dripping):
    with pytest.raises(TransportError, match=r"sent no complete response: .*timed out"):
        client(dripping(*DRIPS["content_length"]), deadline=0.3).get(PATH)


def test_a_response_that_drips_through_a_proxy_ends_after_the_timeout(dripping):
    proxies = {"http": dripping(*DRIPS["content_length"])}
    with pytest.raises(requests.exceptions.RequestException, match="timed out"):
        TimedSession().get("http://konnect.example.com", proxies=proxies, timeout=0.3)


def test_after_a_dripping_response_to_a_write_its_outcome_is_unknown(dripping):
    with pytest.raises(UnknownOutcome, match="timed out"):
        client(dripping(*DRIPS["chunked"]), timeout=0.3).request("PUT", PATH, body={})


@pytest.mark.parametrize("framing", ["content_length", "chunked", "headers"])
def test_a_probe_whose_response_drips_ends_after_its_timeout(dripping, framing):
    response = send_probe(Probe(dripping(*DRIPS[framing]), timeout=0.3), 1)
    assert response.status is None
    assert "timed out" in response.error


def test_a_slow_response_that_is_complete_in_time_counts(dripping):
    head = HEAD + b"Content-Length: 6\r\n\r\n[1"
    assert client(dripping(head, b" ]  "), timeout=5).get(PATH) == [1]
