# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write-only values: written when they changed, and only then; and not removed while something refers to them."""

from __future__ import annotations

import datetime

import pytest

from support.options import ABSENT, NEW_VALUE, OLD_VALUE, REFERABLE, REFERENCE, REMOVE_IN_USE, SECRET, STORE, VAULT

KEY_A = "fake-fingerprint-key-a" * 2
KEY_B = "fake-fingerprint-key-b" * 2
USE = ("plugin", {"name": "http-log", "config": {"http_endpoint": REFERENCE}})


@pytest.fixture
def store(konnect):
    """The id of an empty config store."""
    return konnect.call("POST", "config-stores", STORE)["id"]


@pytest.fixture
def write(konnect, store):
    """Run the module for one secret in it."""

    def run(value=OLD_VALUE, **more):
        run = konnect.run("secret", {**SECRET, "value": value, **more})
        assert not run.failed, run.message
        return run

    return run


@pytest.fixture
def refused(konnect, store):
    """Run the module for one secret in it, which must fail before any write; the code of the failure."""

    def run(value=OLD_VALUE, **more):
        run = konnect.run("secret", {**SECRET, "value": value, **more})
        assert run.failed
        assert run.writes == []
        return run.code

    return run


def entries(konnect):
    """The keys in the one config store: secrets, and the records of their fingerprints."""
    (store,) = konnect.list("config-stores")
    return sorted(entry["key"] for entry in konnect.list(f"config-stores/{store['id']}/secrets"))


def value_writes(run):
    return [line for line in run.writes if line.endswith("/my-key")]


def test_on_create_never_writes_again(write):
    assert write(OLD_VALUE, update_secret="on_create")["reason"] == "created"
    again = write(NEW_VALUE, update_secret="on_create")
    assert again["reason"] is None
    assert again.writes == []


@pytest.mark.parametrize("update", ["on_create", "always"])
def test_without_comparison_no_record_is_kept(konnect, write, update):
    write(update_secret=update)
    assert entries(konnect) == ["my-key"]


def test_always_writes_every_time(write):
    runs = [write(update_secret="always") for _time in range(2)]
    assert [run["reason"] for run in runs] == ["created", "always"]
    assert [len(run.writes) for run in runs] == [1, 1]


def test_always_does_not_look_at_the_fingerprint_key(write):
    assert write(update_secret="always", fingerprint_key="short").changed


def test_a_version_of_the_users_own_decides(write):
    runs = [write("fake", value_version=version) for version in (1, 1, 2)]
    assert [run["reason"] for run in runs] == ["created", None, "value_changed"]


def test_a_new_version_takes_the_place_of_the_old(konnect, write):
    for version in (1, 2):
        write("fake", value_version=version)
    assert len(entries(konnect)) == 2


@pytest.mark.parametrize("more", [{}, {"update_secret": "always"}], ids=["on_change", "always"])
def test_a_value_that_was_written_since_is_kept(write, refused, more):
    written_at = write(NEW_VALUE)["secret"]["updated_at"]
    write(OLD_VALUE)
    assert refused(NEW_VALUE, expected_updated_at=written_at, **more) == "concurrent_change"


def test_a_time_that_is_none_is_refused(write, refused):
    write(OLD_VALUE)
    assert refused(OLD_VALUE, expected_updated_at="yesterday") == "invalid_input"


def test_a_value_under_a_previous_fingerprint_key_is_not_written_again(write):
    write(fingerprint_key=KEY_A)
    run = write(fingerprint_key=KEY_B, previous_fingerprint_keys=[KEY_A])
    assert run["reason"] == "fingerprint_key_changed"
    assert value_writes(run) == []
    assert run.writes != []


def test_a_new_fingerprint_key_is_used_from_then_on(konnect, write):
    write(fingerprint_key=KEY_A)
    write(fingerprint_key=KEY_B, previous_fingerprint_keys=[KEY_A])
    assert write(fingerprint_key=KEY_B)["reason"] is None
    assert len(entries(konnect)) == 2


def test_a_value_under_an_unknown_fingerprint_key_is_written_with_a_warning(write):
    write(fingerprint_key=KEY_A)
    run = write(fingerprint_key=KEY_B)
    assert run["reason"] == "fingerprint_key_changed"
    assert value_writes(run) != []
    assert "previous_fingerprint_keys" in run.warnings


def test_a_value_that_another_client_wrote_first_is_written_once(konnect, store, write):
    konnect.call("POST", f"config-stores/{store}/secrets", {"key": "my-key", "value": OLD_VALUE})
    assert [write()["reason"] for _time in range(2)] == ["not_recorded", None]


def test_a_value_that_another_client_wrote_since_is_written_once(konnect, store, write):
    write(OLD_VALUE)
    konnect.call("PUT", f"config-stores/{store}/secrets/my-key", {"value": NEW_VALUE})
    assert [write(NEW_VALUE)["reason"] for _time in range(2)] == ["changed_outside", None]
    assert len(entries(konnect)) == 2


@pytest.mark.emulator("--set", "secret_list_time_skew_ms=7")
def test_a_time_that_reads_show_later_than_the_write_did_proves_nothing(write):
    assert [write()["reason"] for _time in range(2)] == ["created", "changed_outside"]


@pytest.fixture
def cut_short(konnect, store):
    """A run that wrote the value, and then failed to write its record."""
    konnect.emulator.faults(r"PUT:my-key\.fingerprint=401")
    run = konnect.run("secret", {**SECRET, "value": OLD_VALUE})
    konnect.emulator.faults()
    return run


def test_a_failure_after_the_value_says_that_it_was_written(konnect, cut_short):
    assert cut_short.code == "unauthorized"
    assert "Before that, the value of secret my-key was written." in cut_short.message
    assert cut_short["value_written"]
    (secret,) = konnect.run("secret_info", {"config_store": "my-store"})["secrets"]
    assert secret["updated_at"] == cut_short["secret"]["updated_at"]


def test_a_run_that_was_cut_short_after_the_value_is_finished_by_the_next(cut_short, write):
    assert [write()["reason"] for _time in range(2)] == ["not_recorded", None]


def test_a_store_with_a_secret_stays(konnect, store, write):
    write()
    run = konnect.run("config_store", {**STORE, **ABSENT})
    assert run.code == "not_empty"
    assert run["failure"]["secrets"] == ["my-key"]
    assert run.writes == []


def test_a_removal_takes_the_record_too(konnect, write):
    write()
    assert konnect.run("secret", {**SECRET, **ABSENT}).changed
    assert entries(konnect) == []


def test_a_store_without_secrets_is_removed(konnect, write):
    write()
    konnect.run("secret", {**SECRET, **ABSENT})
    assert konnect.run("config_store", {**STORE, **ABSENT}).changed
    assert konnect.list("config-stores") == []


def test_a_store_is_removed_with_all_that_is_in_it_when_asked_for(konnect, write):
    write()
    assert konnect.run("config_store", {**STORE, **ABSENT, **REMOVE_IN_USE}).changed
    assert konnect.list("config-stores") == []


@pytest.mark.parametrize(
    ("module", "identity", "referrer"),
    [
        ("secret", SECRET, "plugin http-log"),
        ("vault", {"prefix": "my-vault"}, "plugin http-log"),
        ("config_store", STORE, "my-vault"),
    ],
    ids=["secret", "vault", "config_store"],
)
def test_what_is_referred_to_stays(konnect, module, identity, referrer):
    konnect.create_all(*REFERABLE, USE)
    run = konnect.run(module, {**identity, **ABSENT})
    assert run.code == "in_use"
    assert referrer in run.message
    assert run.writes == []


@pytest.mark.parametrize(("module", "identity"), [("secret", SECRET), ("vault", {"prefix": "my-vault"})])
def test_the_field_that_refers_is_named(konnect, module, identity):
    konnect.create_all(*REFERABLE, USE)
    assert "config.http_endpoint" in konnect.run(module, {**identity, **ABSENT}).message


def test_a_secret_in_use_is_removed_when_asked_for(konnect):
    konnect.create_all(*REFERABLE, USE)
    assert konnect.run("secret", {**SECRET, **ABSENT, **REMOVE_IN_USE}).changed
    assert entries(konnect) == []


def test_a_partial_that_refers_counts(konnect):
    konnect.create_all(*REFERABLE)
    partial = {"name": "cache", "type": "redis-ee", "config": {"password": REFERENCE}}
    konnect.call("POST", "core-entities/partials", partial)
    run = konnect.run("secret", {**SECRET, **ABSENT})
    assert run.code == "in_use"
    assert "partial cache" in run.message


MAPPING = {"user": "ann", "password": "fake-json-password"}


def test_a_mapping_is_stored_as_json(write):
    assert write(MAPPING).changed
    assert not write('{"password": "fake-json-password", "user": "ann"}').changed


def test_no_part_of_a_mapping_is_shown(write):
    assert "fake-json-password" not in str(write(MAPPING).result)


def test_a_value_that_is_part_of_a_time_does_not_garble_it(write):
    year = datetime.datetime.now(datetime.UTC).year
    run = write({"port": year, "number": 1})
    assert datetime.datetime.fromisoformat(run["secret"]["updated_at"]).year == year


@pytest.fixture
def capitals(konnect, store):
    """A vault that names its store by an id in capitals."""
    raw = {"name": "konnect", "prefix": "my-vault", "config": {"config_store_id": store.upper()}}
    konnect.call("POST", "core-entities/vaults", raw)


def test_the_id_of_a_store_in_capitals_is_its_id(konnect, capitals):
    assert not konnect.run("vault", VAULT).changed


def test_a_vault_takes_the_id_of_a_store_in_capitals(konnect, store):
    options = {"prefix": "my-vault", "backend": "konnect", "config": {"config_store_id": store.upper()}}
    assert konnect.run("vault", options).changed
    assert not konnect.run("vault", VAULT).changed


@pytest.mark.parametrize(("module", "identity"), [("secret", SECRET), ("config_store", STORE)])
def test_a_vault_with_an_id_in_capitals_counts(konnect, capitals, write, module, identity):
    write()
    konnect.create_all(USE)
    assert konnect.run(module, {**identity, **ABSENT}).code == "in_use"


def test_check_mode_finds_no_secrets_in_a_store_that_an_earlier_task_would_create(konnect):
    run = konnect.run("secret_info", {"config_store": "nowhere"}, check=True)
    assert run["secrets"] == []
    assert "nowhere" in run.warnings


def test_a_literal_of_another_backend_is_not_shown(konnect):
    config = {"host": "vault.example.com", "approle_secret_id": "fake-vault-literal", "token": 12345678}
    runs = [
        konnect.run("vault", {"prefix": "corporate", "backend": "hcv", "config": config}),
        konnect.run("vault_info"),
    ]
    assert runs[0].changed
    shown = str([run.result for run in runs])
    assert "fake-vault-literal" not in shown
    assert "12345678" not in shown
