# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.vault_reference import FilterModule

vault_reference = FilterModule().filters()["vault_reference"]


def test_the_reference_of_the_tutorial():
    assert vault_reference("mistral-key", "mysecretvault") == "{vault://mysecretvault/mistral-key}"


@pytest.mark.parametrize("arguments", [("", "mysecretvault"), ("key", "Bad_Prefix"), (None, "vault"), ("key", 7)])
def test_bad_input_is_told(arguments):
    with pytest.raises(AnsibleFilterError, match="vault_reference"):
        vault_reference(*arguments)
