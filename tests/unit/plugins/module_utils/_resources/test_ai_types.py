# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people type wrongly for an entity of an AI Gateway is said before any request, so in check mode too."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.ai_kinds import (
    AI_MODEL,
    AI_MODEL_PROVIDER,
    any_kind,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._resources.ai_types import (
    check_entity,
    check_identifiers,
    label_texts,
)

TARGET = {"name": "small", "provider": "mistral", "config": {"type": "mistral", "format": "openai"}}
MODEL = {
    "name": "chat",
    "type": "model",
    "capabilities": ["generate"],
    "formats": [{"type": "openai"}],
    "targets": [TARGET],
    "config": {"route": {"paths": ["/v1"], "model": {"body_param": "model", "values": ["chat"]}}},
}
KEY = {"name": "Authorization", "value": "{vault://my-vault/my-key}"}


def problem(kind, body):
    with pytest.raises(InvalidInput) as caught:
        check_entity(kind, body)
    return caught.value.message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"targets": [{**TARGET, "config": "mistral"}]}, "targets.0.config must be a mapping."),
        ({"formats": [{"type": "chat"}]}, "formats.0.type must be one of"),
        ({"config": {"route": "/v1"}}, "config.route must be given, as a mapping."),
        ({"config": {"route": {"paths": "/v1"}}}, "config.route.paths must be a list."),
        ({"config": {"route": {"model": "chat"}}}, "config.route.model must be a mapping."),
        ({"config": {"route": {"model": {"values": 5}}}}, "takes a list of exactly one entry."),
        ({"config": {"route": {"model": {"values": "x"}}}}, "takes a list of exactly one entry."),
        ({"display_name": 5}, "display_name must be a text."),
        ({"labels": "team"}, "labels must be a mapping."),
        ({"labels": {"team": ["a"]}}, "labels.team must be a text"),
        ({"labels": {"": "a"}}, "must have 1 to 63 characters."),
    ],
)
def test_a_field_of_a_model_that_has_another_type_is_named(change, said):
    check_entity(AI_MODEL, MODEL)
    assert said in problem(AI_MODEL, {**MODEL, **change})


@pytest.mark.parametrize("headers", [5, "Authorization", ["Authorization"], [None], [KEY, KEY]])
def test_headers_of_a_provider_are_a_list_of_one_entry(headers):
    body = {"name": "mistral", "type": "mistral", "config": {"auth": {"type": "basic", "headers": headers}}}
    assert "config.auth.headers takes a list of one entry" in problem(AI_MODEL_PROVIDER, body)


@pytest.mark.parametrize("change", [{"value": ""}, {"value": None}, {"value": 5}, {"name": ""}])
def test_a_header_without_a_name_or_with_an_empty_value_is_refused(change):
    auth = {"type": "basic", "headers": [{**KEY, **change}]}
    body = {"name": "mistral", "type": "mistral", "config": {"auth": auth}}
    assert f"headers.0.{next(iter(change))} must be a text that is not empty." in problem(AI_MODEL_PROVIDER, body)


def test_a_field_of_an_entity_without_a_module_is_named_too():
    kind = any_kind("consumer-groups", {})
    assert problem(kind, {"name": "team-a", "display_name": 5}) == "display_name must be a text."


def test_numbers_and_booleans_in_labels_become_texts():
    assert label_texts({"cost": 5, "live": True, 1: "a", "other": None}) == {
        "cost": "5",
        "live": "true",
        "1": "a",
        "other": None,
    }


@pytest.mark.parametrize("name", ["", "two words", "k" * 257])
def test_a_name_that_konnect_would_not_take_is_said_with_its_option(name):
    check_identifiers("credentials", ["main", "k" * 256])
    with pytest.raises(InvalidInput) as caught:
        check_identifiers("credentials", ["main", name])
    assert caught.value.message.startswith(f"credentials: {name!r} cannot be a name")
