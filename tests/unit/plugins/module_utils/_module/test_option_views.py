# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is shown of options, in the invocation and in the log, and which placeholders are refused."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._module.option_views import (
    check_placeholders,
    option_secrets,
    view_options,
)

ROW = {"key": {"type": "str", "no_log": False}, "value": {"type": "raw", "no_log": True}}
OPTIONS = {
    "key": {"type": "str", "no_log": False},
    "value": {"type": "raw", "no_log": True},
    "value_version": {"type": "int", "no_log": True},
    "timeout": {"type": "int"},
    "url": {"type": "str"},
    "name": {"type": "str"},
    "names": {"type": "list", "elements": "str"},
    "config": {"type": "dict"},
    "headers": {"type": "dict"},
    "rows": {"type": "list", "elements": "dict", "options": ROW},
    "row": {"type": "dict", "options": ROW},
    "ends": {"type": "list", "elements": "dict", "options": {"ip": {"type": "str"}}},
}
RANDOM = "fAk3T0k3nX9zQ2pL7mN4vB8c"
HIDDEN = "(not shown)"


def show(views=None, by_schema=("config",), **params):
    return view_options(OPTIONS, params, views or {}, by_schema)


@pytest.mark.parametrize(
    ("params", "shown"),
    [
        ({"value": "fake"}, {"value": HIDDEN}),
        ({"value": None}, {"value": None}),
        ({"valeu": "fake"}, {"valeu": HIDDEN}),
        ({"name": "kong", "timeout": 30, "names": ["a"]}, {"name": "kong", "timeout": 30, "names": ["a"]}),
        ({"timeout": "fake"}, {"timeout": HIDDEN}),
        ({"headers": "fake"}, {"headers": HIDDEN}),
        ({"headers": {"Cookie": "fake", "X": "y"}}, {"headers": {"Cookie": HIDDEN, "X": "y"}}),
        ({"url": "https://h/x?any=fake#a"}, {"url": "https://h/x?(not shown)#a"}),
        ({"rows": [{"key": "a", "value": "fake"}]}, {"rows": "(1 items, not shown)"}),
        ({"row": {"key": "a", "value": "fake", "c": "fake"}}, {"row": {"key": "a", "value": HIDDEN, "c": HIDDEN}}),
        ({"row": "fake"}, {"row": HIDDEN}),
        ({"ends": [{"ip": "1.1.1.1"}]}, {"ends": [{"ip": "1.1.1.1"}]}),
    ],
)
def test_options_as_they_are_shown(params, shown):
    assert show(**params) == shown


def test_before_the_schema_is_read_no_literal_is_shown():
    config = {"http_endpoint": "https://h", "client_id": ["kong"], "timeout": 1, "on": True, "ref": "{vault://v/k}"}
    assert show(config=config)["config"] == {
        "http_endpoint": HIDDEN,
        "client_id": [HIDDEN],
        "timeout": HIDDEN,
        "on": True,
        "ref": "{vault://v/k}",
    }


def test_afterwards_the_schema_says_what_is_shown():
    assert show({"config": lambda config: {**config, "token": HIDDEN}}, config={"host": "h", "token": "fake"}) == {
        "config": {"host": "h", "token": HIDDEN}
    }


@pytest.mark.parametrize("key", [RANDOM, "Bearer fake", "-----BEGIN FAKE KEY-----"])
def test_a_value_in_place_of_a_key_is_not_shown(key):
    assert show(key=key, value="mistral-key") == {"key": HIDDEN, "value": HIDDEN}


@pytest.mark.parametrize("key", ["mistral-key", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"])
def test_a_key_is_shown(key):
    assert show(key=key, value="fake") == {"key": key, "value": HIDDEN}


def test_a_long_secret_in_another_option_is_not_shown():
    assert show(name=f"x {RANDOM}", names=[RANDOM], value=RANDOM, url="u") == {
        "name": HIDDEN,
        "names": HIDDEN,
        "value": HIDDEN,
        "url": "u",
    }


def test_a_short_value_hides_no_other_option():
    assert show(name="konnect", value="konnect") == {"name": "konnect", "value": HIDDEN}


def test_secrets_for_free_text():
    params = {
        "value": {"user": "fake-1"},
        "valeu": ["fake-2"],
        "config": {"any": "fake-3"},
        "headers": {"cookie": "fake-4", "x": "shown"},
        "rows": [{"key": "shown", "value": "fake-5", "other": "fake-6"}, "fake-7"],
        "url": "https://u:fake-8@h",
        "timeout": "fake-9",
        "name": "shown",
        "key": RANDOM,
    }
    found = option_secrets(OPTIONS, params, {}, ["config"])
    assert found == {*(f"fake-{number}" for number in range(1, 10)), RANDOM}
    assert option_secrets(OPTIONS, params, {"config": dict}, ["config"]) == found - {"fake-3"}


@pytest.mark.parametrize("text", ["VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "********", "https://u:********@h"])
@pytest.mark.parametrize(
    ("wrap", "field"),
    [
        (lambda text: {"name": text}, "name"),
        (lambda text: {"config": {"auth": [{"x": text}]}}, "config.auth.0.x"),
        (lambda text: {"rows": [{"value": text}]}, "rows.0.value"),
    ],
)
def test_placeholders_of_ansible_are_refused_in_every_option(text, wrap, field):
    with pytest.raises(InvalidInput, match=f"^{field}: ") as error:
        check_placeholders(wrap(text), ["config"])
    assert error.value.code is ErrorCode.PLACEHOLDER


@pytest.mark.parametrize("text", ["(not shown)", "(not shown, changed)", "x (not shown)"])
def test_the_placeholder_of_this_collection_is_refused_where_it_cannot_keep_anything(text):
    check_placeholders({"config": {"a": text}, "name": None}, ["config"])
    for params in ({"value": text}, {"key": text}, {"names": [text]}):
        with pytest.raises(InvalidInput) as error:
            check_placeholders(params, ["config"])
        assert error.value.code is ErrorCode.PLACEHOLDER
