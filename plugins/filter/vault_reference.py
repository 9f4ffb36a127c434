# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InvalidInput
from ..module_utils._vault_reference import build_reference

DOCUMENTATION = r"""
name: vault_reference
short_description: Write a reference to a secret in a Kong Vault
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Turns the key of a secret into the reference by which Kong Gateway resolves it, C({vault://PREFIX/KEY}).
positional: prefix
options:
  _input:
    description: The key of the secret in a Config Store, or the path of a secret in another backend.
    type: str
    required: true
  prefix:
    description: The prefix of the Vault.
    type: str
    required: true
  property:
    description: The field to refer to, when the secret's value is a flat JSON object.
    type: str
seealso:
  - module: community.konnect.konnect_plugin
  - module: community.konnect.konnect_vault
"""

EXAMPLES = r"""
- name: Show the reference to a secret
  ansible.builtin.debug:
    msg: "{{ 'mistral-key' | community.konnect.vault_reference('mysecretvault') }}"
    # {vault://mysecretvault/mistral-key}

- name: Show the reference to one field of a JSON secret
  ansible.builtin.debug:
    msg: "{{ 'database' | community.konnect.vault_reference('mysecretvault', property='password') }}"
    # {vault://mysecretvault/database/password}
"""

RETURN = r"""
_value:
  description: The reference.
  type: str
  sample: "{vault://mysecretvault/mistral-key}"
"""


def vault_reference(key: Any, prefix: Any, property: Any = None) -> str:
    if not isinstance(key, str) or not isinstance(prefix, str) or not isinstance(property, (str, type(None))):
        raise AnsibleFilterError("vault_reference: the key, the prefix and the property must be strings.")
    try:
        return build_reference(str(key), str(prefix), None if property is None else str(property))
    except InvalidInput as error:
        raise AnsibleFilterError(f"vault_reference: {error.message}") from None


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., str]]:
        return {"vault_reference": vault_reference}
