# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as people type them: what is taken, what is taken as meant, and what is refused by name."""

from __future__ import annotations

import pytest

from support.options import OLD_VALUE, REFERABLE, SECRET, STORE

LONG = "fake-value-long-enough-0123456789"
HTTP_LOG = {"name": "http-log", "config": {"http_endpoint": "https://logs.example.com"}}


@pytest.fixture
def store(konnect):
    konnect.create_all(("config_store", STORE))


# Secrets


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("secret", {**SECRET, "value": f"{LONG}\n"}),
        ("secrets", {"config_store": "my-store", "secrets": [{"key": "my-key", "value": f"{LONG}\r\n"}]}),
        ("secret_rotation", {**SECRET, "phase": "prepare", "value": f"{LONG}\n"}),
        ("secret", {**SECRET, "value": LONG, "fingerprint_key": f"{LONG}\n"}),
    ],
)
def test_a_line_end_by_mistake_is_refused_before_a_write(konnect, store, module, options):
    run = konnect.run(module, options)
    assert (run.code, run.writes) == ("invalid_input", [])
    assert "line end" in run.message
    assert LONG not in str(run.result)


def test_the_value_of_kongs_how_to_is_stored_and_compared_under_the_token(konnect, store):
    value = {**SECRET, "value": "my-secret-value"}
    first = konnect.run("secret", value)
    assert first.changed, first.message
    assert "KONNECT_FINGERPRINT_KEY" in first.warnings
    assert not konnect.run("secret", value).changed
    assert konnect.run("secret", {**SECRET, "value": "my-secret-valuf"}).changed


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (123456789012345678901234567890, "is a number, and is stored as its decimal text"),
        ({"port": 5432.0, "password": LONG}, "is stored as the JSON text"),
    ],
    ids=["number", "nested"],
)
def test_a_value_that_becomes_a_text_is_told(konnect, store, value, words):
    run = konnect.run("secret", {**SECRET, "value": value})
    assert run.changed, run.message
    assert words in run.warnings


def test_a_mapping_is_compared_by_its_content(konnect, store):
    pairs = {"user": "fake-user", "password": "fake-password"}
    assert konnect.run("secret", {**SECRET, "value": pairs}).changed
    assert not konnect.run("secret", {**SECRET, "value": dict(reversed(pairs.items()))}).changed


# Options that were given each other's value


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("secret", {"config_store": "my-store", "key": f"Bearer {LONG}", "value": "my-key"}),
        ("secret", {**SECRET, "value": OLD_VALUE, "value_version": LONG}),
        ("service", {"name": "my-service", "url": f"https://api.example.com/v1?api_key={LONG}"}),
    ],
    ids=["key and value swapped", "version", "query of a URL"],
)
def test_a_secret_in_another_option_is_not_shown(konnect, store, module, options):
    run = konnect.run(module, options)
    assert run.failed
    assert LONG not in str(run.result)


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("http-log", {"http_endpoint": f"https://ann:{LONG}@logs.example.com"}),
        ("rate-limiting", {"redis": {"username": LONG, "password": "fake-password"}}),
    ],
)
def test_no_literal_is_shown_by_a_task_that_fails_before_it_knows_the_schema(konnect, name, config):
    run = konnect.run("plugin", {"name": name, "config": config}, environment={"KONNECT_TOKEN": "kpat bad"})
    assert (run.code, LONG in str(run.result)) == ("bad_token", False)


def test_a_short_value_hides_nothing_else(konnect, store):
    run = konnect.run("secret", {**SECRET, "key": "chat-key", "value": "chat", "update_secret": "on_create"})
    assert run["secret"]["key"] == "chat-key"


# References


@pytest.mark.parametrize("authority", ["my-vault:80", "ann@my-vault"])
def test_a_secret_is_in_use_however_its_reference_is_spelled(konnect, authority):
    """Kong takes the host of the URL for the prefix."""
    konnect.create_all(*REFERABLE)
    config = {"http_endpoint": f"{{vault://{authority}/my-key}}"}
    konnect.call("POST", "core-entities/plugins", {"name": "http-log", "config": config})
    run = konnect.run("secret", {**SECRET, "state": "absent"})
    assert (run.code, run.writes) == ("in_use", [])


@pytest.mark.parametrize("text", ["vault://my-vault/my-key", "{vault:/my-vault/my-key}", "{Vault://my-vault/my-key}"])
def test_a_text_that_means_to_be_a_reference_is_refused_and_found(konnect, text):
    konnect.create_all(*REFERABLE)
    config = {**HTTP_LOG["config"], "headers": {"X-Key": text}}
    run = konnect.run("plugin", {"name": "http-log", "config": config})
    assert (run.code, run.writes) == ("broken_reference", [])
    konnect.call("POST", "core-entities/plugins", {"name": "http-log", "config": config})
    assert [row["state"] for row in konnect.run("reference_info")["references"]] == ["malformed"]


# Empty values, texts and nulls


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("option", ["port", "protocol", "enabled", "tls_verify", "tags", "request_timeout", "state"])
def test_an_empty_option_keeps_what_konnect_has(konnect, option, empty):
    given = {"name": "my-service", "host": "api.example.com"}
    konnect.create_all(("service", {**given, "port": 8443, "protocol": "https", "tags": ["a"], "enabled": False}))
    run = konnect.run("service", {**given, option: empty})
    assert (run.message, run.writes) == ("", [])


def test_names_in_a_text_are_split_and_trimmed_and_paths_are_not(konnect):
    konnect.create_all(("route", {"name": "my-route", "tags": "one, two", "paths": "/a,b"}))
    [held] = konnect.list("core-entities/routes")
    assert (held["tags"], held["paths"]) == (["one", "two"], ["/a,b"])


def test_yes_is_true_within_a_configuration(konnect):
    config = {"minute": 5, "policy": "local", "hide_client_headers": "yes"}
    konnect.create_all(("plugin", {"name": "rate-limiting", "config": config}))
    [held] = konnect.list("core-entities/plugins")
    assert held["config"]["hide_client_headers"] is True


@pytest.mark.parametrize("mode", ["replace", "merge"])
def test_a_null_within_a_configuration_is_stored_where_there_is_a_default(konnect, mode):
    config = {**HTTP_LOG["config"], "timeout": None}
    options = {**HTTP_LOG, "config_mode": mode, "config": config}
    konnect.create_all(("plugin", options))
    [held] = konnect.list("core-entities/plugins")
    assert held["config"].get("timeout") is None
    assert not konnect.run("plugin", options).changed


# Names and addresses


@pytest.mark.parametrize("value", [{"kind": "x"}, ["my-name"], "  "], ids=["dict", "list", "blank"])
@pytest.mark.parametrize(
    ("module", "option", "others"),
    [
        ("route", "service", {"name": "my-route", "paths": ["/a"]}),
        ("plugin", "route", {"name": "key-auth"}),
        ("secret", "config_store", {"key": "my-key", "value": OLD_VALUE}),
        ("config_store", "name", {}),
    ],
)
def test_what_is_no_name_is_refused_by_the_option(konnect, module, option, others, value):
    run = konnect.run(module, {**others, option: value})
    assert (run.code, run.writes) == ("invalid_input", [])
    assert option in run.message


@pytest.mark.parametrize("end", ["?", "#"])
def test_an_empty_query_or_fragment_in_the_url_is_refused(konnect, end):
    run = konnect.run("config_store", STORE, environment={"KONNECT_SERVER_URL": konnect.konnect_url + end})
    assert (run.code, "konnect_url" in run.message, run.requests) == ("invalid_input", True, [])


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("service", {"name": "größe", "host": "api.example.com"}),
        ("route", {"name": "маршрут", "paths": ["/a"]}),
        ("config_store", {"name": "ключи"}),
    ],
)
def test_a_name_in_any_script_is_made_and_found(konnect, module, options):
    assert konnect.run(module, options).changed
    assert not konnect.run(module, options).changed


def test_a_route_has_an_expression_and_a_priority(konnect):
    options = {"name": "my-route", "expression": 'http.path == "/a"', "priority": 7}
    konnect.create_all(("route", options))
    [held] = konnect.list("core-entities/routes")
    assert (held["expression"], held["priority"]) == (options["expression"], 7)
    assert not konnect.run("route", options).changed
