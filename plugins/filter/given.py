# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput
from ..module_utils._variables import as_mapping, as_names

DOCUMENTATION = r"""
name: given
short_description: Read a variable that may be unset or a text
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Returns what a variable of a role or a playbook means, whether it was set in YAML, in a survey, or on the command
    line.
  - Null and the empty string mean that the variable is not set.
positional: default, form
options:
  _input:
    description: The value of the variable.
    type: raw
    required: true
  default:
    description: What to return when the variable is not set.
    type: raw
  form:
    description:
      - The form to return.
      - V(names) is a list of names. A text is split at commas, or read as JSON. An empty list counts as not set.
      - V(mapping) is a mapping. A text is read as JSON.
      - V(name_or_mapping) is a name, or a mapping, which may be a text with JSON.
    type: str
    choices: [names, mapping, name_or_mapping]
    required: true
  choices:
    description: With O(form=names), the only names that are allowed.
    type: list
    elements: str
  name:
    description: The name of the variable, for error messages.
    type: str
    default: variable
"""

EXAMPLES = r"""
- name: Read the phases to run
  ansible.builtin.debug:
    msg: "{{ 'prepare, try' | community.konnect.given(['commit'], 'names') }}"
"""

RETURN = r"""
_value:
  description: What the variable means, or O(default).
  type: raw
"""


def given(value: Any, default: Any, form: str, choices: Sequence[str] = (), name: str = "variable") -> Any:
    if value is None or value == "" or (form == "names" and value == []):
        return default
    try:
        if form == "names":
            return as_names(value, choices)
        if form == "name_or_mapping" and isinstance(value, str) and not value.lstrip().startswith("{"):
            return value
        return as_mapping(value)
    except InvalidInput as error:
        # Never with the value, which may hold a secret.
        raise AnsibleFilterError(f"{name} {error.message}.") from None


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"given": given}
