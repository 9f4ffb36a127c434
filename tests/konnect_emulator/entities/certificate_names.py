# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``snis`` of a certificate: a view of the SNIs that point to it (kong/db/dao/certificates.lua of Kong Gateway 3.10).

Given in a write, it creates and deletes SNIs; left out of a PUT, it leaves them alone.
"""

from __future__ import annotations

from ..errors import Violation, reference_violation
from ..state import ControlPlane, Record
from . import storage
from .kinds import SNIS


def names_of(control_plane: ControlPlane, certificate_id: str) -> list[str]:
    """Return the names of the SNIs of a certificate, sorted."""
    return sorted(sni["name"] for sni in _snis(control_plane, certificate_id))


def taken_names(control_plane: ControlPlane, certificate_id: str | None, names: list[str]) -> list[Violation]:
    """Return what is wrong with names that are those of another certificate."""
    found = [storage.find_by_key(control_plane, SNIS, name) for name in names]
    return [
        reference_violation("snis", f"{sni['name']} already associated with existing certificate '{holder}'")
        for sni in found
        if sni is not None and (holder := sni["certificate"]["id"]) != certificate_id
    ]


def set_names(control_plane: ControlPlane, certificate_id: str, names: list[str]) -> None:
    """Create and delete SNIs until these are the ones of a certificate."""
    held = {sni["name"]: sni for sni in _snis(control_plane, certificate_id)}
    for name in sorted(held.keys() - set(names)):
        storage.delete(control_plane, SNIS, held[name], force=True)
    for name in sorted(set(names) - held.keys()):
        storage.write(control_plane, SNIS, {"name": name, "certificate": {"id": certificate_id}}, None)


def _snis(control_plane: ControlPlane, certificate_id: str) -> list[Record]:
    return [sni for sni in control_plane.entity_table(SNIS.path) if sni["certificate"]["id"] == certificate_id]
