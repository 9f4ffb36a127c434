# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The table of entity kinds: the path of each, what names it, what it refers to.

Source: Konnect's OpenAPI documents of the control planes API and the control planes configuration API.
"""

from __future__ import annotations

from typing import Any

from .defaults import HEALTHCHECKS
from .kind import REFERENCEABLE, SECRET_REFERENCE, SECRET_TEXT, Kind

KEY_PAIR = {"type": "record", "fields": [{"private_key": SECRET_REFERENCE}, {"public_key": REFERENCEABLE}]}


def _core(name: str, label: str, plural: str, **more: Any) -> Kind:
    sets = frozenset({"tags"}) | more.pop("sets", frozenset())
    more.setdefault("schema", name.replace("_", "-"))
    return Kind(name, label, ("core-entities", plural), "offset", sets=sets, **more)


def _credential(name: str, label: str, plural: str, nested: str, **more: Any) -> Kind:
    parents = {"consumer": "consumer", **more.pop("parents", {})}
    return _core(name, label, plural, owner="consumer", nested=(nested,), parents=parents, **more)


CONTROL_PLANE = Kind("control_plane", "control plane", ("control-planes",), "number", name_filter=True, remembered=True)
CONFIG_STORE = Kind("config_store", "config store", ("config-stores",), "cursor", takes_id=False, remembered=True)
SECRET = Kind("secret", "secret", ("secrets",), "cursor", name_field="key", id_field="key")
DATA_PLANE_NODE = Kind("data_plane_node", "data plane node", ("nodes",), "items", name_field="hostname", shared=True)
WORKSPACE = _core("workspace", "workspace", "workspaces", name_filter=True, remembered=True, shared=True)
VAULT = _core(
    "vault",
    "vault",
    "vaults",
    name_field="prefix",
    # Of its settings, any may be a reference, because they depend on the backend.
    texts={"config": {"type": "map", "values": REFERENCEABLE}},
)
SERVICE = _core(
    "service",
    "service",
    "services",
    name_filter=True,
    strict_name=True,
    remembered=True,
    sets=frozenset({"ca_certificates"}),
    needs=(("host",),),
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
    strict_name=True,
    remembered=True,
    sets=frozenset({"protocols", "methods", "hosts", "paths", "headers", "snis", "sources", "destinations"}),
    parents={"service": "service"},
    dependents=(("plugin", "route"),),
    texts={"headers": {}},
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
    sets=frozenset({"protocols", "partials"}),
    live_schema=True,
    parents={name: name for name in ("service", "route", "consumer", "consumer_group")},
    defaults={"enabled": True},
)
PARTIAL = _core("partial", "partial", "partials", used_by=(("plugin", "partials"),), live_schema=True)

CONSUMER = _core(
    "consumer",
    "consumer",
    "consumers",
    name_field="username",
    identity=(("username",), ("custom_id",)),
    unique=(("custom_id",),),
    dependents=(("plugin", "consumer"),),
)
CONSUMER_GROUP = _core(
    "consumer_group",
    "consumer group",
    "consumer_groups",
    dependents=(("plugin", "consumer_group"),),
    envelope="consumer_group",
)
ACL = _credential("acl", "ACL group", "acls", "acls", name_field="group", identity=(("consumer", "group"),))
KEY_AUTH = _credential(
    "key_auth",
    "key-auth credential",
    "key-auths",
    "key-auth",
    name_field="id",
    identity=(("consumer", "key"),),
    unique=(("key",),),
    texts={"key": SECRET_TEXT},
    only_new=frozenset({"ttl"}),
)
BASIC_AUTH = _credential(
    "basic_auth",
    "basic-auth credential",
    "basic-auths",
    "basic-auth",
    name_field="username",
    identity=(("consumer", "username"),),
    unique=(("username",),),
    needs=(("password",),),
    texts={"password": SECRET_TEXT},
    hidden="password",
)
HMAC_AUTH = _credential(
    "hmac_auth",
    "hmac-auth credential",
    "hmac-auths",
    "hmac-auth",
    name_field="username",
    identity=(("consumer", "username"),),
    unique=(("username",),),
    texts={"secret": SECRET_TEXT},
    hidden="secret",
)
JWT = _credential(
    "jwt",
    "JWT credential",
    "jwts",
    "jwt",
    name_field="key",
    identity=(("consumer", "key"),),
    unique=(("key",),),
    texts={"secret": SECRET_TEXT},
    defaults={"algorithm": "HS256"},
)
MTLS_AUTH = _credential(
    "mtls_auth",
    "mtls-auth credential",
    "mtls-auths",
    "mtls-auth",
    name_field="subject_name",
    parents={"ca_certificate": "ca_certificate"},
    identity=(("consumer", "subject_name", "ca_certificate"),),
    unique=(("subject_name", "ca_certificate"),),
)
UPSTREAM = _core(
    "upstream",
    "upstream",
    "upstreams",
    parents={"client_certificate": "certificate"},
    used_by=(("service", "host"),),
    records=frozenset({"healthchecks"}),
    defaults={
        "algorithm": "round-robin",
        "hash_fallback": "none",
        "hash_on": "none",
        "hash_on_cookie_path": "/",
        "healthchecks": HEALTHCHECKS,
        "slots": 10000,
        "sticky_sessions_cookie_path": "/",
        "use_srv_name": False,
    },
)
TARGET = _core(
    "target",
    "target",
    "targets",
    name_field="target",
    owner="upstream",
    nested=("targets",),
    parents={"upstream": "upstream"},
    identity=(("upstream", "target"),),
    defaults={"failover": False, "weight": 100},
)
CERTIFICATE = _core(
    "certificate",
    "certificate",
    "certificates",
    name_field="snis",
    sets=frozenset({"snis"}),
    identity=(("snis",), ("cert",)),
    needs=(("cert",), ("key",)),
    unique=(("snis",),),
    dependents=(("sni", "certificate"),),
    used_by=(("service", "client_certificate"), ("upstream", "client_certificate")),
    texts={
        "cert": REFERENCEABLE,
        "key": SECRET_REFERENCE,
        "cert_alt": REFERENCEABLE,
        "key_alt": SECRET_REFERENCE,
    },
)
SNI = _core("sni", "SNI", "snis", parents={"certificate": "certificate"}, needs=(("certificate",),))
CA_CERTIFICATE = _core(
    "ca_certificate",
    "CA certificate",
    "ca_certificates",
    shared=True,
    name_field="id",
    identity=(("cert",),),
    dependents=(("mtls_auth", "ca_certificate"),),
    used_by=(("service", "ca_certificates"),),
)
KEY_SET = _core("key_set", "key set", "key-sets", strict_name=True, dependents=(("key", "set"),))
KEY = _core(
    "key",
    "key",
    "keys",
    parents={"set": "key_set"},
    identity=(("name",), ("kid", "set")),
    needs=(("kid",), ("jwk", "pem")),
    unique=(("kid", "set"),),
    texts={"jwk": SECRET_REFERENCE, "pem": KEY_PAIR},
    records=frozenset({"pem"}),
    alternatives=("jwk", "pem"),
    result="gateway_key",
)
CUSTOM_PLUGIN = _core("custom_plugin", "custom plugin", "custom-plugins", used_by=(("plugin", "name"),), shared=True)
PLUGIN_SCHEMA = Kind(
    "plugin_schema",
    "plugin schema",
    ("core-entities", "plugin-schemas"),
    "items",
    shared=True,
    id_field="name",
    takes_id=False,
    used_by=(("plugin", "name"),),
    result="custom_plugin",
)
DATA_PLANE_CERTIFICATE = Kind(
    "data_plane_certificate",
    "data plane client certificate",
    ("dp-client-certificates",),
    "whole",
    shared=True,
    name_field="title",
    takes_id=False,
    identity=(("cert",),),
)

# What a control plane holds; the rest belongs to one of these.
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
    CA_CERTIFICATE,
    CUSTOM_PLUGIN,
    DATA_PLANE_NODE,
    DATA_PLANE_CERTIFICATE,
    KEY_SET,
    PLUGIN_SCHEMA,
    SNI,
    UPSTREAM,
)
OWNED_KINDS = (ACL, KEY_AUTH, BASIC_AUTH, HMAC_AUTH, JWT, MTLS_AUTH, TARGET)
KINDS: dict[str, Kind] = {kind.name: kind for kind in (CONTROL_PLANE, *CHILD_KINDS, *OWNED_KINDS)}
REFERRING = tuple(kind for kind in KINDS.values() if kind.may_refer)
