# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""SNIs in check mode, which are entities and a field of certificates at once: a change of either changes the other."""

from __future__ import annotations

from .._entities.control_plane import ControlPlane
from .._entities.kind import Entity, Kind
from .._entities.kinds import CERTIFICATE, SNI
from .._entities.managed_entity import entity_target
from .._entities.reconcile import Outcome
from .._predictions import stand_in_id


def predict_names(control_plane: ControlPlane, kind: Kind, outcome: Outcome) -> None:
    """Let later tasks of a play in check mode know the other side of what a task would write."""
    if not control_plane.check_mode or not outcome.changed:
        return
    if kind is CERTIFICATE and outcome.after:
        _predict_snis(control_plane, outcome.after)
    elif kind is SNI:
        _predict_certificates(control_plane, (outcome.before or {}).get("name"), outcome.after or {})


def _predict_snis(control_plane: ControlPlane, certificate: Entity) -> None:
    endpoint, wanted = control_plane.endpoint(SNI), certificate.get("snis") or []
    held = {row["name"]: row["id"] for row in endpoint.list() if _is_of(row, certificate)}
    for name in held.keys() - wanted:
        endpoint.delete(held[name], name=name)
    for name in [name for name in wanted if name not in held]:
        new_id = stand_in_id(endpoint.path, name)
        endpoint.predict({"id": new_id, "name": name, "certificate": {"id": certificate["id"]}})


def _predict_certificates(control_plane: ControlPlane, removed: str | None, sni: Entity) -> None:
    name = removed or sni.get("name")
    for row in [*control_plane.list(CERTIFICATE)]:
        held = row.get("snis") or []
        others = [each for each in held if each != name]
        names = [*others, name] if _is_of(sni, row) else others
        if sorted(names) != sorted(held):
            target = entity_target(control_plane, CERTIFICATE, {"id": row["id"]})
            target.endpoint.predict({**target.sealed(row), "snis": sorted(names)})


def _is_of(sni: Entity, certificate: Entity) -> bool:
    return (sni.get("certificate") or {}).get("id") == certificate["id"]
