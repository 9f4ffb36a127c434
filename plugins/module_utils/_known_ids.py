# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The ids of entities that tasks of a run have found or made, so that later ones need not ask for them again.

Each line of the file is one fact: ``{"server", "path": of the list, "name": by which a task asks, "entity": its id,
name and time of creation}``, or ``{"server", "path", "gone": id}``. ``server`` is a digest of the URL and the token.
The last fact counts, and none about what is below an entity that is gone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import _run_file

Entity = dict[str, Any]
# By which the action hands on the file to modules.
VARIABLE = "KONNECT_KNOWN_IDS_FILE"


@dataclass(frozen=True)
class KnownIds:
    """The ids of one run.

    :param file: where they are; None where no action ran, which remembers nothing.
    :param key: of the run.
    :param server: which server and account the ids are of.
    """

    file: str | None = None
    key: str = field(default="", repr=False)
    server: str = ""

    def of_server(self, url: str, token: str) -> KnownIds:
        """Return those of one server as one token sees it, in the same file."""
        return replace(self, server=_run_file.server_digest(self.key, url, token))

    def add(self, path: Sequence[str], name: str, entity: Entity) -> None:
        """Remember an entity of a list.

        :param name: or the id, by which tasks ask for it.
        :param entity: its fields that a task needs of a parent.
        """
        if self.find(path, name) != entity:
            self._append({"path": list(path), "name": name, "entity": entity})

    def forget(self, path: Sequence[str], entity_id: str) -> None:
        """Forget an entity of a list, and all that is below it."""
        self._append({"path": list(path), "gone": entity_id})

    def find(self, path: Sequence[str], name: str) -> Entity | None:
        """The entity of that name or id; None where no task has found or made it."""
        found: Entity | None = None
        for fact in self._facts():
            if "gone" in fact:
                place = [*fact["path"], fact["gone"]]
                is_same = found is not None and fact["path"] == list(path) and found["id"] == fact["gone"]
                if is_same or place == list(path[: len(place)]):
                    found = None
            elif fact["path"] == list(path) and fact["name"] == name:
                found = fact["entity"]
        return found

    def _facts(self) -> list[dict[str, Any]]:
        facts: list[dict[str, Any]] = []
        # An asynchronous task may outlive the directory of the run.
        with contextlib.suppress(OSError):
            facts = _run_file.read(self.file) if self.file else []
        return [fact for fact in facts if fact["server"] == self.server]

    def _append(self, fact: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            if self.file:
                _run_file.append(self.file, {"server": self.server, **fact})
