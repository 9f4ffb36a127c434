# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._audit.rewrite import Rewrite, rewrite_references
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CERTIFICATE,
    CONFIG_STORE,
    KEY,
    PARTIAL,
    PLUGIN,
    VAULT,
    WORKSPACE,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError, PartialFailure
from ansible_collections.community.konnect.tests.unit.gateway import STORE, Gateway, vault, within

OLD, NEW = "{vault://my-vault/old}", "{vault://my-vault/new}"
OTHER_STORE = {"id": "00000000-0000-4000-8000-000000000002", "name": "other-store"}


@pytest.fixture
def gateway(server):
    """A control plane with two secrets, old and new, in a store behind two vaults."""
    gateway = Gateway(server)
    gateway.has_store("old", "new")
    gateway.has(VAULT, vault("my-vault"), vault("also"))
    referenceable = {"type": "string", "referenceable": True}
    redis = {"type": "record", "fields": [{"password": referenceable}]}
    gateway.has_schema(
        "any", {"key": referenceable}, {"redis": redis}, supported_partials={"redis-ce": ["config.redis"]}
    )
    return gateway


@pytest.fixture
def rewrite(plane):
    """What a task changes."""

    def run(control_plane=None, store_id=STORE["id"], limit_to=None):
        return rewrite_references(control_plane or plane(), store_id, "old", "new", limit_to)

    return run


def key(key_id, reference, **more):
    return {"id": key_id, "name": f"key-{key_id}", "jwk": reference, **more}


def row(entity, field, before=OLD, after=NEW, kind="key", workspace="default"):
    return {
        "entity": kind,
        "id": entity["id"],
        "name": entity["name"],
        "field": field,
        "before": before,
        "after": after,
        "workspace": workspace,
    }


# What becomes of one text


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (OLD, NEW),
        ("{vault://also/old}", "{vault://also/new}"),
        ("{vault://my-vault/old/user?ttl=5#2}", "{vault://my-vault/new/user?ttl=5#2}"),
        ("{vault://other/old}", "{vault://other/old}"),
        ("{vault://my-vault/older}", "{vault://my-vault/older}"),
        ("{vault://my-vault}", "{vault://my-vault}"),
        (f"Bearer {OLD}", f"Bearer {OLD}"),
        ("old", "old"),
    ],
)
def test_only_references_to_the_secret_are_changed(text, after):
    assert Rewrite({"my-vault", "also"}, "old", "new", None).apply(text, "p", "config.key") == after


@pytest.mark.parametrize(
    ("limit_to", "after"),
    [
        ([("p", "config.key")], NEW),
        ([("q", "config.key")], OLD),
        ([("p", "config.keys")], OLD),
        ([], OLD),
    ],
)
def test_a_limit_names_the_entity_and_the_field(limit_to, after):
    assert Rewrite({"my-vault"}, "old", "new", limit_to).apply(OLD, "p", "config.key") == after


def test_texts_are_changed_wherever_they_stand():
    data = {"a": {"b": OLD}, "list": [OLD, 1, OLD], "other": [None, True, "text"]}
    everything = Rewrite({"my-vault"}, "old", "new", None)
    assert everything.apply_to(data, "p", "config") == {
        "a": {"b": NEW},
        "list": [NEW, 1, NEW],
        "other": [None, True, "text"],
    }
    limited = Rewrite({"my-vault"}, "old", "new", [("p", "config.a.b"), ("p", "config.list.2")])
    assert limited.apply_to(data, "p", "config") == {**data, "a": {"b": NEW}, "list": [OLD, 1, NEW]}


# What becomes of a control plane


def test_each_entity_is_changed_in_one_write_and_nothing_else_in_it(gateway, rewrite):
    refers = {"id": "k", "name": "my-key", "created_at": 1, "tags": ["t"], "jwk": OLD, "pem": {"private_key": OLD}}
    expected = {"name": "my-key", "tags": ["t"], "jwk": NEW, "pem": {"private_key": NEW}}
    gateway.has(KEY, refers, key("other", "{vault://my-vault/other}"))
    gateway.responds("PUT", KEY, {"id": "k", **expected})
    assert rewrite() == [row(refers, "jwk"), row(refers, "pem.private_key")]
    assert gateway.writes() == [("PUT k", expected)]


def test_when_a_write_fails_the_error_says_what_was_changed_before(gateway, rewrite):
    first, second = key("1", OLD), key("2", OLD)
    gateway.has(KEY, first, second)
    gateway.responds("PUT", KEY, key("1", NEW))
    gateway.server.routes[f"PUT {gateway.path(*KEY.segments, '2')}"] = (400, {"message": "wrong"})
    with pytest.raises(PartialFailure) as caught:
        rewrite()
    failed = caught.value.to_fail_json()
    assert (failed["changed"], failed["references"]) == (True, [row(first, "jwk")])
    assert list(failed["diff"]["after"].values()) == [NEW]
    assert failed["failure"]["code"] == "invalid"
    assert failed["failure"]["done"] == ["jwk of key key-1 (1) was changed"]
    assert failed["msg"].endswith("wrong. Before that, jwk of key key-1 (1) was changed.")


@pytest.mark.parametrize("kind", [CERTIFICATE, PARTIAL, VAULT])
def test_every_kind_that_may_refer_is_changed(gateway, rewrite, kind):
    before = {"id": "x", "name": "env", "prefix": "x", "config": {"text": OLD}}
    after = {**before, "config": {"text": NEW}}
    gateway.has(kind, before, *([vault("my-vault")] if kind is VAULT else []))
    gateway.responds("PUT", kind, after)
    [changed] = rewrite()
    assert (changed["entity"], changed["field"]) == (kind.name, "config.text")
    assert gateway.writes()[0][1]["config"] == {"text": NEW}


def test_a_plugin_is_sent_without_what_a_partial_gives_it(gateway, rewrite):
    gateway.has(PARTIAL, {"id": "r", "name": "my-redis", "type": "redis-ce"})
    held = {"id": "p", "name": "any", "enabled": True, "partials": [{"id": "r"}]}
    gateway.has(PLUGIN, {**held, "config": {"key": OLD, "redis": {"password": OLD}}})
    gateway.responds("PUT", PLUGIN, {**held, "config": {"key": NEW, "redis": {"password": OLD}}})
    assert rewrite() == [row({"id": "p", "name": "any"}, "config.key", kind="plugin")]
    [(_what, body)] = gateway.writes()
    assert body == {"name": "any", "enabled": True, "partials": [{"id": "r"}], "config": {"key": NEW}}


def test_the_references_that_a_task_names_alone_are_changed(gateway, rewrite):
    one, two = key("1", OLD), key("2", OLD)
    gateway.has(KEY, one, two)
    gateway.responds("PUT", KEY, key("2", NEW))
    assert rewrite(limit_to=[("2", "jwk")]) == [row(two, "jwk")]
    assert [what for what, _body in gateway.writes()] == ["PUT 2"]


@pytest.mark.parametrize(
    "vaults",
    [
        [],
        [vault("my-vault", OTHER_STORE["id"])],
        [vault("my-vault", "00000000-0000-4000-8000-000000000000")],
        [{"id": "e", "name": "env", "prefix": "my-vault", "config": {}}],
    ],
)
def test_without_a_vault_that_exposes_the_store_nothing_is_changed(gateway, rewrite, vaults):
    gateway.has(CONFIG_STORE, STORE, OTHER_STORE)
    gateway.has(VAULT, *vaults)
    gateway.has(KEY, key("1", OLD))
    assert rewrite() == []
    assert gateway.writes() == []


def test_the_references_of_every_workspace_are_changed_but_for_those_through_a_vault_of_its_own(gateway, rewrite):
    gateway.has(WORKSPACE, {"id": "1", "name": "other"}, {"id": "2", "name": "team"})
    gateway.has(within(VAULT, "other"), vault("my-vault", OTHER_STORE["id"]))
    gateway.has(within(VAULT, "team"), vault("my-vault"))
    refers = key("1", OLD)
    for workspace in ("other", "team"):
        gateway.has(within(KEY, workspace), refers)
        gateway.responds("PUT", within(KEY, workspace), key("1", NEW))
    assert rewrite() == [row(refers, "jwk", workspace="team")]
    assert [line for line in gateway.server.sent() if line.startswith("PUT")] == [
        f"PUT {gateway.path(*within(KEY, 'team').segments, '1')}"
    ]


def test_a_kind_that_the_control_plane_does_not_have_is_left_out(gateway, rewrite):
    gateway.server.routes[f"GET {gateway.path(*PLUGIN.segments)}"] = (404, {})
    gateway.has(KEY, key("1", OLD))
    gateway.responds("PUT", KEY, key("1", NEW))
    assert len(rewrite()) == 1


def test_a_new_secret_that_is_missing_is_an_error_before_anything_is_changed(gateway, rewrite):
    gateway.has_store("old")
    gateway.has(KEY, key("1", OLD))
    with pytest.raises(KonnectError, match="^There is no secret new to refer to. Store it first.$") as caught:
        rewrite()
    assert caught.value.code == "not_found"
    assert gateway.writes() == []


def test_in_check_mode_it_is_a_warning_and_the_changes_are_predicted(gateway, plane, rewrite):
    gateway.has_store("old")
    gateway.has(KEY, key("1", OLD))
    control_plane = plane(check_mode=True)
    assert rewrite(control_plane) == [row(key("1", OLD), "jwk")]
    assert control_plane.task.warnings == [
        "There is no secret new to refer to. Check mode assumes that an earlier task stores it."
    ]
    assert gateway.writes() == []


def test_a_new_secret_that_is_there_is_no_warning(gateway, plane, rewrite):
    control_plane = plane(check_mode=True)
    assert rewrite(control_plane) == []
    assert control_plane.task.warnings == []


def test_what_another_client_modified_meanwhile_is_kept(gateway, rewrite):
    gateway.has(KEY, key("1", OLD))
    gateway.server.routes[f"GET {gateway.path(*KEY.segments, '1')}"] = (200, key("1", OLD, tags=["theirs"]))
    gateway.responds("PUT", KEY, key("1", NEW, tags=["theirs"]))
    assert rewrite() == [row(key("1", OLD), "jwk")]
    [(_what, body)] = gateway.writes()
    assert body == {"name": "key-1", "jwk": NEW, "tags": ["theirs"]}


def test_what_another_client_changed_in_the_same_way_meanwhile_is_no_change(gateway, rewrite):
    gateway.has(KEY, key("1", OLD))
    gateway.server.routes[f"GET {gateway.path(*KEY.segments, '1')}"] = (200, key("1", NEW))
    assert rewrite() == []
    assert gateway.writes() == []


def test_what_another_client_removed_meanwhile_is_an_error(gateway, rewrite):
    gateway.has(KEY, key("1", OLD))
    del gateway.server.routes[f"GET {gateway.path(*KEY.segments, '1')}"]
    with pytest.raises(KonnectError, match="Another client removed a key that was about to be changed.") as caught:
        rewrite()
    assert caught.value.code == "concurrent_change"
    assert gateway.writes() == []
