# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of core-entity kinds: fields, defaults, keys, parents (Konnect OpenAPI control-planes-config v2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import entity_rules as rules
from .entity_fields import (
    NAME,
    TAGS,
    Field,
    anything,
    foreign,
    hostname,
    listing,
    one_of,
    path,
    route_host,
    route_path,
    text,
    truth,
    whole,
)
from .errors import CoreFailure, Violation

PROTOCOLS = ("grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss")
MAX_TIMEOUT = 2147483646
HASH_INPUTS = ("consumer", "cookie", "header", "ip", "none", "path", "query_arg", "uri_capture")
BACKENDS = ("aws", "azure", "azure-certs", "conjur", "env", "fs", "gcp", "hcv", "konnect")
READ_ONLY = ("created_at", "updated_at")

Prepare = Callable[[dict[str, Any], rules.Context], list[Violation]]
InUse = Callable[[str, dict[str, Any], list[str]], CoreFailure]


@dataclass(frozen=True)
class EntityKind:
    """One row of the table.

    ``path`` is the collection's place, ``key`` the field that stands in for the id in a path, ``filter_by`` the field
    of ``filter[name]``; ``children`` are the kinds listed below an entity. ``prepare`` fills in what depends on more
    than one field, in place; ``check`` looks at the whole entity; ``in_use`` refuses to delete what others point to.
    """

    path: str
    singular: str
    fields: dict[str, Field]
    key: str | None = None
    unique: tuple[str, ...] = ()
    filter_by: str | None = None
    children: tuple[str, ...] = ()
    prepare: Prepare = rules.nothing
    check: Prepare = rules.nothing
    in_use: InUse = rules.is_referenced


ID = text(test=rules.uuid)
TIME = whole()


def kind(path: str, singular: str, fields: dict[str, Field], **attributes: Any) -> EntityKind:
    """``id``, the times and ``tags`` belong to every kind."""
    common = {"id": ID, "created_at": TIME, "updated_at": TIME, "tags": TAGS}
    return EntityKind(path, singular, {**common, **fields}, **attributes)


SERVICES = kind(
    "services",
    "service",
    {
        "name": NAME,
        "protocol": one_of(*PROTOCOLS, default="http"),
        "host": text(required=True, test=hostname),
        "port": whole(80, 0, 65535),
        "path": text(test=path),
        "retries": whole(5, 0, 32767),
        "connect_timeout": whole(60000, 1, MAX_TIMEOUT),
        "read_timeout": whole(60000, 1, MAX_TIMEOUT),
        "write_timeout": whole(60000, 1, MAX_TIMEOUT),
        "enabled": truth(True),
        "client_certificate": foreign("certificates"),
        "ca_certificates": listing(ID),
        "tls_sans": anything(),
        "tls_verify": truth(),
        "tls_verify_depth": whole(None, 0, 64),
        "url": text(hidden=True),
    },
    key="name",
    unique=("name",),
    filter_by="name",
    children=("routes", "plugins"),
    prepare=rules.expand_url,
)

ROUTES = kind(
    "routes",
    "route",
    {
        "name": NAME,
        "protocols": listing(one_of(*PROTOCOLS), least=1, distinct=True),
        "methods": listing(text(pattern="^[A-Z]+$"), distinct=True),
        "hosts": listing(text(test=route_host), distinct=True),
        "paths": listing(text(test=route_path), distinct=True),
        "headers": anything(elements=listing(text())),
        "snis": listing(text(test=route_host)),
        "sources": listing(anything()),
        "destinations": listing(anything()),
        "https_redirect_status_code": Field("integer", default=426, choices=(301, 302, 307, 308, 426)),
        "regex_priority": whole(0),
        "strip_path": truth(True),
        "path_handling": one_of("v0", "v1", default="v0"),
        "preserve_host": truth(False),
        "request_buffering": truth(True),
        "response_buffering": truth(True),
        "service": foreign("services"),
    },
    key="name",
    unique=("name",),
    filter_by="name",
    children=("plugins",),
    prepare=rules.default_protocols,
    check=rules.route_matches_something,
)

PLUGINS = kind(
    "plugins",
    "plugin",
    {
        "name": text(required=True, least=1),
        "instance_name": NAME,
        "enabled": truth(True),
        "config": anything(),
        "protocols": listing(one_of(*PROTOCOLS), distinct=True),
        "ordering": anything(),
        "partials": listing(foreign("partials")),
        "condition": text(most=1024),
        "route": foreign("routes", cascade=True),
        "service": foreign("services", cascade=True),
        "consumer": foreign("consumers", cascade=True),
        "consumer_group": foreign("consumer_groups", cascade=True),
    },
    unique=("instance_name",),
    filter_by="name",
    prepare=rules.fill_plugin,
    check=rules.check_plugin,
)

VAULTS = kind(
    "vaults",
    "vault",
    {
        "name": one_of(*BACKENDS, required=True),
        "prefix": text(required=True, pattern="^[a-z][a-z0-9-]*[a-z0-9]+$", test=rules.vault_prefix),
        "description": text(),
        "config": anything(),
    },
    key="prefix",
    unique=("prefix",),
    prepare=rules.fill_vault,
    check=rules.check_vault,
)

CONSUMERS = kind(
    "consumers",
    "consumer",
    {"username": text(least=1, most=128), "custom_id": text(least=1, most=128)},
    key="username",
    unique=("username", "custom_id"),
    filter_by="username",
    children=("plugins",),
    check=rules.consumer_has_a_name,
)

CONSUMER_GROUPS = kind(
    "consumer_groups",
    "consumer_group",
    {"name": text(required=True, least=1, most=128)},
    key="name",
    unique=("name",),
    filter_by="name",
    children=("plugins",),
)

CERTIFICATES = kind(
    "certificates",
    "certificate",
    {
        "cert": text(required=True, test=rules.pem),
        "key": text(required=True, test=rules.pem),
        "cert_alt": text(test=rules.pem),
        "key_alt": text(test=rules.pem),
        "snis": listing(text(test=route_host), distinct=True),
    },
    children=("snis",),
)

CA_CERTIFICATES = kind(
    "ca_certificates",
    "ca_certificate",
    {"cert": text(required=True, test=rules.pem), "cert_digest": text()},
    unique=("cert_digest",),
    prepare=rules.digest_certificate,
)

SNIS = kind(
    "snis",
    "sni",
    {
        "name": text(required=True, test=route_host),
        "certificate": foreign("certificates", cascade=True, required=True),
    },
    key="name",
    unique=("name",),
)

KEYS = kind(
    "keys",
    "key",
    {
        "kid": text(required=True, least=1),
        "name": text(least=1, most=128),
        "jwk": text(),
        "pem": anything(elements=text()),
        "x5t": text(),
        "set": foreign("key-sets", cascade=True),
    },
    key="name",
    unique=("name",),
    check=rules.key_has_one_form,
)

KEY_SETS = kind("key-sets", "key-set", {"name": NAME}, key="name", unique=("name",), children=("keys",))

UPSTREAMS = kind(
    "upstreams",
    "upstream",
    {
        "name": text(required=True, test=hostname),
        "algorithm": one_of(
            "consistent-hashing",
            "latency",
            "least-connections",
            "round-robin",
            "sticky-sessions",
            default="round-robin",
        ),
        "slots": whole(10000, 10, 65536),
        "hash_on": one_of(*HASH_INPUTS, default="none"),
        "hash_on_header": text(),
        "hash_on_cookie": text(),
        "hash_on_cookie_path": text(default="/"),
        "hash_on_query_arg": text(least=1),
        "hash_on_uri_capture": text(least=1),
        "hash_fallback": one_of(*HASH_INPUTS, default="none"),
        "hash_fallback_header": text(),
        "hash_fallback_query_arg": text(least=1),
        "hash_fallback_uri_capture": text(least=1),
        "healthchecks": anything(default={}),
        "host_header": text(test=hostname),
        "client_certificate": foreign("certificates"),
        "use_srv_name": truth(False),
        "sticky_sessions_cookie": text(),
        "sticky_sessions_cookie_path": text(default="/"),
    },
    key="name",
    unique=("name",),
    prepare=rules.fill_healthchecks,
)

PARTIALS = kind(
    "partials",
    "partial",
    {
        "name": text(least=1, most=128),
        "type": one_of("embeddings", "model", "redis-ce", "redis-ee", "vectordb", required=True),
        "config": anything(required=True),
    },
    key="name",
    unique=("name",),
    prepare=rules.fill_partial,
    check=rules.check_partial,
    in_use=rules.partial_is_linked,
)

KINDS: dict[str, EntityKind] = {
    row.path: row
    for row in (
        SERVICES,
        ROUTES,
        PLUGINS,
        VAULTS,
        CONSUMERS,
        CONSUMER_GROUPS,
        CERTIFICATES,
        CA_CERTIFICATES,
        SNIS,
        KEYS,
        KEY_SETS,
        UPSTREAMS,
        PARTIALS,
    )
}


def kind_called(name: str) -> EntityKind | None:
    """By path or singular name (koko says ``vault``, go-kong ``vaults``)."""
    return KINDS.get(name) or next((row for row in KINDS.values() if row.singular == name), None)
