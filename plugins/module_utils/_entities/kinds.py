# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The table of entity kinds: the path of each, what names it, what it refers to.

Source: Konnect's OpenAPI documents of the control planes API and the control planes configuration API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._client.pagination import Paging

Entity = dict[str, Any]

READ_ONLY = frozenset({"id", "created_at", "updated_at"})


@dataclass(frozen=True)
class Kind:
    """One row.

    :param label: the name in messages, in Kong's terms.
    :param segments: the path of its list below the parent.
    :param name_field: the field that users know it by.
    :param name_filter: whether the list takes ``filter[name][eq]``.
    :param schema: the entity's name at the validate endpoint; None when it has none.
    :param sets: fields whose order means nothing: of a list, or of each list in a mapping.
    :param parents: fields that hold ``{"id": ...}`` of another kind.
    :param dependents: kinds that point here, and the field with which they do.
    :param defaults: what the server fills in besides null; left out of diffs.
    """

    name: str
    label: str
    segments: tuple[str, ...]
    paging: Paging
    name_field: str = "name"
    name_filter: bool = False
    schema: str | None = None
    sets: frozenset[str] = frozenset()
    parents: Mapping[str, str] = field(default_factory=dict)
    dependents: tuple[tuple[str, str], ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def display(self, entity: Entity) -> str:
        return str(entity.get(self.name_field) or entity.get("instance_name") or entity.get("id") or "?")


def _core(name: str, label: str, plural: str, **more: Any) -> Kind:
    sets = frozenset({"tags"}) | more.pop("sets", frozenset())
    return Kind(name, label, ("core-entities", plural), "offset", sets=sets, **more)


CONTROL_PLANE = Kind("control_plane", "control plane", ("control-planes",), "number", name_filter=True)
CONFIG_STORE = Kind("config_store", "config store", ("config-stores",), "cursor")
SECRET = Kind("secret", "secret", ("secrets",), "cursor", name_field="key")
DATA_PLANE_NODE = Kind("data_plane_node", "data plane node", ("nodes",), "items", name_field="hostname")
VAULT = _core("vault", "vault", "vaults", name_field="prefix", schema="vault")
SERVICE = _core(
    "service",
    "service",
    "services",
    name_filter=True,
    schema="service",
    sets=frozenset({"ca_certificates"}),
    dependents=(("route", "service"), ("plugin", "service")),
    defaults={
        "connect_timeout": 60000,
        "enabled": True,
        "read_timeout": 60000,
        "retries": 5,
        "write_timeout": 60000,
    },
)
ROUTE = _core(
    "route",
    "route",
    "routes",
    name_filter=True,
    schema="route",
    sets=frozenset({"protocols", "methods", "hosts", "paths", "headers", "snis", "sources", "destinations"}),
    parents={"service": "service"},
    dependents=(("plugin", "route"),),
    defaults={
        "https_redirect_status_code": 426,
        "path_handling": "v0",
        "preserve_host": False,
        "priority": 0,
        "regex_priority": 0,
        "request_buffering": True,
        "response_buffering": True,
        "strip_path": True,
    },
)
PLUGIN = _core(
    "plugin",
    "plugin",
    "plugins",
    name_filter=True,
    schema="plugin",
    sets=frozenset({"protocols", "partials"}),
    parents={name: name for name in ("service", "route", "consumer", "consumer_group")},
    defaults={"enabled": True},
)
CONSUMER = _core("consumer", "consumer", "consumers", name_field="username", dependents=(("plugin", "consumer"),))
CONSUMER_GROUP = _core(
    "consumer_group",
    "consumer group",
    "consumer_groups",
    name_filter=True,
    dependents=(("plugin", "consumer_group"),),
)
CERTIFICATE = _core("certificate", "certificate", "certificates", name_field="id")
KEY = _core("key", "key", "keys")
PARTIAL = _core("partial", "partial", "partials")

# The kinds that have fields in which Kong resolves references. Source: Kong's core entity schemas.
REFERRING = (PLUGIN, CERTIFICATE, KEY, PARTIAL, VAULT)

# What goes with a control plane when it is removed. Kinds that exist only below another one are left out.
CHILD_KINDS = (
    CONFIG_STORE,
    VAULT,
    SERVICE,
    ROUTE,
    PLUGIN,
    CONSUMER,
    CONSUMER_GROUP,
    CERTIFICATE,
    KEY,
    PARTIAL,
    _core("ca_certificate", "CA certificate", "ca_certificates"),
    _core("custom_plugin", "custom plugin", "custom-plugins"),
    DATA_PLANE_NODE,
    Kind("client_certificate", "data plane client certificate", ("dp-client-certificates",), "items", name_field="id"),
    _core("key_set", "key set", "key-sets"),
    Kind("plugin_schema", "plugin schema", ("core-entities", "plugin-schemas"), "items"),
    _core("sni", "SNI", "snis"),
    _core("upstream", "upstream", "upstreams"),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in (CONTROL_PLANE, *CHILD_KINDS)}

# What the server fills in, by vault backend, besides null. Source: recorded dumps of live Konnect control planes.
VAULT_DEFAULTS: dict[str, dict[str, Any]] = {
    "aws": {"base64_decode": False, "role_session_name": "KongVault"},
    "azure": {"base64_decode": False, "credentials_prefix": "AZURE", "type": "secrets"},
    "azure-certs": {"base64_decode": False, "credentials_prefix": "AZURE"},
    "conjur": {"base64_decode": False, "auth_method": "api_key"},
    "env": {"base64_decode": False},
    "fs": {"base64_decode": False},
    "gcp": {"base64_decode": False},
    "hcv": {
        "auth_method": "token",
        "base64_decode": False,
        "kube_auth_path": "kubernetes",
        "kv": "v1",
        "mount": "secret",
        "protocol": "http",
    },
    "konnect": {"base64_decode": False},
}
