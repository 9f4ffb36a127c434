# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Entities that earlier tasks of a play in check mode would have made or removed, in one file of the run.

Each line is one fact: ``{"kind", "path": of the list, "id", "entity": its identity, or null when it would be gone}``.
An identity is names and ids of parents; it never holds a value. The last fact about an id counts. Tasks of several
hosts and forks add to the file at the same time, each under a lock.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entity = dict[str, Any]
# By which the action hands the file on to modules.
VARIABLE = "KONNECT_CHECK_MODE_FILE"
_NAMESPACE = uuid.UUID("d0c0a1f6-5d0e-5e0a-8a57-4b5d3f0f4c11")
_STAND_IN = re.compile(r"check-mode-[0-9a-f]{32}")


def stand_in_id(path: Sequence[str], key: str) -> str:
    """An id for what gets its id from Konnect alone. It has no form that Konnect knows.

    :param path: of the list; key: what names it there.
    """
    return f"check-mode-{uuid.uuid5(_NAMESPACE, '/'.join([*path, key])).hex}"


def is_stand_in(value: Any) -> bool:
    """True for an id that only check mode returns."""
    return isinstance(value, str) and _STAND_IN.fullmatch(value) is not None


def stand_ins_in(data: Any) -> Iterator[str]:
    """Each such id in options."""
    if isinstance(data, Mapping):
        data = list(data.values())
    if isinstance(data, (list, tuple)):
        for item in data:
            yield from stand_ins_in(item)
    elif is_stand_in(data):
        yield data


@dataclass(frozen=True)
class Predictions:
    """The facts of a run.

    :param file: where they are; None for a task that neither reads nor adds any.
    """

    file: str | None = None

    def add(self, kind: str, path: Sequence[str], entity: Entity, *, removed: bool = False) -> None:
        """Add a fact.

        :param entity: the identity, with an C(id).
        """
        if not self.file:
            return
        fact = {"kind": kind, "path": list(path), "id": entity["id"], "entity": None if removed else entity}
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(json.dumps(fact) + "\n")

    def applied(self, path: Sequence[str], entities: Iterable[Entity], key: str = "id") -> list[Entity]:
        """The entities of a list as they would be.

        :param key: the field that tells them apart.
        """
        facts = self._facts(path)
        present = [entity for entity in entities if facts.get(entity.get(key), entity) is not None]
        known = {entity.get(key) for entity in present}
        return [*present, *(entity for fact, entity in facts.items() if entity is not None and fact not in known)]

    def one(self, path: Sequence[str], entity_id: str, entity: Entity | None) -> Entity | None:
        """One entity as it would be.

        :param entity: what Konnect has.
        """
        facts = self._facts(path)
        return (entity or facts[entity_id]) if facts.get(entity_id) else (None if entity_id in facts else entity)

    def _facts(self, path: Sequence[str]) -> dict[Any, Entity | None]:
        """The entities of a list by their id, None for those that would be gone."""
        if not self.file or not os.path.exists(self.file):
            return {}
        with open(self.file, encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            facts = [json.loads(line) for line in file]
        return {fact["id"]: fact["entity"] for fact in facts if fact["path"] == list(path)}
