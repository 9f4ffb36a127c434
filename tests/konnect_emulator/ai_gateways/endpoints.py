# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``/v1/ai-gateways``: gateways, their entities, nodes and version (Kong's API description ai-gateways-v1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..api.nodes import COMPATIBLE, ERROR
from ..api.pagination import numbered_page
from ..data_plane.nodes import Node, Nodes
from ..json_application import json_response
from ..record_table import RecordTable
from ..request_bodies import read_body
from ..settings import Settings
from ..state import ControlPlane, Record, iso_timestamp
from . import schemas
from .answers import SERVICE, NoSuchPath, Problem, bad_request, cursor_page, missing, not_unique
from .entities import Entities
from .gateways import AiGateways
from .kinds import CREDENTIAL, KINDS, SNI_OF_CERTIFICATE, Kind

ROOT = "/v1/ai-gateways"
NODE_VERSION = "2.0.1"


class AiGatewayEndpoints:
    """The endpoints of gateways and of what is in them, but for config stores."""

    def __init__(self, gateways: AiGateways, settings: Settings, nodes: Nodes) -> None:
        self._gateways = gateways
        self._switches = settings.switches
        self._page_limit = settings.page_size
        self._nodes = nodes

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the application."""
        below = ROOT + "/{gateway}"
        found: list[BaseRoute] = [
            Route(ROOT, self.gateways, methods=["GET", "POST"]),
            Route(below, self.gateway, methods=["GET", "PUT", "DELETE"]),
            Route(below + "/expected-config-version", self.version, methods=["GET"]),
            Route(below + "/nodes", self.nodes, methods=["GET"]),
            Route(below + "/nodes/{id}", self.node, methods=["GET"]),
        ]
        for kind in KINDS.values():
            found += self._routes_of(kind, f"{below}/{kind.segment}")
        found += self._routes_of(CREDENTIAL, below + "/consumers/{owner}/credentials")
        found += self._routes_of(SNI_OF_CERTIFICATE, below + "/certificates/{owner}/snis")
        members, groups = below + "/consumer-groups/{group}/consumers", below + "/consumers/{id}/consumer-groups"
        return [
            *found,
            Route(members, self.members, methods=["GET", "POST"]),
            Route(members + "/{id}", self.member, methods=["DELETE"]),
            Route(groups, self.groups, methods=["GET", "PUT"]),
        ]

    def _routes_of(self, kind: Kind, path: str) -> list[BaseRoute]:
        one = ["GET", "PUT", "DELETE"] if kind.can_replace else ["GET", "DELETE"]
        return [
            Route(path, partial(self.entities, kind=kind), methods=["GET", "POST"]),
            Route(path + "/{id}", partial(self.entity, kind=kind), methods=one),
        ]

    def find(self, request: Request) -> ControlPlane:
        """Return the gateway of a path; raises a 404."""
        self._check_availability()
        found = self._gateways.table.get(request.path_params["gateway"].lower())
        if found is None:
            raise missing()
        return found

    def _check_availability(self) -> None:
        if self._switches.ai_gateways == "missing":
            raise NoSuchPath
        if self._switches.ai_gateways == "forbidden":
            raise Problem(403, "Forbidden")

    # --- gateways

    def _show(self, gateway: ControlPlane) -> Record:
        return {**gateway.record, "config_version": self._gateways.version_of(gateway.snapshot())}

    async def gateways(self, request: Request) -> Response:
        """GET or POST /v1/ai-gateways."""
        self._check_availability()
        if request.method == "GET":
            rows = [self._show(gateway) for gateway in self._gateways.table]
            return json_response(numbered_page(request, rows, self._page_limit))
        body = await self._body(request, "CreateAIGatewayRequest")
        if any(gateway.record["name"] == body["name"] for gateway in self._gateways.table):
            raise not_unique()
        return json_response(self._show(self._gateways.add(body)), 201)

    async def gateway(self, request: Request) -> Response:
        """GET, PUT or DELETE one gateway; what is in it goes with it."""
        gateway = self.find(request)
        if request.method == "DELETE":
            self._gateways.table.remove(gateway.record["id"])
            return Response(status_code=204)
        if request.method == "PUT":
            body = await self._body(request, "UpdateAIGatewayRequest")
            if body["name"] != gateway.record["name"]:
                raise bad_request({"field": "name", "rule": "invalid", "reason": "name cannot be changed"})
            held = {name: gateway.record[name] for name in ("id", "endpoints", "created_at")}
            gateway.record = {**body, **held, "updated_at": iso_timestamp(self._gateways.clock.now_ms())}
        return json_response(self._show(gateway))

    async def _body(self, request: Request, schema: str) -> Record:
        body = await read_body(request, SERVICE)
        invalid = [*schemas.check(schemas.schema_of(schema), body)]
        if invalid:
            raise bad_request(*invalid)
        return body

    # --- entities

    def _entities(self, request: Request, kind: Kind) -> Entities:
        gateway, owner = self.find(request), request.path_params.get("owner", "")
        if kind is CREDENTIAL:
            found = gateway.entity_table("consumers").get(owner)  # the consumer's id, never its name
            if found is None:
                raise missing()
            return Entities(gateway, kind, self._switches, f"/{found['id']}")
        if owner:
            Entities(gateway, KINDS["certificates"], self._switches).find(owner)
            return Entities(gateway, kind, self._switches)
        return Entities(gateway, kind, self._switches)

    async def entities(self, request: Request, kind: Kind) -> Response:
        """GET or POST a list."""
        found = self._entities(request, kind)
        if request.method == "GET":
            form = self._switches.ai_next
            return json_response(cursor_page(request, found.table, found.show, self._page_limit, form))
        body = await read_body(request, SERVICE)
        made = found.create(body)
        if kind is CREDENTIAL:
            made["api_key"] = found.find(made["id"]).get("api_key") or f"ai-{made['id']}"
        return json_response(made, 201)

    async def entity(self, request: Request, kind: Kind) -> Response:
        """GET, PUT or DELETE one entity."""
        found = self._entities(request, kind)
        record = found.find(request.path_params["id"])
        if request.method == "DELETE":
            found.remove(record)
            return Response(status_code=204)
        if request.method == "PUT":
            return json_response(found.replace(record, await read_body(request, SERVICE)))
        return json_response(found.show(record))

    # --- members of consumer groups, which a gateway keeps as pairs of ids

    def _named(self, request: Request, segment: str, id_or_name: str) -> Record:
        return Entities(self.find(request), KINDS[segment], self._switches).find(id_or_name)

    def _pairs(self, request: Request) -> RecordTable[Record]:
        return self.find(request).entity_table("members")

    def _members_page(self, request: Request, segment: str, ids: set[str]) -> Response:
        entities, chosen = Entities(self.find(request), KINDS[segment], self._switches), RecordTable[Record]()
        for record in entities.table:
            if record["id"] in ids:
                chosen.put(record["id"], record)
        return json_response(cursor_page(request, chosen, entities.show, self._page_limit, self._switches.ai_next))

    async def members(self, request: Request) -> Response:
        """GET or POST the consumers of a group."""
        group = self._named(request, "consumer-groups", request.path_params["group"])["id"]
        if request.method == "GET":
            ids = {pair["consumer"] for pair in self._pairs(request) if pair["group"] == group}
            return self._members_page(request, "consumers", ids)
        body = await self._body(request, "AddAIGatewayConsumerToGroupRequest")
        consumer = self._named(request, "consumers", body["consumer"])["id"]
        self._pairs(request).put(f"{group}/{consumer}", {"group": group, "consumer": consumer})
        rows = {"consumers": ("consumer", consumer), "consumer-groups": ("consumer_group", group)}
        return json_response({name: self._shown(request, kind, id_) for kind, (name, id_) in rows.items()}, 201)

    async def member(self, request: Request) -> Response:
        """DELETE a consumer from a group."""
        group = self._named(request, "consumer-groups", request.path_params["group"])["id"]
        consumer = self._named(request, "consumers", request.path_params["id"])["id"]
        if self._pairs(request).get(f"{group}/{consumer}") is None:
            raise missing()
        self._pairs(request).remove(f"{group}/{consumer}")
        return Response(status_code=204)

    async def groups(self, request: Request) -> Response:
        """GET or PUT the groups of a consumer; the PUT answers 201."""
        consumer = self._named(request, "consumers", request.path_params["id"])["id"]
        pairs = self._pairs(request)
        if request.method == "PUT":
            body = await read_body(request, SERVICE)
            wanted = [self._named(request, "consumer-groups", name)["id"] for name in body["consumer_groups"]]
            for key in [key for key, pair in pairs.items() if pair["consumer"] == consumer]:
                pairs.remove(key)
            for group in wanted:
                pairs.put(f"{group}/{consumer}", {"group": group, "consumer": consumer})
            return json_response({"consumer_groups": body["consumer_groups"]}, 201)
        return self._members_page(
            request, "consumer-groups", {pair["group"] for pair in pairs if pair["consumer"] == consumer}
        )

    def _shown(self, request: Request, segment: str, id_: str) -> Record:
        entities = Entities(self.find(request), KINDS[segment], self._switches)
        return entities.show(entities.find(id_))

    # --- nodes

    def _show_node(self, node: Node) -> dict[str, Any]:
        pinged = self._nodes.last_ping_ms(node)
        row = {
            "id": node.id,
            "version": NODE_VERSION,
            "hostname": node.hostname,
            "last_ping": pinged // 1000,
            "type": "kong-proxy",
            "created_at": iso_timestamp(min(self._gateways.started_ms, pinged)),
            "updated_at": iso_timestamp(pinged),
            "config_version": self._gateways.version_of(self._nodes.reported(node)),
            "compatibility_status": COMPATIBLE,
        }
        return {**row, "errors": [ERROR]} if node.has_error else row

    def _nodes_of(self, request: Request) -> RecordTable[Node]:
        return self._nodes.listed if self.find(request) is self._gateways.connected else RecordTable()

    async def nodes(self, request: Request) -> Response:
        """GET .../nodes."""
        nodes = self._nodes_of(request)
        return json_response(cursor_page(request, nodes, self._show_node, self._page_limit, self._switches.ai_next))

    async def node(self, request: Request) -> Response:
        """GET .../nodes/{id}."""
        node = self._nodes_of(request).get(request.path_params["id"])
        if node is None:
            raise missing()
        return json_response(self._show_node(node))

    async def version(self, request: Request) -> Response:
        """GET .../expected-config-version."""
        gateway = self.find(request)
        version = self._gateways.version_of(gateway.snapshot())
        return json_response({"expected_config_version": version, "created_at": iso_timestamp(gateway.changed_ms)})
