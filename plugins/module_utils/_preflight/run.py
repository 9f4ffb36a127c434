# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Looks at all that a run needs, from the token to the provider's key. Sends only requests that read."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from .._data_plane.nodes import Snapshot, is_group_member, read_snapshot
from .._entities.control_plane import ControlPlane
from .._errors import InvalidInput, KonnectError
from .._loopback import is_loopback
from .._rotation.probe import Probe, ProbeResponse
from .._rotation.prober import send_probe
from .checks import (
    REGION,
    REMEDIES,
    TOKEN,
    Check,
    Subject,
    check_error,
    check_fingerprint_key,
    check_nodes,
    check_permissions,
    check_provider,
    check_proxy,
    check_versions,
)


@dataclass(frozen=True)
class Needs:
    """Inputs of a run beside Konnect; empty or None where one is not set.

    :param models_url: where the provider lists its models to those who have a key.
    """

    proxy_url: str | None = None
    provider_key: str | None = None
    models_url: str | None = None
    fingerprint_key: str | None = None


def run_checks(parent: ControlPlane | KonnectError, needs: Needs, subject: Subject) -> list[Check]:
    """Every check in the order in which to solve what they find.

    :param parent: or the error that says why there is not even a way to it.
    """
    konnect = check_error(parent, subject) if isinstance(parent, KonnectError) else _check_konnect(parent, subject)
    if needs.models_url and needs.provider_key:
        provider = _ask(needs.models_url, {"Authorization": f"Bearer {needs.provider_key}"})
    else:
        provider = None
    proxy = _ask(needs.proxy_url, {}) if needs.proxy_url else None
    return [
        *konnect,
        check_proxy(needs.proxy_url, proxy, subject),
        check_provider(bool(needs.provider_key), needs.models_url, provider),
        check_fingerprint_key(needs.fingerprint_key),
    ]


def _check_konnect(control_plane: ControlPlane, subject: Subject) -> list[Check]:
    try:
        entity = control_plane.read()
    except KonnectError as error:
        return check_error(error, subject)
    cluster_type = str((entity.get("config") or {}).get("cluster_type") or "")
    checks = [
        Check(TOKEN, "ok", "Konnect accepts the token."),
        Check(REGION, "ok", f"{control_plane.client.connection.url} responds."),
        subject.decide(subject.check, entity),
        check_permissions(_refused(control_plane, subject)),
    ]
    try:
        seen: Snapshot = read_snapshot(control_plane)
    except KonnectError as error:
        return [*checks, Check("data_planes", "failed", error.message, REMEDIES["permissions"])]
    in_group = not seen.nodes and is_group_member(control_plane)
    return [*checks, check_nodes(seen.nodes, cluster_type, in_group, subject), check_versions(seen.nodes, subject)]


def _refused(control_plane: ControlPlane, subject: Subject) -> dict[str, KonnectError]:
    """The kinds whose first page cannot be read."""
    refused: dict[str, KonnectError] = {}
    for kind in subject.needs:
        try:
            next(iter(control_plane.list(kind)), None)
        except KonnectError as error:
            refused[f"{kind.label}s"] = error
    return refused


def _ask(url: str, headers: dict[str, str]) -> ProbeResponse:
    """GET a URL once. A key never goes in clear text over a network."""
    try:
        probe = Probe(url=url, method="GET", headers=headers, timeout=10.0)
    except InvalidInput as error:
        return ProbeResponse(None, error=error.message.rstrip("."))
    if headers and urlsplit(url).scheme == "http" and not is_loopback(url):
        return ProbeResponse(None, error="the key would be sent in clear text")
    return send_probe(probe, 1)
