# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The situation and the request that the plan of a phase is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .._entities.kind import Entity
from .._entities.timestamps import milliseconds
from .._rotation_entry import Stage
from .identity import Owner

Strategy = Literal["trial", "blue_green", "in_place"]
# Of the old value that a task gives: it gives none; KEY holds it; KEY held it when the rotation was claimed; neither.
OldValue = Literal["none", "confirmed", "held", "other"]
Phase = Literal["prepare", "try", "switch", "commit", "rollback"]
# A rotation of which no entry moved for so many seconds is taken for one that was interrupted.
BUSY_SECONDS = 3600


@dataclass(frozen=True)
class Situation:
    """One secret and its rotation, as a control plane holds them.

    :param secret, next: the metadata of KEY and of KEY-next, None when they are not there.
    :param claim: the metadata of the newest claim or take-over, None when nobody claims the rotation.
    :param owner: the pending rotation, when it is that of the task.
    :param leftovers: whether there are entries of a rotation.
    :param in_sync: whether KEY is known to hold the new value.
    :param referring, referring_next: how many references the gateway resolves to KEY, and to KEY-next.
    :param has_trial: whether the temporary route is there.
    :param idle: seconds since an entry of the rotation moved, by the server's clock.
    """

    secret: Entity | None = None
    next: Entity | None = None
    claim: Entity | None = None
    owner: Owner | None = None
    leftovers: bool = False
    in_sync: bool = False
    referring: int = 0
    referring_next: int = 0
    has_trial: bool = False
    idle: float = 0.0

    @property
    def stages(self) -> frozenset[Stage]:
        """The stages that the rotation of the task reached, and that still hold."""
        if not self.claim or not self.owner:
            return frozenset()
        held = {
            Stage.PREPARED: {_written(self.next)},
            Stage.SWITCHED: {_written(self.next)},
            Stage.OVERWRITTEN: {_written(self.secret)},
            Stage.PROVED: {_written(self.secret), _written(self.next)},
            Stage.COMMITTING: {_written(self.secret), self.owner.claimed.time},
        }
        return frozenset(stage for stage, time in self.owner.stages if time in held.get(stage, {time}))

    @property
    def reached(self) -> frozenset[Stage]:
        """The stages that the rotation of the task reached, whether or not they still hold."""
        return frozenset(stage for stage, _time in self.owner.stages) if self.owner else frozenset()

    @property
    def overwritten_by_another(self) -> bool:
        """True if KEY was written in place, and then by another client."""
        return Stage.OVERWRITTEN in self.reached - self.stages

    @property
    def is_in_use(self) -> bool:
        """True if a reference leads to KEY or to KEY-next."""
        return bool(self.referring or self.referring_next)

    @property
    def secret_moved(self) -> bool:
        """True if KEY was written since the rotation was claimed."""
        if self.owner:
            return _written(self.secret) != self.owner.claimed.time
        written, claimed = _written(self.secret), _written(self.claim)
        return written is not None and claimed is not None and written > claimed


@dataclass(frozen=True)
class Request:
    """The request of a task.

    :param has_value: whether it gives the new value.
    :param old_value: what the fingerprint tells of the old value that the task gives.
    :param refusal: why the strategy cannot work here; None when it can, or when live traffic is concerned already.
    :param due: whether the secret is old enough to be rotated.
    :param busy: of a rollback, whether the phase that failed had found another run at the rotation.
    """

    phase: Phase
    key: str
    strategy: Strategy = "trial"
    has_value: bool = True
    old_value: OldValue = "none"
    allow_no_rollback: bool = False
    take_over: bool = False
    refusal: str | None = None
    due: bool = True
    busy: bool = False
    check_mode: bool = False


def _written(entry: Entity | None) -> int | None:
    """When an entry was last written, in milliseconds since 1970."""
    return milliseconds(entry["updated_at"]) if entry else None
