# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib

import pytest
import yaml

from ansible_collections.community.konnect.plugins.plugin_utils._inventory import templates
from ansible_collections.community.konnect.plugins.plugin_utils._inventory.options import SPEC

PLUGIN = importlib.import_module("ansible_collections.community.konnect.plugins.inventory.konnect")
ATTRIBUTES = ("type", "elements", "choices", "default")


def described(options, inner):
    """The options by name with what Ansible makes of them, suboptions included."""
    return {
        name: {
            **{attribute: option.get(attribute) for attribute in ATTRIBUTES},
            "options": described(option.get(inner, {}), inner),
        }
        for name, option in options.items()
    }


def test_every_option_is_documented_as_it_is_checked():
    documented = yaml.safe_load(PLUGIN.DOCUMENTATION)["options"]
    assert documented.pop("plugin")["choices"] == [PLUGIN.InventoryModule.NAME]
    assert described(documented, "suboptions") == described(SPEC, "options")


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("konnect.yml", True),
        ("production.konnect.yaml", True),
        ("hosts.yml", False),
        ("konnect.json", False),
    ],
)
def test_the_name_of_the_file_tells_that_it_is_ours(tmp_path, name, is_ours):
    (tmp_path / name).touch()
    assert PLUGIN.InventoryModule().verify_file(str(tmp_path / name)) is is_ours


@pytest.mark.parametrize("data", ["plain", {"a": ["b"]}, 3, None, {"labels": {"env": "{{ lookup('pipe', 'id') }}"}}])
def test_texts_from_konnect_stay_as_they_are(data):
    assert templates.without_templates(data) == data
