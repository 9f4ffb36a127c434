# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of an emulator, and the applications that are made of them."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from functools import partial
from typing import TextIO

from starlette.types import ASGIApp

from .ai_gateways.data_plane import AiGatewayDataPlane
from .ai_gateways.endpoints import AiGatewayEndpoints
from .ai_gateways.gateways import AiGateways
from .api.application import build_api
from .api.control_plane_fields import GROUP
from .api.control_planes import new_control_plane
from .chat_upstream import ChatUpstream
from .clock import Clock
from .data_plane.ai_proxy import AiProxy
from .data_plane.application import DataPlane
from .data_plane.nodes import Node, Nodes
from .data_plane.response_cache import ResponseCache
from .data_plane.tls import TlsTermination
from .data_plane.use_log import UseLog
from .entities.validation import RuleContext
from .middleware.connection_limit import ConnectionLimit
from .middleware.emulator_endpoints import EmulatorEndpoints
from .middleware.fault_injection import FaultInjection
from .middleware.header_case import HeaderCase
from .middleware.internal_errors import InternalErrors
from .middleware.rate_limit import RateLimit
from .other_writer import write_again_and_again
from .plugins.published_schemas import SchemaCatalog
from .record_table import RecordTable
from .settings import Settings
from .state import ControlPlane, EmulatorState


def _add_group(state: EmulatorState, member: ControlPlane) -> None:
    body = {"name": f"{member.record['name']}-group", "cluster_type": GROUP}
    group = state.add(partial(new_control_plane, body))
    members: RecordTable[ControlPlane] = RecordTable()
    members.put(member.record["id"], member)
    state.group_members[group.record["id"]] = members


@dataclass(frozen=True)
class Emulator:
    """Everything that the servers share."""

    settings: Settings
    state: EmulatorState
    catalog: SchemaCatalog
    nodes: Nodes
    ai_gateways: AiGateways
    ai_nodes: Nodes
    upstream: ChatUpstream
    ai_proxy: AiProxy
    uses: UseLog

    @classmethod
    def create(cls, settings: Settings, upstream_url: str) -> Emulator:
        """Return an emulator with its first control plane, and its group if there is to be one."""
        clock = Clock(settings.clock_speed)
        state = EmulatorState(settings.keep_ms, clock)
        first = state.add(partial(new_control_plane, {"name": settings.control_plane}))
        if settings.switches.group_member:
            _add_group(state, first)
        ai_gateways = AiGateways(settings, clock)
        ai_gateways.add({"name": settings.ai_gateway, "display_name": settings.ai_gateway})
        return cls(
            settings,
            state,
            SchemaCatalog(settings.plugin_schemas),
            Nodes(state, settings),
            ai_gateways,
            Nodes(ai_gateways, settings, "konnect-emulator-ai"),
            ChatUpstream(settings.upstream_keys, clock, settings.upstream_answers, settings.switches.echo_keys),
            AiProxy(upstream_url),
            UseLog(),
        )

    def api(self, log: TextIO | None) -> ASGIApp:
        """Return the control plane API with the layers that a test controls, the outermost last."""
        ai_gateways = AiGatewayEndpoints(self.ai_gateways, self.settings, self.ai_nodes)
        app = build_api(self.state, self.settings, self.catalog, self.nodes, log, ai_gateways)
        if self.settings.rate_limit:
            app = RateLimit(app, self.settings.rate_limit, self.state.clock)
        if self.settings.connection_limit:
            app = ConnectionLimit(app, self.settings.connection_limit)
        faults = FaultInjection(HeaderCase(app), self.settings.faults, self.state.clock)
        return EmulatorEndpoints(
            faults, self.state, self.nodes, self.ai_gateways, self.ai_nodes, self.upstream, self.uses
        )

    def proxy(self, node: Node) -> ASGIApp:
        """Return the data plane of a node."""
        clock = self.state.clock
        cache = ResponseCache(clock) if self.settings.switches.cached_responses else None
        data_plane = DataPlane(node, self.nodes, self.catalog, self.ai_proxy, self.uses, clock, cache)
        return HeaderCase(InternalErrors(data_plane.app()))

    def ai_gateway_proxy(self, node: Node) -> ASGIApp:
        """Return the data plane of a node of the AI Gateway."""
        data_plane = AiGatewayDataPlane(node, self.ai_nodes, self.ai_proxy, self.uses, self.state.clock)
        return HeaderCase(InternalErrors(data_plane.app()))

    def applications(self, log: TextIO | None) -> list[tuple[ASGIApp, ssl.SSLContext | None]]:
        """Return for each socket, in the order of ``open_sockets``, an application and the TLS in front of it."""
        first, *others = [self.proxy(node) for node in self.nodes.all[: self.settings.proxy_count]]
        upstream = HeaderCase(InternalErrors(self.upstream.app()))
        ai_gateways = [self.ai_gateway_proxy(node) for node in self.ai_nodes.all[: self.settings.proxy_count]]
        apps: list[ASGIApp] = [self.api(log), first, upstream, *others, *ai_gateways]
        tls = [(first, TlsTermination(self.nodes.all[0], self.nodes).context())] if self.settings.tls else []
        return [*((app, None) for app in apps), *tls]

    def background_tasks(self) -> list[asyncio.Task[None]]:
        """Start what acts without a request."""
        interval_ms = self.settings.switches.other_writer_ms
        first = next(iter(self.state.control_planes))
        context = RuleContext(first, self.catalog, self.settings.switches)
        return [asyncio.create_task(write_again_and_again(context, interval_ms))] if interval_ms else []
