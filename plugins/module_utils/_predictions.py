# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Entities that earlier tasks of a play in check mode would have made or removed, in one file of the run.

Each line is one fact: ``{"server", "kind", "path": of the list, "id", "name", "entity": as it would be, or null when it
would be gone}``. ``server`` is a digest of the URL and the token. In the place of each secret in an entity is a seal: a
digest by which two secrets are told apart. The key of both is that of the run. Of a secret of a config store there is
no value at all. The last fact about an id counts, and none about what is below an entity that was removed since.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import _run_file
from ._secret_text import normalize_text

Entity = dict[str, Any]
# By which the action hands on the file to modules.
VARIABLE = "KONNECT_CHECK_MODE_FILE"
# What stands for a secret, or for the part of a text that is one.
SEAL = re.compile(r"check-mode-seal-[0-9a-f]{32}")
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
    :param key: of the seals.
    :param server: which server and account the facts are about.
    """

    file: str | None = None
    key: str = field(default="", repr=False)
    server: str = ""

    def of_server(self, url: str, token: str) -> Predictions:
        """Return those about one server as one token sees it, in the same file."""
        return replace(self, server=_run_file.server_digest(self.key, url, token))

    def seal(self, secret: str) -> str:
        """The text that stands for a secret; of a seal, itself."""
        if SEAL.fullmatch(secret):
            return secret
        return f"check-mode-seal-{_run_file.digest(self.key, normalize_text(secret))}"

    def add(self, kind: str, path: Sequence[str], entity_id: str, name: str | None, entity: Entity | None) -> None:
        """Add a fact.

        :param entity: with seals in the place of secrets; None when it would be gone.
        """
        if not self.file:
            return
        about = {"kind": kind, "path": list(path), "id": entity_id, "name": name}
        _run_file.append(self.file, {"server": self.server, **about, "entity": entity})

    def changed(self, path: Sequence[str]) -> dict[Any, Entity | None]:
        """The entities of a list that would be others, by id; None for those that would be gone."""
        return {entity_id: fact["entity"] for entity_id, fact in self._facts(path).items()}

    def one(self, path: Sequence[str], entity_id: str, entity: Entity | None) -> Entity | None:
        """One entity as it would be.

        :param entity: what Konnect has.
        """
        fact = self._facts(path).get(entity_id)
        return fact["entity"] if fact else entity

    def removed(self, path: Sequence[str], name_or_id: str) -> bool:
        """True if an entity of a list would be gone."""
        return any(
            fact["entity"] is None and name_or_id in (fact["name"], fact["id"]) for fact in self._facts(path).values()
        )

    def _facts(self, path: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The facts about a list by the id of the entity."""
        facts: dict[str, dict[str, Any]] = {}
        for fact in _run_file.read(self.file) if self.file else ():
            if fact["server"] != self.server:
                continue
            place = [*fact["path"], fact["id"]]
            if fact["path"] == list(path):
                facts[fact["id"]] = fact
            elif fact["entity"] is None and place == list(path[: len(place)]):
                facts = {}
        return facts
