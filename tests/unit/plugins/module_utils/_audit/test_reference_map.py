# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._audit.reference_map import read_map
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CA_CERTIFICATE,
    CERTIFICATE,
    CONFIG_STORE,
    CONSUMER,
    CONSUMER_GROUP,
    DATA_PLANE_CERTIFICATE,
    KEY,
    PARTIAL,
    PLUGIN,
    ROUTE,
    SECRET,
    SERVICE,
    VAULT,
)
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID
from ansible_collections.community.konnect.tests.unit.gateway import STORE, WRITTEN, Gateway, vault

REFERENCEABLE = {"type": "string", "referenceable": True}
ENV = {"id": "e", "name": "env", "prefix": "my-env", "config": {}}


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    gateway.has_store("my-key")
    gateway.has(VAULT, vault("my-vault"))
    redis = {"redis": {"type": "record", "fields": [{"password": REFERENCEABLE}]}}
    gateway.has_schema("any", {"key": REFERENCEABLE}, {"text": {"type": "string"}}, redis)
    return gateway


@pytest.fixture
def references(plane):
    """The rows of references of the map, reduced to these columns."""

    def read(*columns):
        return [tuple(row[column] for column in columns) for row in read_map(plane())["references"]]

    return read


def plugin(**config):
    return {"id": "p", "name": "any", "config": config}


def test_an_empty_control_plane(gateway, plane):
    gateway.has(CONFIG_STORE)
    gateway.has(VAULT)
    states = ("ok", "other_backend", "dangling", "not_referenceable", "malformed", "unused_secrets", "unused_vaults")
    assert read_map(plane()) == {
        "control_plane": {"id": PLANE_ID, "name": "quickstart", "kind": "control_plane"},
        "references": [],
        "secrets": [],
        "vaults": [],
        "certificates": [],
        "summary": dict.fromkeys(states, 0),
    }


def test_every_certificate_is_listed_and_each_kind_is_read_once(gateway, plane):
    gateway.has(
        CERTIFICATE, {"id": "c", "snis": ["b.example.com", "a.example.com"], "cert": "PEM", "cert_alt": "OTHER"}
    )
    gateway.has(CA_CERTIFICATE, {"id": "ca", "cert": "PEM"})
    gateway.has(DATA_PLANE_CERTIFICATE, {"id": "n", "title": "nodes", "cert": "PEM"})
    columns = ("entity", "id", "name", "field", "cert")
    rows = [tuple(row[column] for column in columns) for row in read_map(plane())["certificates"]]
    assert rows == [
        ("ca_certificate", "ca", "ca", "cert", "PEM"),
        ("certificate", "c", "b.example.com", "cert", "PEM"),
        ("certificate", "c", "b.example.com", "cert_alt", "OTHER"),
        ("data_plane_certificate", "n", "nodes", "cert", "PEM"),
    ]
    asked = [path.partition("?")[0] for _method, path, _headers, _body in gateway.server.requests]
    assert len([path for path in asked if path.endswith("certificates")]) == 3


def test_a_reference_with_all_that_is_known_of_it(gateway, plane):
    gateway.has(PLUGIN, {**plugin(key="{vault://my-vault/my-key/user}"), "instance_name": "one", "enabled": False})
    [row] = read_map(plane())["references"]
    assert row == {
        "reference": "{vault://my-vault/my-key/user}",
        "state": "ok",
        "problem": None,
        "message": None,
        "entity": "plugin",
        "id": "p",
        "name": "any",
        "instance_name": "one",
        "verified": True,
        "enabled": False,
        "field": "config.key",
        **dict.fromkeys(("service", "route", "consumer", "consumer_group")),
        "vault": "my-vault",
        "backend": "konnect",
        "config_store": STORE,
        "secret": "my-key",
        "property": "user",
        "workspace": "default",
    }


@pytest.mark.parametrize(
    ("reference", "state", "problem", "where"),
    [
        ("{vault://my-vault/none}", "dangling", "unknown_secret", ("my-vault", "konnect", STORE, "none")),
        ("{vault://none/k}", "dangling", "unknown_vault", ("none", None, None, "k")),
        ("{vault://gcp/k}", "other_backend", None, ("gcp", "gcp", None, "k")),
        ("{vault://my-env/k}", "other_backend", None, ("my-env", "env", None, "k")),
        ("{vault://my-env}", "malformed", "malformed", (None, None, None, None)),
    ],
)
def test_a_reference_is_followed_as_far_as_it_leads(gateway, references, reference, state, problem, where):
    gateway.has(VAULT, vault("my-vault"), ENV)
    gateway.has(PLUGIN, plugin(key=reference))
    columns = ("state", "problem", "vault", "backend", "config_store", "secret")
    assert references(*columns) == [(state, problem, *where)]


def test_what_is_wrong_is_told(gateway, references):
    gateway.has(PLUGIN, plugin(text="{vault://my-vault/my-key}"))
    [(state, message)] = references("state", "message")
    assert state == "not_referenceable"
    assert message.startswith("config.text holds {vault://my-vault/my-key}, but the gateway resolves no references")


def test_every_kind_that_may_refer_is_read(gateway, references):
    for field in ("cert", "key", "cert_alt", "key_alt", "tags"):
        text = "{vault://my-vault/my-key}"
        gateway.has(CERTIFICATE, {"id": "c", field: [text] if field == "tags" else text})
        expected = [("certificate", "c", field)] if field != "tags" else []
        assert references("entity", "name", "field") == expected
    gateway.has(KEY, {"id": "k", "name": "my-jwk", "jwk": "{vault://my-vault/my-key}"})
    assert references("entity", "name", "field") == [("key", "my-jwk", "jwk")]
    gateway.has(KEY, {"id": "k", "name": "my-pem", "pem": {"private_key": "{vault://my-vault/my-key}"}})
    assert references("entity", "name", "field") == [("key", "my-pem", "pem.private_key")]
    gateway.has(KEY)
    gateway.has(VAULT, vault("my-vault"), {**ENV, "config": {"token": "{vault://my-vault/my-key}"}})
    assert references("entity", "name", "field", "state") == [("vault", "my-env", "config.token", "ok")]


def test_a_partial_is_read_by_the_schema_of_its_type(gateway, references):
    config = {"password": "{vault://my-vault/my-key}", "host": "{vault://my-vault/my-key}"}
    schema = {"fields": [{"config": {"type": "record", "fields": [{"password": REFERENCEABLE}, {"host": {}}]}}]}
    gateway.server.routes[f"GET {gateway.path('core-entities', 'schemas', 'partials', 'redis-ce')}"] = (200, schema)
    gateway.has(PARTIAL, {"id": "1", "name": "a", "type": "redis-ce", "config": config})
    assert references("entity", "field", "state") == [
        ("partial", "config.host", "not_referenceable"),
        ("partial", "config.password", "ok"),
    ]


def test_a_partial_of_a_type_without_a_schema_may_refer_anywhere(gateway, references):
    gateway.has(PARTIAL, {"id": "1", "name": "a", "type": "new", "config": {"x": "{vault://my-vault/my-key}"}})
    assert references("field", "state") == [("config.x", "ok")]


def test_what_a_partial_gives_to_a_plugin_counts_once(gateway, references):
    schema = gateway.server.routes[f"GET {gateway.path('core-entities', 'schemas', 'plugins', 'any')}"][1]
    schema["supported_partials"] = {"redis-ce": ["config.redis"]}
    held = plugin(redis={"password": "{vault://my-vault/my-key}"})
    gateway.has(PLUGIN, held)
    assert references("entity", "field") == [("plugin", "config.redis.password")]
    gateway.has(PARTIAL, {"id": "r", "type": "redis-ce", "config": {"password": "{vault://my-vault/my-key}"}})
    gateway.has(PLUGIN, {**held, "partials": [{"id": "r"}]})
    assert references("entity", "field") == [("partial", "config.password")]


def test_a_schema_is_read_once_and_only_for_what_refers(gateway, plane):
    gateway.has_schema("other")
    refers = plugin(key="{vault://my-vault/my-key}")
    partial = {"type": "new", "config": {"x": "{vault://my-vault/my-key}"}}
    gateway.has(PLUGIN, refers, {**refers, "id": "2"}, {"id": "3", "name": "other", "config": {"x": "y"}})
    gateway.has(PARTIAL, {"id": "1", **partial}, {"id": "2", **partial}, {"id": "3", "type": "redis-ce"})
    assert read_map(plane())["summary"]["ok"] == 4
    schemas = [request for request in gateway.server.sent() if "/schemas/" in request]
    assert [request.rpartition("/schemas/")[2] for request in schemas] == ["plugins/any", "partials/new"]


def test_a_kind_that_the_control_plane_does_not_have_has_no_references(gateway, references):
    for kind in (CERTIFICATE, KEY, PARTIAL):
        gateway.server.routes[f"GET {gateway.path(*kind.segments)}"] = (404, {})
    gateway.has(PLUGIN, plugin(key="{vault://my-vault/my-key}"))
    assert references("state") == [("ok",)]


def test_rows_are_sorted(gateway, references):
    both = {"key": "{vault://my-vault/b}", "text": "{vault://my-vault/a}"}
    code = "{vault://env/b} {vault://env/a}"
    gateway.has_schema("pre-function", {"access": {"type": "array", "elements": {"type": "string"}}})
    functions = {"id": "0", "name": "pre-function", "config": {"access": [code]}}
    gateway.has(PLUGIN, functions, {**plugin(**both), "id": "2"}, {**plugin(**both), "id": "1"})
    gateway.has(CERTIFICATE, {"id": "z", "cert": "{vault://my-vault/z}"})
    assert references("entity", "id", "field", "reference") == [
        ("certificate", "z", "cert", "{vault://my-vault/z}"),
        ("plugin", "1", "config.key", "{vault://my-vault/b}"),
        ("plugin", "1", "config.text", "{vault://my-vault/a}"),
        ("plugin", "2", "config.key", "{vault://my-vault/b}"),
        ("plugin", "2", "config.text", "{vault://my-vault/a}"),
        ("plugin", "0", "config.access.0", "{vault://env/a}"),
        ("plugin", "0", "config.access.0", "{vault://env/b}"),
    ]


# Scopes


@pytest.mark.parametrize(
    ("kind", "name"),
    [(SERVICE, "my-service"), (CONSUMER, "my-consumer"), (CONSUMER_GROUP, "my-group")],
)
def test_a_scope_is_named(gateway, references, kind, name):
    gateway.has(kind, {"id": "s", kind.name_field: name}, {"id": "other", kind.name_field: "other"})
    gateway.has(PLUGIN, {**plugin(key="{vault://my-vault/my-key}"), kind.name: {"id": "s"}})
    assert references(kind.name) == [({"id": "s", "name": name},)]
    lists = {request.partition("?")[0].rpartition("/")[2] for request in gateway.server.sent()}
    assert lists & {"services", "routes", "consumers", "consumer_groups"} == {kind.segments[-1]}


@pytest.mark.parametrize(
    ("route", "service"),
    [
        ({"service": {"id": "s"}}, {"id": "s", "name": "my-service"}),
        ({"service": {"id": "gone"}}, {"id": "gone", "name": None}),
        ({"service": None}, None),
    ],
)
def test_the_service_of_a_plugin_on_a_route_is_that_of_the_route(gateway, references, route, service):
    gateway.has(SERVICE, {"id": "s", "name": "my-service"}, {"id": "t", "name": "other"})
    gateway.has(ROUTE, {"id": "r", "name": "my-route", **route})
    on_route = {**plugin(key="{vault://my-vault/my-key}"), "route": {"id": "r"}}
    gateway.has(PLUGIN, on_route)
    assert references("route", "service") == [({"id": "r", "name": "my-route"}, service)]
    gateway.has(PLUGIN, {**on_route, "service": {"id": "t"}})
    assert references("service") == [({"id": "t", "name": "other"},)]


def test_a_scope_that_cannot_be_read_is_told_by_its_id(gateway, references):
    gateway.server.routes[f"GET {gateway.path(*CONSUMER.segments)}"] = (404, {})
    gateway.has(PLUGIN, {**plugin(key="{vault://my-vault/my-key}"), "consumer": {"id": "c"}})
    assert references("consumer", "enabled") == [({"id": "c", "name": None}, True)]


# Secrets and vaults


def test_secrets_with_what_refers_to_them(gateway, plane):
    first = {"id": "00000000-0000-4000-8000-000000000002", "name": "a-store"}
    gateway.has_store("unused", "my-key")
    gateway.has(CONFIG_STORE, STORE, first)
    gateway.has(SECRET, {"key": "my-key", **WRITTEN}, below=("config-stores", first["id"]))
    gateway.has(VAULT, vault("my-vault"), vault("also"), ENV)
    gateway.has(PLUGIN, plugin(key="{vault://my-vault/my-key}", text="{vault://my-vault/unused}"))
    gateway.has(KEY, {"id": "k", "jwk": "{vault://also/my-key}"})
    result = read_map(plane())
    unused = {**WRITTEN, "age": 60, "references": 0, "in_use": False, "workspace": "default"}
    prefixes = ["also", "my-vault"]
    assert result["secrets"] == [
        {"key": "my-key", "config_store": first, "vaults": [], **unused},
        {"key": "my-key", "config_store": STORE, "vaults": prefixes, **unused, "references": 2, "in_use": True},
        {"key": "unused", "config_store": STORE, "vaults": prefixes, **unused},
    ]
    assert result["summary"] == {
        "ok": 2,
        "other_backend": 0,
        "dangling": 0,
        "not_referenceable": 1,
        "malformed": 0,
        "unused_secrets": 2,
        "unused_vaults": 1,
    }


def test_vaults_with_what_refers_through_them(gateway, plane):
    gateway.has(VAULT, vault("my-vault"), vault("also"), ENV, vault("empty", "none"))
    gateway.has(KEY, {"id": "1", "jwk": "{vault://my-env/k}"}, {"id": "2", "jwk": "{vault://my-vault/my-key}"})
    texts = plugin(key="{vault://my-vault/none}", text="{vault://also/my-key}")
    gateway.has(PLUGIN, {**texts, "config": {**texts["config"], "redis": {"password": "{vault://my-vault}"}}})
    result = read_map(plane())
    assert result["vaults"] == [
        {
            "id": found["id"],
            "prefix": found["prefix"],
            "backend": found["name"],
            "config_store": STORE if used is not None and found["name"] == "konnect" else None,
            "references": used or 0,
            "in_use": bool(used),
            "workspace": "default",
        }
        for found, used in ((vault("also"), 0), (vault("empty"), None), (ENV, 1), (vault("my-vault"), 2))
    ]
    assert result["summary"]["unused_vaults"] == 2


def test_a_store_without_a_name_is_told_by_its_id(gateway, plane):
    gateway.has_store("my-key")
    nameless = {"id": STORE["id"]}
    gateway.has(CONFIG_STORE, nameless)
    [secret] = read_map(plane())["secrets"]
    assert secret["config_store"] == {"id": STORE["id"], "name": None}


def test_stores_that_share_a_name_are_in_the_order_of_their_ids(gateway, plane):
    first = {**STORE, "id": "00000000-0000-4000-8000-000000000002"}
    gateway.has(CONFIG_STORE, STORE, first)
    gateway.has(SECRET, {"key": "my-key", **WRITTEN}, below=("config-stores", first["id"]))
    assert [secret["config_store"] for secret in read_map(plane())["secrets"]] == [first, STORE]


@pytest.mark.parametrize("text", ["(not shown)", "********", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"])
def test_a_placeholder_that_was_written_over_a_secret_is_found(gateway, references, text):
    gateway.has(PLUGIN, plugin(key="{vault://my-vault/my-key}", text=f"https://bob:{text}@example.com"))
    assert references("field", "reference", "state", "problem") == [
        ("config.key", "{vault://my-vault/my-key}", "ok", None),
        ("config.text", text, "malformed", "placeholder"),
    ]
