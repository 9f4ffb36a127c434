# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configurations that Kong's own schema library was given: what was asked for is equal to what Kong stored.

Skips where these files are not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._plugins.config import PluginConfig
from ansible_collections.community.konnect.plugins.module_utils._plugins.normalize import is_made_by_server
from ansible_collections.community.konnect.plugins.module_utils._plugins.schema import elements_of, field_at
from ansible_collections.community.konnect.plugins.module_utils._task import Task

CHECKOUT = Path(__file__).resolve().parents[5]
KONG = Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared") / "openapi" / "kong"
VECTORS = KONG / "vectors" / "plugin-configs.jsonl"
pytestmark = pytest.mark.skipif(not VECTORS.is_file(), reason=f"no vectors at {VECTORS} (KONNECT_SHARED)")

MODES = ("replace", "merge")
# Valid rows that differ, by their number among the valid ones of the plugin, each with the reason.
AT_ODDS = "gives an old and a new name with different values, of which Kong takes the old one without a word; refused"
GONE = "gives an old name that has no effect any more; refused"
NO_CODE = "was made without the code of old names, which live Konnect has"
DIFFERENT = {
    "live-oidc": {2: NO_CODE},
    "session": {8: AT_ODDS, **dict.fromkeys([16, 17], GONE)},
}
NO_SCHEMA = {"live-mocking": "its schema is not among the recorded ones"}


@cache
def valid_rows():
    """The rows that Kong takes by plugin; a name that begins with live- is that of a recorded schema."""
    found = defaultdict(list)
    if VECTORS.is_file():
        for line in VECTORS.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["ok"]:
                found[row["plugin"]].append(row)
    return found


class Plane:
    """A control plane that has the schema of one plugin."""

    def __init__(self, schema):
        self.task = Task()
        self.schema = lambda kind, name: schema


@cache
def config_of(plugin):
    path = KONG / ("live" if plugin.startswith("live-") else "plugins") / f"{plugin.removeprefix('live-')}.json"
    return PluginConfig(Plane(json.loads(path.read_text(encoding="utf-8"))), plugin)


def tables_as_lists(value):
    """An answer in which all that is empty is a list, as Konnect's encoder writes it."""
    if isinstance(value, dict):
        return {name: tables_as_lists(item) for name, item in value.items()} or []
    return [tables_as_lists(item) for item in value] if isinstance(value, list) else value


def tables_as_objects(value):
    """An answer in which all that is empty is an object."""
    if isinstance(value, list):
        return [tables_as_objects(item) for item in value] or {}
    return {name: tables_as_objects(item) for name, item in value.items()} if isinstance(value, dict) else value


def is_equal(row, mode, held):
    """Compare what a row gives with what the server holds, as a task does; False for a row that is refused."""
    config = config_of(row["plugin"])
    try:
        config.check(row["config"])
    except InvalidInput:
        return False
    desired = config.desired(config.own({"config": held}), config.wanted(row["config"]), mode)
    return config.normalize(desired, []) == config.normalize(held, [])


def answer(row):
    return row.get("konnect", row["stored"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("plugin", sorted(set(valid_rows()) - set(NO_SCHEMA)))
def test_what_was_asked_for_is_equal_to_what_kong_stored(plugin, mode):
    rows = valid_rows()[plugin]
    for form in (tables_as_lists, tables_as_objects):
        different = [number for number, row in enumerate(rows) if not is_equal(row, mode, form(answer(row)))]
        assert different == sorted(DIFFERENT.get(plugin, {}))


def test_nearly_all_valid_configs_are_equal(record_property):
    differ = sum(map(len, DIFFERENT.values())) + sum(len(valid_rows()[plugin]) for plugin in NO_SCHEMA)
    total = sum(map(len, valid_rows().values()))
    assert (total, total - differ) == (635, 607)
    record_property("tally", ["Valid plugin configurations equal to what is stored", total, total - differ])


def leaves(value, path=()):
    """The paths of everything that is neither a table nor nothing."""
    if isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for name, item in pairs for leaf in leaves(item, (*path, name))]
    return [] if value is None else [path]


def changed(value, path):
    """A stored config with another value at a path."""
    if path:
        first, *rest = path
        copy = list(value) if isinstance(value, list) else dict(value)
        copy[first] = changed(value[first], rest)
        return copy
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, (int, float)) else f"{value}x"


def is_kept(config, path, given):
    """True for a value that the server made and the task leaves to it."""
    field = config.spec
    for name in path:
        field = field_at(field, name) if isinstance(name, str) else elements_of(field)
        given = given.get(name) if isinstance(given, dict) else None
        if is_made_by_server(field) and given is None:
            return True
    return False


@pytest.mark.parametrize("plugin", sorted(set(valid_rows()) - set(NO_SCHEMA)))
def test_one_other_value_is_never_equal(plugin, record_property):
    """Of each row one value, the first of the first row, the second of the second and so on."""
    config = config_of(plugin)
    rows = valid_rows()[plugin]
    for number, row in enumerate(rows):
        paths = [path for path in leaves(row["stored"]) if not is_kept(config, path, row["config"])]
        for path in paths[number % (len(paths) or 1) :][:1]:
            assert not is_equal(row, "replace", changed(answer(row), path)), path
    record_property("tally", ["Valid plugin configurations told from one with another value", len(rows), len(rows)])
