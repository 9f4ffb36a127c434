# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""AI Gateways themselves: bring one to its state, remove it with what is in it, list them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from .._entities.ai_gateways import AI_GATEWAY, AI_GATEWAYS, LISTED, check_new_gateway
from .._entities.ai_kinds import API, KINDS
from .._entities.control_plane import ControlPlane, Organization
from .._entities.form import Form
from .._entities.kind import Entity, Kind
from .._entities.kinds import CONFIG_STORE, VAULT
from .._entities.reconcile import Outcome, ensure, remove
from .._entities.usage import Usage
from .._errors import ApiError, ErrorCode
from .ai_entity import AiFields, ai_target, list_ai

FIELDS = AiFields(
    AI_GATEWAY,
    ("name", "display_name", "description", "proxy_urls", "labels"),
    fixed=("name",),
    read_only=("endpoints", "config_version"),
    is_marked=False,
)


def _check(gateway: Entity) -> None:
    check_new_gateway(gateway["name"])


# That of an AI Gateway's own parent, which is the account of the token.
ACCOUNTS = replace(
    AI_GATEWAYS,
    kind=Kind("account", "account", (), "number"),
    forms={AI_GATEWAY.name: Form(API[1:], takes_id=False, has_filters=LISTED.has_filters, check=_check)},
)


def account(organization: Organization) -> ControlPlane:
    """The parent of AI Gateways, in whose place a path has the version of the API."""
    return ControlPlane(organization, None, {"id": API[0]}, ACCOUNTS)


@contextmanager
def _explained() -> Iterator[None]:
    """Say what it means that the list of AI Gateways is missing or forbidden."""
    try:
        yield
    except ApiError as error:
        raise AI_GATEWAYS.explain(error) from error


def ensure_ai_gateway(organization: Organization, options: Mapping[str, Any]) -> Outcome:
    """Make an AI Gateway what the options say."""
    with _explained():
        return ensure(ai_target(account(organization), FIELDS, options))


def remove_ai_gateway(organization: Organization, options: Mapping[str, Any]) -> Outcome:
    """Remove an AI Gateway, unless something is in it that is to keep it."""

    def find_usage(entity: Entity) -> Usage | None:
        gateway = ControlPlane(organization, entity["id"], entity, AI_GATEWAYS)
        counts = {kind.label: len([*gateway.list(kind)]) for kind in (CONFIG_STORE, VAULT, *KINDS.values())}
        held = [f"{count} {label}{'s' if count > 1 else ''}" for label, count in counts.items() if count]
        if not held:
            return None
        return Usage(
            gateway.label,
            f"holds {', '.join(held)}",
            ErrorCode.NOT_EMPTY,
            "Remove these first, or set on_in_use to remove the gateway with all that is in it.",
        )

    with _explained():
        return remove(ai_target(account(organization), FIELDS, options), options["on_in_use"], find_usage)


def list_ai_gateways(organization: Organization, options: Mapping[str, Any]) -> list[Entity]:
    """Every AI Gateway, or that of a name or an id."""
    with _explained():
        return list_ai(account(organization), FIELDS, options)
