# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import pathlib

import pytest
import yaml

from ansible_collections.community.konnect.plugins.module_utils._module import argument_spec as arguments
from ansible_collections.community.konnect.plugins.module_utils._version import VERSION

ROOT = pathlib.Path(__file__).parents[5]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("konnect_*.py"))


@pytest.mark.parametrize("piece", ["CONNECTION", "CONTROL_PLANE", "STATE", "TAGS", "CHECK_REFERENCES", "UPDATE_SECRET"])
def test_each_piece_is_documented_as_it_is(piece):
    fragment = importlib.import_module(
        f"ansible_collections.community.konnect.plugins.doc_fragments._{piece.lower()}"
    ).ModuleDocFragment
    documented = yaml.safe_load(fragment.DOCUMENTATION)["options"]
    options = getattr(arguments, piece).options
    assert documented.keys() == options.keys()
    for name, option in options.items():
        for attribute in ("type", "choices", "default", "elements"):
            assert documented[name].get(attribute) == option.get(attribute), f"{name}.{attribute}"


def test_merging_keeps_the_constraints():
    one = arguments.ArgumentSpec(options={"a": {}}, mutually_exclusive=[("a", "b")])
    other = arguments.ArgumentSpec(options={"b": {}}, required_if=[("a", "x", ["b"])])
    kwargs = one.merge(other).to_kwargs()
    assert set(kwargs["argument_spec"]) == {"a", "b"}
    assert kwargs["mutually_exclusive"] == [["a", "b"]]
    assert kwargs["required_if"] == [("a", "x", ["b"])]


def test_the_action_groups_hold_every_module():
    groups = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]
    assert groups["konnect"] == MODULES
    with_control_plane = [
        name
        for name in MODULES
        if "control_plane"
        in importlib.import_module(f"ansible_collections.community.konnect.plugins.modules.{name}").SPEC.options
    ]
    assert groups["control_plane"] == with_control_plane
    roles = sorted(path.name for path in (ROOT / "roles").iterdir())
    assert sorted(groups) == sorted(["control_plane", "konnect", *roles])


def test_the_version_is_the_collections():
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"] == VERSION
