# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import PARTIAL
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._plugins.partials import Partials, without
from ansible_collections.community.konnect.tests.unit.gateway import Gateway

HELD = {
    "r": {"id": "r", "name": "my-redis", "type": "redis-ee"},
    "v": {"id": "v", "name": "my-vectors", "type": "vectordb"},
    "m": {"id": "m", "name": "my-model", "type": "model"},
}
SUPPORTED = {
    "redis-ee": ["config.cache.redis"],
    "vectordb": ["config.one", "config.two"],
    "model": ["config.targets[]"],
}
LINK = {"id": "r", "path": "config.cache.redis"}


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    gateway.has(PARTIAL, *HELD.values())
    return gateway


@pytest.fixture
def partials(gateway, plane):
    """The partials of a control plane that holds those in HELD."""
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
    with pytest.raises(InvalidInput, match=r"config must not set config\.cache\.redis"):
        partials.check_config([LINK], {"cache": {"redis": {}}})


def test_a_config_may_set_beside_what_is_linked(partials):
    partials.check_config([LINK], {"cache": {"host": "x"}, "redis": {}})
    partials.check_config([LINK], {"cache": "text"})
    partials.check_config([LINK], None)
    partials.check_config(None, {"cache": {"redis": {}}})


def test_every_path_that_is_set_twice_is_named(partials):
    links = [LINK, {"id": "v", "path": "config.one"}, {"id": "v", "path": "config.two"}]
    with pytest.raises(InvalidInput, match=r"^config must not set config\.cache\.redis, config\.two.*Leave it out"):
        partials.check_config(links, {"cache": {"redis": {"host": "x"}}, "one": None, "two": False})


# What a task asks for


def options(*rows):
    return [{"name": name, "path": path} for name, path in rows]


def test_a_task_that_names_no_partials_leaves_them_as_they_are(partials):
    assert partials.links(None) is None
    assert partials.links([]) == []


def test_names_are_resolved_and_paths_filled_in_where_only_one_is_possible(partials):
    rows = options(("my-redis", None), ("my-vectors", "config.two"), ("my-model", "config.targets[]"))
    assert partials.links(rows) == [
        LINK,
        {"id": "v", "path": "config.two"},
        {"id": "m", "path": "config.targets[]"},
    ]
    assert partials.predicted is False


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("my-vectors", None), "Partial my-vectors is of type vectordb, and which path it is for is not clear."),
        (("my-vectors", "config.three"), "type vectordb, which the plugin does not take at config.three."),
        (("my-redis", "config.one"), "type redis-ee, which the plugin does not take at config.one."),
    ],
)
def test_a_path_that_cannot_work_is_refused_with_those_that_can(partials, row, message):
    with pytest.raises(InvalidInput) as caught:
        partials.links(options(row))
    assert message in caught.value.message
    assert caught.value.message.endswith(
        "The plugin takes partials of type model at config.targets[]; redis-ee at config.cache.redis; "
        "vectordb at config.one or config.two."
    )


def test_a_partial_of_a_type_that_the_plugin_does_not_take_is_refused(gateway, plane):
    partials = Partials(plane(), {"model": ["config.targets[]"]})
    with pytest.raises(InvalidInput, match="my-redis is of type redis-ee"):
        partials.links(options(("my-redis", None)))


@pytest.mark.parametrize("supported", [None, {}])
def test_without_a_list_of_what_the_plugin_takes_konnect_decides(gateway, plane, supported):
    partials = Partials(plane(), supported)
    rows = options(("my-redis", None), ("my-vectors", "config.any"))
    assert partials.links(rows) == [{"id": "r"}, {"id": "v", "path": "config.any"}]


def test_a_partial_that_does_not_exist_is_an_error(partials):
    with pytest.raises(KonnectError, match="has no partial my-redi. Did you mean my-redis") as caught:
        partials.links(options(("my-redi", None)))
    assert caught.value.code == "not_found"


def test_in_check_mode_a_partial_that_does_not_exist_is_predicted(gateway, plane):
    control_plane = plane(check_mode=True)
    partials = Partials(control_plane, SUPPORTED)
    own_id = control_plane.deterministic_id(PARTIAL, "later")
    # Of an unknown type, it may be for any of the paths.
    assert partials.links(options(("later", None), ("my-redis", None))) == [{"id": own_id}, LINK]
    assert partials.predicted is True
    assert partials.view([{"id": own_id}]) == [{"name": "later"}]
    assert "no partial later yet" in control_plane.task.warnings[0]


def test_a_predicted_partial_takes_the_only_path_there_is(gateway, plane):
    partials = Partials(plane(check_mode=True), {"redis-ee": ["config.cache.redis"]})
    [link] = partials.links(options(("later", None)))
    assert link["path"] == "config.cache.redis"


def test_each_partial_is_read_once(gateway, partials):
    for _time in range(2):
        assert partials.normalize([{"id": "r"}, {"id": "gone"}]) == [LINK, {"id": "gone"}]
    assert len(gateway.server.sent()) == 2


def test_a_partial_that_a_task_names_is_not_read_again(gateway, partials):
    partials.links(options(("my-redis", None)))
    requests = len(gateway.server.sent())
    partials.view([{"id": "r"}])
    assert len(gateway.server.sent()) == requests


@pytest.mark.parametrize(
    ("config", "paths", "rest"),
    [
        ({"a": {"b": 1, "c": 2}, "d": 3}, [["a", "b"], ["d"], ["e", "f"]], {"a": {"c": 2}}),
        ({"a": {"b": 1}}, [["a", "b"]], {"a": {}}),
        ({"a": None}, [["a", "b"]], {"a": None}),
        ({"a": "text"}, [["a", "b"]], {"a": "text"}),
        ({"a": 1}, [], {"a": 1}),
        (None, [["a"]], None),
    ],
)
def test_what_stands_at_paths_can_be_left_out(config, paths, rest):
    assert without(config, paths) == rest
