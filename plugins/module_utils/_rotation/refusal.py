# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Why a strategy cannot rotate a secret here, found before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .options import RotationOptions
from .reading import Reading, Reference
from .trial import Trial, Tried

OTHERS = (
    "blue_green points the references at the new value before it is proved, so live requests fail while a bad value is "
    "found out. in_place writes over the old value, which is lost unless old_value is given."
)


def refusal(reading: Reading, keys: Sequence[str], options: RotationOptions) -> str | None:
    """None when the strategy can work.

    :param keys: the secret, and after it what a rotation that is taken over may have pointed references at.
    """
    key, rows = keys[0], [row for key in keys for row in reading.references_to(key)]
    if not rows:
        return (
            f"Nothing that the gateway resolves refers to {key}, so a new value could not be tried. Write it with "
            "konnect_secret."
        )
    if not reading.probes:
        return (
            f"Say how to test the new value of {key}: give probes, or the URL of a data plane for the chat request of "
            "the tutorial."
        )
    if options.strategy == "trial":
        tried = [row for key in keys for row in reading.tried(key)]
        return _refusal_of_trial(key, [_named(reading, row) for row in rows], tried, reading.trial)
    if options.strategy == "blue_green" and options.references == "own":
        foreign = [f"{_named(reading, row)} ({row.entity['id']})" for row in _foreign(reading.trial, rows)]
        if foreign:
            return (
                f"The strategy blue_green would change what this collection did not create: {', '.join(foreign)}. "
                "Whoever manages it may point it back. Set references to all to do it nevertheless."
            )
    return None


def _refusal_of_trial(key: str, names: Iterable[str], tried: Sequence[Tried], trial: Trial) -> str | None:
    if not any(row.using for row in tried):
        where = ", ".join(sorted(set(names)))
        return (
            f"The strategy trial cannot reach what refers to {key} ({where}): no probe leads to {trial.reached}. "
            f"Choose another strategy by name. {OTHERS}"
        )
    problem = trial.problem([row for row in tried if row.using])
    return f"{problem} {OTHERS}" if problem else None


def _foreign(trial: Trial, rows: Sequence[Reference]) -> list[Reference]:
    """One reference of each entity that was not, or not for sure, created by this collection."""
    found = {row.entity["id"]: row for row in rows}
    return [row for row in found.values() if not trial.is_own(row.control_plane, row.kind, row.entity)]


def _named(reading: Reading, row: Reference) -> str:
    """The entity of a reference, as messages call it."""
    workspace = row.control_plane.workspace
    place = "" if workspace == reading.control_plane.workspace else f" in workspace {workspace}"
    return f"{row.kind.label} {row.kind.display(row.entity)}{place}"
