# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a mistaken task gets: one clear message, and nothing written."""

from __future__ import annotations

import socket

import pytest
from running import emulator
from steps import run_tasks, task

CHAT = {"route_type": "llm/v1/chat", "model": {"provider": "openai", "name": "gpt-fake"}}
SECRET = {"config_store": "my-store", "key": "my-key", "value": "Bearer fake-key-number-one"}


# The environment of a task, the code of its failure, and what its message says.
CONNECTIONS = [
    ({"KONNECT_TOKEN": "kpat_wrong"}, "unauthorized", ["KONNECT_TOKEN", "401"]),
    ({"KONNECT_TOKEN": ""}, "no_token", ["konnect_token"]),
    ({"KONNECT_TOKEN": "kpat_fake\nx"}, "bad_token", ["white space"]),
    ({"KONNECT_SERVER_URL": ""}, "no_server", ["KONNECT_SERVER_URL", "konnect_region"]),
    ({"KONNECT_SERVER_URL": "http://konnect.example.com"}, "insecure_url", ["clear text"]),
    ({"KONNECT_SERVER_URL": "http://127.0.0.1:1"}, "unreachable", ["refused", "http://127.0.0.1:1"]),
    ({"KONNECT_CONTROL_PLANE": ""}, "no_control_plane", ["KONNECT_CONTROL_PLANE"]),
    ({"KONNECT_CONTROL_PLANE": "quickstar"}, "not_found", ["quickstar.", "Did you mean quickstart?"]),
    ({"KONNECT_VALIDATE_CERTS": "maybe"}, "invalid_input", ["KONNECT_VALIDATE_CERTS"]),
]

# The module and its options, the code of the failure, and what its message says.
OPTIONS = [
    ("secret", {**SECRET, "config_store": "my-stor"}, "not_found", ["my-stor.", "Did you mean my-store?"]),
    ("secret", {**SECRET, "key": "a/b"}, "invalid_input", ["a/b", "cannot read or remove"]),
    ("secret", {**SECRET, "key": "k" * 446}, "invalid_input", ["446 bytes", "445"]),
    ("secret", {**SECRET, "value": ""}, "invalid_input", ["empty"]),
    ("secret", {**SECRET, "value": "fake-" * 1025}, "invalid_input", ["5125 bytes", "5120"]),
    ("secret", {**SECRET, "value": "fake-short"}, "short_value", ["fingerprint_key", "value_version"]),
    ("secret", {**SECRET, "fingerprint_key": "short-fingerprint-key"}, "invalid_input", ["32 characters"]),
    ("vault", {"prefix": "My_Vault", "config_store": "my-store"}, "invalid_input", ["My_Vault"]),
    ("vault", {"prefix": "aws", "config_store": "my-store"}, "invalid_input", ["backend"]),
    ("vault", {"prefix": "my-vault"}, "invalid_input", ["backend", "config_store"]),
    ("vault", {"prefix": "my-vault", "config_store": "nowhere"}, "not_found", ["nowhere", "my-store"]),
    ("vault", {"prefix": "my-vault", "backend": "aws", "config_store": "my-store"}, "invalid_input", ["aws"]),
    ("service", {"name": "my-service", "url": "httpbin"}, "invalid_input", ["https://host"]),
    ("route", {"name": "my-route", "service": "nowhere", "paths": ["/a"]}, "not_found", ["service nowhere"]),
    ("route", {"name": "my-route", "paths": ["no-slash"]}, "invalid", ["paths"]),
    ("route", {"name": "my-route", "protocols": []}, "invalid_input", ["protocols"]),
    ("route", {"name": "", "paths": ["/a"]}, "invalid_input", ["name"]),
    ("service", {"name": "", "host": "api.example.com"}, "invalid_input", ["name"]),
    ("service", {"name": "my-service", "url": "tcp://api.example.com"}, "invalid_input", ["port"]),
    ("secret", {**SECRET, "config_store": ""}, "invalid_input", ["empty"]),
    ("plugin", {"name": "ai-porxy", "config": CHAT}, "unknown_plugin", ["ai-porxy"]),
    ("plugin", {"name": "ai-proxy", "route": "nowhere", "config": CHAT}, "not_found", ["route nowhere"]),
    (
        "plugin",
        {"name": "ai-proxy", "config": {**CHAT, "auth": {"header_valeu": "fake-literal"}}},
        "unknown_field",
        ["config.auth.header_valeu", "did you mean header_value?"],
    ),
    ("plugin", {"name": "ai-proxy", "config": {"route_type": "llm/v1/chat"}}, "invalid", ["config.model"]),
]


@pytest.fixture(scope="module")
def steps():
    """All of them in one play, each option in check mode too."""
    connections = [
        task("config_store", {"name": "my-store", "request_retries": 0}, environment=environment)
        for environment, _code, _words in CONNECTIONS
    ]
    options = [
        task(module, arguments, check=check) for check in (False, True) for module, arguments, _code, _words in OPTIONS
    ]
    with emulator() as konnect:
        konnect.call("POST", "config-stores", {"name": "my-store"})
        yield run_tasks(konnect, *connections, *options)


@pytest.mark.xdist_group("bad_input")
@pytest.mark.parametrize("number", range(len(CONNECTIONS)), ids=lambda number: CONNECTIONS[number][1])
def test_connection(steps, number):
    _environment, code, words = CONNECTIONS[number]
    step = steps[number]
    assert step.code == code
    for word in words:
        assert word in step.message
    assert step.writes == []


@pytest.mark.xdist_group("bad_input")
@pytest.mark.parametrize("number", range(len(OPTIONS)), ids=lambda number: f"{OPTIONS[number][0]}-{OPTIONS[number][2]}")
def test_options(steps, number):
    _module, _arguments, code, words = OPTIONS[number]
    run, check = (steps[len(CONNECTIONS) + offset + number] for offset in (0, len(OPTIONS)))
    assert run.code == code
    for word in words:
        assert word in run.message
    # Only the server knows some of it; it then refused the one write that was tried.
    assert run.writes == [] or (code == "invalid" and len(run.writes) == 1)
    assert check.writes == []
    if code == "not_found":  # in check mode an earlier task is taken to create the parent
        assert check.changed
        assert words[0].split(".")[0] in str(check.result["warnings"])
    else:
        assert (check.code, check.message) == (code, run.message) or code == "invalid"
    assert "fake-" not in str([run.result, check.result])


def test_two_stores_of_one_name(konnect):
    ids = [konnect.call("POST", "config-stores", {"name": "twin"})["id"] for _twin in range(2)]
    konnect.call("POST", f"config-stores/{ids[1]}/secrets", {"key": "k", "value": "fake"})
    steps = run_tasks(
        konnect,
        task("config_store", {"name": "twin"}),
        task("secret", {**SECRET, "config_store": "twin"}),
        task("secret", {**SECRET, "config_store": ids[1]}),
        task("config_store", {"name": ids[0], "state": "absent"}),
        task("config_store", {"name": "twin"}),
    )
    assert [step.code for step in steps[:2]] == ["ambiguous", "ambiguous"]
    assert f"{ids[1]} (1 secrets)" in steps[0].message
    assert all(identity in steps[1].message for identity in ids)
    assert [step.changed for step in steps[2:]] == [True, True, False]


def test_a_misspelt_option_does_not_give_its_value_away(konnect):
    misspelt = {"config_store": "s", "key": "k", "valeu": "Bearer fake-key"}
    steps = run_tasks(konnect, task("secret", misspelt), task("secret", {**misspelt, "value": "Bearer fake-key"}))
    assert "valeu" in steps[1].message
    assert "fake-key" not in str([step.result for step in steps])


def test_absent_of_what_is_not_there_is_fine(konnect):
    gone = {"state": "absent"}
    steps = run_tasks(
        konnect,
        task("config_store", {"name": "nowhere", **gone}),
        task("secret", {"config_store": "nowhere", "key": "k", **gone}),
        task("vault", {"prefix": "nowhere", **gone}),
        task("service", {"name": "nowhere", **gone}),
        task("route", {"name": "nowhere", **gone}),
        task("plugin", {"name": "ai-proxy", "route": "nowhere", **gone}),
        task("plugin", {"name": "ai-proxy", **gone}),
    )
    for step in steps:
        assert not step.changed
        assert step.writes == []


def test_a_silent_server_is_told(konnect):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        options = {"name": "my-store", "konnect_url": url, "request_timeout": 1, "request_retries": 0}
        (step,) = run_tasks(konnect, task("config_store", options))
    assert step.code == "unreachable"
    assert "timed out" in step.message
