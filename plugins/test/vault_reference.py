# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..module_utils._errors import InvalidInput
from ..module_utils._vault_reference import parse_reference

DOCUMENTATION = r"""
name: vault_reference
short_description: Test whether a value is a reference to a secret in a Kong Vault
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Succeeds when the whole value is a well-formed secret reference, C({vault://PREFIX/KEY}). Kong Gateway resolves a
    reference only when it is the whole value of a field.
  - Does not check whether the Vault and the secret exist; see M(community.konnect.konnect_reference_info).
options:
  _input:
    description: The value.
    type: raw
    required: true
seealso:
  - plugin: community.konnect.vault_reference
    plugin_type: filter
  - module: community.konnect.konnect_reference_info
"""

EXAMPLES = r"""
- name: Fail when a key is in clear text
  ansible.builtin.assert:
    that: header_value is community.konnect.vault_reference
  vars:
    header_value: "{vault://mysecretvault/mistral-key}"
"""

RETURN = r"""
_value:
  description: Whether the value is a secret reference.
  type: bool
  sample: true
"""


def vault_reference(value: Any) -> bool:
    try:
        parse_reference(value)
    except InvalidInput:
        return False
    return True


class TestModule:
    """Registers the test with Ansible."""

    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"vault_reference": vault_reference}
