# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError, PartialFailure
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Stage, StageEntry
from ansible_collections.community.konnect.plugins.module_utils._secrets.batch import SecretBatch
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import Wanted
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore
from ansible_collections.community.konnect.tests.unit.secret_entries import (
    KEYS,
    OTHER_VALUE,
    SECRETS_PATH,
    STORE,
    VALUE,
    listed,
    record,
    references,
    secret,
    written,
)

DONE = (204, b"")


@pytest.fixture
def store(plane):
    """Make the store of the scripted server."""

    def make(**options):
        return SecretStore(plane(**{"retries": 0, **options}), Resolved({"id": STORE}))

    return make


def run(store, values, *, purge=False, on_in_use="fail", parallel=1):
    wanted = [Wanted(key, value) for key, value in values.items()]
    return SecretBatch(store).run(wanted, KEYS, purge=purge, on_in_use=on_in_use, parallel=parallel)


def new(count):
    return {f"key-{number:02}": VALUE for number in range(count)}


def removed(server):
    return [path.removeprefix(f"DELETE {SECRETS_PATH}/") for path in server.sent() if path.startswith("DELETE")]


# A store with one secret of each sort: in sync, changed, to be created, and named by no task.
VALUES = {"same": VALUE, "changed": OTHER_VALUE, "new": VALUE}
ENTRIES = [secret("same"), record("same"), secret("changed"), record("changed"), secret("surplus"), record("surplus")]


def routes(*entries):
    """Routes of a store that holds these entries and takes the writes of VALUES."""
    keys = [entry["key"] if isinstance(entry, dict) else entry.entry for entry in entries]
    made = [f"{SECRETS_PATH}/{key}" for key in VALUES]
    time = 1_795_431_600_000
    made += [f"{SECRETS_PATH}/{record(key, value, time).entry}" for key, value in VALUES.items()]
    return {
        **references(),
        f"GET {SECRETS_PATH}": listed(*entries),
        **{f"PUT {path}": written() for path in made},
        **{f"GET {SECRETS_PATH}/{key}": (200, secret(key)) for key in keys},
        **{f"DELETE {SECRETS_PATH}/{key}": DONE for key in keys},
    }


# Results


@pytest.mark.parametrize("check_mode", [True, False])
def test_each_secret_is_in_the_result_as_what_became_of_it(server, store, check_mode):
    server.routes = routes(*ENTRIES)
    result = run(store(check_mode=check_mode), VALUES, purge=True)
    names = ("changed", "created", "updated", "unchanged", "removed", "failures")
    assert {name: result[name] for name in names} == {
        "changed": True,
        "created": ["new"],
        "updated": ["changed"],
        "unchanged": ["same"],
        "removed": ["surplus"],
        "failures": {},
    }
    assert result["reasons"] == {"changed": "value_changed", "new": "created", "surplus": "removed"}
    assert result["diff"] == {
        "before": {"changed": "(not shown)", "surplus": "(not shown)"},
        "after": {"changed": "(not shown, written: value_changed)", "new": "(not shown)"},
    }
    assert "kept" not in result
    assert any(not sent.startswith("GET") for sent in server.sent()) != check_mode


def test_without_purge_what_the_task_does_not_name_stays(server, store):
    server.routes = routes(*ENTRIES)
    assert run(store(), VALUES)["removed"] == []


def test_secrets_in_sync_are_no_change(server, store):
    server.routes = routes(secret("same"), record("same"))
    result = run(store(), {"same": VALUE})
    assert (result["changed"], result["unchanged"], result["reasons"]) == (False, ["same"], {})
    assert (result["progress"], result["requests"]) == ([], 1)


def test_results_are_sorted_by_key(server, store):
    server.script = [listed(secret("b"), record("b"), secret("a"), record("a")), *[written()] * 4]
    result = run(store(), {"d": VALUE, "b": VALUE, "c": VALUE, "a": VALUE})
    assert (result["created"], result["unchanged"], list(result["reasons"])) == (["c", "d"], ["a", "b"], ["c", "d"])


def test_progress_is_reported_for_each_tenth(server, store):
    server.script = [listed(), *[written()] * 50]
    made = store()
    lines = []
    made.control_plane.task.report = lines.append
    result = run(made, new(25))
    assert [row["done"] for row in result["progress"]] == [3, 5, 8, 10, 13, 15, 18, 20, 23, 25]
    assert {row["total"] for row in result["progress"]} == {25}
    assert lines[-1] == "25 of 25 secrets after 0.0 s"
    assert result["requests"] == 51


def test_progress_of_one_secret(server, store):
    server.script = [listed(), written(), written()]
    assert run(store(), new(1))["progress"] == [{"done": 1, "total": 1, "elapsed": 0.0}]


def test_the_time_is_told_in_milliseconds(server, store):
    server.script = [listed(), written(), written()]
    made = store()
    made.control_plane.client.started -= 1.23456
    assert run(made, new(1))["elapsed"] == 1.235


def test_a_store_that_cannot_be_read_is_not_written(server, store):
    server.script = [(500, {})]
    with pytest.raises(KonnectError, match="500"):
        run(store(), new(2))
    assert len(server.requests) == 1


# Purging


def test_secrets_are_removed_after_the_others_are_written(server, store):
    server.routes = routes(*ENTRIES)
    run(store(), VALUES, purge=True)
    methods = [sent.split()[0] for sent in server.sent() if "surplus" in sent or sent.startswith("PUT")]
    assert methods == ["PUT"] * 4 + ["GET", "DELETE", "DELETE"]
    assert removed(server) == [record("changed").entry, "surplus", record("surplus").entry]


@pytest.mark.parametrize("check_mode", [True, False])
def test_keys_that_konnect_lists_but_does_not_find_are_named_once_and_are_no_change(server, plane, check_mode):
    server.routes = {
        **references(),
        f"GET {SECRETS_PATH}": listed(secret("a/b"), secret(".."), secret("same"), record("same")),
    }
    control_plane = plane(check_mode=check_mode)
    result = run(SecretStore(control_plane, Resolved({"id": STORE})), {"same": VALUE}, purge=True)
    assert (result["changed"], result["removed"], result["failures"]) == (False, [], {})
    (warning,) = control_plane.task.warnings
    assert warning.startswith("Secrets .., a/b were not removed: Konnect lists")


def test_records_without_a_secret_are_purged(server, store):
    server.routes = routes(record("surplus"))
    result = run(store(), {}, purge=True)
    assert (result["removed"], result["diff"]) == (["surplus"], {"before": {}, "after": {}})
    assert removed(server) == [record("surplus").entry]
    assert not any("core-entities" in sent for sent in server.sent())


def test_a_secret_that_is_rotated_is_not_purged(server, store):
    names = ("surplus", "surplus-next", "surplus.rotation")
    server.routes = routes(*map(secret, names), secret("unused"))
    assert run(store(), {}, purge=True)["removed"] == ["unused"]
    assert removed(server) == ["unused"]


def test_what_is_left_of_a_rotation_is_purged(server, store):
    state = StageEntry("surplus", Stage.PREPARED, "89abcdef", 1, "0" * 32).entry
    server.routes = routes(secret("same"), record("same"), secret(state))
    assert run(store(), {"same": VALUE}, purge=True)["removed"] == ["surplus"]
    assert removed(server) == [state]


def test_a_secret_that_is_rotated_stops_the_task_before_the_first_write(server, store):
    server.routes = routes(*ENTRIES, secret("changed.rotation"))
    with pytest.raises(KonnectError, match="A rotation of changed is pending") as caught:
        run(store(), VALUES)
    assert caught.value.code == "rotation_pending"
    assert all(sent.startswith("GET") for sent in server.sent())


def test_a_secret_in_use_stops_the_task_before_the_first_write(server, store):
    server.routes = {**routes(*ENTRIES), **references("surplus")}
    with pytest.raises(KonnectError, match="Secret surplus is in use by plugin"):
        run(store(), VALUES, purge=True)
    assert all(sent.startswith("GET") for sent in server.sent())


def test_secrets_in_use_are_kept_and_the_others_removed(server, store):
    server.routes = {**routes(*ENTRIES, secret("unused")), **references("surplus", "same")}
    result = run(store(), VALUES, purge=True, on_in_use="keep")
    assert (result["removed"], result["kept"]["code"]) == (["unused"], "in_use")
    assert [row["secret"] for row in result["kept"]["referrers"]] == ["surplus"]
    assert "surplus" not in removed(server)


def test_secrets_in_use_are_removed_when_the_task_says_so(server, store):
    server.routes = {**routes(*ENTRIES), **references("surplus")}
    assert run(store(), VALUES, purge=True, on_in_use="remove")["removed"] == ["surplus"]


def test_a_warning_names_what_another_client_modified(server, store):
    server.routes = routes(*ENTRIES)
    server.routes[f"GET {SECRETS_PATH}/surplus"] = (200, secret("surplus", "2026-11-23T10:00:01.000Z"))
    made = store()
    result = run(made, VALUES, purge=True)
    assert (result["removed"], "surplus" in result["reasons"], "surplus" in result["unchanged"]) == ([], False, False)
    assert made.control_plane.task.warnings == [
        "Secret surplus was not removed: another client modified it since the store was listed."
    ]


def test_nothing_is_warned_of_when_all_is_removed(server, store):
    server.routes = routes(*ENTRIES)
    made = store()
    run(made, VALUES, purge=True)
    assert made.control_plane.task.warnings == []


# Failures


def test_one_failure_without_another_outcome_keeps_its_code_and_facts(server, store):
    server.script = [listed(), (400, {"title": "Bad Request"})]
    with pytest.raises(PartialFailure, match="1 of 1 secrets failed. key-00: .* Run the task again") as caught:
        run(store(), new(1))
    failure = caught.value.to_fail_json()["failure"]
    assert (failure["code"], failure["status"]) == ("invalid", 400)


def test_one_failure_among_others(server, store):
    server.script = [listed(), (400, {"title": "Bad Request"}), written(), written()]
    with pytest.raises(PartialFailure, match="1 of 2 secrets failed") as caught:
        run(store(), new(2))
    failed = caught.value.to_fail_json()
    assert (failed["failure"]["code"], failed["failure"]["status"]) == ("some_failed", None)
    assert (failed["created"], list(failed["failures"]), failed["changed"]) == (["key-01"], ["key-00"], True)


def test_a_secret_that_fails_does_not_stop_the_others(server, store):
    server.script = [listed(), (400, {"title": "Bad Request"}), *[written()] * 38]
    with pytest.raises(PartialFailure) as caught:
        run(store(), new(20))
    assert len(caught.value.result["created"]) == 19


def test_failures_of_several_kinds(server, store):
    server.script = [listed(), (400, {"title": "Bad Request"}), (418, {})]
    with pytest.raises(PartialFailure) as caught:
        run(store(), new(2))
    assert caught.value.code == "some_failed"


@pytest.mark.parametrize(("status", "code"), [(401, "unauthorized"), (403, "forbidden"), (302, "redirect")])
def test_an_error_that_every_request_would_meet_stops_the_others(server, store, status, code):
    server.script = [listed(), *[written()] * 2, *[(status, {})] * 9]
    with pytest.raises(PartialFailure, match="1 of 10 secrets were done. Run the task again") as caught:
        run(store(), new(10))
    failed = caught.value.to_fail_json()
    assert (caught.value.code, failed["failure"]["code"], failed["created"]) == (code, code, ["key-00"])
    # Some more may be sent before the first failure is seen; with a token that is refused none is.
    assert len(server.requests) <= (4 if status == 401 else 9)


def test_a_deadline_stops_the_others(server, store):
    server.script = [listed(), (*written(), {"RateLimit-Remaining": "0", "RateLimit-Reset": "60"})]
    with pytest.raises(PartialFailure, match="0 of 5 secrets were done") as caught:
        run(store(deadline=30), new(5))
    assert caught.value.code == "deadline"
    assert len(server.requests) == 2


def test_several_secrets_are_written_at_a_time(server, store):
    server.script = [listed(), *[written()] * 40]
    assert len(run(store(), new(20), parallel=4)["created"]) == 20


def test_each_finished_secret_gives_more_time(server, store):
    slow = (*written(), {"RateLimit-Remaining": "0", "RateLimit-Reset": "60"})
    server.script = [listed(), *[slow] * 20]
    result = run(store(), new(10))
    assert len(result["created"]) == 10
    assert result["elapsed"] > 1000
