# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of every module, as an unset variable or an empty answer of a survey leaves it."""

from __future__ import annotations

import importlib
import pathlib

import pytest

from ansible_collections.community.konnect.plugins.module_utils._module.given import CLEARABLE

MODULES = sorted(path.stem for path in (pathlib.Path(__file__).parents[5] / "plugins/modules").glob("konnect_*.py"))
VALUES = {"str": "some-text", "raw": "some-text", "dict": {}, "list": [], "int": 1, "float": 1, "bool": True}


def spec_of(module):
    return importlib.import_module(f"ansible_collections.community.konnect.plugins.modules.{module}").SPEC


def smallest(spec):
    """The options that a task cannot do without."""
    needed = {name for name, option in spec.options.items() if option.get("required")}
    needed |= {name for _option, _value, names in spec.required_if for name in names}
    options = {name: spec.options[name] for name in needed}
    return {name: option.get("choices", [VALUES[option["type"]]])[0] for name, option in options.items()}


@pytest.fixture
def outcome(run):
    """What a handler gets of these options; the message when Ansible or the runner refuses them."""

    def make(spec, options):
        found = []

        def handler(parent, given):
            found.append(given)
            return {"changed": False}

        result = run(handler, spec, **options)
        return found[0] if found else result["msg"]

    return make


@pytest.mark.parametrize("empty", [None, ""], ids=["null", "empty"])
@pytest.mark.parametrize("module", MODULES)
def test_empty_options_are_as_options_that_are_left_out(module, empty, outcome):
    spec = spec_of(module)
    given = smallest(spec)
    # The fixture gives the first two itself.
    others = {"konnect_token", "konnect_url", *given, *(CLEARABLE if empty == "" else ())}
    assert outcome(spec, {**given, **dict.fromkeys(spec.options.keys() - others, empty)}) == outcome(spec, given)


@pytest.mark.parametrize("module", MODULES)
def test_a_required_option_that_is_empty_is_missing(module, outcome):
    spec = spec_of(module)
    given = smallest(spec)
    for name in given:
        without = {option: value for option, value in given.items() if option != name}
        assert outcome(spec, {**without, name: ""}) == outcome(spec, without)
        assert name in outcome(spec, {**without, name: None})


@pytest.mark.parametrize("module", MODULES)
def test_a_blank_option_is_refused_by_its_name(module, outcome):
    spec = spec_of(module)
    texts = [
        name
        for name, option in spec.options.items()
        if option["type"] in ("str", "path", "list", "dict") and "choices" not in option and name not in CLEARABLE
    ]
    message = outcome(spec, {**smallest(spec), **dict.fromkeys(texts, "  "), "konnect_region": None})
    assert [name for name in texts if name not in message] == []


@pytest.mark.parametrize("option", ["request_timeout", "validate_certs", "konnect_region"])
def test_a_blank_number_boolean_or_choice_is_refused_by_its_name(option, outcome):
    spec = spec_of("konnect_config_store")
    assert option in outcome(spec, {**smallest(spec), "konnect_url": None, option: "  "})
