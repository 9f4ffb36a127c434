# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.reconcile import ABSENT
from ansible_collections.community.konnect.plugins.module_utils._errors import (
    ApiError,
    InvalidInput,
    KonnectError,
    PartialFailure,
)
from ansible_collections.community.konnect.plugins.module_utils._predictions import is_stand_in
from ansible_collections.community.konnect.plugins.module_utils._resources.config_store import (
    ensure_config_store,
    remove_config_store,
)
from ansible_collections.community.konnect.tests.unit.secret_entries import PLANE_PATH, record, secret

STORES_PATH = f"{PLANE_PATH}/config-stores"
VAULTS_PATH = f"{PLANE_PATH}/core-entities/vaults"


def store(store_id="store-1", created_at="2026-11-23T10:00:00.000Z", name="ai-keys"):
    return {"id": store_id, "name": name, "created_at": created_at}


def page(*entities):
    return 200, {"data": [*entities]}


def writes(server):
    return [sent for sent in server.sent() if not sent.startswith("GET")]


# Present


def test_a_store_is_created(server, plane):
    server.script = [page(store("other", name="others")), (201, store()), page(store())]
    outcome = ensure_config_store(plane(), "ai-keys")
    assert (outcome.changed, outcome.before, outcome.after) == (True, None, store())
    assert outcome.diff == {"before": {}, "after": {"name": "ai-keys"}}
    assert server.requests[1][3] == {"name": "ai-keys"}


def test_a_store_that_exists_is_no_change(server, plane):
    server.script = [page(store("other", name="others"), store())]
    outcome = ensure_config_store(plane(), "ai-keys")
    assert (outcome.changed, outcome.before, outcome.after) == (False, store(), store())
    assert outcome.diff == {"before": {"name": "ai-keys"}, "after": {"name": "ai-keys"}}
    assert writes(server) == []


def test_check_mode_predicts_a_store(server, plane):
    server.script = [page()]
    outcome = ensure_config_store(plane(check_mode=True), "ai-keys")
    assert (outcome.changed, outcome.before, outcome.after["name"]) == (True, None, "ai-keys")
    assert is_stand_in(outcome.after["id"])
    assert outcome.diff == {"before": {}, "after": {"name": "ai-keys"}}
    assert len(server.requests) == 1


def test_stores_that_share_the_name_are_an_error(server, plane):
    server.script = [page(store("store-1"), store("store-2")), page(), page()]
    with pytest.raises(KonnectError, match="means 2 config stores") as caught:
        ensure_config_store(plane(), "ai-keys")
    assert caught.value.code == "ambiguous"


@pytest.mark.parametrize("name", ["", "k" * 101])
def test_names_that_konnect_does_not_take(server, plane, name):
    with pytest.raises(InvalidInput, match="1 to 100 characters"):
        ensure_config_store(plane(), name)
    assert server.requests == []


def test_no_store_is_removed_without_a_name(server, plane):
    with pytest.raises(InvalidInput, match="must not be empty"):
        remove_config_store(plane(), "", "fail")
    assert server.requests == []


@pytest.mark.parametrize("name", ["k", "k" * 100])
def test_the_shortest_and_the_longest_name(server, plane, name):
    server.script = [page(store(name=name))]
    assert not ensure_config_store(plane(), name).changed


# Two clients at once


@pytest.mark.parametrize("name", ["Config Store", "a/b", "a\nb", "a,b", "caf\u00e9\u0301"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_name_with_other_characters_is_refused_before_the_first_request(server, plane, name, check_mode):
    with pytest.raises(InvalidInput, match="cannot be the name of a config store"):
        ensure_config_store(plane(check_mode=check_mode), name)
    assert server.requests == []


@pytest.mark.parametrize("name", ["Gr\u00fc\u00dfe", "\u30b9\u30c8\u30a2", "a.b-c_d~1", "\u0663"])
def test_letters_and_digits_of_every_script_are_fine(server, plane, name):
    server.script = [page(store(name=name))]
    assert ensure_config_store(plane(), name).changed is False


UUID = "0ef8cf4c-5a6a-4b55-9e5e-0d5c2d2b6f6e"


@pytest.mark.parametrize("check_mode", [True, False])
def test_the_id_of_a_store_means_that_store(server, plane, check_mode):
    server.script = [page(), (200, store(UUID, name="others"))]
    outcome = ensure_config_store(plane(check_mode=check_mode), UUID)
    assert (outcome.changed, outcome.after["name"]) == (False, "others")


@pytest.mark.parametrize("check_mode", [True, False])
def test_the_id_of_no_store_is_an_error_and_makes_none(server, plane, check_mode):
    server.script = [page(), (404, {})]
    with pytest.raises(KonnectError) as caught:
        ensure_config_store(plane(check_mode=check_mode), UUID)
    assert caught.value.code == "not_found"
    assert all(sent.startswith("GET") for sent in server.sent())


def test_a_creation_that_ends_halfway_says_what_is_there(server, plane):
    server.script = [page(), (201, store()), (403, {})]
    with pytest.raises(PartialFailure) as caught:
        ensure_config_store(plane(), "ai-keys")
    failed = caught.value.to_fail_json()
    assert (failed["changed"], failed["config_store"]["id"]) == (True, store()["id"])
    assert failed["failure"]["done"] == [f"config store ai-keys ({store()['id']}) was created"]


@pytest.mark.parametrize("other", [store("store-0", "2026-11-23T09:59:59.000Z"), store("store-0")])
def test_of_two_stores_made_at_once_the_younger_is_taken_back(server, plane, other):
    """Both runs choose the same one to stay: the older, and of equal age that with the lower id."""
    server.script = [page(), (201, store()), page(store(), other), (204, b"")]
    outcome = ensure_config_store(plane(), "ai-keys")
    assert (outcome.changed, outcome.after) == (True, other)
    assert writes(server)[1:] == [f"DELETE {STORES_PATH}/store-1?force=false"]


@pytest.mark.parametrize("other", [store("store-0", "2026-11-23T10:00:01.000Z"), store("store-2")])
def test_the_older_of_two_stores_made_at_once_stays(server, plane, other):
    server.script = [page(), (201, store()), page(other, store())]
    assert ensure_config_store(plane(), "ai-keys").after == store()
    assert len(writes(server)) == 1


def test_a_store_that_the_list_does_not_show_yet(server, plane):
    server.script = [page(), (201, store()), page()]
    assert ensure_config_store(plane(), "ai-keys").after == store()


def test_a_store_is_found_after_a_lost_response(server, plane):
    server.script = [page(), "reset", page(store()), page(store())]
    outcome = ensure_config_store(plane(), "ai-keys")
    assert (outcome.changed, outcome.after) == (True, store())
    assert len(writes(server)) == 1


def test_a_store_that_another_client_created_is_used(server, plane):
    server.script = [page(), (409, {}), page(store()), page(store())]
    assert ensure_config_store(plane(), "ai-keys").after == store()


def test_a_conflict_with_no_store_of_that_name(server, plane):
    server.script = [page(), (409, {}), page()]
    with pytest.raises(ApiError) as caught:
        ensure_config_store(plane(), "ai-keys")
    assert caught.value.code == "conflict"


def test_any_other_error_of_the_creation(server, plane):
    server.script = [page(), (400, {"title": "Bad Request"})]
    with pytest.raises(ApiError) as caught:
        ensure_config_store(plane(), "ai-keys")
    assert caught.value.code == "invalid"


# Absent


def holding(*entries, vaults=()):
    """Routes of one store with these entries, exposed by vaults of these prefixes."""
    rows = [secret(entry) if isinstance(entry, str) else secret(entry.entry) for entry in entries]
    exposing = [
        {"id": f"id-{prefix}", "name": "konnect", "prefix": prefix, "config": {"config_store_id": "store-1"}}
        for prefix in vaults
    ]
    other = {"id": "id-other", "name": "konnect", "prefix": "other", "config": {"config_store_id": "store-2"}}
    return {
        f"GET {STORES_PATH}": page(store()),
        f"GET {STORES_PATH}/store-1/secrets": page(*rows),
        f"GET {VAULTS_PATH}": page(*exposing, other),
        f"DELETE {STORES_PATH}/store-1": (204, b""),
        **{f"DELETE {STORES_PATH}/store-1/secrets/{row['key']}": (204, b"") for row in rows},
    }


@pytest.mark.parametrize("on_in_use", ["fail", "keep"])
def test_an_empty_store_is_removed_without_force(server, plane, on_in_use):
    """A secret that another client stores in this moment must not go with it."""
    server.routes = holding()
    outcome = remove_config_store(plane(), "ai-keys", on_in_use)
    assert (outcome.changed, outcome.before, outcome.after) == (True, store(), None)
    assert outcome.diff == {"before": {"name": "ai-keys"}, "after": {}}
    assert writes(server) == [f"DELETE {STORES_PATH}/store-1?force=false"]


def test_records_of_secrets_that_are_gone_are_removed_first(server, plane):
    server.routes = holding(record("gone"))
    assert remove_config_store(plane(), "ai-keys", "fail").changed
    assert writes(server) == [
        f"DELETE {STORES_PATH}/store-1/secrets/{record('gone').entry}",
        f"DELETE {STORES_PATH}/store-1?force=false",
    ]


def test_a_store_that_does_not_exist_is_no_change(server, plane):
    server.script = [page()]
    assert remove_config_store(plane(), "ai-keys", "fail") is ABSENT
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("held", "code", "reason"),
    [
        (holding("b", "a", record("a")), "not_empty", "holds 2 secrets (a, b)"),
        (holding(vaults=["one", "a-vault"]), "in_use", "is exposed by vault a-vault, one"),
        (holding("a", vaults=["one"]), "in_use", "is exposed by vault one and holds 1 secret (a)"),
    ],
)
def test_a_store_in_use_is_not_removed(server, plane, held, code, reason):
    server.routes = held
    with pytest.raises(KonnectError) as caught:
        remove_config_store(plane(), "ai-keys", "fail")
    assert caught.value.code == code
    assert f"Config store ai-keys {reason} and was not removed." in caught.value.message
    assert "set on_in_use to remove" in caught.value.message
    assert writes(server) == []


def test_the_failure_lists_what_keeps_a_store(server, plane):
    server.routes = holding("b", "a", vaults=["one"])
    with pytest.raises(KonnectError) as caught:
        remove_config_store(plane(), "ai-keys", "fail")
    assert caught.value.facts["secrets"] == ["a", "b"]
    assert [(row["name"], row["field"]) for row in caught.value.facts["referrers"]] == [
        ("one", "config.config_store_id")
    ]


def test_a_store_in_use_is_kept_when_the_task_says_so(server, plane):
    server.routes = holding("a", record("a"))
    outcome = remove_config_store(plane(), "ai-keys", "keep")
    assert (outcome.changed, outcome.after, outcome.kept.code) == (False, store(), "not_empty")
    assert outcome.diff == {"before": {"name": "ai-keys"}, "after": {"name": "ai-keys"}}
    assert writes(server) == []


def test_a_store_goes_with_all_its_secrets_when_the_task_says_so(server, plane):
    server.routes = holding("a", record("a"), vaults=["one"])
    assert remove_config_store(plane(), "ai-keys", "remove").changed
    assert writes(server) == [f"DELETE {STORES_PATH}/store-1?force=true"]


def test_check_mode_predicts_a_removal(server, plane):
    server.routes = holding(record("gone"))
    outcome = remove_config_store(plane(check_mode=True), "ai-keys", "fail")
    assert (outcome.changed, outcome.after) == (True, None)
    assert writes(server) == []


def test_check_mode_predicts_that_a_store_stays(server, plane):
    server.routes = holding("a")
    with pytest.raises(KonnectError):
        remove_config_store(plane(check_mode=True), "ai-keys", "fail")
