# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process: ready line, ports, exit codes, request log, headers, and that nothing secret is ever printed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from konnect_emulator import SERVER_NAME
from konnect_emulator.launch import Running, command, environment, running
from konnect_emulator.settings import BadSwitch, Switches, parse_switches


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def three_free_ports() -> int:
    """The first of three in a row that were free a moment ago."""
    for first in range(20000 + os.getpid() % 10000, 32000, 3):
        with ExitStack() as stack:
            try:
                for step in range(3):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", first + step))
            except OSError:
                continue
            return first
    raise AssertionError("no three free ports in a row")


def test_the_three_ports_follow_each_other() -> None:
    port = three_free_ports()
    with running("--port", str(port)) as emulator:
        ports = [port_of(url) for url in (emulator.konnect_url, emulator.proxy_url, emulator.upstream_url)]
        assert ports == [port + step for step in range(3)]


def test_a_port_in_use_is_one_line_and_exit_code_2(emulator: Running) -> None:
    done = run("--port", str(port_of(emulator.konnect_url)))
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert str(port_of(emulator.konnect_url)) in line


@pytest.mark.parametrize(
    "arguments",
    [["--port", "65534"], ["--port", "x"], ["--set", "no_switch=1"], ["--set", "secret_echo=maybe"]]
    + [["--page-size", "0"], ["--plugin-schemas", "/no/such/folder"]],
)
def test_bad_arguments(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_help_names_every_switch() -> None:
    shown = run("--help").stdout
    assert all(f"{name}=" in shown for name in Switches.__dataclass_fields__)


def test_switches() -> None:
    switches = parse_switches(["secret_echo=true", "core_duplicate=409", "max_tags=8"])
    assert (switches.secret_echo, switches.core_duplicate, switches.max_tags) == (True, 409, 8)
    for wrong in ("secret_echo", "max_tags=-1", "core_duplicate=200"):
        with pytest.raises(BadSwitch):
            parse_switches([wrong])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_0_despite_an_open_connection(number: signal.Signals) -> None:
    with running() as emulator, requests.Session() as session:
        for url in (emulator.konnect_url, emulator.proxy_url, emulator.upstream_url):
            session.get(url, timeout=30)
        emulator.process.send_signal(number)
        assert emulator.process.wait(timeout=30) == 0


def test_every_answer_says_what_made_it(emulator: Running) -> None:
    for url in (emulator.konnect_url, emulator.proxy_url, emulator.upstream_url):
        assert requests.get(url, timeout=30).headers["Server"] == SERVER_NAME


def test_only_this_machine_can_connect(emulator: Running) -> None:
    assert all("//127.0.0.1:" in url for url in (emulator.konnect_url, emulator.proxy_url, emulator.upstream_url))


def test_request_log(start: Callable[..., Any], tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    log.write_text("")
    api = start("--request-log", str(log))
    store = api.store()
    api.made(f"/config-stores/{store}/secrets", {"value": "very-secret", "key": "a"})
    api("GET", "/config-stores", params={"page[size]": 3})
    api("GET", "/config-stores", headers={"Authorization": "Bearer wrong-token"})
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["method"] for line in lines] == ["POST", "POST", "GET", "GET"]
    assert [line["status"] for line in lines] == [201, 201, 200, 401]
    assert lines[1]["fields"] == ["key", "value"]
    assert lines[1]["path"].endswith(f"/config-stores/{store}/secrets")
    assert lines[2]["query"] == {"page[size]": "3"}
    assert sorted(lines[0]) == ["fields", "method", "path", "query", "status", "time"]
    for secret in ("very-secret", "wrong-token", api.emulator.token):
        assert secret not in log.read_text()


def test_nothing_secret_is_printed() -> None:
    with running("--token", "token-of-mine", "--upstream-key", "key-of-mine") as emulator:
        headers = {"Authorization": "Bearer token-of-mine"}
        planes = f"{emulator.konnect_url}/v2/control-planes"
        assert requests.get(planes, headers=headers, timeout=30).status_code == 200
        requests.post(planes, headers=headers, data=b"\xff\xfe value-of-mine", timeout=30)
        assert emulator.stop() == 0
        assert emulator.process.stdout is not None and emulator.process.stderr is not None
        printed = emulator.process.stdout.read() + emulator.process.stderr.read()
    assert "test double" in printed
    assert "of-mine" not in printed


def test_control_plane_name(start: Callable[..., Any]) -> None:
    api = start("--control-plane", "my plane", "--latency-ms", "1")
    assert api("GET", "").json()["name"] == "my plane"


def test_page_size_is_the_most_a_list_gives(start: Callable[..., Any]) -> None:
    api = start("--page-size", "2")
    for count in range(3):
        api.store(f"store-{count}")
        api.entity("consumers", username=f"user-{count}")
    assert len(api("GET", "/config-stores", params={"page[size]": 50}).json()["data"]) == 2
    assert len(api("GET", "/core-entities/consumers", params={"size": 1000}).json()["data"]) == 2
    assert api.top("GET").json()["meta"]["page"]["size"] == 2
