# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds that belong to a consumer: credentials, ACL groups, and its membership in consumer groups.

Source: Konnect OpenAPI control-planes-config v2, where they are written below the consumer and listed flat too; for
unique values, generated values and the hash of a password, kong/plugins/*/daos.lua of Kong Gateway 3.10.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from ..errors import Violation, field_violation
from ..switches import Switches
from . import rules
from .entity_kind import COMMON_FIELDS, EntityKind
from .fields import Field, foreign, integer, one_of, string

Entity = dict[str, Any]

ALGORITHMS = (
    *("ES256", "ES256K", "ES384", "ES512", "ESB256", "ESB320", "ESB384", "ESB512", "ESP256", "ESP384", "ESP512"),
    *("Ed25519", "Ed448", "EdDSA", "HS256", "HS384", "HS512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"),
)


def _generate(*names: str) -> Any:
    """Return a rule that makes a value for each of these fields that has none, anew at every write."""

    def fill(entity: Entity, context: rules.RuleContext) -> list[Violation]:
        for name in names:
            entity.setdefault(name, secrets.token_urlsafe(24))
        return []

    return fill


def password_hash(password: str, consumer_id: str) -> str:
    """Return what is stored of a password (kong/plugins/basic-auth/crypto.lua)."""
    return hashlib.sha1(f"{password}{consumer_id}".encode("utf-8", "replace")).hexdigest()


def _hash_password(entity: Entity, context: rules.RuleContext) -> list[Violation]:
    """Hash the password, even one that is a hash already."""
    consumer_id = (entity.get("consumer") or {}).get("id")
    if consumer_id:
        entity["password"] = password_hash(entity["password"], consumer_id)
    return []


def _check_algorithm(entity: Entity, context: rules.RuleContext) -> list[Violation]:
    if entity["algorithm"].startswith("HS") or "rsa_public_key" in entity:
        return []
    return [field_violation("rsa_public_key", f"is required when algorithm is {entity['algorithm']}")]


def _hidden_if(name: str, switch: str) -> Any:
    def show(entity: Entity, switches: Switches) -> Entity:
        if getattr(switches, switch) != "hidden":
            return entity
        return {field: value for field, value in entity.items() if field != name}

    return show


def _credential(path: str, nested_path: str, fields: dict[str, Field], **attributes: Any) -> EntityKind:
    common = {name: field for name, field in COMMON_FIELDS.items() if name != "updated_at"}
    consumer = foreign("consumers", cascade=True)
    return EntityKind(
        path,
        attributes.pop("singular", nested_path),
        {**common, "consumer": consumer, **fields},
        nested_path=nested_path,
        flat_writes=False,
        **attributes,
    )


ACLS = _credential(
    "acls", "acls", {"group": string(required=True)}, singular="acl", unique_together=(("consumer", "group"),)
)
BASIC_AUTHS = _credential(
    "basic-auths",
    "basic-auth",
    {"username": string(required=True), "password": string(required=True)},
    key="username",
    unique=("username",),
    check=_hash_password,
    show=_hidden_if("password", "basic_auth_password"),
)
HMAC_AUTHS = _credential(
    "hmac-auths",
    "hmac-auth",
    {"username": string(required=True), "secret": string()},
    key="username",
    unique=("username",),
    prepare=_generate("secret"),
    show=_hidden_if("secret", "hmac_auth_secret"),
)
JWTS = _credential(
    "jwts",
    "jwt",
    {
        "key": string(),
        "secret": string(),
        "rsa_public_key": string(),
        "algorithm": one_of(*ALGORITHMS, default="HS256"),
    },
    key="key",
    unique=("key",),
    prepare=_generate("key", "secret"),
    check=_check_algorithm,
    show=_hidden_if("secret", "jwt_secret"),
)
KEY_AUTHS = _credential(
    "key-auths",
    "key-auth",
    {"key": string(), "ttl": integer(None, 0, 100_000_000)},
    key="key",
    unique=("key",),
    prepare=_generate("key"),
    show=_hidden_if("key", "key_auth_key"),
)
MTLS_AUTHS = _credential(
    "mtls-auths",
    "mtls-auth",
    {"subject_name": string(required=True), "ca_certificate": foreign("ca_certificates", cascade=True)},
    unique_together=(("subject_name", "ca_certificate"),),
)
# Not an entity of its own: written and read below a consumer or a consumer group.
MEMBERS = EntityKind(
    "consumer_group_members",
    "consumer_group_member",
    {
        "consumer": foreign("consumers", cascade=True, required=True),
        "consumer_group": foreign("consumer_groups", cascade=True, required=True),
    },
    unique_together=(("consumer", "consumer_group"),),
)
CREDENTIALS = (ACLS, BASIC_AUTHS, HMAC_AUTHS, JWTS, KEY_AUTHS, MTLS_AUTHS)
