# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Checks of lists in options that Konnect takes for sets."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .._errors import InvalidInput

NEVER_EMPTY = frozenset({"protocols"})


def check_lists(options: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse what Konnect does not accept in these options: an item that is there twice, and no protocol at all.

    :param options: whose values are lists, or mappings of lists.
    """
    for name in sorted(names):
        value = options.get(name)
        if value == [] and name in NEVER_EMPTY:
            raise InvalidInput(f"{name} must not be empty. Leave it out to keep what Konnect has.")
        for place, items in value.items() if isinstance(value, Mapping) else [(None, value)]:
            _check_list(name if place is None else f"{name}.{place}", items)


def _check_list(name: str, items: Any) -> None:
    texts = [item if isinstance(item, str) else json.dumps(item, sort_keys=True) for item in items or ()]
    twice = [text for text, count in Counter(texts).items() if count > 1]
    if isinstance(items, list) and twice:
        raise InvalidInput(f"{name} lists {', '.join(twice)} more than once. Konnect takes each once.")
