# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What single kinds of core entities ask for beyond their fields: shorthands, dependent defaults, whole-entity checks.

Each rule takes the entity (nulls taken out) and returns what is wrong; a ``prepare`` rule also changes it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from . import partials
from .errors import (
    INVALID_ARGUMENT,
    PERMISSION_DENIED,
    CoreFailure,
    Violation,
    on_entity,
    on_field,
    on_reference,
)
from .official_schemas import Catalog
from .plugin_schemas import SCOPES, boolean, fill, integer, record, string, validate
from .settings import Switches
from .state import ControlPlane, is_uuid

Entity = dict[str, Any]

RESERVED_PREFIXES = ("aws", "azure", "env", "gcp", "hcv")
URL_PROTOCOLS = ("grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss")
TLS_PROTOCOLS = ("https", "grpcs", "tls", "wss")
HTTP_MATCHERS = {
    "http": ("hosts", "methods", "paths", "headers"),
    "https": ("hosts", "methods", "paths", "headers", "snis"),
}

# Kong fills these in for backends that fetch; a konnect vault has nothing but its store.
FETCHING = {"base64_decode": boolean(default=False)} | {name: integer() for name in ("ttl", "neg_ttl", "resurrect_ttl")}
VAULT_CONFIGS = {
    "konnect": record({"config_store_id": string(required=True)}),
    "env": record({"prefix": string(), **FETCHING}),
}


@dataclass(frozen=True)
class Context:
    """What a rule may look at besides the entity."""

    plane: ControlPlane
    catalog: Catalog
    switches: Switches

    def partial(self, id_: str) -> Entity | None:
        return self.plane.table("partials").get(id_)


def nothing(entity: Entity, context: Context) -> list[Violation]:
    return []


def is_referenced(singular: str, entity: Entity, held_by: list[str]) -> CoreFailure:
    message = f"{singular} is referenced by {', '.join(held_by)} (type: foreign) constraint failed"
    return CoreFailure(400, INVALID_ARGUMENT, "data constraint error", [on_reference("id", message)])


def partial_is_linked(singular: str, entity: Entity, held_by: list[str]) -> CoreFailure:
    """Status and wording of Kong Gateway 3.10."""
    message = f"cannot delete partial: {entity['id']} because there are plugins linked to it"
    return CoreFailure(403, PERMISSION_DENIED, message)


def uuid(value: str) -> str | None:
    return None if is_uuid(value) else "must be a valid UUID"


# --- services and routes


def expand_url(entity: Entity, context: Context) -> list[Violation]:
    """``url`` is shorthand for protocol, host, port and path, wins over them, and is never shown."""
    url = entity.pop("url", None)
    if url is None:
        return []
    try:
        parts = urlsplit(url)
        port = parts.port
    except (ValueError, AttributeError, TypeError):
        return [on_field("url", "must be a valid URL")]
    if parts.scheme not in URL_PROTOCOLS or not parts.hostname:
        return [on_field("url", "must be a valid URL")]
    default_port = 443 if parts.scheme in TLS_PROTOCOLS else 80
    entity.update(protocol=parts.scheme, host=parts.hostname, port=default_port if port is None else port)
    entity.pop("path", None)
    if parts.path:
        entity["path"] = parts.path
    return []


def default_protocols(entity: Entity, context: Context) -> list[Violation]:
    """The default has changed with Gateway 3.14, hence a switch."""
    entity.setdefault("protocols", context.switches.route_protocols_default.split(","))
    return []


def route_matches_something(entity: Entity, context: Context) -> list[Violation]:
    for protocol, matchers in HTTP_MATCHERS.items():
        if protocol in entity.get("protocols", ()) and not any(entity.get(name) for name in matchers):
            shown = ", ".join(f"'{name}'" for name in matchers[:-1]) + f" or '{matchers[-1]}'"
            return [on_entity(f"when protocols has '{protocol}', at least one of {shown} must be set")]
    return []


# --- plugins


def fill_plugin(entity: Entity, context: Context) -> list[Violation]:
    name = entity.get("name")
    schema = context.catalog.get(name) if isinstance(name, str) and name else None
    if schema is None:
        return []
    entity["protocols"] = fill(schema.field("protocols"), entity.get("protocols", schema.field("protocols")["default"]))
    found = partials.link_partials(entity, schema, context.partial) + partials.set_twice(entity)
    entity["config"] = partials.without_linked(entity, fill(schema.config, entity.get("config", {})))
    return found


def check_plugin(entity: Entity, context: Context) -> list[Violation]:
    name = entity["name"]
    schema = context.catalog.get(name)
    if schema is None:
        return [on_field("name", f"plugin({name}) does not exist")]
    found = validate(schema.field("protocols"), entity["protocols"], "protocols")
    for scope in SCOPES:
        if scope in entity and "eq" in schema.field(scope):
            found.append(on_field(scope, "value must be null"))
    config = partials.expanded(entity, schema, context.partial)
    wrong = validate(schema.config, config, "config")
    if not wrong:
        wrong = [violation for check in schema.checks for violation in check(config)]
    return found + wrong


# --- partials


def fill_partial(entity: Entity, context: Context) -> list[Violation]:
    partials.fill_partial(entity)
    return []


def check_partial(entity: Entity, context: Context) -> list[Violation]:
    return partials.check_partial(entity)


# --- vaults


def vault_prefix(value: str) -> str | None:
    return f"must not be any of [{' '.join(RESERVED_PREFIXES)}]" if value in RESERVED_PREFIXES else None


def fill_vault(entity: Entity, context: Context) -> list[Violation]:
    """The backends whose config is known get their defaults; the others keep what they are given."""
    config = entity.setdefault("config", {})
    schema = VAULT_CONFIGS.get(str(entity.get("name")))
    if schema is not None:
        entity["config"] = fill(schema, config)
    elif isinstance(config, dict):
        entity["config"] = {**{key: field.get("default") for key, field in FETCHING.items()}, **config}
    return []


def check_vault(entity: Entity, context: Context) -> list[Violation]:
    name, config = entity["name"], entity["config"]
    found = validate(VAULT_CONFIGS[name], config, "config") if name in VAULT_CONFIGS else []
    strict = name == "konnect" and context.switches.strict_config_store_id
    if strict and not found and context.plane.stores.get(config["config_store_id"]) is None:
        where = "config.config_store_id"
        found.append(on_reference(where, f"{where} (type: foreign) constraint failed"))
    return found


# --- the others


def pem(value: str) -> str | None:
    if value.startswith("-----BEGIN ") or (value.startswith("{vault://") and value.endswith("}")):
        return None
    return "invalid certificate: invalid PEM-encoded value"


def digest_certificate(entity: Entity, context: Context) -> list[Violation]:
    """``cert_digest`` is computed, whatever the caller says."""
    cert = entity.get("cert")
    if isinstance(cert, str):
        lines = "".join(line.strip() for line in cert.splitlines() if not line.startswith("-----"))
        try:
            raw = base64.b64decode(lines, validate=True)
        except (binascii.Error, ValueError):
            raw = cert.encode("utf-8", "replace")
        entity["cert_digest"] = hashlib.sha256(raw).hexdigest()
    return []


def consumer_has_a_name(entity: Entity, context: Context) -> list[Violation]:
    if "username" in entity or "custom_id" in entity:
        return []
    return [on_entity("at least one of custom_id or username must be set")]


def key_has_one_form(entity: Entity, context: Context) -> list[Violation]:
    given = [form for form in ("jwk", "pem") if form in entity]
    if len(given) == 1:
        return []
    return [on_entity("exactly one of these fields must be non-empty: 'jwk', 'pem'")]


def fill_healthchecks(entity: Entity, context: Context) -> list[Violation]:
    if isinstance(entity.get("healthchecks"), dict):
        entity["healthchecks"] = _merged(HEALTHCHECKS, entity["healthchecks"])
    return []


def _merged(defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    merged = {**defaults, **given}
    for name, default in defaults.items():
        if isinstance(default, dict) and isinstance(merged[name], dict):
            merged[name] = _merged(default, merged[name])
    return merged


HEALTHCHECKS: dict[str, Any] = {
    "threshold": 0,
    "active": {
        "type": "http",
        "concurrency": 10,
        "http_path": "/",
        "https_verify_certificate": True,
        "timeout": 1,
        "healthy": {"http_statuses": [200, 302], "interval": 0, "successes": 0},
        "unhealthy": {
            "http_statuses": [429, 404, 500, 501, 502, 503, 504, 505],
            "http_failures": 0,
            "interval": 0,
            "tcp_failures": 0,
            "timeouts": 0,
        },
    },
    "passive": {
        "type": "http",
        "healthy": {"http_statuses": [*range(200, 209), 226, *range(300, 309)], "successes": 0},
        "unhealthy": {"http_statuses": [429, 500, 503], "http_failures": 0, "tcp_failures": 0, "timeouts": 0},
    },
}
