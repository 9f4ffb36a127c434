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
from ...module_utils._entities.ai_gateways import AI_GATEWAYS
from ...module_utils._entities.control_plane import ControlPlane, Organization
from ...module_utils._entities.kind import Entity
from ...module_utils._entities.product import CONTROL_PLANES, Product
from ...module_utils._errors import ApiError, ErrorCode, InvalidInput, KonnectError
from ...module_utils._resources.ai_gateway import list_ai_gateways
from ...module_utils._resources.control_plane import has_labels, read_control_planes
from ...module_utils._task import Task
from .names import variable_of
from .options import Filters, InventoryOptions, Source

PARALLEL = 10
# Refused for one control plane, these say nothing about the others.
UNREADABLE = (ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND)

# By the variable with the id of what a host stands for, its group.
GROUPS = {"konnect_control_plane": "konnect", "konnect_ai_gateway": "konnect_ai_gateways"}

# The variables of a host, as the documentation of the plugin has them. They are what is cached: never a token.
Variables = dict[str, Any]


def read_hosts(options: InventoryOptions, warn: Callable[[str], None]) -> list[Variables]:
    """The variables of each control plane that fits, once for each workspace of a source, and of each AI Gateway.

    Raises KonnectError when one of the sources cannot be read, since an inventory without its hosts would be taken for
    one that has no more.

    :param warn: called with each warning.
    """
    if REQUESTS_IMPORT_ERROR:
        raise InvalidInput(
            f"The Python that runs Ansible, {sys.executable}, has no requests. Install requests 2.28 or newer for it."
        )
    with ThreadPoolExecutor(len(options.sources)) as pool:
        found = list(pool.map(lambda source: _read_source(source, options, warn), options.sources))
    hosts: dict[tuple[Any, Any], Variables] = {}
    for rows in found:
        for row in rows:
            hosts.setdefault((row[variable_of(row)], row.get("konnect_workspace")), row)
    unknown = sorted(row[f"{variable_of(row)}_name"] for row in hosts.values() if _is_unknown(row))
    if unknown:
        warn(
            f"The live data plane nodes of {', '.join(unknown)} cannot be counted, and konnect_live_nodes is null: "
            "a control plane group has them, or the token may not read them."
        )
    return list(hosts.values())


def _is_unknown(row: Variables) -> bool:
    return row.get("konnect_live_nodes", 0) is None


def _read_source(source: Source, options: InventoryOptions, warn: Callable[[str], None]) -> list[Variables]:
    organization = Organization(KonnectClient(source.connection, read_only=True), Task())
    try:
        entities = read_control_planes(organization, None, options.filters.labels, None)
        found = [(CONTROL_PLANES, entity) for entity in filtered(entities, options.filters)]
        found += [(AI_GATEWAYS, entity) for entity in _ai_gateways(organization, source, options, warn)]
        rows = [MAKE_VARIABLES[product.option](source, entity) for product, entity in found]
        if options.count_nodes:
            with ThreadPoolExecutor(PARALLEL) as pool:
                counts = pool.map(lambda each: _count(organization, *each), found)
                rows = [{**row, "konnect_live_nodes": count} for row, count in zip(rows, counts, strict=True)]
    except KonnectError as error:
        raise KonnectError(f"{source.place} with {source.token_env}: {error.message}", code=error.code) from None
    return rows


def _ai_gateways(
    organization: Organization, source: Source, options: InventoryOptions, warn: Callable[[str], None]
) -> list[Entity]:
    """The AI Gateways that fit; none where the product is not in the region."""
    if not options.ai_gateways:
        return []
    try:
        gateways = list_ai_gateways(organization, {})
    except ApiError as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        warn(f"{source.place} with {source.token_env} has no AI Gateways.")
        return []
    filters = options.filters
    return [gateway for gateway in gateways if _is_named(gateway, filters) and has_labels(gateway, filters.labels)]


def filtered(entities: Iterable[Entity], filters: Filters) -> Iterator[Entity]:
    """The control planes that fit by name and cluster type; read_control_planes looks at the labels."""
    for entity in entities:
        cluster_type = _config(entity).get("cluster_type")
        if _is_named(entity, filters) and (not filters.cluster_types or cluster_type in filters.cluster_types):
            yield entity


def _is_named(entity: Entity, filters: Filters) -> bool:
    return not filters.names or any(fnmatchcase(str(entity["name"]), pattern) for pattern in filters.names)


def host_variables(source: Source, entity: Entity) -> Variables:
    """The variables by which a play finds the control plane."""
    urls = source.proxy_urls
    proxy_url = urls.get(entity["id"]) or urls.get(entity["name"]) or _first_url(_config(entity).get("proxy_urls"))
    return {
        "ansible_connection": "local",
        "konnect_control_plane": entity["id"],
        "konnect_control_plane_name": entity["name"],
        **source.variables,
        "konnect_labels": dict(entity.get("labels") or {}),
        "konnect_cluster_type": _config(entity).get("cluster_type"),
        **({"konnect_proxy_url": proxy_url} if proxy_url else {}),
    }


def gateway_variables(source: Source, entity: Entity) -> Variables:
    """The variables by which a play finds the AI Gateway."""
    urls = source.proxy_urls
    url = urls.get(entity["id"]) or urls.get(entity["name"]) or _first_url(entity.get("proxy_urls"))
    return {
        "ansible_connection": "local",
        "konnect_ai_gateway": entity["id"],
        "konnect_ai_gateway_name": entity["name"],
        **{name: value for name, value in source.variables.items() if name != "konnect_workspace"},
        "konnect_labels": dict(entity.get("labels") or {}),
        **({"konnect_ai_gateway_url": url} if url else {}),
    }


MAKE_VARIABLES = {CONTROL_PLANES.option: host_variables, AI_GATEWAYS.option: gateway_variables}


def _first_url(urls: Any) -> str | None:
    """The first of the URLs that Konnect has for data planes."""
    for url in urls or ():
        if url.get("host") and url.get("protocol") in ("http", "https"):
            return f"{url['protocol']}://{url['host']}" + (f":{url['port']}" if url.get("port") else "")
    return None


def _config(entity: Entity) -> Mapping[str, Any]:
    return entity.get("config") or {}


def _count(organization: Organization, product: Product, entity: Entity) -> int | None:
    try:
        return count_live_nodes(ControlPlane(organization, entity["id"], entity, product))
    except ApiError as error:
        if error.code in UNREADABLE:
            return None
        raise


def group_of(variables: Variables) -> str:
    """The group of a host."""
    return GROUPS[variable_of(variables)]
