# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line and the process: options, ready line, ports, exit codes, and that no secret is ever printed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from konnect_emulator import SERVER_NAME
from konnect_emulator.launch import Running, command, environment, running
from konnect_emulator.switches import InvalidSwitch, Switches, parse_switches


def run_to_end(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


def urls_of(emulator: Running) -> list[str]:
    return [emulator.konnect_url, emulator.proxy_url, emulator.upstream_url]


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def three_free_ports() -> int:
    """Return the first of three ports in a row that were free a moment ago."""
    for first in range(20000 + os.getpid() % 10000, 32000, 3):
        with ExitStack() as stack:
            try:
                for step in range(3):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", first + step))
            except OSError:
                continue
            return first
    raise AssertionError("no three free ports in a row")


def test_three_ports_in_a_row_are_used() -> None:
    port = three_free_ports()
    with running("--port", str(port)) as emulator:
        assert [port_of(url) for url in urls_of(emulator)] == [port, port + 1, port + 2]


def test_it_prints_what_to_export_in_a_second_terminal() -> None:
    with running("--port", "0", "--exports", "--upstream-key", "fake-key-one", "--upstream-key", "fake key two") as one:
        assert one.process.stdout is not None
        lines = [one.process.stdout.readline().strip() for _number in range(10)]
        assert f"export KONNECT_SERVER_URL={one.konnect_url}" in lines
        assert "export KONNECT_CONTROL_PLANE=quickstart" in lines
        assert "export KONNECT_AI_GATEWAY=ai-quickstart" in lines
        assert f"export KONNECT_AI_GATEWAY_URL={one.ai_gateway_url}" in lines
        assert "export MISTRAL_API_KEY=fake-key-one" in lines
        assert f"export MISTRAL_UPSTREAM_URL={one.upstream_url}/v1/chat/completions" in lines
        assert lines[-1].endswith("export MISTRAL_API_KEY='fake key two'")


def test_it_listens_on_the_loopback_interface_only(emulator: Running) -> None:
    assert all("//127.0.0.1:" in url for url in urls_of(emulator))


def test_a_port_in_use_ends_it_with_one_line_and_exit_code_2(emulator: Running) -> None:
    port = str(port_of(emulator.konnect_url))
    ended = run_to_end("--port", port)
    (line,) = ended.stderr.splitlines()
    assert port in line
    assert (ended.returncode, ended.stdout) == (2, "")


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "65534"],
        ["--port", "65533", "--node-ports", "--set", "node_count=2"],
        ["--clock-speed", "-1"],
        ["--upstream-answer", "a-key"],
        ["--port", "x"],
        ["--set", "no_switch=1"],
        ["--set", "secret_echo=maybe"],
        ["--page-size", "0"],
        ["--plugin-schemas", "/no/such/folder"],
        ["--fault", "1=nonsense"],
    ],
)
def test_invalid_arguments_end_it_with_exit_code_2(arguments: list[str]) -> None:
    ended = run_to_end(*arguments)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def test_help_lists_every_switch() -> None:
    listed = run_to_end("--help").stdout
    assert all(f"{name}=" in listed for name in Switches.__dataclass_fields__)


def test_switches_are_parsed_by_type() -> None:
    switches = parse_switches(["secret_echo=true", "core_duplicate=409", "max_tags=8"])
    assert (switches.secret_echo, switches.core_duplicate, switches.max_tags) == (True, 409, 8)


@pytest.mark.parametrize("assignment", ["secret_echo", "max_tags=-1", "core_duplicate=200"])
def test_an_invalid_switch_is_rejected(assignment: str) -> None:
    with pytest.raises(InvalidSwitch):
        parse_switches([assignment])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_exit_code_0_despite_open_connections(number: signal.Signals) -> None:
    with running() as emulator, requests.Session() as session:
        for url in urls_of(emulator):
            session.get(url, timeout=30)
        emulator.process.send_signal(number)
        assert emulator.process.wait(timeout=30) == 0


def test_every_response_names_the_emulator(emulator: Running) -> None:
    servers = {requests.get(url, timeout=30).headers["Server"] for url in urls_of(emulator)}
    assert servers == {SERVER_NAME}


def test_names_of_headers_are_in_title_case(emulator: Running) -> None:
    for url in urls_of(emulator):
        assert "Content-Type" in list(requests.get(url, timeout=30).raw.headers)


def test_no_secret_is_printed() -> None:
    arguments = ("--token", "token-of-mine", "--upstream-key", "key-of-mine", "--upstream-answer", "other-of-mine=429")
    with running(*arguments) as emulator:
        headers = {"Authorization": "Bearer token-of-mine"}
        control_planes = f"{emulator.konnect_url}/v2/control-planes"
        assert requests.get(control_planes, headers=headers, timeout=30).status_code == 200
        requests.post(control_planes, headers=headers, data=b"\xff\xfe value-of-mine", timeout=30)
        assert emulator.stop() == 0
        assert emulator.process.stdout is not None and emulator.process.stderr is not None
        printed = emulator.process.stdout.read() + emulator.process.stderr.read()
    assert "test double" in printed
    assert "of-mine" not in printed


def test_the_first_control_plane_can_be_named(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--control-plane", "my control plane")
    assert api("GET", "").json()["name"] == "my control plane"


def test_every_response_waits_for_the_latency(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--latency-ms", "50")
    assert api("GET", "").elapsed.total_seconds() >= 0.05


def test_the_page_size_is_the_maximum_of_every_list(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--page-size", "2")
    for count in range(3):
        api.create_store(f"store-{count}")
        api.create_entity("consumers", username=f"user-{count}")
    assert len(api("GET", "/config-stores", params={"page[size]": 50}).json()["data"]) == 2
    assert len(api("GET", "/core-entities/consumers", params={"size": 1000}).json()["data"]) == 2
    assert api.control_planes("GET").json()["meta"]["page"]["size"] == 2
