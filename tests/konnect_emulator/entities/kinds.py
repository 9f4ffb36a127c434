# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of the kinds of core entities: fields, defaults, keys, parents.

Source: Konnect OpenAPI control-planes-config v2.
"""

from __future__ import annotations

from ..plugins import hosts
from ..plugins.schema import SCOPES
from . import certificate_rules, route_rules, rules, service_rules, text_checks, vault_rules
from .credential_kinds import CREDENTIALS, MEMBERS
from .entity_kind import ID, EntityKind, entity_kind
from .fields import NAME, Field, array, boolean, foreign, integer, mapping, one_of, set_of, string
from .plugin_kinds import OF_PLUGINS

PROTOCOLS = ("grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss")
MAX_TIMEOUT = 2147483646
HASH_INPUTS = ("consumer", "cookie", "header", "ip", "none", "path", "query_arg", "uri_capture")
BACKENDS = ("aws", "azure", "azure-certs", "conjur", "env", "fs", "gcp", "hcv", "konnect")
ADDRESS = Field("object", check=text_checks.address)
READ_ONLY_FIELDS = ("created_at", "updated_at")

SERVICES = entity_kind(
    "services",
    "service",
    {
        "name": NAME,
        "protocol": one_of(*PROTOCOLS, default="http"),
        "host": string(required=True, check=text_checks.hostname),
        "port": integer(80, 0, 65535),
        "path": string(check=text_checks.service_path),
        "retries": integer(5, 0, 32767),
        "connect_timeout": integer(60000, 1, MAX_TIMEOUT),
        "read_timeout": integer(60000, 1, MAX_TIMEOUT),
        "write_timeout": integer(60000, 1, MAX_TIMEOUT),
        "enabled": boolean(True),
        "client_certificate": foreign("certificates"),
        "ca_certificates": array(ID),
        "tls_sans": mapping(),
        "tls_verify": boolean(),
        "tls_verify_depth": integer(None, 0, 64),
        "url": string(hidden=True),
    },
    key="name",
    unique=("name",),
    filter_by="name",
    children=("routes", "plugins", "degraphql_routes", "graphql-rate-limiting-advanced/costs"),
    prepare=rules.expand_url,
    check=service_rules.check_service,
)

ROUTES = entity_kind(
    "routes",
    "route",
    {
        "name": NAME,
        "protocols": set_of(one_of(*PROTOCOLS), minimum=1),
        "methods": set_of(string(pattern="^[A-Z]+$")),
        "hosts": array(string(check=hosts.host_with_wildcard)),
        "paths": array(string(check=text_checks.route_path)),
        "headers": mapping(elements=array(string(minimum=1)), key_check=text_checks.route_header),
        "snis": set_of(string(check=hosts.sni)),
        "sources": array(ADDRESS),
        "destinations": array(ADDRESS),
        "expression": string(minimum=1),
        "priority": integer(None, 0, 2**46 - 1),
        "https_redirect_status_code": Field("integer", default=426, choices=(301, 302, 307, 308, 426)),
        "regex_priority": integer(),
        "strip_path": boolean(),
        "path_handling": one_of("v0", "v1", default="v0"),
        "preserve_host": boolean(False),
        "request_buffering": boolean(True),
        "response_buffering": boolean(True),
        "service": foreign("services"),
    },
    key="name",
    unique=("name",),
    filter_by="name",
    children=("plugins",),
    prepare=route_rules.fill_route,
    check=route_rules.check_route,
    inapplicable=route_rules.inapplicable_fields,
)

PLUGINS = entity_kind(
    "plugins",
    "plugin",
    {
        "name": string(required=True, minimum=1),
        "instance_name": NAME,
        "enabled": boolean(True),
        "config": mapping(),
        "protocols": set_of(one_of(*PROTOCOLS)),
        "ordering": mapping(),
        "partials": array(foreign("partials")),
        "condition": string(maximum=1024),
        "route": foreign("routes", cascade=True),
        "service": foreign("services", cascade=True),
        "consumer": foreign("consumers", cascade=True),
        "consumer_group": foreign("consumer_groups", cascade=True),
    },
    unique=("instance_name",),
    unique_together=(("name", *SCOPES),),
    filter_by="name",
    prepare=rules.fill_plugin,
    check=rules.check_plugin,
)

VAULTS = entity_kind(
    "vaults",
    "vault",
    {
        "name": one_of(*BACKENDS, required=True),
        "prefix": string(required=True, pattern="^[a-z][a-z0-9-]*[a-z0-9]+$", check=text_checks.vault_prefix),
        "description": string(),
        "config": mapping(),
    },
    key="prefix",
    unique=("prefix",),
    prepare=vault_rules.fill_vault,
    check=vault_rules.check_vault,
)

CONSUMERS = entity_kind(
    "consumers",
    "consumer",
    {"username": string(minimum=1, maximum=128), "custom_id": string(minimum=1, maximum=128)},
    key="username",
    unique=("username", "custom_id"),
    filter_by="username",
    children=("plugins", *(kind.path for kind in CREDENTIALS)),
    check=rules.check_consumer_has_name,
)

CONSUMER_GROUPS = entity_kind(
    "consumer_groups",
    "consumer_group",
    {"name": string(required=True, minimum=1, maximum=128)},
    key="name",
    unique=("name",),
    filter_by="name",
    children=("plugins",),
)

CERTIFICATES = entity_kind(
    "certificates",
    "certificate",
    {
        "cert": string(required=True, check=text_checks.or_reference(text_checks.certificate)),
        "key": string(required=True, check=text_checks.or_reference(text_checks.private_key)),
        "cert_alt": string(check=text_checks.or_reference(text_checks.certificate)),
        "key_alt": string(check=text_checks.or_reference(text_checks.private_key)),
        "snis": set_of(string(check=text_checks.route_host)),
    },
    children=("snis",),
    check=certificate_rules.check_certificate,
)

CA_CERTIFICATES = entity_kind(
    "ca_certificates",
    "ca_certificate",
    {"cert": string(required=True, check=text_checks.certificate), "cert_digest": string()},
    unique=("cert_digest",),
    prepare=rules.fill_certificate_digest,
)

SNIS = entity_kind(
    "snis",
    "sni",
    {
        "name": string(required=True, check=text_checks.route_host),
        "certificate": foreign("certificates", cascade=True, required=True),
    },
    key="name",
    unique=("name",),
)

KEYS = entity_kind(
    "keys",
    "key",
    {
        "kid": string(required=True, minimum=1),
        "name": string(minimum=1, maximum=128),
        "jwk": string(),
        "pem": mapping(elements=string()),
        "x5t": string(),
        "set": foreign("key-sets", cascade=True),
    },
    key="name",
    unique=("name",),
    unique_together=(("kid", "set"),),
    check=rules.check_key,
)

KEY_SETS = entity_kind("key-sets", "key-set", {"name": NAME}, key="name", unique=("name",), children=("keys",))

UPSTREAMS = entity_kind(
    "upstreams",
    "upstream",
    {
        "name": string(required=True, check=text_checks.hostname),
        "algorithm": one_of(
            "consistent-hashing",
            "latency",
            "least-connections",
            "round-robin",
            "sticky-sessions",
            default="round-robin",
        ),
        "slots": integer(10000, 10, 65536),
        "hash_on": one_of(*HASH_INPUTS, default="none"),
        "hash_on_header": string(),
        "hash_on_cookie": string(),
        "hash_on_cookie_path": string(default="/"),
        "hash_on_query_arg": string(minimum=1),
        "hash_on_uri_capture": string(minimum=1),
        "hash_fallback": one_of(*HASH_INPUTS, default="none"),
        "hash_fallback_header": string(),
        "hash_fallback_query_arg": string(minimum=1),
        "hash_fallback_uri_capture": string(minimum=1),
        "healthchecks": mapping(default={}),
        "host_header": string(check=text_checks.hostname),
        "client_certificate": foreign("certificates"),
        "use_srv_name": boolean(False),
        "sticky_sessions_cookie": string(),
        "sticky_sessions_cookie_path": string(default="/"),
    },
    key="name",
    unique=("name",),
    children=("targets",),
    prepare=rules.fill_healthchecks,
    check=rules.check_hash_inputs,
)

TARGETS = entity_kind(
    "targets",
    "target",
    {
        "target": string(required=True, check=text_checks.target),
        "weight": integer(100, 0, 65535),
        "failover": boolean(False),
        "upstream": foreign("upstreams", cascade=True),
    },
    unique_together=(("upstream", "target"),),
    flat_writes=False,
    prepare=rules.fill_target_port,
)

PARTIALS = entity_kind(
    "partials",
    "partial",
    {
        "name": string(minimum=1, maximum=128),
        "type": one_of("embeddings", "model", "redis-ce", "redis-ee", "vectordb", required=True),
        "config": mapping(required=True),
    },
    key="name",
    unique=("name",),
    fixed=("type",),
    prepare=rules.fill_partial,
    check=rules.check_partial,
    in_use_error=rules.linked_partial_error,
)

KINDS: dict[str, EntityKind] = {
    kind.path: kind
    for kind in (
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
        TARGETS,
        PARTIALS,
        *CREDENTIALS,
        *OF_PLUGINS,
    )
}
# With those that have no path of their own.
STORED_KINDS = (*KINDS.values(), MEMBERS)


def kind_by_name(name: str) -> EntityKind | None:
    """Return the kind of a path or singular name (koko says ``vault`` and ``key-set``, go-kong ``vaults``)."""
    same = (kind for kind in KINDS.values() if kind.singular.replace("_", "-") == name.replace("_", "-"))
    return KINDS.get(name) or next(same, None)
