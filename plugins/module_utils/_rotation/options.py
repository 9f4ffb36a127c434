# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The options of a rotation, from those of konnect_secret_rotation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .._client.connection import check_bundle
from .._data_plane.options import SyncOptions
from .._entities.control_plane import ControlPlane
from .._entities.kinds import CONFIG_STORE
from .._errors import InvalidInput
from .._rotation_entry import SUFFIX_BYTES
from .._secrets.secret import KEY_BYTES, FingerprintKeys, Wanted, as_text, check_key, storage_warnings
from .._secrets.store import SecretStore
from .probe import Probe
from .prober import Patience
from .reading import Subject
from .situation import Phase, Strategy


@dataclass(frozen=True)
class RotationOptions:
    """How a phase goes.

    :param probes: those that the task gives.
    :param proxy_url: where chats are sent when it gives none; empty when they cannot be.
    :param references: V(own) refuses blue_green where references are on entities that this collection did not create.
    :param max_age: rotate only a secret that was written at least so many seconds ago.
    :param patience: of the probes that prove the new value.
    :param because, failed_outcome: of a phase that failed and is rolled back; see konnect_secret_rotation.
    """

    phase: Phase
    strategy: Strategy = "trial"
    probes: Sequence[Probe] = ()
    proxy_url: str = ""
    references: Literal["own", "all"] = "own"
    take_over: bool = False
    allow_no_rollback: bool = False
    max_age: float | None = None
    patience: Patience = Patience(3, 10, 180)
    sync: SyncOptions = field(default_factory=SyncOptions)
    because: str = ""
    failed_outcome: str = "refused"


def rotation_options(options: Mapping[str, Any]) -> RotationOptions:
    """Raises InvalidInput for what cannot work."""
    for name in ("probe_successes", "probe_deadline"):
        if options[name] < 1:
            raise InvalidInput(f"{name} must be at least 1.")
    if options["probe_duration"] < 0 or (options["max_age_days"] or 0) < 0:
        raise InvalidInput("probe_duration and max_age_days must not be negative.")
    if options["phase"] == "try" and options["strategy"] != "trial":
        raise InvalidInput("The phase try goes only with the strategy trial.")
    if options["phase"] == "switch" and options["strategy"] == "trial":
        raise InvalidInput("The phase switch goes only with the strategies blue_green and in_place.")
    writes = options["phase"] in ("prepare", "commit") or (options["phase"], options["strategy"]) == (
        "switch",
        "in_place",
    )
    if writes and options["value"] in (None, ""):
        raise InvalidInput(f"The phase {options['phase']} needs value.")
    days = options["max_age_days"]
    return RotationOptions(
        phase=options["phase"],
        strategy=options["strategy"],
        probes=_probes(options),
        proxy_url=_proxy_url(options),
        references=options["references"],
        take_over=options["take_over"],
        allow_no_rollback=options["allow_no_rollback"],
        max_age=None if days is None else days * 86400,
        patience=Patience(options["probe_successes"], options["probe_duration"], options["probe_deadline"]),
        sync=SyncOptions.from_options({**options, "timeout": options["sync_timeout"], "interval": 2}),
        because=options["because"],
        failed_outcome=options["failed_outcome"],
    )


def rotation_subject(control_plane: ControlPlane, options: Mapping[str, Any]) -> Subject:
    """The secret, with the values that the task gives; all of them checked before the first request."""
    key, keys = options["key"], FingerprintKeys.from_options(options)
    check_key(key, with_record=True)
    if len(key.encode()) > KEY_BYTES - SUFFIX_BYTES:
        raise InvalidInput(
            f"The secret's key has {len(key.encode())} bytes; a rotation takes {KEY_BYTES - SUFFIX_BYTES}."
        )

    def wanted(name: str, version: int | None) -> Wanted | None:
        if options[name] in (None, ""):
            return None
        found = Wanted(key, as_text(options[name]), value_version=version)
        keys.check(found)
        return found

    new, old = wanted("value", options["value_version"]), wanted("old_value", None)
    if new and old and new.value == old.value:
        raise InvalidInput("value and old_value are the same.")
    control_plane.task.warn_all(storage_warnings({key: options["value"]}))
    store = SecretStore(control_plane, control_plane.resolve(CONFIG_STORE, options["config_store"]))
    return Subject(store, key, keys, new, old)


def _proxy_url(options: Mapping[str, Any]) -> str:
    url = (options["proxy_url"] or "").rstrip("/")
    if url and not options["probes"]:
        if "?" in url or "#" in url:
            raise InvalidInput("proxy_url must be without query and fragment. Give a request with a query as a probe.")
        Probe(url)  # which checks it
    return url


def _probes(options: Mapping[str, Any]) -> list[Probe]:
    for row in options["probes"] or ():
        if row["ca_path"] and row["validate_certs"]:
            check_bundle(row["ca_path"])
    return [
        Probe(
            url=row["url"],
            method=row["method"].upper(),
            headers={str(name): str(value) for name, value in (row["headers"] or {}).items()},
            body=row["body"],
            route=row["route"],
            good=tuple(row["good_status"] or ()),
            bad=tuple(row["bad_status"]),
            timeout=row["timeout"],
            verify=(row["ca_path"] or True) if row["validate_certs"] else False,
        )
        for row in options["probes"] or ()
    ]
