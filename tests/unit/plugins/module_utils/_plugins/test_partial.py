# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A partial that a task wants: what is sent to Konnect, and what is returned."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import PARTIAL, PLUGIN
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._plugins.partial import ensure_partial, remove_partial
from ansible_collections.community.konnect.tests.unit.gateway import Gateway

OPTIONS = {
    **dict.fromkeys(("type", "config", "tags", "sensitive_fields")),
    "name": "my-redis",
    "config_mode": "merge",
    "literal_secrets": "allow",
    "keep_secrets_on_move": False,
    "check_references": "fail",
    "on_in_use": "fail",
}
FIELDS = [
    {"host": {"type": "string", "default": "127.0.0.1"}},
    {"port": {"type": "integer", "default": 6379}},
    {"password": {"type": "string", "encrypted": True, "referenceable": True}},
]
CONFIG = {"host": "redis.example.com", "port": 6379, "password": "fake-password"}
HELD = {"id": "1", "name": "my-redis", "type": "redis-ee", "config": CONFIG}


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    schema = {"fields": [{"config": {"type": "record", "required": True, "fields": FIELDS}}]}
    server.routes[f"GET {gateway.path('core-entities', 'schemas', 'partials', 'redis-ee')}"] = (200, schema)
    gateway.has(PARTIAL, HELD)
    return gateway


@pytest.fixture
def ensure(plane):
    return lambda **options: ensure_partial(plane(), {**OPTIONS, **options})


def test_what_is_shown_can_be_given_back_and_changes_nothing(gateway, ensure):
    shown = ensure()["partial"]["config"]
    assert shown == {**CONFIG, "password": "(not shown)"}
    assert not ensure(config=shown)["changed"]
    assert gateway.writes() == []


def test_without_a_config_it_stays(gateway, ensure):
    gateway.responds("PUT", PARTIAL, {**HELD, "tags": ["a"]})
    assert ensure(tags=["a"])["changed"]
    ((_request, body),) = gateway.writes()
    assert body["config"] == CONFIG


def test_a_kept_secret_goes_to_another_host_only_when_the_task_allows_it(gateway, ensure):
    moved = {"host": "elsewhere.example.com", "password": "(not shown)"}
    with pytest.raises(InvalidInput, match="keep_secrets_on_move"):
        ensure(config=moved)
    assert gateway.writes() == []
    gateway.responds("PUT", PARTIAL, {**HELD, "config": {**CONFIG, "host": "elsewhere.example.com"}})
    assert ensure(config=moved, keep_secrets_on_move=True)["changed"]
    ((_request, body),) = gateway.writes()
    assert body["config"] == {**CONFIG, "host": "elsewhere.example.com"}


def test_a_new_partial_needs_its_type(gateway, ensure):
    gateway.has(PARTIAL)
    with pytest.raises(InvalidInput, match="To create it, give type"):
        ensure(config={})
    gateway.responds("POST", PARTIAL, HELD)
    result = ensure(type="redis-ee", config=CONFIG)
    assert (result["changed"], result["created_by_collection"]) == (True, False)


@pytest.mark.parametrize("linked", [True, False])
def test_a_partial_is_removed_unless_plugins_use_it(gateway, plane, linked):
    link = {"id": "p", "name": "rate-limiting", "config": {}, "partials": [{"id": "1", "path": "config.redis"}]}
    gateway.has(PLUGIN, *([link] if linked else []))
    gateway.server.routes[f"DELETE {gateway.path(*PARTIAL.segments, '1')}"] = (204, b"")
    result = remove_partial(plane(), {**OPTIONS, "on_in_use": "keep"})
    assert (result["changed"], len(gateway.writes())) == (not linked, 0 if linked else 1)


def test_a_partial_that_does_not_exist_is_absent(gateway, plane):
    gateway.has(PARTIAL)
    assert remove_partial(plane(), OPTIONS)["partial"] == {}


def test_another_type_is_refused_before_a_write(gateway, ensure):
    with pytest.raises(InvalidInput, match="has the type redis-ee, which cannot be changed to redis-ce") as caught:
        ensure(type="redis-ce", config={"host": "redis.example.com"})
    assert (caught.value.code, gateway.writes()) == ("immutable", [])
