# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Reads the control planes of every source, as the variables of their hosts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from typing import Any

from ...module_utils._client.client import KonnectClient
from ...module_utils._client.session import REQUESTS_IMPORT_ERROR
from ...module_utils._data_plane.nodes import count_live_nodes
from ...module_utils._entities.control_plane import ControlPlane, Organization
from ...module_utils._entities.kind import Entity
from ...module_utils._errors import ApiError, ErrorCode, InvalidInput, KonnectError
from ...module_utils._resources.control_plane import read_control_planes
from ...module_utils._task import Task
from .options import Filters, InventoryOptions, Source

PARALLEL = 10
# Refused for one control plane, these say nothing about the others.
UNREADABLE = (ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND)

# The variables of a host, as the documentation of the plugin has them. They are what is cached: never a token.
Variables = dict[str, Any]


def read_hosts(options: InventoryOptions, warn: Callable[[str], None]) -> list[Variables]:
    """The variables of each control plane that fits, once for each workspace of a source.

    Raises KonnectError when one of the sources cannot be read, since an inventory without its hosts would be taken for
    one that has no more.

    :param warn: called with each warning.
    """
    if REQUESTS_IMPORT_ERROR:
        raise InvalidInput(
            f"The Python that runs Ansible, {sys.executable}, has no requests. Install requests 2.28 or newer for it."
        )
    with ThreadPoolExecutor(len(options.sources)) as pool:
        found = list(pool.map(lambda source: _read_source(source, options), options.sources))
    hosts: dict[tuple[Any, Any], Variables] = {}
    for rows in found:
        for row in rows:
            hosts.setdefault((row["konnect_control_plane"], row.get("konnect_workspace")), row)
    unknown = sorted(row["konnect_control_plane_name"] for row in hosts.values() if _is_unknown(row))
    if unknown:
        warn(
            f"The live data plane nodes of {', '.join(unknown)} cannot be counted, and konnect_live_nodes is null: "
            "a control plane group has them, or the token may not read them."
        )
    return list(hosts.values())


def _is_unknown(row: Variables) -> bool:
    return row.get("konnect_live_nodes", 0) is None


def _read_source(source: Source, options: InventoryOptions) -> list[Variables]:
    organization = Organization(KonnectClient(source.connection, read_only=True), Task())
    try:
        entities = read_control_planes(organization, None, options.filters.labels, None)
        fitting = list(filtered(entities, options.filters))
        rows = [host_variables(source, entity) for entity in fitting]
        if options.count_nodes:
            with ThreadPoolExecutor(PARALLEL) as pool:
                counts = pool.map(lambda entity: _count(organization, entity), fitting)
                rows = [{**row, "konnect_live_nodes": count} for row, count in zip(rows, counts, strict=True)]
    except KonnectError as error:
        raise KonnectError(f"{source.place} with {source.token_env}: {error.message}", code=error.code) from None
    return rows


def filtered(entities: Iterable[Entity], filters: Filters) -> Iterator[Entity]:
    """The control planes that fit by name and cluster type; read_control_planes looks at the labels."""
    for entity in entities:
        name, cluster_type = str(entity["name"]), _config(entity).get("cluster_type")
        if (not filters.names or any(fnmatchcase(name, pattern) for pattern in filters.names)) and (
            not filters.cluster_types or cluster_type in filters.cluster_types
        ):
            yield entity


def host_variables(source: Source, entity: Entity) -> Variables:
    """The variables by which a play finds the control plane."""
    proxy_url = (
        source.proxy_urls.get(entity["id"]) or source.proxy_urls.get(entity["name"]) or _proxy_url_in_konnect(entity)
    )
    return {
        "ansible_connection": "local",
        "konnect_control_plane": entity["id"],
        "konnect_control_plane_name": entity["name"],
        **source.variables,
        "konnect_labels": dict(entity.get("labels") or {}),
        "konnect_cluster_type": _config(entity).get("cluster_type"),
        **({"konnect_proxy_url": proxy_url} if proxy_url else {}),
    }


def _proxy_url_in_konnect(entity: Entity) -> str | None:
    """The first of the URLs that the control plane itself names for its data planes."""
    for url in _config(entity).get("proxy_urls") or ():
        if url.get("host") and url.get("protocol") in ("http", "https"):
            return f"{url['protocol']}://{url['host']}" + (f":{url['port']}" if url.get("port") else "")
    return None


def _config(entity: Entity) -> Mapping[str, Any]:
    return entity.get("config") or {}


def _count(organization: Organization, entity: Entity) -> int | None:
    try:
        return count_live_nodes(ControlPlane(organization, entity["id"], entity))
    except ApiError as error:
        if error.code in UNREADABLE:
            return None
        raise
