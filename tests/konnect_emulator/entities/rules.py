# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of single kinds of core entities beyond their fields: shorthands, dependent defaults, whole-entity checks.

A rule takes the entity (without nulls) and returns what is wrong with it. The ``fill_`` and ``expand_`` rules run
before the fields are validated and also modify the entity, the ``check_`` rules run after that.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..errors import (
    INVALID_ARGUMENT,
    PERMISSION_DENIED,
    CoreEntityError,
    Violation,
    entity_violation,
    field_violation,
    reference_violation,
)
from ..plugins import partials
from ..plugins.known_schemas import known_schema
from ..plugins.published_schemas import SchemaCatalog
from ..plugins.schema import SCOPES, PluginSchema, is_reference
from ..plugins.schema_rules import expand, fill, validate, violations
from ..state import ControlPlane
from ..switches import Switches
from .healthchecks import check_healthchecks, with_healthcheck_defaults

Entity = dict[str, Any]

URL_PROTOCOLS = ("grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss")
TLS_PROTOCOLS = ("https", "grpcs", "tls", "wss")


@dataclass(frozen=True)
class RuleContext:
    """Everything that a rule may use besides the entity."""

    control_plane: ControlPlane
    catalog: SchemaCatalog
    switches: Switches

    def partial(self, id_: str) -> Entity | None:
        """Return a partial of the control plane."""
        return self.control_plane.entity_table("partials").get(id_)

    def plugin_schema(self, name: str) -> PluginSchema | None:
        """Return the schema of a plugin that the control plane knows."""
        return known_schema(name, self.catalog, self.control_plane)


def no_rule(entity: Entity, context: RuleContext) -> list[Violation]:
    """Accept everything."""
    return []


# --- deleting an entity that others point to


def referenced_error(entity: Entity, referring_kinds: list[str]) -> CoreEntityError:
    """Return the error of most kinds (kong-operator issue 777)."""
    found = [
        reference_violation("", f"constraint failed (type: foreign) as {singular} references this value")
        for singular in referring_kinds
    ]
    return CoreEntityError(400, INVALID_ARGUMENT, "data constraint error", found)


def linked_partial_error(entity: Entity, referring_kinds: list[str]) -> CoreEntityError:
    """Return the error of partials, with the status and message of Kong Gateway 3.10."""
    message = f"cannot delete partial: {entity['id']} because there are plugins linked to it"
    return CoreEntityError(403, PERMISSION_DENIED, message)


# --- services


def expand_url(entity: Entity, context: RuleContext) -> list[Violation]:
    """Replace ``url``, the shorthand for protocol, host, port and path, over which it has precedence."""
    url = entity.pop("url", None)
    if url is None:
        return []
    try:
        parts = urlsplit(url)
        port = parts.port
    except (ValueError, AttributeError, TypeError):
        return [field_violation("url", "must be a valid URL")]
    if parts.scheme not in URL_PROTOCOLS or not parts.hostname:
        return [field_violation("url", "must be a valid URL")]
    default_port = 443 if parts.scheme in TLS_PROTOCOLS else 80
    entity.update(protocol=parts.scheme, host=parts.hostname, port=default_port if port is None else port)
    entity.pop("path", None)
    if parts.path:
        entity["path"] = parts.path
    return []


# --- plugins and partials


def fill_plugin(entity: Entity, context: RuleContext) -> list[Violation]:
    """Replace shorthands, then fill in protocols, config and the paths of linked partials by the plugin's schema."""
    name = entity.get("name")
    schema = context.plugin_schema(name) if isinstance(name, str) and name else None
    if schema is None:
        return []
    protocols = schema.field("protocols")
    entity["protocols"] = fill(protocols, entity.get("protocols", protocols["default"]))
    config, found = expand(schema.config, entity.get("config", {}), "config")
    entity["config"] = config
    found += partials.complete_links(entity, schema, context.partial)
    found += partials.check_no_overlap(entity, context.partial)
    entity["config"] = partials.without_linked_paths(entity, fill(schema.config, config), context.partial)
    return found


def check_plugin(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check a plugin by its schema, with the values of linked partials in its config."""
    name = entity["name"]
    schema = context.plugin_schema(name)
    if schema is None:
        return [field_violation("name", f"plugin({name}) does not exist")]
    found = validate(schema.field("protocols"), entity["protocols"], "protocols")
    for scope in SCOPES:
        if scope in entity and "eq" in schema.field(scope):
            found.append(field_violation(scope, "value must be null"))
    config = partials.expanded_config(entity, schema, context.partial)
    return found + violations(schema.config, schema.entity_checks, config)


def check_clone(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check that the plugin of which a clone is made exists."""
    exists = context.plugin_schema(entity["ref"]) is not None
    return [] if exists else [field_violation("ref", f"plugin({entity['ref']}) does not exist")]


def fill_partial(entity: Entity, context: RuleContext) -> list[Violation]:
    """Fill in the config of a partial."""
    partials.fill_partial(entity)
    return []


def check_partial(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check the config of a partial."""
    return partials.check_partial(entity)


# --- other kinds


def fill_certificate_digest(entity: Entity, context: RuleContext) -> list[Violation]:
    """Compute ``cert_digest``, whatever the client sent."""
    cert = entity.get("cert")
    if isinstance(cert, str):
        lines = "".join(line.strip() for line in cert.splitlines() if not line.startswith("-----"))
        try:
            raw = base64.b64decode(lines, validate=True)
        except (binascii.Error, ValueError):
            raw = cert.encode("utf-8", "replace")
        entity["cert_digest"] = hashlib.sha256(raw).hexdigest()
    return []


def check_consumer_has_name(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check that a consumer can be identified."""
    if "username" in entity or "custom_id" in entity:
        return []
    return [entity_violation("at least one of custom_id or username must be set")]


def check_key(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check that a key is given in exactly one of its forms, and that a JWK carries the key's id."""
    given = [form for form in ("jwk", "pem") if form in entity]
    if len(given) != 1:
        return [entity_violation("exactly one of these fields must be non-empty: 'jwk', 'pem'")]
    if "pem" in entity or is_reference(entity["jwk"]):
        return []
    try:
        kid = json.loads(entity["jwk"])["kid"]
    except (ValueError, LookupError, TypeError):
        return [field_violation("jwk", "could not load JWK")]
    return [] if kid == entity["kid"] else [field_violation("jwk", "kid in jwk.kid must be equal to keys.kid")]


HASH_FIELDS = {
    "header": "{}_header",
    "cookie": "hash_on_cookie",
    "query_arg": "{}_query_arg",
    "uri_capture": "{}_uri_capture",
}


def check_hash_inputs(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check that an upstream has what it balances by (kong/db/schema/entities/upstreams.lua)."""
    found = []
    for name in ("hash_on", "hash_fallback"):
        needed = HASH_FIELDS.get(entity[name], "").format(name)
        if needed and needed not in entity:
            found.append(field_violation(needed, "required field missing"))
    if entity["hash_on"] in ("none", "cookie") and entity["hash_fallback"] != "none":
        found.append(field_violation("hash_fallback", "value must be none"))
    return found


def fill_target_port(entity: Entity, context: RuleContext) -> list[Violation]:
    """Give a target without a port that of Kong's default (kong/db/schema/entities/targets.lua)."""
    if isinstance(entity.get("target"), str) and ":" not in entity["target"]:
        entity["target"] += ":8000"
    return []


def fill_healthchecks(entity: Entity, context: RuleContext) -> list[Violation]:
    """Fill in and check the health checks of an upstream."""
    given = entity.get("healthchecks")
    if not isinstance(given, dict):
        return []
    entity["healthchecks"] = with_healthcheck_defaults(given)
    return check_healthchecks(given)
