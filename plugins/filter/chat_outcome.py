# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._chat_response import assess_chat

DOCUMENTATION = r"""
name: chat_outcome
short_description: Tell whether a response is a chat completion of AI Proxy
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Assesses the response to a chat request through a data plane, as M(ansible.builtin.uri) returns it.
  - A response that is none yet may become one, while the data plane gets its configuration. One that comes from
    something else than a data plane does not.
positional: secrets
options:
  _input:
    description: The result of M(ansible.builtin.uri), with C(return_content).
    type: dict
    required: true
  secrets:
    description: Values that are left out of the text, such as the provider's key, which an upstream may return.
    type: list
    elements: str
    default: []
seealso:
  - module: ansible.builtin.uri
"""

EXAMPLES = r"""
- name: Send a chat request until it gets a chat completion
  ansible.builtin.uri:
    url: http://localhost:8000/anything
    method: POST
    body_format: json
    body:
      messages:
        - role: user
          content: What is 1+1?
    return_content: true
  register: chat
  until: (chat | community.konnect.chat_outcome).final
  retries: 60
  delay: 1
  failed_when: not (chat | community.konnect.chat_outcome).ok
"""

RETURN = r"""
_value:
  description:
    - C(ok) says whether the response is a chat completion with a text, C(final) whether further requests would not
      change it.
    - C(message) is a sentence about it, C(text) the text without the secrets.
  type: dict
  sample:
    ok: true
    final: true
    message: It is a chat completion.
    text: 1+1 is 2.
"""


def chat_outcome(response: Any, secrets: Any = ()) -> dict[str, Any]:
    """Assess the response to a chat request."""
    if not isinstance(response, Mapping):
        raise AnsibleFilterError("chat_outcome: the input must be a result of ansible.builtin.uri.")
    if isinstance(secrets, str) or not isinstance(secrets, Sequence):
        raise AnsibleFilterError("chat_outcome: secrets must be a list.")
    return asdict(assess_chat(response, secrets))


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"chat_outcome": chat_outcome}
