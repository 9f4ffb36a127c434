# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge of rotations finds what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.rotation_judge import Evidence, digest, judge
from support.rotation_run import BAD, GOOD, KEY, OLD, Run

RECORD = f"{KEY}.fingerprint.0a1b2c3d.01a214907fac.{'0' * 32}"
RESULT = {
    "outcome": "rotated",
    "message": "mistral-key was rotated. The old key may be revoked.",
    "live_key": KEY,
    "old_key_may_be_revoked": True,
}
BACK = {
    **RESULT,
    "outcome": "rolled_back",
    "message": "mistral-key was not rotated. The earlier value is live, as before.",
    "old_key_may_be_revoked": False,
}


def use(time: int, value: str, status: int = 200, *, trial: bool = False) -> dict[str, Any]:
    return {"time": time, "node": "one", "trial": trial, "value": digest(value), "status": status}


TRIAL = [use(time, GOOD, trial=True) for time in (10, 20, 30)]
# Three proofs, the commit at 40, and the end at 60.
ROTATED = Evidence(
    value=GOOD,
    strategy="trial",
    run=Run(RESULT, False),
    uses=[use(5, OLD), *TRIAL, use(45, OLD), use(55, GOOD), use(65, GOOD)],
    writes=[(40, f"PUT /v2/secrets/{KEY}")],
    ended=60,
    final={"one": digest(GOOD)},
    entries=[KEY, RECORD],
    leftovers=[],
)
ROLLED_BACK = replace(
    ROTATED, value=BAD, run=Run(BACK, True), uses=[use(5, OLD), use(65, OLD)], writes=[], final={"one": digest(OLD)}
)


@pytest.mark.parametrize("evidence", [ROTATED, ROLLED_BACK], ids=["rotated", "rolled back"])
def test_a_rotation_as_it_should_be(evidence):
    assert judge(evidence) == []


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        (replace(ROLLED_BACK, final={"one": digest(BAD)}), "one is left with a value that does not work"),
        (replace(ROTATED, uses=[use(55, GOOD), use(65, GOOD)]), "no data plane had used it with success"),
        (replace(ROTATED, uses=[*TRIAL[:2], use(25, GOOD), *TRIAL[2:]]), "for a live request before it was proved"),
        (replace(ROTATED, uses=[*TRIAL, use(65, OLD)]), "may be revoked, it says, but one used it afterwards"),
        (replace(ROTATED, run=Run({**RESULT, "old_key_may_be_revoked": False}, False)), "is False, but it says"),
        (replace(ROTATED, final={"one": digest(OLD)}), "not every node ends with the new value"),
        (replace(ROLLED_BACK, final={"one": digest(GOOD)}), "not every node ends with the old value"),
        (replace(ROLLED_BACK, uses=[use(65, BAD, 401)], strategy="in_place"), "but one used the new value afterwards"),
        (replace(ROTATED, run=Run({**RESULT, "live_key": "other"}, False)), "live_key is other"),
        (replace(ROTATED, entries=[KEY, f"{KEY}-next", RECORD]), "left are mistral-key-next"),
        (replace(ROTATED, leftovers=["a-route"]), "left are a-route"),
        (replace(ROTATED, entries=[KEY]), "the secret has 0 fingerprints"),
    ],
)
def test_what_is_wrong_is_found(evidence, found):
    assert any(found in problem for problem in judge(evidence))


def test_a_lost_node_may_keep_the_old_value_when_nothing_else_is_said():
    said = {**RESULT, "message": "mistral-key was rotated. Keep the old key.", "old_key_may_be_revoked": False}
    final = {"one": digest(GOOD), "two": digest(OLD)}
    assert judge(replace(ROTATED, run=Run(said, False), final=final, lost=frozenset({"two"}))) == []
