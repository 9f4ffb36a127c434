# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The options of the inventory plugin: checked, and as the connections that they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ...module_utils._client.connection import Connection
from ...module_utils._errors import ErrorCode, InvalidInput
from ...module_utils._module.argument_spec import CLUSTER_TYPES, CONNECTION
from ...module_utils._module.given import given_options
from ...module_utils._module.runner import make_connection, with_environment

TOKEN_VARIABLE = "KONNECT_TOKEN"
_REGIONAL = re.compile(r"https://([a-z]+)\.api\.konghq\.com")
_SHARED = ("validate_certs", "ca_path", "request_timeout", "request_retries", "request_deadline")

SPEC: dict[str, dict[str, Any]] = {
    "sources": {
        "type": "list",
        "elements": "dict",
        "options": {
            "konnect_region": CONNECTION.options["konnect_region"],
            "konnect_url": {"type": "str"},
            "konnect_token_env": {"type": "str", "default": TOKEN_VARIABLE, "no_log": False},
            "proxy_urls": {"type": "dict", "default": {}},
            "workspace": {"type": "str"},
        },
        "mutually_exclusive": [("konnect_region", "konnect_url")],
    },
    "filters": {
        "type": "dict",
        "options": {
            "names": {"type": "list", "elements": "str"},
            "labels": {"type": "dict", "default": {}},
            "cluster_types": {"type": "list", "elements": "str", "choices": CLUSTER_TYPES},
        },
    },
    "ai_gateways": {"type": "bool", "default": False},
    "count_nodes": {"type": "bool", "default": False},
    **{name: dict(CONNECTION.options[name]) for name in _SHARED},
}


@dataclass(frozen=True)
class Source:
    """One Konnect server, by the token of one account.

    :param token_env: the environment variable with the token.
    :param proxy_urls: where the data planes of a control plane or AI Gateway accept requests, by its name or id.
    :param workspace: of its control planes; None where the environment says which.
    """

    connection: Connection
    token_env: str
    proxy_urls: Mapping[str, str]
    workspace: str | None = None

    @property
    def region(self) -> str | None:
        """The Konnect region; None behind a domain of the user's own."""
        found = _REGIONAL.fullmatch(self.connection.url)
        return found[1] if found else None

    @property
    def place(self) -> str:
        """The server by its region, or else by its host and port."""
        return self.region or urlsplit(self.connection.url).netloc

    @property
    def variables(self) -> dict[str, str]:
        """The variables that lead a playbook to the same server, account and workspace, without the token."""
        server = {"konnect_region": self.region} if self.region else {"konnect_url": self.connection.url}
        workspace = {"konnect_workspace": self.workspace} if self.workspace else {}
        return {**server, "konnect_token_env": self.token_env, **workspace}


@dataclass(frozen=True)
class Filters:
    """The control planes that become hosts. Empty filters fit all.

    :param names: patterns as a shell has them, of which one must fit.
    :param labels: all of which a control plane must have.
    """

    names: tuple[str, ...] = ()
    labels: Mapping[str, Any] = field(default_factory=dict)
    cluster_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class InventoryOptions:
    """The sources, and the part of their control planes to list.

    :param count_nodes: whether to count the live data plane nodes of each control plane.
    :param ai_gateways: whether to list AI Gateways too.
    """

    sources: tuple[Source, ...]
    filters: Filters
    count_nodes: bool
    ai_gateways: bool = False

    @property
    def identity(self) -> str:
        """A text that changes with what is read, without any token: a cache of something else must not be used."""
        sources = [(source.variables, source.proxy_urls) for source in self.sources]
        return repr((sources, self.filters, self.count_nodes, self.ai_gateways))


def parse_options(options: Mapping[str, Any], environment: Mapping[str, str]) -> InventoryOptions:
    """The options of an inventory file, with what they leave out taken from the environment. Raises InvalidInput.

    :param options: those that SPEC has; others are left alone, since Ansible checks them.
    """
    given = given_options(SPEC, {name: options.get(name) for name in SPEC})
    checked = ArgumentSpecValidator(SPEC).validate(given)
    if checked.error_messages:
        raise InvalidInput(". ".join(checked.error_messages) + ".")
    valid = checked.validated_parameters
    shared = {name: valid[name] for name in _SHARED}
    rows = valid["sources"] or [{"konnect_token_env": TOKEN_VARIABLE, "proxy_urls": {}}]
    filters = valid["filters"] or {"names": None, "labels": {}, "cluster_types": None}
    return InventoryOptions(
        sources=tuple(_source(row, shared, environment) for row in rows),
        filters=Filters(
            tuple(filters["names"] or ()),
            filters["labels"],
            tuple(filters["cluster_types"] or ()),
        ),
        count_nodes=valid["count_nodes"],
        ai_gateways=valid["ai_gateways"],
    )


def _source(row: Mapping[str, Any], shared: Mapping[str, Any], environment: Mapping[str, str]) -> Source:
    variable = row["konnect_token_env"]
    token = environment.get(variable)
    if not token:
        # Another variable would be the token of another account.
        raise InvalidInput(
            f"The environment variable {variable} is not set. A source reads its Konnect access token from the "
            "variable that its konnect_token_env names.",
            code=ErrorCode.NO_TOKEN,
        )
    server = {name: row.get(name) for name in ("konnect_region", "konnect_url")}
    return Source(
        connection=make_connection(with_environment({"konnect_token": token, **server, **shared}, environment)),
        token_env=variable,
        proxy_urls={str(name): str(url) for name, url in row["proxy_urls"].items()},
        workspace=row.get("workspace"),
    )
