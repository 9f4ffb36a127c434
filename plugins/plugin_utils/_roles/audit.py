# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The control planes and AI Gateways that the playbook audit reads, by its variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._errors import InvalidInput
from ...module_utils._variables import as_names
from .variables import only_set

# By the option that names a parent: the variable of the playbook, that of a host, and that of the environment.
PARENTS = {
    "control_plane": ("audit_control_planes", "konnect_control_plane", "KONNECT_CONTROL_PLANE"),
    "ai_gateway": ("audit_ai_gateways", "konnect_ai_gateway", "KONNECT_AI_GATEWAY"),
}
ALL = ["all"]


def read_scope(
    variables: Mapping[str, Any], environment: Mapping[str, str], listed: Mapping[str, Any]
) -> dict[str, Any]:
    """``{"all", "parents", "names"}``.

    C(all) has the options of which the user wants all parents, C(parents) a row for each to read, with its options and
    a C(label) for people, C(names) the labels in one text. An id means exactly one; a name is for people.

    :param variables: by their names in PARENTS, and with C(_name) those of a host with the names for people.
    :param listed: by option, what Konnect lists, as far as that was asked.

    Raises InvalidInput with a sentence that says what to set.
    """
    given = only_set(variables)
    wanted = _wanted(given, environment)
    if not wanted:
        raise InvalidInput(
            "Set audit_control_planes or audit_ai_gateways to a list of names or ids, or to all. Or set "
            "KONNECT_CONTROL_PLANE or KONNECT_AI_GATEWAY in the environment."
        )
    everything = [option for option, names in wanted.items() if names == ALL]
    for option in everything:
        if listed.get(option) == []:
            variable, *_others = PARENTS[option]
            raise InvalidInput(f"Konnect lists nothing for {variable}. The token may lack the permission to list them.")
    parents = [row for option, names in wanted.items() for row in _rows(option, names, given, listed)]
    return {"all": everything, "parents": parents, "names": ", ".join(row["label"] for row in parents) or "all"}


def _wanted(given: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, list[str]]:
    """By option, the names that the first source gives: the variables of the playbook, the host, the environment."""
    named = {
        option: _names(given, variable) for option, (variable, _host, _env) in PARENTS.items() if variable in given
    }
    of_host = {option: [str(given[host])] for option, (_variable, host, _env) in PARENTS.items() if host in given}
    # With several in the environment, the first is meant, as for the modules.
    of_environment = [
        (option, [environment[name]]) for option, (_variable, _host, name) in PARENTS.items() if environment.get(name)
    ]
    found = {option: names for option, names in named.items() if names}
    return found or of_host or dict(of_environment[:1])


def _names(given: Mapping[str, Any], variable: str) -> list[str]:
    if given[variable] == []:
        return []
    try:
        return as_names(given[variable])
    except InvalidInput as error:
        raise InvalidInput(f"{variable} {error.message}.") from None


def _rows(option: str, names: list[str], given: Mapping[str, Any], listed: Mapping[str, Any]) -> list[dict[str, str]]:
    others = dict.fromkeys(PARENTS, "")
    if names == ALL:
        return [{**others, option: row["id"], "label": row["name"]} for row in listed.get(option) or ()]
    _variable, host, _environment = PARENTS[option]
    name = given.get(f"{host}_name")
    is_of_host = name and names == [given.get(host)]
    return [{**others, option: each, "label": str(name) if is_of_host else each} for each in names]
