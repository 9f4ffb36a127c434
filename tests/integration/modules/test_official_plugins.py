# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every plugin of Kong's published schemas, with its smallest configuration and with every field given.

Skips where these schemas are not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

from functools import cache

import pytest

from konnect_emulator.plugins.published_schemas import NOT_ON_KONNECT, SchemaCatalog
from support.plugin_configs import full, smallest
from support.shared import OFFICIAL_SCHEMAS, needs

HIDDEN = "(not shown)"
# What is special about each: empty tables, made values, old names, deep records, no configuration at all.
SELECTED = {
    "acme",
    "ai-proxy-advanced",
    "app-dynamics",
    "http-log",
    "openid-connect",
    "rate-limiting-advanced",
    "session",
}


@cache
def catalog():
    return SchemaCatalog(str(OFFICIAL_SCHEMAS))


NAMES = catalog().names() if OFFICIAL_SCHEMAS.is_dir() else []

pytestmark = [
    needs(OFFICIAL_SCHEMAS),
    pytest.mark.emulator("--plugin-schemas", str(OFFICIAL_SCHEMAS), "--set", "empty_table=list"),
    pytest.mark.xdist_group("official plugins"),
]


def plugins(names):
    """Parameters of a test; all but the selected plugins are left to the exhaustive run."""
    return [name if name in SELECTED else pytest.param(name, marks=pytest.mark.exhaustive) for name in names]


def without_hidden(shown):
    """What a result shows without fields whose value is hidden; a list with a hidden value in it is left out."""
    if not isinstance(shown, dict):
        return shown
    kept = {name: item for name, item in shown.items() if isinstance(item, dict) or HIDDEN not in str(item)}
    return {name: without_hidden(item) for name, item in kept.items()}


@pytest.mark.parametrize("make", [smallest, full], ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", plugins(NAMES))
def test_a_plugin_is_predicted_made_once_and_taken_back(konnect, name, make, record_property):
    options = {"name": name, "config": make(catalog().get(name))}
    predicted = konnect.run_handler("plugin", options, check=True)
    made = konnect.run_handler("plugin", options)
    assert made["changed"]
    assert predicted["diff"] == made["diff"]
    for mode in ("replace", "merge"):
        assert not konnect.run_handler("plugin", {**options, "config_mode": mode})["changed"]
    shown = without_hidden(made["plugin"]["config"])
    assert not konnect.run_handler("plugin", {"name": name, "config": shown, "config_mode": "merge"})["changed"]
    record_property(
        "tally", [f"Official plugins, {make.__name__} configuration: predicted, made once, taken back", 1, 1]
    )


@pytest.mark.parametrize("name", sorted(NOT_ON_KONNECT))
def test_a_plugin_that_is_not_on_konnect_is_refused(konnect, name, record_property):
    assert konnect.run("plugin", {"name": name}).code == "unknown_plugin"
    record_property("tally", ["Plugins that are not on Konnect, refused", 1, 1])


def test_all_published_plugins_are_tried():
    assert len([*OFFICIAL_SCHEMAS.glob("*.json")]) == 115
    # One of them is there twice, in two spellings.
    assert len(NAMES) == 111
    assert set(NAMES) >= SELECTED
