# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write-only values: written when they changed, and only then."""

from __future__ import annotations

import datetime

from running import Emulator
from steps import run_tasks, task

STORE = {"name": "my-store"}
ONE = "Bearer fake-key-number-one"
TWO = "Bearer fake-key-number-two"
KEY_A = "fake-fingerprint-key-a" * 2
KEY_B = "fake-fingerprint-key-b" * 2


def secret(value: str = ONE, **more):
    return task("secret", {"config_store": "my-store", "key": "my-key", "value": value, **more})


def entries(konnect: Emulator) -> list[str]:
    (store,) = konnect.list("config-stores")
    return sorted(entry["key"] for entry in konnect.list(f"config-stores/{store['id']}/secrets"))


def reasons(steps):
    return [step.result["reason"] for step in steps]


def test_on_create_never_writes_again(konnect):
    steps = run_tasks(konnect, task("config_store", STORE), *[secret(v, update_secret="on_create") for v in (ONE, TWO)])
    assert reasons(steps[1:]) == ["created", None]
    assert steps[2].writes == []
    assert entries(konnect) == ["my-key"]


def test_always_writes_every_time(konnect):
    steps = run_tasks(konnect, task("config_store", STORE), *[secret(update_secret="always") for _time in range(2)])
    assert reasons(steps[1:]) == ["created", "always"]
    assert all(len(step.writes) == 1 for step in steps[1:])
    assert entries(konnect) == ["my-key"]


def test_a_version_of_the_users_own(konnect):
    steps = run_tasks(
        konnect,
        task("config_store", STORE),
        *[secret("fake", value_version=version) for version in (1, 1, 2)],
    )
    assert reasons(steps[1:]) == ["created", None, "value_changed"]
    assert len(entries(konnect)) == 2


def test_a_value_that_is_recorded_only_once_it_has_proved_itself(konnect):
    written_at = "{{ first.secret.updated_at }}"
    info = task("secret_info", {"config_store": "my-store"})
    steps = run_tasks(
        konnect,
        task("config_store", STORE),
        secret(ONE),
        {**secret(TWO, record="later"), "register": "first"},
        secret(TWO, record="later"),  # a run that was interrupted, again
        info,
        secret(ONE, record="only"),
        secret(TWO, record="only"),
        secret(TWO, record="only"),
        info,
        secret(ONE, record="later"),
        secret(ONE),  # is satisfied, and proves nothing
        info,
        secret(TWO, expected_updated_at=written_at),
        secret(TWO, update_secret="always", expected_updated_at=written_at),
        secret(ONE, expected_updated_at="yesterday"),
        secret(ONE, update_secret="always", record="later"),
    )
    assert reasons(steps[1:4]) == ["created", "value_changed", "unproved"]
    assert [len(step.writes) for step in steps[2:4]] == [3, 0]  # the value, its record, and the old record's removal
    assert [step.result["value_written"] for step in steps[2:4]] == [True, False]
    assert [step.result["secrets"][0]["recorded"] for step in (steps[4], steps[8], steps[11])] == [False, True, False]
    assert steps[5].code == "concurrent_change"
    assert reasons(steps[6:8]) == ["recorded", None]
    assert reasons(steps[9:11]) == ["value_changed", None]
    assert [line for step in steps[6:8] for line in step.writes if line.endswith("/my-key")] == []
    assert [step.code for step in steps[12:]] == ["concurrent_change"] * 2 + ["invalid_input"] * 2
    assert [step.writes for step in steps[10:]] == [[]] * 6
    assert len(entries(konnect)) == 2


def test_a_new_fingerprint_key(konnect):
    steps = run_tasks(
        konnect,
        task("config_store", STORE),
        secret(fingerprint_key=KEY_A),
        secret(fingerprint_key=KEY_B, previous_fingerprint_keys=[KEY_A]),
        secret(fingerprint_key=KEY_B),
        secret(fingerprint_key=KEY_A),
    )
    assert reasons(steps[1:]) == ["created", "fingerprint_key_changed", None, "fingerprint_key_changed"]
    rewritten = [line for line in steps[2].writes if line.endswith("/my-key")]
    assert rewritten == []  # a value that an old key vouches for is not written again
    assert "previous_fingerprint_keys" in str(steps[4].result["warnings"])
    assert len(entries(konnect)) == 2


def test_a_value_written_before_this_collection_came(konnect):
    store = konnect.call("POST", "config-stores", STORE)
    konnect.call("POST", f"config-stores/{store['id']}/secrets", {"key": "my-key", "value": ONE})
    steps = run_tasks(konnect, secret(), secret())
    assert reasons(steps) == ["not_recorded", None]


def test_a_run_that_was_cut_short_after_the_value(konnect):
    run_tasks(konnect, task("config_store", STORE), secret())
    (store,) = konnect.list("config-stores")
    path = f"config-stores/{store['id']}/secrets"
    konnect.call("PUT", f"{path}/my-key", {"value": TWO})  # the value was written, its record was not
    steps = run_tasks(konnect, secret(TWO), secret(TWO))
    assert reasons(steps) == ["changed_outside", None]
    assert len(entries(konnect)) == 2


def test_a_value_whose_record_fails_is_told_as_written(konnect):
    run_tasks(konnect, task("config_store", STORE))
    konnect.faults(r"PUT:my-key\.fingerprint=401")
    (cut,) = run_tasks(konnect, secret())
    assert cut.code == "unauthorized"
    assert "Before that, the value of secret my-key was written." in cut.message
    assert cut.result["value_written"]
    konnect.faults()
    steps = run_tasks(konnect, task("secret_info", {"config_store": "my-store"}), secret(), secret())
    assert steps[0].result["secrets"][0]["updated_at"] == cut.result["secret"]["updated_at"]
    assert reasons(steps[1:]) == ["not_recorded", None]


def test_absent_sweeps_the_records_and_the_store_counts_none(konnect):
    gone = {"config_store": "my-store", "key": "my-key", "state": "absent"}
    steps = run_tasks(
        konnect,
        task("config_store", STORE),
        secret(),
        task("config_store", {**STORE, "state": "absent"}),
        task("secret", gone),
        task("config_store", {**STORE, "state": "absent"}),
    )
    assert steps[2].code == "not_empty"
    assert steps[2].result["failure"]["secrets"] == ["my-key"]
    assert [step.changed for step in steps[3:]] == [True, True]
    assert konnect.list("config-stores") == []


def test_force_removes_a_store_with_all_that_is_in_it(konnect):
    steps = run_tasks(
        konnect,
        task("config_store", STORE),
        secret(),
        task("config_store", {**STORE, "state": "absent", "force": True}),
    )
    assert steps[2].changed
    assert konnect.list("config-stores") == []


def test_what_is_referred_to_stays(konnect):
    reference = "{vault://my-vault/my-key}"
    steps = run_tasks(
        konnect,
        task("config_store", STORE),
        secret(),
        task("vault", {"prefix": "my-vault", "config_store": "my-store"}),
        task("plugin", {"name": "http-log", "config": {"http_endpoint": reference}}),
        task("secret", {"config_store": "my-store", "key": "my-key", "state": "absent"}),
        task("vault", {"prefix": "my-vault", "state": "absent"}),
        task("config_store", {**STORE, "state": "absent"}),
        task("secret", {"config_store": "my-store", "key": "my-key", "state": "absent", "force": True}),
    )
    for step in steps[4:6]:
        assert step.code == "in_use"
        assert "plugin http-log" in step.message
        assert "config.http_endpoint" in step.message
        assert step.writes == []
    assert steps[6].code == "in_use"
    assert "my-vault" in steps[6].message
    assert steps[7].changed


def test_a_mapping_is_stored_as_json(konnect):
    value = {"user": "ann", "password": "fake-json-password"}
    steps = run_tasks(
        konnect,
        task("config_store", STORE),
        secret(value),
        secret('{"user": "ann", "password": "fake-json-password"}'),
        secret(True),
    )
    assert [step.changed for step in steps[1:3]] == [True, False]
    assert steps[3].code == "invalid_input"
    assert "fake-json-password" not in str([step.result for step in steps])


def test_a_value_that_is_part_of_a_time_does_not_garble_it(konnect):
    year = datetime.datetime.now(datetime.UTC).year
    step = run_tasks(konnect, task("config_store", STORE), secret({"port": year, "number": 1}))[1]
    assert datetime.datetime.fromisoformat(step.result["secret"]["updated_at"]).year == year


def test_a_fingerprint_key_that_is_not_used_is_not_looked_at(konnect):
    steps = run_tasks(
        konnect,
        task("config_store", STORE),
        secret(update_secret="always", fingerprint_key="short"),
        secret(update_secret="always", value_version=1),
    )
    assert steps[1].changed
    assert steps[2].code == "invalid_input"


def test_the_id_of_a_store_in_capitals_is_its_id(konnect):
    store = konnect.call("POST", "config-stores", STORE)
    vault = {"prefix": "my-vault", "backend": "konnect", "config": {"config_store_id": store["id"].upper()}}
    raw = {"name": "konnect", "prefix": "capitals", "config": {"config_store_id": store["id"].upper()}}
    konnect.call("POST", "core-entities/vaults", raw)
    reference = "{vault://capitals/my-key}"
    steps = run_tasks(
        konnect,
        secret(),
        task("vault", vault),
        task("vault", {"prefix": "my-vault", "config_store": "my-store"}),
        task("vault", {"prefix": "capitals", "config_store": "my-store"}),
        task("plugin", {"name": "http-log", "config": {"http_endpoint": reference}}),
        task("secret", {"config_store": "my-store", "key": "my-key", "state": "absent"}),
        task("config_store", {**STORE, "state": "absent"}),
    )
    assert [step.changed for step in steps[1:4]] == [True, False, False]
    assert [step.code for step in steps[5:]] == ["in_use", "in_use"]


def test_a_partial_that_refers_counts(konnect):
    store = konnect.call("POST", "config-stores", STORE)
    vault = {"name": "konnect", "prefix": "my-vault", "config": {"config_store_id": store["id"]}}
    konnect.call("POST", "core-entities/vaults", vault)
    partial = {"name": "cache", "type": "redis-ee", "config": {"password": "{vault://my-vault/my-key}"}}
    konnect.call("POST", "core-entities/partials", partial)
    steps = run_tasks(
        konnect, secret(), task("secret", {"config_store": "my-store", "key": "my-key", "state": "absent"})
    )
    assert steps[1].code == "in_use"
    assert "partial cache" in steps[1].message


def test_info_of_a_store_that_check_mode_predicts(konnect):
    steps = run_tasks(konnect, task("secret_info", {"config_store": "nowhere"}, check=True))
    assert steps[0].result["secrets"] == []
    assert "nowhere" in str(steps[0].result["warnings"])


def test_a_literal_of_another_backend_is_not_shown(konnect):
    config = {"host": "vault.example.com", "approle_secret_id": "fake-vault-literal", "token": 12345678}
    steps = run_tasks(
        konnect, task("vault", {"prefix": "corporate", "backend": "hcv", "config": config}), task("vault_info", {})
    )
    assert steps[0].changed
    assert "fake-vault-literal" not in str([step.result for step in steps])
    assert "12345678" not in str([step.result for step in steps])
