# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Find what is wrong with the variables of the role rotate_secret, before a phase fails and another one rolls back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._errors import InvalidInput
from .variables import check_rows, check_types, one_of, only_set

ROLE = "rotate_secret"
CHOICES = {"strategy": ("trial", "blue_green", "in_place"), "references": ("own", "all")}
# By name, the types that the options of the module have.
TYPES: Mapping[str, str] = {
    **dict.fromkeys(("allow_no_rollback", "take_over"), "bool"),
    **dict.fromkeys(("value_version", "probe_successes", "probe_deadline", "sync_timeout"), "int"),
    **dict.fromkeys(("hash_change_timeout", "minimum_nodes"), "int"),
    **dict.fromkeys(("max_age_days", "probe_duration"), "float"),
}
NEEDED = {"config_store": "the name of the Config Store", "key": "the key of the secret"}


def check_variables(variables: Mapping[str, Any]) -> None:
    """Raise InvalidInput with a sentence that says what to set. It has no value in it.

    :param variables: by their names without ``rotate_secret_``, the phases as a list. Null and the empty text mean that
        one is not set.
    """
    given = only_set(variables)
    for name, what in NEEDED.items():
        if name not in given:
            raise InvalidInput(f"Set {ROLE}_{name} to {what}.")
    for name, choices in CHOICES.items():
        one_of(given, ROLE, name, choices)
    check_types(given, f"{ROLE}_", TYPES)
    check_rows(given, ROLE, "probes")
    writing = {"prepare", "commit"} | ({"switch"} if given.get("strategy") == "in_place" else set())
    phases = [phase for phase in given.get("phases", ()) if phase in writing]
    if phases and "value" not in given:
        raise InvalidInput(f"Set {ROLE}_value to the new value, which the phase {phases[0]} needs.")
