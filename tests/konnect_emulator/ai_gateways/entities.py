# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entities of an AI Gateway: written by the rules of their kind, and shown without what is write-only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..plugins.schema import is_reference
from ..record_table import RecordTable
from ..state import ControlPlane, Record, iso_timestamp, new_id
from ..switches import Switches
from . import schemas
from .answers import Problem, bad_request, missing, not_unique
from .kinds import Kind

READ_ONLY = ("id", "created_at", "updated_at")


class Entities:
    """The entities of one kind in a gateway, or below one of its consumers."""

    def __init__(self, gateway: ControlPlane, kind: Kind, switches: Switches, owner: str = "") -> None:
        self._gateway = gateway
        self._kind = kind
        self._switches = switches
        self.table: RecordTable[Record] = gateway.entity_table(f"{kind.segment}{owner}")

    def find(self, id_or_name: str) -> Record:
        """Return the entity that a path names; raises a 404."""
        found = self.table.get(id_or_name.lower())
        if found is None and self._kind.by_name:
            found = next((each for each in self.table if each.get("name") == id_or_name), None)
        if found is None:
            raise missing()
        return found

    def create(self, body: Record) -> Record:
        """Store a new entity."""
        record = self._checked("Create", body)
        if self._kind.is_unique and any(each.get("name") == body["name"] for each in self.table):
            raise not_unique()
        moment = iso_timestamp(self._gateway.clock.now_ms())
        return self._store({**record, "id": new_id(), "created_at": moment, "updated_at": moment})

    def replace(self, former: Record, body: Record) -> Record:
        """Store an entity in the place of another one; its name stays."""
        record = self._checked("Update", body)
        if body.get("name") != former.get("name"):
            raise bad_request({"field": "name", "rule": "invalid", "reason": "name cannot be changed"})
        if self._switches.ai_put_secrets == "keep":
            record = schemas.kept(self._schema("Update"), record, former)
        times = {"id": former["id"], "created_at": former["created_at"]}
        return self._store({**record, **times, "updated_at": iso_timestamp(self._gateway.clock.now_ms())})

    def remove(self, record: Record) -> None:
        """Remove an entity; a provider that models use is refused with 400 (kongctl issue 2282)."""
        if self._kind.segment == "model-providers" and self._is_used(record):
            reason = "provider.id (type: foreign-reference) constraint failed"
            raise Problem(400, reason, [{"field": "provider.id", "rule": "invalid", "reason": reason}])
        self.table.remove(record["id"])
        self._gateway.record_change()

    def show(self, record: Record) -> Record:
        """Return an entity as responses show it."""
        body = {name: value for name, value in record.items() if name not in READ_ONLY}
        found: Record = schemas.shown(self._schema("Create"), body, self._hide)
        for name, order in self._kind.sorted.items():
            if name in found:
                found[name] = sorted(found[name], key=order)
        return {**found, **self._kind.extra(record), **{name: record[name] for name in READ_ONLY}}

    def _hide(self, value: Any) -> Any:
        if self._switches.ai_references == "shown" and is_reference(value):
            return value
        if self._switches.ai_secret_null:
            return None
        raise KeyError

    def _schema(self, verb: str) -> schemas.Schema:
        return schemas.schema_of(f"{verb}AIGateway{self._kind.schema}Request")

    def _checked(self, verb: str, body: Record) -> Record:
        schema = self._schema(verb)
        invalid = [*schemas.check(schema, body)]
        if invalid:
            raise bad_request(*invalid)
        self._check_providers(body)
        record: Record = schemas.filled(schema, body)
        return {name: value for name, value in record.items() if name not in READ_ONLY}

    def _check_providers(self, body: Record) -> None:
        if self._kind.segment != "models":
            return
        known = {each[name] for each in self._gateway.entity_table("model-providers") for name in ("id", "name")}
        for number, target in enumerate(body["targets"]):
            if target["provider"] not in known:
                reason = f"provider {target['provider']} does not exist"
                field = f"targets.{number}.provider"
                raise bad_request({"field": field, "rule": "missing_reference", "reason": reason})

    def _is_used(self, provider: Record) -> bool:
        names = {provider["id"], provider["name"]}
        return any(target["provider"] in names for target in _targets(self._gateway))

    def _store(self, record: Record) -> Record:
        self.table.put(record["id"], record)
        self._gateway.record_change()
        return self.show(record)


def _targets(gateway: ControlPlane) -> list[Mapping[str, Any]]:
    return [target for model in gateway.entity_table("models") for target in model["targets"]]
