# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleFilterError

DOCUMENTATION = r"""
name: user_path
short_description: Return the absolute path of a file or a directory of the user
version_added: 0.1.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - A relative path counts from the directory in which Ansible was started, not from that of the playbook, which may be
    in an installed collection.
  - A path within an installed collection is refused, because an update or the end of a container removes what is there.
positional: host
options:
  _input:
    description: The path. C(~) is the home directory of the user.
    type: str
    required: true
  host:
    description: The name of a directory below it. Empty for the path itself.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Show where the report of a host goes
  ansible.builtin.debug:
    msg: "{{ 'konnect-audit' | community.konnect.user_path(inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: The absolute path.
  type: str
  sample: /home/alex/konnect-audit/localhost
"""

COLLECTION = Path(__file__).resolve().parents[2]
# In a collection that was installed, but not in a checkout.
INSTALLED = "MANIFEST.json"


def user_path(path: Any, host: Any = "", collection: Path = COLLECTION) -> str:
    # A host's name is one name, not a path.
    name = str(host or "").replace(os.sep, "_")
    found = Path(os.path.abspath(os.path.expanduser(str(path)))) / ("_" if name in (".", "..") else name)
    if (collection / INSTALLED).exists() and found.resolve().is_relative_to(collection):
        raise AnsibleFilterError(
            f"{found} is within the installed collection, which is replaced when it is updated. Give "
            "another one, such as an absolute path."
        )
    return str(found)


class FilterModule:
    """Registers the filter with Ansible."""

    def filters(self) -> dict[str, Callable[..., str]]:
        return {"user_path": user_path}
