# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The backend that a task gives to a vault: whether what refers to the vault would survive it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._entities import lookup
from .._entities.control_plane import ControlPlane
from .._entities.kinds import CONFIG_STORE
from .._entities.usage import exposed_store_id, vault_usage
from .._errors import KonnectError
from .._references.targets import ReferenceTargets


def check_backend(targets: ReferenceTargets, control_plane: ControlPlane, options: Mapping[str, Any]) -> None:
    """Refuse the id of a config store that does not exist, and another backend for a vault that is referred to.

    :param options: of konnect_vault. Their C(check_references) says whether the latter is an error.
    """
    prefix, severity = options["prefix"], options["check_references"]
    store_id = exposed_store_id(dict(options))
    backend = options["backend"] or ("konnect" if options["config_store"] else None)
    if store_id is None and (backend is None or severity == "ignore"):
        return
    vault = targets.vaults.get(prefix)
    if store_id and exposed_store_id(vault or {}) != store_id:
        _check_store(control_plane, store_id)
    if vault is None or backend in (None, vault["name"]) or severity == "ignore":
        return
    usage = vault_usage(control_plane, prefix, [*targets.vaults.values()])
    if usage is None:
        return
    message = (
        f"{usage.subject} {usage.reason}, which the backend {backend} would resolve to something else than "
        f"{vault['name']} does."
    )
    if severity == "fail":
        raise KonnectError(
            f"{message} It was not changed. Use a vault with another prefix, or set check_references to warn.",
            code=usage.code,
            **usage.facts,
        )
    control_plane.task.warn(message)


def _check_store(control_plane: ControlPlane, store_id: str) -> None:
    endpoint = control_plane.endpoint(CONFIG_STORE)
    if not lookup.is_id(store_id) or endpoint.find(store_id) is None:
        raise lookup.not_found(endpoint, store_id, control_plane.label)
