# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A new value by konnect_secret: written, written with a warning, kept or refused, as on_new_value says."""

from __future__ import annotations

import pytest

from support.options import NEW_VALUE, OLD_VALUE, REFERABLE, REFERENCE, SECRET

USE = ("plugin", {"name": "http-log", "config": {"http_endpoint": REFERENCE}})
WAYS = ["write", "warn", "keep", "fail"]
NEW = {**SECRET, "value": NEW_VALUE}
each_way = pytest.mark.parametrize("way", WAYS)


@pytest.fixture
def in_use(konnect):
    konnect.create_all(*REFERABLE, USE)
    return konnect


def test_write_writes_it_without_a_word(in_use):
    run = in_use.run("secret", {**NEW, "on_new_value": "write"})
    assert (run.changed, run["value_written"], run.warnings) == (True, True, "")


def test_warn_writes_it_and_says_that_it_was_not_tested(in_use):
    run = in_use.run("secret", {**NEW, "on_new_value": "warn"})
    assert (run.changed, run["value_written"]) == (True, True)
    assert "its new value was not tested before it was written" in run.warnings
    assert "plugin http-log" in run.warnings


def test_keep_keeps_the_value_and_says_what_uses_it(in_use):
    run = in_use.run("secret", {**NEW, "on_new_value": "keep"})
    assert (run.changed, run.writes, run.warnings) == (False, [], "")
    assert run["reason"] == "value_changed"
    assert run["kept"]["code"] == "in_use"
    assert [each["name"] for each in run["kept"]["referrers"]] == ["http-log"]


def test_fail_fails_before_any_write(in_use):
    run = in_use.run("secret", {**NEW, "on_new_value": "fail"})
    assert (run.code, run.writes) == ("in_use", [])
    assert "was not written" in run.message


@each_way
def test_a_value_that_nothing_uses_is_written(konnect, way):
    konnect.create_all(*REFERABLE)
    run = konnect.run("secret", {**NEW, "on_new_value": way})
    assert (run.changed, run["value_written"], run.warnings) == (True, True, "")


@each_way
def test_a_new_secret_is_written(konnect, way):
    konnect.create_all(REFERABLE[0])
    run = konnect.run("secret", {**NEW, "on_new_value": way})
    assert (run.changed, run["reason"], run.warnings) == (True, "created", "")


@each_way
def test_the_value_that_is_stored_is_no_new_one(in_use, way):
    run = in_use.run("secret", {**SECRET, "value": OLD_VALUE, "on_new_value": way})
    assert (run.failed, run.changed, run.warnings, run.writes) == (False, False, "", [])


@each_way
def test_check_mode_predicts_it(in_use, way):
    options = {**NEW, "on_new_value": way}
    predicted, done = in_use.run("secret", options, check=True), in_use.run("secret", options)
    assert predicted.writes == []
    assert (predicted.code, predicted.warnings) == (done.code, done.warnings)
    if not done.failed:
        assert (predicted.changed, predicted["reason"]) == (done.changed, done["reason"])


@each_way
def test_a_value_that_another_client_wrote_may_be_the_one_that_works(konnect, in_use, way):
    store = konnect.list("config-stores")[0]["id"]
    konnect.call("PUT", f"config-stores/{store}/secrets/my-key", {"value": NEW_VALUE})
    run = konnect.run("secret", {**SECRET, "value": OLD_VALUE, "on_new_value": way})
    expected = {"write": "changed", "warn": "changed", "keep": "kept", "fail": "in_use"}[way]
    assert (run.code or ("changed" if run.changed else "kept")) == expected
