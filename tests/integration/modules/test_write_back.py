# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module shows is given back to it and changes nothing; a secret that is not shown stays where it is."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.filter.as_options import as_options
from support.options import STORE

ENDPOINT = "https://logs.example.com/in?token=fake-token"
LOG = {"name": "http-log", "config": {"http_endpoint": ENDPOINT, "timeout": 5000, "headers": {"X-Api-Key": "fake-key"}}}
SERVICE = ("service", {"name": "my-service", "url": "https://api.example.com:8443/v1", "retries": 2, "tags": ["a"]})
ROUTE = {
    "name": "my-route",
    "service": "my-service",
    "paths": ["/a"],
    "headers": {"Authorization": ["Bearer fake-key"], "X-Region": ["eu", "us"]},
}
HCV = {"host": "vault.example.com", "protocol": "https", "token": "fake-hcv-token"}
ENTITIES = [
    ("config_store", STORE, []),
    ("vault", {"prefix": "my-vault", "config_store": "my-store", "tags": ["b", "a"]}, [("config_store", STORE)]),
    ("vault", {"prefix": "my-vault", "backend": "hcv", "description": "first", "config": HCV}, []),
    (*SERVICE, []),
    ("route", ROUTE, [SERVICE]),
    ("plugin", {**LOG, "service": "my-service", "tags": ["a"], "enabled": False}, [SERVICE]),
    ("plugin", {"name": "rate-limiting", "instance_name": "limits", "config": {"minute": 5, "policy": "local"}}, []),
    ("plugin", {"name": "key-auth", "config": {"key_names": ["apikey"]}}, []),
]
IDS = [f"{module}-{options.get('name', options.get('backend', ''))}" for module, options, _needs in ENTITIES]


@pytest.mark.parametrize(("module", "options", "needs"), ENTITIES, ids=IDS)
def test_what_a_module_returns_is_given_back_and_changes_nothing(konnect, module, options, needs):
    konnect.create_all(*needs)
    created = konnect.run(module, options)
    assert created.changed, created.message
    [listed] = [row for row in konnect.run(f"{module}_info", {})[f"{module}s"] if row["id"] == created[module]["id"]]
    for entity in (created[module], listed):
        assert "fake" not in str(entity)
        again = konnect.run(module, as_options(entity, f"konnect_{module}"))
        assert (again.message, again.writes) == ("", [])
        assert not again.changed
        assert konnect.run(module, as_options(entity, f"konnect_{module}"), check=True).changed is False


def test_a_control_plane_is_given_back(konnect):
    name = f"{konnect.name}-another"
    options = {"name": name, "description": "first", "labels": {"env": "test"}, "auth_type": "pki_client_certs"}
    [created] = konnect.create_all(("control_plane", options))
    again = konnect.run("control_plane", as_options(created["control_plane"], "konnect_control_plane"))
    assert (again.changed, again.writes) == (False, [])
    konnect.create_all(("control_plane", {"name": name, "state": "absent"}))


@pytest.fixture
def log(konnect):
    """The plugin http-log, and its configuration as it is shown."""
    [created] = konnect.create_all(("plugin", LOG))
    return created["plugin"]["config"]


def held(konnect):
    """The configuration that Konnect holds."""
    [plugin] = konnect.list("core-entities/plugins")
    return plugin["config"]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("mode", ["replace", "merge"])
def test_another_field_is_changed_and_the_secrets_stay(konnect, log, mode, check):
    run = konnect.run("plugin", {**LOG, "config_mode": mode, "config": {**log, "timeout": 20000}}, check=check)
    assert run.changed, run.message
    assert run.before != run.after
    assert not run.warnings
    config = held(konnect)
    assert (config["http_endpoint"], config["headers"]) == (ENDPOINT, LOG["config"]["headers"])
    assert config["timeout"] == (5000 if check else 20000)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"name": "rate-limiting", "config": {"redis": {"password": "(not shown)"}}}, "config.redis.password"),
        (
            {"name": "http-log", "service": "my-service", "config": {"http_endpoint": "(not shown)"}},
            "config.http_endpoint",
        ),
        (
            {**LOG, "config": {"http_endpoint": ENDPOINT, "headers": {"X-Other": "(not shown)"}}},
            "config.headers.X-Other",
        ),
        ({**LOG, "config": {"http_endpoint": "********"}}, "config.http_endpoint"),
        ({**LOG, "tags": ["(not shown)"]}, "tags.0"),
    ],
)
def test_where_there_is_nothing_to_keep_nothing_is_written(konnect, log, options, field, check):
    konnect.create_all(SERVICE)
    run = konnect.run("plugin", options, check=check)
    assert (run.code, [row["field"] for row in run["failure"]["fields"]]) == ("placeholder", [field])
    assert run.writes == []


def test_a_placeholder_is_no_value_and_no_key_of_a_secret(konnect):
    konnect.create_all(("config_store", STORE))
    for row in ({"key": "my-key", "value": "(not shown)"}, {"key": "(not shown)", "value": "fake-value"}):
        for run in (
            konnect.run("secret", {"config_store": "my-store", **row}),
            konnect.run("secrets", {"config_store": "my-store", "secrets": [row]}),
        ):
            assert (run.code, run.writes) == ("placeholder", [])


def test_a_secret_goes_to_another_host_only_when_the_task_allows_it(konnect):
    vault = {"prefix": "my-vault", "backend": "hcv", "config": HCV}
    [created] = konnect.create_all(("vault", vault))
    moved = {**vault, "config": {**created["vault"]["config"], "host": "other.example.com"}}
    for check in (True, False):
        run = konnect.run("vault", moved, check=check)
        assert (run.code, run.writes) == ("moved_secret", [])
        assert "config.host" in run.message
    konnect.create_all(("vault", {**moved, "keep_secrets_on_move": True}))
    [stored] = konnect.list("core-entities/vaults")
    assert (stored["config"]["token"], stored["config"]["host"]) == (HCV["token"], "other.example.com")


def test_another_backend_has_nothing_to_keep(konnect):
    konnect.create_all(("vault", {"prefix": "my-vault", "backend": "hcv", "config": HCV}))
    run = konnect.run("vault", {"prefix": "my-vault", "backend": "conjur", "config": {"api_key": "(not shown)"}})
    assert (run.code, run.writes) == ("placeholder", [])


def test_a_moved_redis_can_be_seen_in_the_diff(konnect):
    limit = {"name": "rate-limiting", "config": {"minute": 5, "policy": "redis", "redis": {"host": "one.example.com"}}}
    konnect.create_all(("plugin", limit))
    config = {**limit["config"], "redis": {"host": "two.example.com"}}
    run = konnect.run("plugin", {**limit, "config": config}, check=True)
    hosts = [side["config"]["redis"]["host"] for side in (run.before, run.after)]
    assert hosts == ["one.example.com", "two.example.com"]


def test_options_take_what_konnect_shows_of_an_entity(konnect):
    [store, service, route] = konnect.create_all(("config_store", STORE), SERVICE, ("route", ROUTE))
    for named in ({"id": service["service"]["id"]}, {"name": "my-service"}, service["service"]):
        assert konnect.run("route", {**ROUTE, "service": named}).changed is False
    konnect.create_all(
        ("vault", {"prefix": "my-vault", "config_store": store["config_store"]}),
        ("plugin", {"name": "key-auth", "route": route["route"]}),
        ("secret", {"config_store": {"name": "my-store"}, "key": "my-key", "value": "fake-value-of-a-key"}),
    )
    run = konnect.run("plugin", {"name": "key-auth", "route": ["my-route"]})
    assert (run.code, "route must be a name" in run.message) == ("invalid_input", True)
    assert konnect.run("plugin", {"name": "key-auth", "route": {"kind": "x"}}).code == "invalid_input"


def test_a_setting_that_a_task_calls_sensitive_is_not_shown_and_stays(konnect):
    options = {"name": "http-log", "config": {"http_endpoint": ENDPOINT, "method": "PUT", "content_type": None}}
    sensitive = {"sensitive_fields": ["config.method"]}
    [created] = konnect.create_all(("plugin", {**options, **sensitive}))
    assert created["plugin"]["config"]["method"] == "(not shown)"
    [listed] = konnect.run("plugin_info", sensitive)["plugins"]
    assert listed["config"]["method"] == "(not shown)"
    assert konnect.run("plugin", {**options, **sensitive, "config": listed["config"]}).changed is False
