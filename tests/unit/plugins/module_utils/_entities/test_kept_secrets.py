# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is shown can be given back; a secret stays where it is."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kept_secrets import (
    Kept,
    check_destinations,
    keep_secrets,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._hidden_fields import BY_NAME, HiddenFields

HELD = {
    "endpoint": "https://bob:fake-pw@host/x",
    "token": "fake-token",
    "timeout": 5,
    "headers": ["Authorization:Bearer fake", "X-Region:eu"],
    "redis": {"host": "one", "password": "fake-redis", "note": None},
    "rules": [{"host": "a", "key": "fake-a"}, {"host": "b", "key": "fake-b"}],
    "passwords": ["fake-1", "fake-2"],
}
SHOWN = BY_NAME.view(HELD)
HIDDEN = "(not shown)"


def keep(given, held):
    return keep_secrets(BY_NAME, given, held, "config").data


def test_what_is_shown_is_kept():
    assert keep(SHOWN, HELD) == HELD


@pytest.mark.parametrize("held", [HELD, None, {}])
def test_what_has_no_placeholder_stays_as_it_is(held):
    assert keep({"token": "fake-new", "redis": None}, held) == {"token": "fake-new", "redis": None}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"token": HIDDEN, "timeout": 6}, {"token": "fake-token", "timeout": 6}),
        ({"token": "(not shown, changed)"}, {"token": "fake-token"}),
        ({"redis": {"host": "two", "password": HIDDEN}}, {"redis": {"host": "two", "password": "fake-redis"}}),
        ({"endpoint": SHOWN["endpoint"]}, {"endpoint": HELD["endpoint"]}),
        (
            {"headers": ["X-Other:1", "Authorization:(not shown)"]},
            {"headers": ["X-Other:1", "Authorization:Bearer fake"]},
        ),
        ({"rules": [{"key": HIDDEN, "host": "b"}]}, {"rules": [{"host": "b", "key": "fake-b"}]}),
        ({"passwords": [HIDDEN, HIDDEN]}, {"passwords": ["fake-1", "fake-2"]}),
    ],
)
def test_a_placeholder_means_what_is_held_there(given, kept):
    assert keep(given, HELD) == kept


def test_nulls_make_no_difference():
    given = {"redis": {"host": "one", "password": HIDDEN}}
    assert keep(given, HELD) == {"redis": HELD["redis"]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"other": HIDDEN}, "config.other"),
        ({"redis": HIDDEN}, "config.redis"),
        ({"redis": {"username": HIDDEN}}, "config.redis.username"),
        ({"endpoint": "https://bob:(not shown)@elsewhere/x"}, "config.endpoint"),
        ({"timeout": f"{HIDDEN} seconds"}, "config.timeout"),
        ({"headers": ["Cookie:(not shown)"]}, "config.headers.0"),
        ({"rules": [{"host": "c", "key": HIDDEN}]}, "config.rules.0"),
        ({"passwords": [HIDDEN]}, "config.passwords.0"),
        ({"passwords": [HIDDEN, HIDDEN, HIDDEN]}, "config.passwords.0"),
        ({HIDDEN: "x"}, "config"),
    ],
)
def test_where_there_is_nothing_to_keep_it_is_refused(given, field):
    with pytest.raises(InvalidInput) as error:
        keep(given, HELD)
    assert error.value.code is ErrorCode.PLACEHOLDER
    assert error.value.facts["fields"][0]["field"] == field


def test_a_new_entity_has_nothing_to_keep():
    with pytest.raises(InvalidInput, match=r"config.token: \(not shown\) stands for a secret"):
        keep({"token": HIDDEN}, None)


# Destinations


def check(given, before):
    kept = keep_secrets(BY_NAME, given, before, "config")
    check_destinations(BY_NAME, kept, before, kept.data)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"redis": {"host": "two", "password": HIDDEN}}, "config.redis.host"),
        ({"endpoint": "https://elsewhere"}, "config.endpoint"),
    ],
)
def test_a_secret_does_not_follow_to_another_destination(change, field):
    with pytest.raises(InvalidInput, match="keep_secrets_on_move") as error:
        check({**SHOWN, **change}, HELD)
    assert error.value.code is ErrorCode.MOVED_SECRET
    assert [row["field"] for row in error.value.facts["fields"]] == [field]
    assert "fake" not in error.value.message


CHAT = {
    "auth": {"header_value": "fake", "header_name": "Authorization"},
    "model": {"provider": "mistral", "options": {"upstream_url": "https://one"}},
}


@pytest.mark.parametrize(
    "model",
    [
        {"provider": "openai", "options": {"upstream_url": "https://one"}},
        {"provider": "mistral", "options": {"upstream_url": "https://two"}},
        {"provider": "mistral"},
    ],
)
def test_a_destination_may_be_in_a_record_beside_that_of_the_secret(model):
    with pytest.raises(InvalidInput, match="would then go to the new destination"):
        check({**BY_NAME.view(CHAT), "model": model}, CHAT)


@pytest.mark.parametrize(
    "given",
    [
        {**SHOWN, "timeout": 6},
        {**SHOWN, "redis": {"host": "two", "password": "fake-new"}},
        {**SHOWN, "rules": [{"host": "b", "key": HIDDEN}]},
    ],
)
def test_other_changes_are_no_move(given):
    check(given, HELD)


def test_a_record_with_a_secret_of_its_own_is_another_matter():
    held = {"token": "fake-token", "redis": {"host": "one", "password": "fake"}}
    check({"token": HIDDEN, "redis": {"host": "two", "password": "fake-new"}}, held)


def test_a_kept_element_does_not_go_to_another_server():
    held = {"servers": ["one"], "headers": ["Authorization:fake"]}
    with pytest.raises(InvalidInput, match=r"config\.servers"):
        check({"servers": ["two"], "headers": ["Authorization:(not shown)"]}, held)


def test_the_rule_of_the_kind_says_what_is_hidden():
    rule = HiddenFields(also={"client_id"})
    assert keep_secrets(rule, {"client_id": HIDDEN}, {"client_id": "kong"}, "config").data == {"client_id": "kong"}


def test_a_destination_may_come_with_a_record_that_was_not_there():
    kept = Kept("config", paths=[("redis", "password")])
    with pytest.raises(InvalidInput, match=r"config\.redis\.host"):
        check_destinations(BY_NAME, kept, {}, {"redis": {"host": "one", "password": "fake"}})
