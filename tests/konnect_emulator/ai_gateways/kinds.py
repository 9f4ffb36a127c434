# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of entities in an AI Gateway, by the segment of their path; config stores and secrets are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..state import Record

# Lists whose order Konnect does not keep, and by what it sorts them here (kongctl issue 1486).
Sort = Callable[[Any], Any]


def _target(target: Record) -> Any:
    return target["name"], target["provider"], target["config"]["type"]


@dataclass(frozen=True)
class Kind:
    """One kind.

    :param schema: the middle of the names of its schemas, such as ``Vault`` of ``CreateAIGatewayVaultRequest``.
    :param verbs: what one entity takes besides GET and DELETE.
    :param by_name: whether a path may name an entity instead of giving its id.
    :param is_unique: whether a second entity of the same name is refused.
    :param sorted: the lists that come back in another order.
    :param extra: what responses have besides, made of the body.
    """

    segment: str
    schema: str
    can_replace: bool = True
    by_name: bool = True
    is_unique: bool = True
    sorted: Mapping[str, Sort] = field(default_factory=dict)
    extra: Callable[[Record], Record] = lambda record: {}


def _certificate(record: Record) -> Record:
    return {"description": record.get("description", ""), "metadata": {"subject": "CN=konnect-emulator"}}


POLICIES: Mapping[str, Sort] = {"policies": str}
KINDS = {
    kind.segment: kind
    for kind in (
        Kind("agents", "Agent", sorted=POLICIES),
        Kind("ca-certificates", "CACertificate"),
        Kind("certificates", "Certificate"),
        Kind("consumer-groups", "ConsumerGroup", sorted=POLICIES),
        Kind("consumers", "Consumer", sorted=POLICIES),
        Kind(
            "data-plane-certificates",
            "DataPlaneCertificate",
            can_replace=False,
            by_name=False,
            is_unique=False,
            extra=_certificate,
        ),
        Kind("identity", "IdentityProvider"),
        Kind("mcp-servers", "MCPServer", sorted=POLICIES),
        Kind("model-providers", "ModelProvider"),
        Kind("models", "Model", sorted={**POLICIES, "targets": _target}),
        Kind("policies", "Policy"),
        Kind("snis", "SNI"),
        Kind("vaults", "Vault"),
    )
}
CREDENTIAL = Kind("credentials", "ConsumerCredential", can_replace=False, by_name=False)
SNI_OF_CERTIFICATE = Kind("snis", "SNIForCertificate")
