# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The variables of the playbook move_to_ai_gateway, and what the info modules found, as a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._entities.ai_gateways import check_new_gateway
from ...module_utils._errors import InvalidInput
from ...module_utils._variables import as_mapping, as_names
from .plan import make_plan
from .sides import Side

VARIABLE = "KONNECT_SECRET_VALUES"


def read_move(facts: Mapping[str, Any], environment: Mapping[str, str], *, check_mode: bool) -> dict[str, Any]:
    """The plan of C(make_plan), with C(is_due): whether its tasks can run, which a value that is missing prevents.

    :param facts: C(source) and C(gateway), each with the results of the info modules, C(secrets) those of a loop over
        the ids of the Config Stores; C(ai_gateway) with its C(name) and whether it C(exists); C(values) and C(skip) as
        the user set them.

    Raises InvalidInput with a sentence that says what to do.
    """
    if not facts["ai_gateway"]["exists"]:
        check_new_gateway(facts["ai_gateway"]["name"])
    values = _values(facts.get("values") or environment.get(VARIABLE) or {})
    skip = as_names(facts["skip"]) if facts.get("skip") else []
    plan = make_plan(_side(facts["source"]), _side(facts["gateway"]), values, skip)
    needs = plan["needs"]
    if needs and not check_mode:
        raise InvalidInput(
            f"Konnect does not return these values: {', '.join(needs)}. Give them in move_values, a mapping by these "
            f"names, or as JSON in {VARIABLE} in the environment; or name in move_skip what is not wanted on the AI "
            "Gateway. Nothing was written."
        )
    return {**plan, "is_due": not needs}


def _values(given: Any) -> dict[str, str]:
    try:
        values = as_mapping(given)
    except InvalidInput as error:
        raise InvalidInput(f"move_values (or {VARIABLE}) {error.message}.") from None
    wrong = [str(name) for name, value in values.items() if not isinstance(value, (str, type(None)))]
    if wrong:
        raise InvalidInput(f"move_values has {', '.join(wrong)}, which is no text.")
    return {str(name): str(value) for name, value in values.items() if value}


def _side(found: Mapping[str, Any]) -> Side:
    keys = {
        str(result["item"]): [secret["key"] for secret in result["secrets"]]
        for result in found.get("secrets") or ()
        if "secrets" in result
    }
    lists = {name: list(rows or ()) for name, rows in found.items() if name != "secrets"}
    return Side(keys=keys, **lists)
