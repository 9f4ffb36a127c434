# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils import _schemas as schemas
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._partials import Partials, without
from ansible_collections.community.konnect.plugins.module_utils._plugins import composer, plugin_target

HELD = {
    "r": {"id": "r", "name": "my-redis", "type": "redis-ee"},
    "v": {"id": "v", "name": "my-vectors", "type": "vectordb"},
    "m": {"id": "m", "name": "my-model", "type": "model"},
}
FIELDS = [
    {"minute": {"type": "integer"}},
    {
        "cache": {
            "type": "record",
            "fields": [
                {
                    "redis": {
                        "type": "record",
                        "required": True,
                        "fields": [
                            {"host": {"type": "string", "default": "localhost"}},
                            {"password": {"type": "string"}},
                        ],
                    }
                }
            ],
        }
    },
]
SUPPORTED = {
    "redis-ee": ["config.cache.redis"],
    "vectordb": ["config.one", "config.two"],
    "model": ["config.targets[]"],
}
SCHEMA = {
    "fields": [{"config": {"type": "record", "required": True, "fields": FIELDS}}],
    "supported_partials": SUPPORTED,
}
SPEC = schemas.config_spec(SCHEMA)
LINK = {"id": "r", "path": "config.cache.redis"}


class Client:
    """Knows the partials in HELD."""

    def find(self, path):
        return HELD.get(path[-1])


@pytest.fixture
def partials():
    return Partials(Client(), {"id": "control-plane"}, SPEC)


def test_equal_links_mean_the_same(partials):
    assert partials.normal([{"id": "r"}]) == partials.normal([{**LINK, "name": "my-redis"}]) == [LINK]
    assert partials.normal([{"id": "v"}]) == [{"id": "v"}]  # which of the two paths is for Konnect to say
    assert partials.normal(None) == []


def test_links_are_shown_by_name(partials):
    links = [LINK, {"id": "m", "path": "config.targets[]"}, {"id": "gone"}]
    shown = [{"name": "gone"}, {"name": "my-model", "path": "config.targets[]"}]
    assert partials.show(links) == [*shown, {"name": "my-redis", "path": "config.cache.redis"}]


def test_a_list_does_not_belong_to_a_partial(partials):
    assert partials.paths([LINK, {"id": "m", "path": "config.targets[]"}]) == [["cache", "redis"]]
    partials.refuse_config([{"id": "m"}], {"targets": [{"name": "own"}]})


def test_a_config_must_leave_linked_paths_alone(partials):
    partials.refuse_config([LINK], {"minute": 5, "cache": {"redis": None}})
    with pytest.raises(InvalidInput, match=r"config\.cache\.redis comes from a partial"):
        partials.refuse_config([LINK], {"cache": {"redis": {}}})


@pytest.mark.parametrize(
    "config",
    [
        {"minute": 5},
        {"minute": 5, "cache": None},
        {"minute": 5, "cache": {"redis": None}},
        {"minute": 5, "cache": {"redis": {"host": "redis.example.com", "password": "fake-password"}}},
    ],
)
def test_what_is_answered_at_a_linked_path_is_no_change_and_not_sent_back(partials, config):
    current = {"id": "p", "name": "any", "partials": [{"id": "r"}], "config": config}
    target = plugin_target(Client(), "control-plane", "any", None, {}, SPEC, partials)
    for wanted, links in (({"minute": 5}, [LINK]), ({"minute": 5}, None), (None, None)):
        body = composer({"name": "any", "partials": links}, {}, SPEC, wanted, "replace", partials)(current)
        assert target.normalised(body) == target.normalised(current)
        assert "redis" not in (body["config"].get("cache") or {})
    body = composer({"name": "any", "partials": []}, {}, SPEC, None, "replace", partials)(current)
    assert "partials" not in body
    assert "redis" not in (body["config"].get("cache") or {})


def test_without():
    assert without({"a": {"b": 1, "c": 2}, "d": 3}, [["a", "b"], ["d"], ["e", "f"]]) == {"a": {"c": 2}}
