# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._plugins.partials import Partials, without
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID

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
LINK = {"id": "r", "path": "config.cache.redis"}


@pytest.fixture
def partials(server, plane):
    """The partials of a control plane that holds those in HELD."""
    path = f"/v2/control-planes/{PLANE_ID}/core-entities"
    server.routes = {f"GET {path}/partials/{partial_id}": (200, partial) for partial_id, partial in HELD.items()}
    return Partials(plane(), SUPPORTED)


def test_equal_links_mean_the_same(partials):
    assert partials.normalize([{"id": "r"}]) == partials.normalize([{**LINK, "name": "my-redis"}]) == [LINK]
    assert partials.normalize([{"id": "v"}]) == [{"id": "v"}]  # which of the two paths is for Konnect to say
    assert partials.normalize(None) == []


def test_links_are_shown_by_name(partials):
    links = [LINK, {"id": "m", "path": "config.targets[]"}, {"id": "gone"}]
    shown = [{"name": "gone"}, {"name": "my-model", "path": "config.targets[]"}]
    assert partials.view(links) == [*shown, {"name": "my-redis", "path": "config.cache.redis"}]


def test_a_list_does_not_belong_to_a_partial(partials):
    assert partials.paths([LINK, {"id": "m", "path": "config.targets[]"}]) == [["cache", "redis"]]
    partials.check_config([{"id": "m"}], {"targets": [{"name": "own"}]})


def test_a_config_must_leave_linked_paths_alone(partials):
    partials.check_config([LINK], {"minute": 5, "cache": {"redis": None}})
    with pytest.raises(InvalidInput, match=r"config\.cache\.redis comes from a partial"):
        partials.check_config([LINK], {"cache": {"redis": {}}})


def test_without():
    assert without({"a": {"b": 1, "c": 2}, "d": 3}, [["a", "b"], ["d"], ["e", "f"]]) == {"a": {"c": 2}}
