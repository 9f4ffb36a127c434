# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The combinations in which rotations are judged."""

from __future__ import annotations

import itertools

from support.pairs import all_pairs, pairs

CHOICES = {"size": [1, 2, 3, 4], "color": ["red", "green", "blue"], "shape": ["round", "square"], "loud": [True, False]}


def test_every_two_choices_meet():
    every = [dict(zip(CHOICES, values, strict=True)) for values in itertools.product(*CHOICES.values())]
    assert pairs(all_pairs(CHOICES)) == pairs(every)


def test_there_are_few_combinations():
    assert len(all_pairs(CHOICES)) <= 16  # of 48; the largest two have 12 pairs


def test_they_are_the_same_every_time():
    assert all_pairs(CHOICES) == all_pairs(CHOICES)


def test_the_choices_of_a_combination_are_one_of_each_name():
    assert all(list(combination) == list(CHOICES) for combination in all_pairs(CHOICES))
