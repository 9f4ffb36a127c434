# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Decide on each observation of a preflight, with what to do about it. Nothing here sends anything.

Sources: Kong's documentation of the Config Store Vault (Kong Gateway 3.4 and later), of AI Proxy (3.6 and later), of AI
Gateway 2.0, and of control plane groups; the cluster types of Konnect's OpenAPI control-planes v2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .._data_plane.proof import Node
from .._entities.ai_gateways import AI_GATEWAYS
from .._entities.ai_kinds import AI_MODEL, AI_MODEL_PROVIDER
from .._entities.kind import Kind
from .._entities.kinds import CONFIG_STORE, PLUGIN, ROUTE, SERVICE, VAULT
from .._entities.product import CONTROL_PLANES, Product
from .._errors import ErrorCode, KonnectError
from .._rotation.probe import ProbeResponse, is_kong

Outcome = Literal["ok", "warning", "failed", "skipped"]
MIN_FINGERPRINT_KEY = 32
SERVERLESS = ("CLUSTER_TYPE_SERVERLESS", "CLUSTER_TYPE_SERVERLESS_V1")
# Control planes that take no services, routes and plugins from a client.
UNSUITABLE = {
    "CLUSTER_TYPE_CONTROL_PLANE_GROUP": (
        "is a control plane group, which has no configuration of its own",
        "Use one of its members.",
    ),
    "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER": (
        "belongs to the Kong Ingress Controller, which alone configures it",
        "Use a control plane of the type CLUSTER_TYPE_CONTROL_PLANE.",
    ),
    "CLUSTER_TYPE_KAFKA_NATIVE_EVENT_PROXY": (
        "is one of the Kafka event proxy, which is no API gateway",
        "Use a control plane of the type CLUSTER_TYPE_CONTROL_PLANE.",
    ),
}
# By the code of the first error, the check that failed, and those before it that passed. PARENT is that of the parent,
# which is called as the option that names it.
TOKEN, REGION, PARENT = "token", "region", "parent"
FAILED_BY_CODE = {
    ErrorCode.NO_TOKEN: (TOKEN, ()),
    ErrorCode.BAD_TOKEN: (TOKEN, ()),
    ErrorCode.UNAUTHORIZED: (TOKEN, (REGION,)),
    ErrorCode.NO_CONTROL_PLANE: (PARENT, (TOKEN, REGION)),
    ErrorCode.NO_AI_GATEWAY: (PARENT, (TOKEN, REGION)),
    ErrorCode.NOT_FOUND: (PARENT, (TOKEN, REGION)),
    ErrorCode.AMBIGUOUS: (PARENT, (TOKEN, REGION)),
    ErrorCode.FORBIDDEN: ("permissions", (TOKEN, REGION)),
}
REMEDIES = {
    TOKEN: "Make a personal access token in Konnect (your avatar, Personal Access Tokens) or one of a system account, "
    "and set KONNECT_TOKEN.",
    REGION: "Set KONNECT_REGION to the region (top left in Konnect), or KONNECT_SERVER_URL.",
    "permissions": "Give the user or system account the role Admin of the control plane or AI Gateway, or the roles "
    "that are missing (Organization, Teams or System Accounts in Konnect).",
}


@dataclass(frozen=True)
class Check:
    """The outcome of one check.

    :param check: its name, one word for playbooks.
    :param remedy: what to do, when it is not ok.
    """

    check: str
    outcome: Outcome
    message: str
    remedy: str = ""

    def result(self) -> dict[str, str]:
        return {"check": self.check, "outcome": self.outcome, "message": self.message, "remedy": self.remedy}


@dataclass(frozen=True)
class Subject:
    """The parent that is checked, of one product.

    :param needs: kinds that a run reads.
    :param gateway: what its data planes are called, with the versions that are needed, and for what.
    :param proxy_variable: the environment variable with the URL at which they accept requests.
    """

    product: Product
    remedy: str
    needs: tuple[Kind, ...]
    gateway: str
    versions: tuple[tuple[tuple[int, int], str], ...]
    proxy_variable: str
    decide: Callable[[str, Mapping[str, Any]], Check]

    @property
    def check(self) -> str:
        return self.product.option


def is_ready(checks: Sequence[Check]) -> bool:
    return all(check.outcome != "failed" for check in checks)


def check_error(error: KonnectError, subject: Subject) -> list[Check]:
    """Where the way to the parent ended, what worked before it, and what could not be tried."""
    failed, passed = FAILED_BY_CODE.get(error.code, (REGION, ()))
    worked = {TOKEN: "Konnect accepts the token.", REGION: "Konnect responds."}
    checks = [Check(name, "ok", worked[name]) for name in passed]
    name = subject.check if failed == PARENT else failed
    checks += [Check(name, "failed", error.message, REMEDIES.get(failed, subject.remedy))]
    done = {check.check for check in checks}
    rest = (TOKEN, REGION, subject.check, "permissions", "data_planes", "gateway_version")
    return [*checks, *(Check(name, "skipped", "Not checked.") for name in rest if name not in done)]


def check_exists(check: str, entity: Mapping[str, Any]) -> Check:
    return Check(check, "ok", f"{entity.get('name') or entity['id']} exists ({entity['id']}).")


def check_control_plane(check: str, entity: Mapping[str, Any]) -> Check:
    kind = str((entity.get("config") or {}).get("cluster_type") or "")
    if kind in UNSUITABLE:
        what, remedy = UNSUITABLE[kind]
        return Check(check, "failed", f"{entity.get('name') or entity['id']} {what}.", remedy)
    return check_exists(check, entity)


def check_permissions(refused: Mapping[str, KonnectError]) -> Check:
    """:param refused: by the kind that cannot be read, the error."""
    if not refused:
        message = "The token may read everything that is needed. Whether it may write shows with the first write."
        return Check("permissions", "ok", message)
    first = next(iter(refused.values()))
    message = f"The token cannot read {', '.join(refused)}. {first.message}"
    return Check("permissions", "failed", message, REMEDIES["permissions"])


def check_nodes(nodes: Sequence[Node], cluster_type: str, in_group: bool, subject: Subject) -> Check:
    live = [node for node in nodes if node.is_live]
    if live:
        errors = [node.hostname for node in live if node.errors or node.issues]
        message = f"{len(live)} of {len(nodes)} data plane nodes are live."
        if errors:
            remedy = "See the nodes in Konnect, and their logs."
            return Check("data_planes", "warning", f"{message} These report problems: {', '.join(errors)}.", remedy)
        return Check("data_planes", "ok", message)
    if in_group:
        message = "The control plane is a member of a control plane group, whose data plane nodes only the group shows."
        remedy = "Look at the nodes of the group in Konnect."
        return Check("data_planes", "warning", message, remedy)
    if cluster_type in SERVERLESS:
        message = "It is a serverless gateway. Kong runs its data planes, and starts them with the first request."
        return Check("data_planes", "ok", message)
    if nodes:
        message = f"None of {len(nodes)} data plane nodes is live: {', '.join(node.hostname for node in nodes[:5])}."
        return Check("data_planes", "failed", message, "Start them, or connect a new one.")
    message = "No data plane node has ever connected."
    remedy = (
        f"In Konnect, open the {subject.product.kind.label}, New Data Plane Node, and run what is shown there, such as "
        "the quickstart."
    )
    return Check("data_planes", "failed", message, remedy)


def check_versions(nodes: Sequence[Node], subject: Subject) -> Check:
    live = {node.hostname: node.version for node in nodes if node.is_live and node.version}
    if not live:
        return Check("gateway_version", "skipped", "No data plane node shows its version.")
    oldest = min(live, key=lambda hostname: _version(live[hostname]))
    version = _version(live[oldest])
    message = f"The oldest data plane node, {oldest}, runs {subject.gateway} {live[oldest]}."
    for needed, what in subject.versions:
        if version < needed:
            remedy = f"Upgrade it: {what} {subject.gateway} {needed[0]}.{needed[1]} or newer."
            return Check("gateway_version", "failed", message, remedy)
    return Check("gateway_version", "ok", message)


def check_proxy(url: str | None, response: ProbeResponse | None, subject: Subject) -> Check:
    remedy = (
        f"Set {subject.proxy_variable} to the URL at which a data plane accepts requests, such as "
        "http://localhost:8000."
    )
    if not url or response is None:
        return Check("proxy", "failed", "The URL of the data plane is not set.", remedy)
    if response.status is None:
        return Check("proxy", "failed", f"{url} does not respond ({response.error}).", remedy)
    if is_kong(response.headers):
        return Check("proxy", "ok", f"{url} is a data plane of Kong.")
    return Check("proxy", "warning", f"{url} responds ({response.status}), but no header says that it is Kong.", remedy)


def check_provider(has_key: bool, url: str | None, response: ProbeResponse | None) -> Check:
    """:param url: where the provider lists its models; None when there is no such place to try the key."""
    remedy = "Set the key of your account at the provider in the environment, for Mistral MISTRAL_API_KEY."
    if not has_key:
        return Check("provider_key", "failed", "The provider's API key is not set.", remedy)
    if response is None or not url:
        return Check("provider_key", "skipped", "The provider's API key is set. It was not tried.")
    if response.status in (401, 403):
        return Check("provider_key", "failed", f"The provider rejected the API key ({response.status}).", remedy)
    if response.status == 200:
        return Check("provider_key", "ok", "The provider accepts the API key.")
    why = response.error if response.status is None else f"it sent {response.status}"
    message = f"Whether the API key works could not be told: {url}: {why}."
    return Check("provider_key", "warning", message, "Only the data planes have to reach the provider.")


def check_fingerprint_key(key: str | None) -> Check:
    remedy = "Set KONNECT_FINGERPRINT_KEY, for example to what openssl rand -hex 32 prints, and keep it."
    if not key:
        message = "No fingerprint key is set, so every secret is written once more after a change of the access token."
        return Check("fingerprint_key", "warning", message, remedy)
    if len(key) < MIN_FINGERPRINT_KEY:
        message = f"The fingerprint key has fewer than {MIN_FINGERPRINT_KEY} characters."
        return Check("fingerprint_key", "failed", message, remedy)
    return Check("fingerprint_key", "ok", "A fingerprint key is set.")


def _version(text: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text or "")[:2])


CONTROL_PLANE = Subject(
    CONTROL_PLANES,
    "Set KONNECT_CONTROL_PLANE to the name or id of one in Konnect. Each region has its own.",
    (CONFIG_STORE, VAULT, SERVICE, ROUTE, PLUGIN),
    "Kong Gateway",
    (((3, 4), "Config Stores need"), ((3, 6), "AI Proxy needs")),
    "KONNECT_PROXY_URL",
    check_control_plane,
)
AI_GATEWAY = Subject(
    AI_GATEWAYS,
    "Set KONNECT_AI_GATEWAY to the name or id of one in Konnect, or let ai_gateway.yml create it. Each region has its "
    "own, and not every account has them: they are in beta.",
    (CONFIG_STORE, VAULT, AI_MODEL_PROVIDER, AI_MODEL),
    "Kong AI Gateway",
    (((2, 0), "AI Gateways of Konnect need"),),
    "KONNECT_AI_GATEWAY_URL",
    check_exists,
)
SUBJECTS = {subject.check: subject for subject in (CONTROL_PLANE, AI_GATEWAY)}
