# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to compare with: the requests of konnect_secrets sent by nothing but requests, and the emulator by itself.

``python floor.py requests URL STORE_URL TOKEN COUNT PARALLEL`` sends the same requests by a bare pool of threads.
``python floor.py sockets ...`` sends COUNT writes from PARALLEL processes that hardly look at the answers, and prints
how many seconds that took: what the server can serve.
"""

from __future__ import annotations

import multiprocessing
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import requests

RECORD = "A fingerprint kept by community.konnect to tell whether the secret beside it changed. It holds no secret."
PAGE = 100


def with_requests(url: str, store_url: str, token: str, count: int, parallel: int) -> None:
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {token}"
    session.mount(url, requests.adapters.HTTPAdapter(pool_maxsize=parallel))

    def put(number: int) -> None:
        for key, value in (
            (f"key-{number:05}", f"Bearer fake-value-{number:05}-one"),
            (f"key-{number:05}.fingerprint.00000000.000000000000.{number:032x}", RECORD),
        ):
            answer = session.put(f"{store_url}/secrets/{key}", json={"value": value}, timeout=30)
            answer.raise_for_status()
            answer.json()

    for _look_up in range(2):
        session.get(f"{url}/v2/control-planes", timeout=30).raise_for_status()
    session.get(f"{store_url}/secrets", params={"page[size]": PAGE}, timeout=30).raise_for_status()
    with ThreadPoolExecutor(parallel) as pool:
        list(pool.map(put, range(count)))


def hammer(arguments: tuple[Any, ...]) -> None:
    url, store_url, token, name, count = arguments
    parts = urlsplit(url)
    body = b'{"value": "Bearer fake-value-00000-one"}'
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(count):
            path = f"{urlsplit(store_url).path}/secrets/{name}-{number}"
            head = f"PUT {path} HTTP/1.1\r\nHost: emulator\r\nAuthorization: Bearer {token}\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)
            answer = connection.recv(65536)
            while not answer.endswith(b"}"):
                answer += connection.recv(65536)
            if not answer.startswith(b"HTTP/1.1 201"):
                raise RuntimeError("the emulator refused a write")


def with_sockets(url: str, store_url: str, token: str, count: int, parallel: int) -> None:
    with multiprocessing.Pool(parallel) as pool:
        pool.map(hammer, [(url, store_url, token, name, count // parallel) for name in range(parallel)])


if __name__ == "__main__":
    way, *rest, count, parallel = sys.argv[1:]
    started = time.monotonic()
    {"requests": with_requests, "sockets": with_sockets}[way](*rest, int(count), int(parallel))
    print(time.monotonic() - started)
