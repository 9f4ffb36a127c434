# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Few combinations of some choices that together hold every pair of two choices."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Combination = Mapping[str, Any]


def all_pairs(choices: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return combinations of one choice of each name, so that every two choices of different names meet in one.

    Always the same ones: each is the first, in the order of the choices, of those with the most pairs that are new.
    """
    every = [dict(zip(choices, values, strict=True)) for values in itertools.product(*choices.values())]
    pairs_of = [frozenset(pairs([combination])) for combination in every]
    missing = frozenset().union(*pairs_of)
    found = []
    while missing:
        best = max(range(len(every)), key=lambda index: len(pairs_of[index] & missing))
        missing -= pairs_of[best]
        found.append(every[best])
    return found


def pairs(combinations: Iterable[Combination]) -> set[tuple[Any, ...]]:
    """Return every two choices that meet in one of these combinations, each with its name."""
    return {pair for combination in combinations for pair in itertools.combinations(combination.items(), 2)}
