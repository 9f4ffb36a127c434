# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Texts from Konnect, such as names and labels, never run as templates in a play."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core 2.18
    from ansible.utils.unsafe_proxy import wrap_var

    def _marked(text: str, may_be_template: bool) -> str:
        return wrap_var(text) if may_be_template else text
else:

    def _marked(text: str, may_be_template: bool) -> str:
        # A text has to be trusted to be a template, and one that is not is marked in what ansible-inventory prints.
        return text if may_be_template else trust_as_template(text)


_TEMPLATE = re.compile("[{}]")


def without_templates(data: Any) -> Any:
    """The data, in which no text is a template.

    Those that could be one are marked, and no others: what AWX stores of an inventory has the mark in it.
    """
    if isinstance(data, Mapping):
        return {without_templates(name): without_templates(value) for name, value in data.items()}
    if isinstance(data, list):
        return [without_templates(item) for item in data]
    if isinstance(data, str):
        return _marked(data, may_be_template=_TEMPLATE.search(data) is not None)
    return data
