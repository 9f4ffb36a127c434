# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many secrets at once: complete, safe to interrupt, and each failure by its key."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest

from support.control_plane import ControlPlaneHarness, ModuleRun
from support.emulator import ControlPlaneApi
from support.engine import KonnectError
from support.options import REMOVE_IN_USE, STORE, VAULT

KEY = "key-0007"
HIDDEN = "(not shown)"


def values(count: int, word: str = "one") -> dict[str, str]:
    return {f"key-{number:04}": f"Bearer fake-{word}-{number:04}-value" for number in range(count)}


def rows(secrets: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in secrets.items()]


def stored(konnect: ControlPlaneApi) -> tuple[dict[str, str], list[str]]:
    """The values by key, where the emulator shows them, and the keys that a record stands for."""
    (store,) = konnect.list("config-stores")
    entries = {entry["key"]: entry.get("value", "") for entry in konnect.list(f"config-stores/{store['id']}/secrets")}
    records = sorted(key.partition(".fingerprint.")[0] for key in entries if ".fingerprint." in key)
    return {key: value for key, value in entries.items() if ".fingerprint." not in key}, records


def keys(run: ModuleRun) -> dict[str, list[str]]:
    """The keys that a run lists, without empty lists."""
    found = {name: run[name] for name in ("created", "updated", "removed", "unchanged")}
    return {name: listed for name, listed in found.items() if listed}


@pytest.fixture
def store(konnect):
    """The path of the secrets in an empty config store."""
    return f"config-stores/{konnect.call('POST', 'config-stores', STORE)['id']}/secrets"


@pytest.fixture
def bulk(konnect, store):
    """Run the module for secrets in it."""

    def run(secrets, *, check=False, **more):
        return konnect.run("secrets", {"config_store": "my-store", "secrets": rows(secrets), **more}, check=check)

    return run


TWELVE = values(12)
ONE_CHANGED = {**TWELVE, KEY: "Bearer fake-other-value"}


@pytest.fixture
def twelve(bulk):
    """The run that wrote twelve secrets."""
    run = bulk(TWELVE)
    assert not run.failed, run.message
    return run


def test_check_mode_predicts_the_secrets_of_a_store_that_an_earlier_task_would_create(konnect):
    run = konnect.run("secrets", {"config_store": "not-there-yet", "secrets": rows(TWELVE)}, check=True)
    assert keys(run) == {"created": sorted(TWELVE)}
    assert run.writes == []


def test_check_mode_predicts_each_new_secret(bulk):
    predicted, real = bulk(TWELVE, check=True), bulk(TWELVE)
    assert keys(predicted) == keys(real) == {"created": sorted(TWELVE)}
    assert predicted["diff"] == real["diff"] == {"before": {}, "after": dict.fromkeys(TWELVE, HIDDEN)}
    assert predicted.writes == []


def test_each_secret_is_written_with_its_record(konnect, twelve):
    assert len(twelve.writes) == 24
    assert stored(konnect)[1] == sorted(TWELVE)


def test_the_requests_are_counted(twelve):
    assert twelve["requests"] == len(twelve.requests)


def test_the_progress_is_told_to_the_end(twelve):
    done = [row["done"] for row in twelve["progress"]]
    assert done == sorted(set(done))
    assert twelve["progress"][-1]["done"] == twelve["progress"][-1]["total"] == 12


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_secrets_in_sync_are_not_written(bulk, twelve, check):
    run = bulk(TWELVE, check=check)
    assert not run.changed
    assert keys(run) == {"unchanged": sorted(TWELVE)}
    assert run.writes == []


def test_check_mode_predicts_the_one_that_changed(bulk, twelve):
    predicted, real = bulk(ONE_CHANGED, check=True), bulk(ONE_CHANGED)
    assert (predicted.changed, real.changed) == (True, True)
    assert predicted["reasons"] == real["reasons"] == {KEY: "value_changed"}
    assert predicted["diff"] == real["diff"]
    assert predicted.writes == []


def test_the_one_that_changed_is_written_alone(bulk, twelve):
    run = bulk(ONE_CHANGED, parallel=1)
    assert run["diff"] == {"before": {KEY: HIDDEN}, "after": {KEY: "(not shown, written: value_changed)"}}
    assert len(run.writes) == 3


def test_konnect_secret_finds_a_value_of_konnect_secrets_in_sync(konnect, twelve):
    run = konnect.run("secret", {"config_store": "my-store", "key": KEY, "value": TWELVE[KEY]})
    assert not run.changed
    assert run.writes == []


def test_on_create_never_writes_again(bulk, twelve):
    run = bulk({KEY: {"user": "fake-json-user"}}, update_secret="on_create")
    assert not run.changed
    assert run.writes == []


def test_no_secrets_are_no_change(bulk, twelve):
    run = bulk({})
    assert not run.changed
    assert keys(run) == {}
    assert run.writes == []


KEPT = {key: TWELVE[key] for key in list(TWELVE)[::4]}
SURPLUS = sorted(set(TWELVE) - set(KEPT))


def test_a_purge_to_nothing_is_refused_before_the_first_request(bulk, twelve):
    run = bulk({}, purge=True)
    assert run.code == "invalid_input"
    assert "allow_empty" in run.message
    assert run.requests == []


def test_a_purge_to_nothing_removes_all_when_asked_for(konnect, bulk, twelve):
    assert keys(bulk({}, purge=True, allow_empty=True)) == {"removed": sorted(TWELVE)}
    assert stored(konnect) == ({}, [])


def test_check_mode_predicts_a_purge(bulk, twelve):
    predicted, real = bulk(KEPT, purge=True, check=True), bulk(KEPT, purge=True)
    assert keys(predicted) == keys(real) == {"removed": SURPLUS, "unchanged": sorted(KEPT)}
    assert predicted["diff"] == real["diff"]
    assert set(real.before) == set(SURPLUS)
    assert predicted.writes == []


@pytest.mark.emulator("--page-size", "10")
def test_a_purge_removes_what_is_not_listed_and_nothing_else(konnect, bulk, twelve):
    assert len(bulk(KEPT, purge=True).writes) == 2 * len(SURPLUS)
    secrets, records = stored(konnect)
    assert (sorted(secrets), records) == (sorted(KEPT), sorted(KEPT))


def test_a_purge_again_changes_nothing(bulk, twelve):
    bulk(KEPT, purge=True)
    run = bulk(KEPT, purge=True)
    assert not run.changed
    assert run.writes == []


def test_a_purge_removes_a_record_whose_secret_is_gone(konnect, store, bulk, twelve):
    konnect.call("DELETE", f"{store}/{KEY}")
    assert KEY in keys(bulk(KEPT, purge=True))["removed"]
    assert stored(konnect)[1] == sorted(KEPT)


def test_a_purge_warns_of_a_key_that_konnect_cannot_remove(konnect, store, bulk, twelve):
    konnect.call("POST", store, {"key": "a/b", "value": "fake-value"})
    run = bulk(KEPT, purge=True)
    assert "a/b" in run.warnings
    assert keys(run)["removed"] == SURPLUS
    assert "a/b" in stored(konnect)[0]


@pytest.fixture
def in_use(konnect, twelve):
    """A plugin that refers to one of the twelve secrets."""
    log = {"name": "http-log", "config": {"http_endpoint": f"{{vault://my-vault/{KEY}}}"}}
    konnect.create_all(("vault", VAULT), ("plugin", log))


def test_a_purge_of_a_secret_in_use_is_refused_before_any_write(bulk, in_use):
    run = bulk({**KEPT, "key-new": "Bearer fake-that-stays-out"}, purge=True)
    assert run.code == "in_use"
    assert KEY in run.message
    assert "plugin http-log" in run.message
    assert run.writes == []


def test_a_purge_reads_what_refers_once(bulk, in_use):
    run = bulk(KEPT, purge=True)
    assert len([line for line in run.requests if line.endswith("core-entities/plugins")]) == 1


def test_a_purge_removes_a_secret_in_use_when_asked_for(konnect, bulk, in_use):
    assert keys(bulk(KEPT, purge=True, **REMOVE_IN_USE))["removed"] == SURPLUS
    assert sorted(stored(konnect)[0]) == sorted(KEPT)


def test_all_that_cannot_be_written_is_named_before_the_first_request(konnect, store):
    wrong = [
        *rows({"good": "Bearer fake-good-value", "a/b": "Bearer fake-slash-value", "empty": ""}),
        *rows({"short": "tiny", "good": "Bearer fake-again-value", "long": "fake-" * 1025}),
    ]
    run = konnect.run("secrets", {"config_store": "my-store", "secrets": wrong})
    assert run.code == "invalid_input"
    for words in ("5 of 5", "a/b", "empty", "short", "5125 bytes", "good: The key occurs 2 times"):
        assert words in run.message
    assert run.requests == []


@pytest.mark.parametrize(
    ("secrets", "more", "code"),
    [
        ({"good": "tiny"}, {}, "short_value"),
        (values(1), {"parallel": 33}, "invalid_input"),
        ({"good": None}, {}, "invalid_input"),
    ],
    ids=["short", "parallel", "null"],
)
def test_what_cannot_be_written_is_refused_before_the_first_request(bulk, secrets, more, code):
    run = bulk(secrets, **more)
    assert run.code == code
    assert run.requests == []


EIGHT = values(8)
THIRD = "key-0003"


@pytest.fixture
def one_failed(konnect, bulk):
    """A run in which the write of one of eight secrets failed."""
    konnect.emulator.faults(f"PUT:/{THIRD}$=500")
    run = bulk(EIGHT, request_retries=0)
    konnect.emulator.faults()
    return run


def test_one_that_fails_is_told_by_its_key(one_failed):
    assert one_failed.code == "some_failed"
    assert list(one_failed["failures"]) == [THIRD]
    assert f"{THIRD}: PUT" in one_failed.message
    assert "Konnect sent 500" in one_failed.message


def test_one_that_fails_does_not_stop_the_others(one_failed):
    assert one_failed.changed
    assert keys(one_failed) == {"created": sorted(set(EIGHT) - {THIRD})}


def test_the_next_run_writes_the_one_that_failed(one_failed, bulk):
    assert keys(bulk(EIGHT))["created"] == [THIRD]
    assert bulk(EIGHT).writes == []


def test_a_run_that_cannot_go_on_says_how_far_it_came(konnect, bulk):
    konnect.emulator.faults("PUT:key-0004=401")
    run = bulk(EIGHT, parallel=1)
    assert run.code == "unauthorized"
    assert run["failure"]["status"] == 401
    assert "4 of 8 secrets were done" in run.message
    assert not [line for line in run.requests if re.search("key-000[567]", line)]


def test_threads_that_cannot_go_on_stop_at_once(konnect, store):
    options = {"config_store": "my-store", "secrets": with_version(values(50)), "parallel": 4}
    konnect.emulator.faults("PUT:key=401")
    with pytest.raises(KonnectError) as caught:
        konnect.run_handler("secrets", options)
    assert caught.value.code == "unauthorized"
    assert konnect.emulator.request_count() <= 3 + 4  # the look-ups, and one request a thread


def with_version(secrets: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows as a handler gets them, with all their options."""
    return [{**row, "value_version": None} for row in rows(secrets)]


def run_handler(konnect: ControlPlaneHarness, secrets: dict[str, Any], *, check: bool = False, **more: Any) -> Any:
    options = {"config_store": "my-store", "secrets": with_version(secrets), **more}
    return konnect.run_handler("secrets", options, check=check)


@pytest.mark.emulator("--connection-limit", "3", "--latency-ms", "5")
def test_where_konnect_takes_few_connections_all_is_written_and_few_requests_are_refused(konnect, bulk):
    run = bulk(values(60))
    assert len(run["created"]) == 60
    refused = run["requests"] - len(run.requests)
    assert 0 < refused < 20


@pytest.fixture
def two_at_once(konnect, store):
    """Two runs at once that wrote different values for the same keys; the values."""
    contents = [values(40, "one"), values(40, "two")]
    threads = [threading.Thread(target=run_handler, args=(konnect, secrets)) for secrets in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return contents


@pytest.mark.emulator("--set", "secret_echo=true")
def test_after_two_runs_at_once_no_record_stands_for_another_value(konnect, two_at_once):
    held, _records = stored(konnect)
    for secrets in two_at_once:
        in_sync = run_handler(konnect, secrets, check=True)["unchanged"]
        assert {key: held[key] for key in in_sync} == {key: secrets[key] for key in in_sync}


@pytest.mark.emulator("--set", "secret_echo=true")
def test_after_two_runs_at_once_the_next_run_repairs(konnect, two_at_once):
    _first, second = two_at_once
    run_handler(konnect, second)
    assert stored(konnect)[0] == second
    assert not run_handler(konnect, second)["changed"]


@pytest.mark.emulator("--latency-ms", "20")
def test_a_purge_keeps_what_another_client_writes_in_the_meantime(konnect, store):
    run_handler(konnect, values(3))
    done = threading.Event()

    def write_in_between() -> None:
        # Between the listing and the removal: while the new secrets are being written.
        while not done.is_set():
            if any(entry["key"] == "new-0" for entry in konnect.list(store)):
                konnect.call("PUT", f"{store}/key-0001", {"value": "Bearer fake-of-another-client"})
                return

    other = threading.Thread(target=write_in_between)
    other.start()
    new = {f"new-{number}": f"Bearer fake-new-value-{number}" for number in range(12)}
    result = run_handler(konnect, new, purge=True, parallel=1)
    done.set()
    other.join()
    assert result["removed"] == ["key-0000", "key-0002"]
    secrets, records = stored(konnect)
    assert "key-0001" in secrets
    assert "key-0001" in records


@pytest.mark.emulator("--page-size", "10")
def test_one_secret_in_a_store_of_many_pages_costs_as_many_requests_as_in_one_of_two(konnect, bulk):
    bulk(values(30))
    one = {"config_store": "my-store", "key": KEY, "value": values(30)[KEY]}
    run = konnect.run("secret", one)
    assert (run.changed, len(run.requests)) == (False, 5)  # control plane, store, a page, the secret, its record
    assert konnect.run("secret", {**one, "value": "Bearer fake-another-value"})["reason"] == "value_changed"
