# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No reference dangles: what would not resolve is refused before any write, and what is there already is found."""

from __future__ import annotations

import pytest

from support.control_plane import ControlPlaneHarness
from support.options import OLD_VALUE, REFERABLE, REFERENCE, SECRET

ENVIRONMENT = ("vault", {"prefix": "my-env", "backend": "env"})
URL = "https://log.example.com"
# A plugin, its configuration, the field that refers, the problem, and words of the remedy.
BROKEN = [
    ("http-log", {"http_endpoint": f"{URL}/{REFERENCE}"}, "http_endpoint", "embedded", "the whole value"),
    (
        "http-log",
        {"http_endpoint": URL, "headers": {"X-Key": "{vault://my-vault/my-key"}},
        "headers",
        "malformed",
        "no closing brace",
    ),
    ("http-log", {"http_endpoint": "{vault://my-vault}"}, "http_endpoint", "malformed", "names no secret"),
    ("http-log", {"http_endpoint": "vault://my-vault/my-key"}, "http_endpoint", "malformed", "no opening brace"),
    ("http-log", {"http_endpoint": "{vault:/my-vault/my-key}"}, "http_endpoint", "malformed", "two slashes"),
    (
        "http-log",
        {"http_endpoint": "{vault://my-vualt/my-key}"},
        "http_endpoint",
        "unknown_vault",
        "Did you mean my-vault?",
    ),
    (
        "http-log",
        {"http_endpoint": "{vault://my-vault/my-kye}"},
        "http_endpoint",
        "unknown_secret",
        "Did you mean my-key?",
    ),
    ("http-log", {"http_endpoint": "{vault://gone/my-key}"}, "http_endpoint", "unknown_store", "config_store"),
    ("pre-function", {"access": [f"return kong.vault.get('{REFERENCE}')"]}, "access", "in_function", "another backend"),
    ("correlation-id", {"header_name": REFERENCE}, "header_name", "not_referenceable", "a field that takes one"),
]
FINE = [
    ("http-log", {"http_endpoint": REFERENCE}),
    ("pre-function", {"access": ["return kong.vault.get('{vault://my-env/key}') or '{vault://' .. name .. '}'"]}),
    ("file-log", {"path": "/dev/stdout"}),
]
DANGLING = {"name": "http-log", "config": {"http_endpoint": "{vault://nowhere/key}"}}
LITERAL = {
    "name": "ai-proxy",
    "config": {
        "route_type": "llm/v1/chat",
        "auth": {"header_name": "Authorization", "header_value": "Bearer fake-literal-key"},
        "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
    },
}


def create_vaults(konnect):
    """Create a vault with a secret, one whose store is not there, and one of another backend."""
    gone = {"name": "konnect", "prefix": "gone", "config": {"config_store_id": "00000000-0000-4000-8000-000000000000"}}
    konnect.call("POST", "core-entities/vaults", gone)
    konnect.create_all(*REFERABLE, ENVIRONMENT)


@pytest.fixture
def vaults(konnect):
    create_vaults(konnect)


@pytest.mark.parametrize(
    ("name", "config", "field", "problem", "remedy"), BROKEN, ids=[f"{row[3]}-{row[4]}" for row in BROKEN]
)
def test_a_broken_reference_is_refused_before_any_write(konnect, vaults, name, config, field, problem, remedy):
    run = konnect.run("plugin", {"name": name, "config": config})
    assert run.code == "broken_reference"
    assert run.writes == []
    (row,) = run["failure"]["references"]
    assert row["field"].startswith(f"config.{field}")
    assert row["problem"] == problem
    for words in (f"config.{field}", "{vault://", remedy):
        assert words in run.message


@pytest.mark.parametrize(("name", "config"), FINE, ids=["resolves", "another backend", "no reference"])
def test_a_reference_that_resolves_is_written(konnect, vaults, name, config):
    assert konnect.run("plugin", {"name": name, "config": config}).changed


def test_check_mode_warns_of_a_vault_that_an_earlier_task_may_create(konnect):
    run = konnect.run("plugin", DANGLING, check=True)
    assert run.changed
    assert "no vault with the prefix nowhere" in run.warnings


def test_check_mode_refuses_what_no_earlier_task_can_fix(konnect):
    embedded = {"name": "http-log", "config": {"http_endpoint": "Bearer {vault://nowhere/key}"}}
    assert konnect.run("plugin", embedded, check=True).code == "broken_reference"


def test_a_broken_reference_is_written_with_a_warning_when_asked_for(konnect):
    run = konnect.run("plugin", {**DANGLING, "check_references": "warn"})
    assert run.changed
    assert "no vault with the prefix nowhere" in run.warnings


def test_a_broken_reference_is_ignored_when_asked_for(konnect):
    run = konnect.run("plugin", {**DANGLING, "check_references": "ignore"})
    assert run.changed
    assert run.warnings == ""


def test_a_plugin_whose_broken_reference_is_not_touched_can_be_changed(konnect):
    konnect.create_all(("plugin", {**DANGLING, "check_references": "ignore"}))
    assert konnect.run("plugin", {"name": "http-log", "enabled": False}).changed


def test_a_literal_secret_is_refused_when_asked_for(konnect):
    run = konnect.run("plugin", {**LITERAL, "literal_secrets": "fail"})
    assert run.code == "literal_secret"
    assert run.writes == []
    assert "config.auth.header_value" in run.message
    assert "fake-literal-key" not in str(run.result)


def test_a_literal_secret_is_warned_of(konnect):
    run = konnect.run("plugin", LITERAL)
    assert run.changed
    assert "config.auth.header_value" in run.warnings
    assert "fake-literal-key" not in str(run.result)


def test_a_literal_secret_may_be_allowed(konnect):
    run = konnect.run("plugin", {**LITERAL, "literal_secrets": "allow"})
    assert run.changed
    assert run.warnings == ""


OTHER_STORE = {"prefix": "my-vault", "config_store": "other"}


@pytest.fixture
def in_use(konnect):
    """A vault that a plugin refers to, and another, empty store."""
    konnect.create_all(*REFERABLE, ("plugin", {"name": "http-log", "config": {"http_endpoint": REFERENCE}}))
    konnect.create_all(("config_store", {"name": "other"}))


def test_a_vault_is_not_moved_to_a_store_that_lacks_a_secret_in_use(konnect, in_use):
    run = konnect.run("vault", OTHER_STORE)
    assert run.code == "broken_reference"
    assert "Plugin http-log" in run.message
    assert run.writes == []


def test_a_vault_is_moved_to_a_store_that_has_each_secret_in_use(konnect, in_use):
    konnect.create_all(("secret", {**SECRET, "value": OLD_VALUE, "config_store": "other"}))
    assert konnect.run("vault", OTHER_STORE).changed


def test_a_broken_reference_in_a_vault_is_refused(konnect):
    options = {"prefix": "corporate", "backend": "hcv", "config": {"token": "{vault://nowhere/token}"}}
    assert konnect.run("vault", options).code == "broken_reference"


@pytest.fixture(scope="module")
def mapped(emulators):
    """The reference map of a control plane with a plugin for each broken reference and each that is none."""
    konnect = ControlPlaneHarness.create(emulators())
    create_vaults(konnect)
    rows = [*(row[:2] for row in BROKEN), *FINE]
    konnect.create_all(
        ("secret", {**SECRET, "key": "unused-key", "value": OLD_VALUE}),
        ("vault", {"prefix": "unused", "config_store": "my-store"}),
        ("service", {"name": "my-service", "host": "api.example.com"}),
    )
    for number, (name, config) in enumerate(rows):
        route = {"name": f"route-{number}", "service": "my-service", "paths": [f"/{number}"]}
        plugin = {"name": name, "config": config, "route": f"route-{number}", "check_references": "ignore"}
        konnect.create_all(("route", route), ("plugin", plugin))
    return konnect.run("reference_info")


# One worker makes the map for all of these tests.
reads_map = pytest.mark.xdist_group("reference_map")


def fine(mapped):
    """The rows of references without a problem, by their state."""
    return {row["state"]: row for row in mapped["references"] if row["problem"] is None}


@reads_map
def test_the_map_is_made_without_a_write(mapped):
    assert mapped.writes == []


@reads_map
def test_the_map_shows_the_problem_of_each_reference(mapped):
    by_route = {row["route"]["name"]: row for row in mapped["references"]}
    assert len(by_route) == len(mapped["references"])
    problems = [by_route[f"route-{number}"]["problem"] for number in range(len(BROKEN))]
    assert problems == [problem for _name, _config, _field, problem, _remedy in BROKEN]


@reads_map
def test_the_map_shows_the_state_of_references_without_a_problem(mapped):
    assert set(fine(mapped)) == {"ok", "other_backend"}


@reads_map
def test_the_map_shows_where_a_reference_stands_and_what_it_resolves_to(mapped):
    good = fine(mapped)["ok"]
    assert (good["name"], good["field"], good["secret"]) == ("http-log", "config.http_endpoint", "my-key")
    assert (good["service"]["name"], good["config_store"]["name"]) == ("my-service", "my-store")


@reads_map
def test_the_map_shows_the_backend_of_another_vault(mapped):
    assert fine(mapped)["other_backend"]["backend"] == "env"


@reads_map
def test_the_map_shows_which_secrets_are_used(mapped):
    used = {secret["key"]: (secret["references"], secret["in_use"]) for secret in mapped["secrets"]}
    assert used == {"my-key": (1, True), "unused-key": (0, False)}


@reads_map
def test_the_map_shows_the_age_of_secrets(mapped):
    assert all(0 <= secret["age"] < 600 for secret in mapped["secrets"])
    assert mapped["secrets"]


@reads_map
def test_the_map_shows_which_vaults_are_used(mapped):
    assert [vault["prefix"] for vault in mapped["vaults"] if not vault["in_use"]] == ["unused"]


@reads_map
def test_the_map_counts_what_it_shows(mapped):
    assert mapped["summary"] == {
        "ok": 1,
        "other_backend": 1,
        "dangling": 3,
        "not_referenceable": 2,
        "malformed": 3,
        "unused_secrets": 1,
        "unused_vaults": 1,
    }


MOVE = {"config_store": "my-store", "key": "my-key", "new_key": "new-key"}
NEW_SECRET = ("secret", {**SECRET, "key": "new-key", "value": OLD_VALUE})
LOG = {
    "name": "http-log",
    "config": {
        "http_endpoint": "{vault://my-vault/my-key/endpoint?ttl=5}",
        "headers": {"X-Key": "{vault://second/my-key}"},
    },
    "tags": ["kept"],
}


@pytest.fixture
def referrers(konnect):
    """Five references to one secret by two vaults, in a plugin, a certificate and a partial; and one to another."""
    konnect.create_all(
        *REFERABLE,
        ("vault", {"prefix": "second", "config_store": "my-store"}),
        ("config_store", {"name": "other"}),
        ("vault", {"prefix": "other", "config_store": "other"}),
        ("secret", {**SECRET, "config_store": "other", "value": OLD_VALUE}),
    )
    certificate = {"cert": "{vault://my-vault/my-key/cert}", "key": "{vault://my-vault/my-key/key}"}
    konnect.call("POST", "core-entities/certificates", certificate)
    partial = {"name": "cache", "type": "redis-ee", "config": {"password": REFERENCE}}
    konnect.call("POST", "core-entities/partials", partial)
    other = {"name": "file-log", "config": {"path": "{vault://other/my-key}"}, "check_references": "ignore"}
    konnect.create_all(("plugin", LOG), ("plugin", other))


def test_references_do_not_move_to_a_secret_that_is_not_there(konnect, referrers):
    run = konnect.run("reference", MOVE)
    assert run.code == "not_found"
    assert run.writes == []


def test_check_mode_assumes_that_an_earlier_task_writes_the_new_secret(konnect, referrers):
    run = konnect.run("reference", MOVE, check=True)
    assert "new-key" in run.warnings
    assert run.writes == []


def test_references_in_a_store_that_is_not_there_do_not_move(konnect):
    assert konnect.run("reference", {**MOVE, "config_store": "nowhere"}).code == "not_found"


def test_no_reference_moves_when_none_is_chosen(konnect, referrers):
    konnect.create_all(NEW_SECRET)
    run = konnect.run("reference", {**MOVE, "limit_to": []})
    assert not run.changed
    assert run.writes == []


def test_check_mode_predicts_which_references_move(konnect, referrers):
    konnect.create_all(NEW_SECRET)
    predicted, real = konnect.run("reference", MOVE, check=True), konnect.run("reference", MOVE)
    assert (predicted.changed, real.changed) == (True, True)
    assert predicted.writes == []
    assert predicted["references"] == real["references"]
    assert predicted["diff"] == real["diff"]


def test_each_entity_that_refers_is_written_once(konnect, referrers):
    konnect.create_all(NEW_SECRET)
    run = konnect.run("reference", MOVE)
    assert len(run["references"]) == 5
    assert len(run.writes) == 3


def test_references_that_moved_do_not_move_again(konnect, referrers):
    konnect.create_all(NEW_SECRET)
    konnect.run("reference", MOVE)
    again = konnect.run("reference", MOVE)
    assert not again.changed
    assert again.writes == []


def test_references_move_and_nothing_else_changes(konnect, referrers):
    konnect.create_all(NEW_SECRET)
    konnect.run("reference", MOVE)
    plugins = {plugin["name"]: plugin for plugin in konnect.list("core-entities/plugins")}
    log = plugins["http-log"]
    assert log["config"]["http_endpoint"] == "{vault://my-vault/new-key/endpoint?ttl=5}"
    assert log["config"]["headers"] == {"X-Key": "{vault://second/new-key}"}
    assert log["tags"] == ["kept"]
    assert plugins["file-log"]["config"]["path"] == "{vault://other/my-key}"


@pytest.fixture
def expanded(konnect):
    """A plugin that Konnect shows with the values of its partial; the reference still stands in one place."""
    password = {"host": "redis.example.com", "password": REFERENCE}
    konnect.call("POST", "core-entities/partials", {"name": "cache", "type": "redis-ce", "config": password})
    limit = {"name": "rate-limiting", "config": {"minute": 5, "policy": "redis"}, "partials": [{"name": "cache"}]}
    konnect.create_all(*REFERABLE, NEW_SECRET, ("plugin", limit))


@pytest.mark.emulator("--set", "expand_partials=true")
def test_a_reference_in_a_partial_is_shown_once(konnect, expanded):
    assert [row["entity"] for row in konnect.run("reference_info")["references"]] == ["partial"]


@pytest.mark.emulator("--set", "expand_partials=true")
def test_a_reference_in_a_partial_is_moved_in_the_partial(konnect, expanded):
    assert [row["entity"] for row in konnect.run("reference", MOVE)["references"]] == ["partial"]
    (partial,) = konnect.list("core-entities/partials")
    assert partial["config"]["password"] == "{vault://my-vault/new-key}"
    assert not konnect.run("reference", MOVE).changed
