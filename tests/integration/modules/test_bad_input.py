# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistaken tasks: each gets one clear message, and nothing is written."""

from __future__ import annotations

import socket

import pytest

from support.options import ABSENT, OLD_VALUE, SECRET, STORE

CHAT = {"route_type": "llm/v1/chat", "model": {"provider": "openai", "name": "gpt-fake"}}
VALUE = {**SECRET, "value": OLD_VALUE}

# The environment of a task, the code of its failure, and words of its message.
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

# A module and its options, the code of the failure, and words of its message.
WRONG = [
    ("secret", {**VALUE, "key": "a/b"}, "invalid_input", ["a/b", "cannot read or remove"]),
    ("secret", {**VALUE, "key": "k" * 446}, "invalid_input", ["446 bytes", "445"]),
    ("secret", {**VALUE, "value": ""}, "invalid_input", ["missing: value"]),
    (
        "secrets",
        {"config_store": "my-store", "secrets": [{"key": "k", "value": ""}]},
        "invalid_input",
        ["k: ", "empty"],
    ),
    ("secret", {**VALUE, "value": "fake-" * 1025}, "invalid_input", ["5125 bytes", "5120"]),
    ("secret", {**VALUE, "value": "tiny"}, "short_value", ["fingerprint_key", "value_version"]),
    ("secret", {**VALUE, "value": True}, "invalid_input", ["value"]),
    ("secret", {**VALUE, "fingerprint_key": "short-fingerprint-key"}, "invalid_input", ["32 characters"]),
    ("secret", {**VALUE, "config_store": ""}, "invalid_input", ["missing", "config_store"]),
    ("secret", {**VALUE, "update_secret": "always", "value_version": 1}, "invalid_input", ["value_version"]),
    ("vault", {"prefix": "My_Vault", "config_store": "my-store"}, "invalid_input", ["My_Vault"]),
    ("vault", {"prefix": "aws", "config_store": "my-store"}, "invalid_input", ["backend"]),
    ("vault", {"prefix": "my-vault"}, "invalid_input", ["backend", "config_store"]),
    ("vault", {"prefix": "my-vault", "backend": "aws", "config_store": "my-store"}, "invalid_input", ["aws"]),
    ("service", {"name": "my-service", "url": "httpbin"}, "invalid_input", ["https://host"]),
    ("service", {"name": "my-service", "url": "tcp://api.example.com"}, "invalid_input", ["port"]),
    ("service", {"name": "my-service", "url": "https://ann:fake-pw@api.example.com"}, "invalid_input", ["url"]),
    ("service", {"name": "", "host": "api.example.com"}, "invalid_input", ["name"]),
    ("route", {"name": "my-route", "protocols": []}, "invalid_input", ["protocols"]),
    ("route", {"name": "", "paths": ["/a"]}, "invalid_input", ["name"]),
    ("plugin", {"name": "ai-porxy", "config": CHAT}, "unknown_plugin", ["ai-porxy"]),
    (
        "plugin",
        {"name": "ai-proxy", "config": {**CHAT, "auth": {"header_valeu": "fake-literal"}}},
        "unknown_field",
        ["config.auth.header_valeu", "did you mean header_value?"],
    ),
]
# The same, where only the server knows.
REFUSED_BY_THE_SERVER = [
    ("route", {"name": "my-route", "paths": ["no-slash"]}, "paths"),
    ("plugin", {"name": "ai-proxy", "config": {"route_type": "llm/v1/chat"}}, "config.model"),
]
# A module, and options that name a parent that is not there; its name, and words of the message.
PARENT_MISSING = [
    ("secret", {**VALUE, "config_store": "my-stor"}, "my-stor", ["my-stor.", "Did you mean my-store?"]),
    ("vault", {"prefix": "my-vault", "config_store": "nowhere"}, "nowhere", ["nowhere", "my-store"]),
    ("route", {"name": "my-route", "service": "nowhere", "paths": ["/a"]}, "nowhere", ["service nowhere"]),
    ("plugin", {"name": "ai-proxy", "route": "nowhere", "config": CHAT}, "nowhere", ["route nowhere"]),
]
MISSING_ENTITIES = [
    ("config_store", {"name": "nowhere"}),
    ("secret", {"config_store": "nowhere", "key": "k"}),
    ("vault", {"prefix": "nowhere"}),
    ("service", {"name": "nowhere"}),
    ("route", {"name": "nowhere"}),
    ("plugin", {"name": "ai-proxy", "route": "nowhere"}),
    ("plugin", {"name": "ai-proxy"}),
]


def named(value: object) -> str | None:
    """Name a parametrized test by its texts, such as the module and the code."""
    return value if isinstance(value, str) else None


@pytest.mark.parametrize(("environment", "code", "words"), CONNECTIONS, ids=named)
def test_a_wrong_connection_is_told_and_writes_nothing(konnect, environment, code, words):
    run = konnect.run("config_store", {**STORE, "request_retries": 0}, environment=environment)
    assert run.code == code
    for word in words:
        assert word in run.message
    assert run.writes == []


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize(("module", "options", "code", "words"), WRONG, ids=named)
def test_a_wrong_option_is_refused_before_any_write(konnect, module, options, code, words, check):
    konnect.create_all(("config_store", STORE))
    run = konnect.run(module, options, check=check)
    assert run.code == code
    for word in words:
        assert word in run.message
    assert run.writes == []
    assert "fake-" not in str(run.result)


@pytest.mark.parametrize(("module", "options", "field"), REFUSED_BY_THE_SERVER, ids=named)
def test_what_only_the_server_knows_is_refused_by_it(konnect, module, options, field):
    run = konnect.run(module, options)
    assert run.code == "invalid"
    assert field in run.message
    assert len(run.writes) == 1


@pytest.mark.parametrize(("module", "options", "field"), REFUSED_BY_THE_SERVER, ids=named)
def test_check_mode_asks_the_server_without_a_write(konnect, module, options, field):
    run = konnect.run(module, options, check=True)
    assert run.code == "invalid"
    assert field in run.message
    assert run.writes == []


@pytest.mark.parametrize(("module", "options", "parent", "words"), PARENT_MISSING, ids=named)
def test_a_missing_parent_is_an_error(konnect, module, options, parent, words):
    konnect.create_all(("config_store", STORE))
    run = konnect.run(module, options)
    assert run.code == "not_found"
    for word in words:
        assert word in run.message
    assert run.writes == []


@pytest.mark.parametrize(("module", "options", "parent", "words"), PARENT_MISSING, ids=named)
def test_check_mode_assumes_that_an_earlier_task_creates_the_parent(konnect, module, options, parent, words):
    konnect.create_all(("config_store", STORE))
    run = konnect.run(module, options, check=True)
    assert run.changed
    assert parent in run.warnings
    assert run.writes == []


@pytest.mark.parametrize(("module", "options"), MISSING_ENTITIES, ids=named)
def test_removing_what_is_not_there_changes_nothing(konnect, module, options):
    run = konnect.run(module, {**options, **ABSENT})
    assert not run.changed
    assert run.writes == []


@pytest.fixture
def twins(konnect):
    """The ids of two config stores of one name; the second holds a secret."""
    ids = [konnect.call("POST", "config-stores", STORE)["id"] for _twin in range(2)]
    konnect.call("POST", f"config-stores/{ids[1]}/secrets", {"key": "k", "value": "fake"})
    return ids


def test_two_stores_of_one_name_are_told_with_their_ids_and_secrets(konnect, twins):
    run = konnect.run("config_store", STORE)
    assert run.code == "ambiguous"
    assert twins[0] in run.message
    assert f"{twins[1]} (1 secrets)" in run.message


def test_a_secret_is_not_written_to_one_of_two_stores_of_one_name(konnect, twins):
    run = konnect.run("secret", VALUE)
    assert run.code == "ambiguous"
    assert all(identity in run.message for identity in twins)
    assert run.writes == []


def test_the_id_tells_two_stores_of_one_name_apart(konnect, twins):
    assert konnect.run("secret", {**VALUE, "config_store": twins[1]}).changed
    assert konnect.list(f"config-stores/{twins[0]}/secrets") == []


def test_one_of_two_stores_of_one_name_is_removed_by_its_id(konnect, twins):
    assert konnect.run("config_store", {"name": twins[0], **ABSENT}).changed
    assert [store["id"] for store in konnect.list("config-stores")] == [twins[1]]


@pytest.mark.parametrize("more", [{}, {"value": OLD_VALUE}], ids=["no value", "value"])
def test_a_misspelt_option_does_not_give_its_value_away(konnect, more):
    run = konnect.run("secret", {**SECRET, "valeu": "Bearer fake-key", **more})
    assert run.failed
    assert "fake-key" not in str(run.result)


def test_a_misspelt_option_is_named(konnect):
    assert "valeu" in konnect.run("secret", {**VALUE, "valeu": OLD_VALUE}).message


def test_a_server_that_does_not_answer_is_unreachable(konnect):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        run = konnect.run("config_store", {**STORE, "konnect_url": url, "request_timeout": 1, "request_retries": 0})
    assert run.code == "unreachable"
    assert "timed out" in run.message
