# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib

import pytest
import yaml

from ansible_collections.community.konnect.plugins.module_utils._module import argument_spec as arguments


@pytest.mark.parametrize(
    "piece",
    [
        *("CONNECTION", "CONTROL_PLANE", "AI_GATEWAY", "PARENT", "STATE", "TAGS", "CHECK_REFERENCES"),
        *("LITERAL_SECRETS", "UPDATE_SECRET"),
    ],
)
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


def test_merging_keeps_options_and_constraints_of_each_piece():
    one = arguments.ArgumentSpec(
        options={"a": {"type": "str"}},
        mutually_exclusive=[("a", "b")],
        required_if=[("a", "x", ["b"])],
        required_one_of=[("a", "b")],
        required_by={"a": ["b"]},
    )
    other = arguments.ArgumentSpec(
        options={"c": {"type": "int"}},
        mutually_exclusive=[("c", "d")],
        required_if=[("c", "x", ["d"])],
        required_one_of=[("c", "d")],
        required_by={"c": ["d"]},
    )
    assert one.merge(other).to_kwargs() == {
        "argument_spec": {"a": {"type": "str"}, "c": {"type": "int"}},
        "mutually_exclusive": [["a", "b"], ["c", "d"]],
        "required_if": [("a", "x", ["b"]), ("c", "x", ["d"])],
        "required_one_of": [["a", "b"], ["c", "d"]],
        "required_by": {"a": ["b"], "c": ["d"]},
    }


def test_ansible_gets_options_of_its_own():
    """It adds to the options that it is given."""
    arguments.STATE.to_kwargs()["argument_spec"]["state"]["default"] = "absent"
    assert arguments.STATE.options["state"]["default"] == "present"


def test_which_options_are_secret():
    """Where no_log is left out, Ansible warns of a name that seems to hold a secret."""
    pieces = (arguments.CONNECTION, arguments.UPDATE_SECRET, arguments.FINGERPRINT_KEY)
    marked = {name: row["no_log"] for piece in pieces for name, row in piece.options.items() if "no_log" in row}
    assert marked == {
        "konnect_token": True,
        "fingerprint_key": True,
        "previous_fingerprint_keys": True,
        "update_secret": False,
    }
