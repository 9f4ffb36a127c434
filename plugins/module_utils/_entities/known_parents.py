# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Parents of what a task manages, whose ids earlier tasks of the run may know."""

from __future__ import annotations

from . import lookup
from .endpoint import Endpoint
from .kind import Entity


class KnownParents:
    """The parents that one task resolves."""

    def __init__(self) -> None:
        self._recalled: list[tuple[Endpoint, str, str]] = []

    def find_one(self, endpoint: Endpoint, name_or_id: str) -> Entity | None:
        """The one entity of that name or id, or None. It is looked up unless an earlier task knows it; then it has only
        its id, its name and its time of creation.
        """
        found = endpoint.recall(name_or_id)
        if found is None:
            return lookup.find_one(endpoint, name_or_id)
        self._recalled.append((endpoint, name_or_id, str(found["id"])))
        return found

    def forget_outdated(self) -> bool:
        """Look up what was only recalled, and forget what another client has removed or replaced since.

        True if there is such a parent. What is below it does not count.
        """
        for endpoint, name_or_id, known_id in self._recalled:
            found = lookup.find_one(endpoint, name_or_id)
            if found is None or found["id"] != known_id:
                endpoint.forget(known_id)
                return True
        return False
