# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""AI Gateways of Konnect (beta) as parents: the one place that holds the names that the beta may change.

Source: Konnect's OpenAPI document of the AI Gateways API (ai-gateways-v1); that a list goes by a bare cursor and what
errors look like, live Konnect as issues of kongctl and Kong Operator show it.
"""

from __future__ import annotations

import re

from .._errors import ApiError, ErrorCode, InvalidInput
from .ai_kinds import (
    AI_CERTIFICATE,
    AI_DATA_PLANE_CERTIFICATE,
    AI_MODEL_PROVIDER,
    API,
    KINDS,
    REFERRING,
    missing_fields,
)
from .ai_secrets import provider_received, provider_sent
from .form import Form
from .kind import Entity, Kind, is_id
from .kinds import CONFIG_STORE, DATA_PLANE_NODE, SECRET, VAULT
from .product import Product

OWNER = "community.konnect"
OWN = {"managed_by": {"owner": OWNER}}
VAULT_TYPES = ("konnect", "env", "aws", "gcp", "azure", "conjur", "hcv")
# Of config stores and vaults.
NAME = re.compile(r"[a-z][a-z0-9-]{0,253}[a-z0-9]")
GATEWAY_NAME = re.compile(r"[0-9a-z-]{1,256}")

AI_GATEWAY = Kind("ai_gateway", "AI Gateway", API, "number", takes_id=False, remembered=True)


def made_by_collection(entity: Entity) -> bool | None:
    """True if Konnect says that this collection made an entity; None where it does not say who did."""
    maker = entity.get("managed_by")
    return maker.get("owner") == OWNER if isinstance(maker, dict) else None


def check_name(kind: Kind, name: str) -> None:
    """Refuse what a control plane would take as a name and an AI Gateway does not."""
    if not NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} cannot be the name of a {kind.label} of an AI Gateway: it has 2 to 255 lower-case letters, "
            "digits and dashes, begins with a letter, and ends with a letter or a digit."
        )


def check_new_gateway(name: str) -> None:
    """Refuse what a new AI Gateway cannot be called."""
    if is_id(name):
        raise InvalidInput(f"There is no AI Gateway with the id {name}.")
    if not GATEWAY_NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} cannot be the name of an AI Gateway: it has 1 to 256 lower-case letters, digits and dashes."
        )


def _check_store(store: Entity) -> None:
    check_name(CONFIG_STORE, store["name"])


def _check_vault(vault: Entity) -> None:
    check_name(VAULT, vault["prefix"])
    if vault["name"] not in VAULT_TYPES:
        raise InvalidInput(f"AI Gateways have no vaults of {vault['name']}. They have {', '.join(VAULT_TYPES)}.")
    missing = missing_fields(VAULT, {**vault, "type": vault["name"]})
    if missing:
        raise InvalidInput(f"A vault of {vault['name']} needs {', '.join(missing)}.")
    if vault.get("tags"):
        raise InvalidInput("Vaults of AI Gateways have no tags. Leave them out.")


def _vault_received(vault: Entity) -> Entity:
    rest = {name: value for name, value in vault.items() if name not in ("name", "type")}
    return {**rest, "prefix": vault.get("name"), "name": vault.get("type")}


def _vault_sent(vault: Entity) -> Entity:
    rest = {name: value for name, value in vault.items() if name not in ("name", "prefix", "tags")}
    return {**rest, "name": vault["prefix"], "type": vault["name"]}


def _node_received(node: Entity) -> Entity:
    """Of these nodes the version alone tells what they run."""
    rest = {name: value for name, value in node.items() if name != "config_version"}
    return {**rest, "config_hash": node.get("config_version")}


def _explain(error: ApiError) -> ApiError:
    if error.status not in (403, 404):
        return error
    return error.explained("This account or this region has no AI Gateways, or the token may not see them.")


LISTED = Form(paging="cursor", takes_id=False, has_filters=False)
AI_GATEWAYS = Product(
    AI_GATEWAY,
    "ai_gateway",
    (
        "No AI Gateway is given. Set ai_gateway, or KONNECT_AI_GATEWAY in the environment of the host that runs the "
        "module.",
        ErrorCode.NO_AI_GATEWAY,
    ),
    (VAULT, *REFERRING),
    ((AI_CERTIFICATE, ("cert", "cert_alt")), (AI_DATA_PLANE_CERTIFICATE, ("cert",))),
    ("expected-config-version", "expected_config_version"),
    {
        CONFIG_STORE.name: Form(takes_id=False, has_filters=False, check=_check_store),
        SECRET.name: Form(upserts=False),
        VAULT.name: Form(
            ("vaults",),
            "cursor",
            takes_id=False,
            has_filters=False,
            received=_vault_received,
            sent=_vault_sent,
            new=OWN,
            check=_check_vault,
        ),
        AI_MODEL_PROVIDER.name: Form(takes_id=False, has_filters=False, received=provider_received, sent=provider_sent),
        DATA_PLANE_NODE.name: Form(paging="cursor", received=_node_received),
    },
    LISTED,
    frozenset(KINDS),
    gives_ids=False,
    has_schemas=False,
    hides_secrets=True,
    has_groups=False,
    explain=_explain,
)
