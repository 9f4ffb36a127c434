# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The options of a wait for data plane nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from dataclasses import dataclass, replace
from typing import Any

from .._entities.timestamps import seconds
from .._errors import InvalidInput, KonnectError


@dataclass(frozen=True)
class SyncOptions:
    """How a wait goes. Times in seconds.

    :param hash_change_timeout: how long the expected hash may take to change after a write.
    :param proved_nodes: how many nodes are known to run what was written; None when that is not known. There is no wait
        where Konnect knows no more nodes than these.
    :param ignore_lost: hostnames and ids of lost nodes that do not matter. A whole number stands for all nodes that
        were not seen for so many seconds.
    """

    timeout: float = 120
    interval: float = 2
    minimum_nodes: int = 1
    proved_nodes: int | None = None
    hash_change_timeout: float = 90
    ignore_lost: frozenset[str] = frozenset()

    def ignores(self, names: set[str], unseen: float) -> bool:
        """True if a lost node does not matter.

        :param names: its hostname and its id.
        :param unseen: seconds since its last ping.
        """
        limits = [int(entry) for entry in self.ignore_lost if entry.isdecimal()]
        return bool(names & self.ignore_lost) or any(unseen > limit for limit in limits)

    @classmethod
    def from_options(cls, params: Mapping[str, Any]) -> SyncOptions:
        """Raises InvalidInput for numbers that cannot work."""
        for name in ("timeout", "minimum_nodes", "proved_nodes", "hash_change_timeout"):
            if (params.get(name) or 0) < 0:
                raise InvalidInput(f"{name} is {params[name]}; it must not be negative.")
        if not params["interval"] > 0:
            raise InvalidInput(f"interval is {params['interval']}; it must be more than 0 seconds.")
        options = {name: params[name] for name in cls.__dataclass_fields__ if name in params}
        return cls(**{**options, "ignore_lost": frozenset(params["ignore_lost"] or ())})

    def waits_for(self, nodes: Sized) -> bool:
        """True if it is not known yet that all of these nodes run what was written."""
        return self.proved_nodes is None or len(nodes) > self.proved_nodes

    def once(self) -> SyncOptions:
        """Options for reading the nodes once, without a wait."""
        return replace(self, timeout=0)


@dataclass(frozen=True)
class Written:
    """The writes that data planes should run, as far as they are known.

    :param hashes: every expected hash, and expected version, seen from before the first write until the response of
        the last one.
    :param at: the ``Date`` of that response, in seconds since 1970; None when it is not known.
    """

    hashes: frozenset[str] = frozenset()
    at: float | None = None

    @property
    def is_known(self) -> bool:
        return bool(self.hashes) or self.at is not None

    @classmethod
    def from_options(cls, params: Mapping[str, Any]) -> Written:
        """Raises InvalidInput for a time that is none."""
        written_at = params["written_at"]
        try:
            at = seconds(written_at) if written_at else None
        except KonnectError:
            raise InvalidInput(
                f"written_at is {written_at!r}; it must be a time such as 2026-11-23T10:00:00Z."
            ) from None
        return cls(frozenset(filter(None, params["previous_hashes"] or ())), at)
