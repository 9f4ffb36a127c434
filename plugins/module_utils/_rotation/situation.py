# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The situation of one secret and its rotation, from which a plan is made."""

from __future__ import annotations

from dataclasses import dataclass

from .._entities.kinds import Entity
from .._entities.timestamps import milliseconds
from .._rotation_entry import Stage
from .identity import Owner


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
        }
        return frozenset(stage for stage, time in self.owner.stages if time in held.get(stage, {time}))

    @property
    def overwritten_by_another(self) -> bool:
        """True if KEY was written in place, and then by another client."""
        reached = {stage for stage, _time in self.owner.stages} if self.owner else set()
        return Stage.OVERWRITTEN in reached and Stage.OVERWRITTEN not in self.stages

    @property
    def secret_moved(self) -> bool:
        """True if KEY was written since the rotation was claimed."""
        return self.owner is not None and _written(self.secret) != self.owner.claimed.time


def _written(entry: Entity | None) -> int | None:
    """When an entry was last written, in milliseconds since 1970."""
    return milliseconds(entry["updated_at"]) if entry else None
