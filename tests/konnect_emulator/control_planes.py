# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``/v2/control-planes``: list, create, read, PATCH, delete (Konnect OpenAPI control-planes v2)."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .bodies import problem_body
from .errors import Problem, json_response, not_found
from .paging import numbered
from .settings import Settings
from .state import ControlPlane, Record, World, is_uuid, iso, now_ms

TRACER = "konnect"
CLUSTER_TYPES = (
    "CLUSTER_TYPE_CONTROL_PLANE",
    "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER",
    "CLUSTER_TYPE_CONTROL_PLANE_GROUP",
    "CLUSTER_TYPE_SERVERLESS",
    "CLUSTER_TYPE_KAFKA_NATIVE_EVENT_PROXY",
    "CLUSTER_TYPE_SERVERLESS_V1",
)
AUTH_TYPES = ("pinned_client_certs", "pki_client_certs")
UPDATABLE = ("name", "description", "auth_type", "proxy_urls", "labels")
CREATABLE = (*UPDATABLE, "cluster_type", "cloud_gateway")
LABEL_VALUE = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9]+)?")
RESERVED_LABELS = ("kong", "konnect", "mesh", "kic", "_")

Invalid = dict[str, Any]


def new_control_plane(id_: str, body: dict[str, Any]) -> Record:
    """The record of a control plane as the API shows it."""
    moment = iso(now_ms())
    return {
        "id": id_,
        "name": body["name"],
        "description": body.get("description", ""),
        "labels": dict(body.get("labels") or {}),
        "config": {
            "control_plane_endpoint": f"https://{id_[:8]}.cp.konnect-emulator.invalid",
            "telemetry_endpoint": f"https://{id_[:8]}.tp.konnect-emulator.invalid",
            "cluster_type": body.get("cluster_type", CLUSTER_TYPES[0]),
            "auth_type": body.get("auth_type", AUTH_TYPES[0]),
            "cloud_gateway": body.get("cloud_gateway", False),
            "proxy_urls": list(body.get("proxy_urls") or []),
        },
        "created_at": moment,
        "updated_at": moment,
    }


def find_control_plane(world: World, id_: str) -> ControlPlane:
    """For everything below a control plane: 404 whatever is wrong with the id."""
    control_plane = world.control_planes.get(id_.lower())
    if control_plane is None:
        raise not_found("The requested control plane was not found.", TRACER)
    return control_plane


def _length(field: str, value: Any, least: int, most: int) -> list[Invalid]:
    if not isinstance(value, str):
        return [{"field": field, "rule": "is_string", "reason": f"{field} must be a string"}]
    if len(value) < least:
        reason = f"{field} must be longer than or equal to {least} characters"
        return [{"field": field, "rule": "min_length", "minimum": least, "reason": reason}]
    if len(value) > most:
        reason = f"{field} must be shorter than or equal to {most} characters"
        return [{"field": field, "rule": "max_length", "maximum": most, "reason": reason}]
    return []


def _choice(field: str, value: Any, choices: tuple[str, ...]) -> list[Invalid]:
    if value in choices:
        return []
    reason = f"{field} must be one of {', '.join(choices)}"
    return [{"field": field, "rule": "enum", "choices": list(choices), "reason": reason}]


def _labels(value: Any, clearable: bool) -> list[Invalid]:
    if not isinstance(value, dict):
        return [{"field": "labels", "rule": "is_object", "reason": "labels must be an object"}]
    invalid = []
    for key, label in value.items():
        field = f"labels.{key}"
        if not 1 <= len(key) <= 63 or key.startswith(RESERVED_LABELS):
            invalid.append({"field": field, "rule": "is_label", "reason": "invalid label key"})
        elif label is None and clearable:
            continue
        elif not isinstance(label, str) or len(label) > 63 or not LABEL_VALUE.fullmatch(label):
            invalid.append({"field": field, "rule": "is_label", "reason": "invalid label value"})
    return invalid


def _proxy_urls(value: Any) -> list[Invalid]:
    if not isinstance(value, list):
        return [{"field": "proxy_urls", "rule": "is_array", "reason": "proxy_urls must be an array"}]
    good = all(
        isinstance(item, dict)
        and sorted(item) == ["host", "port", "protocol"]
        and isinstance(item["host"], str)
        and isinstance(item["protocol"], str)
        and isinstance(item["port"], int)
        for item in value
    )
    return [] if good else [{"field": "proxy_urls", "rule": "invalid", "reason": "proxy_urls is invalid"}]


def _check(body: dict[str, Any], known: tuple[str, ...], updating: bool) -> None:
    unknown = [name for name in body if name not in known]
    if unknown:
        invalid = [{"field": name, "reason": f"property {name} should not exist"} for name in unknown]
        raise Problem(400, "Bad Request", "Request contains unknown property", invalid, tracer=TRACER)
    if not updating and "name" not in body:
        invalid = [{"field": "name", "rule": "required", "reason": "name is a required field"}]
        raise Problem(400, "Bad Request", "Request cannot be empty", invalid, tracer=TRACER)
    found: list[Invalid] = []
    if "name" in body:
        found += _length("name", body["name"], 2, 256)
    if "description" in body:
        found += _length("description", body["description"], 0, 2048)
    if "cluster_type" in body:
        found += _choice("cluster_type", body["cluster_type"], CLUSTER_TYPES)
    if "auth_type" in body:
        found += _choice("auth_type", body["auth_type"], AUTH_TYPES)
    if "cloud_gateway" in body and not isinstance(body["cloud_gateway"], bool):
        found.append({"field": "cloud_gateway", "rule": "is_boolean", "reason": "cloud_gateway must be a boolean"})
    if "labels" in body:
        found += _labels(body["labels"], clearable=updating)
    if "proxy_urls" in body:
        found += _proxy_urls(body["proxy_urls"])
    if found:
        raise Problem(400, "Bad Request", "Invalid request format", found, tracer=TRACER)


def _matches(request: Request, record: Record) -> bool:
    """The filters of a list: ``filter[name][eq|neq|contains]``, ``filter[id][eq|oeq]``, cluster_type, labels."""
    for name, wanted in request.query_params.multi_items():
        found = re.fullmatch(r"filter\[(name|id|cluster_type|cloud_gateway)\](?:\[(eq|neq|oeq|contains)\])?", name)
        if found:
            field, operator = found[1], found[2] or "eq"
            value = str({**record["config"], **record}[field])
            value = value.lower() if field == "cloud_gateway" else value
            ok = {
                "eq": value == wanted,
                "neq": value != wanted,
                "oeq": value in wanted.split(","),
                "contains": wanted.lower() in value.lower(),
            }[operator]
            if not ok:
                return False
        elif name == "labels":
            for term in filter(None, wanted.split(",")):
                key, colon, label = term.partition(":")
                if key not in record["labels"] or (colon and record["labels"][key] != label):
                    return False
    return True


class ControlPlanes:
    """The endpoints."""

    def __init__(self, world: World, settings: Settings) -> None:
        self._world = world
        self._limit = settings.page_size

    def routes(self) -> list[Route]:
        path = "/v2/control-planes"
        return [
            *(Route(path + slash, self.list, methods=["GET"]) for slash in ("", "/")),
            *(Route(path + slash, self.create, methods=["POST"]) for slash in ("", "/")),
            Route(path + "/{id}", self.read, methods=["GET"]),
            Route(path + "/{id}", self.update, methods=["PATCH"]),
            Route(path + "/{id}", self.delete, methods=["DELETE"]),
        ]

    def _find(self, request: Request) -> ControlPlane:
        id_ = request.path_params["id"]
        if not is_uuid(id_):
            invalid = [{"field": "id", "reason": "invalid ID format"}]
            raise Problem(400, "Bad Request", "Request contains invalid ID format", invalid, tracer=TRACER)
        return find_control_plane(self._world, id_.lower())

    def _claim_name(self, name: str, owner: str = "") -> None:
        if self._world.names.get(name, owner) != owner:
            raise Problem(409, "Conflict", "Control Plane with provided name already exists.", tracer=TRACER)

    async def list(self, request: Request) -> Response:
        rows = [plane.record for plane in self._world.control_planes if _matches(request, plane.record)]
        attribute, _space, direction = request.query_params.get("sort", "").partition(" ")
        if attribute in ("created_at", "name"):
            rows.sort(key=lambda row: str(row[attribute]), reverse=direction.strip().lower() == "desc")
        return json_response(numbered(request, rows, self._limit))

    async def create(self, request: Request) -> Response:
        body = await problem_body(request, TRACER)
        _check(body, CREATABLE, updating=False)
        self._claim_name(body["name"])
        return json_response(self._world.add(lambda id_: new_control_plane(id_, body)).record, 201)

    async def read(self, request: Request) -> Response:
        return json_response(self._find(request).record)

    async def update(self, request: Request) -> Response:
        plane = self._find(request)
        body = await problem_body(request, TRACER)
        _check(body, UPDATABLE, updating=True)
        old = plane.record
        name = str(body.get("name", old["name"]))
        self._claim_name(name, owner=old["id"])
        labels = {**old["labels"], **body.get("labels", {})}
        config = {key: body.get(key, value) for key, value in old["config"].items()}
        plane.record = {
            **old,
            "name": name,
            "description": body.get("description", old["description"]),
            "labels": {key: label for key, label in labels.items() if label is not None},
            "config": config,
            "updated_at": iso(now_ms()),
        }
        del self._world.names[old["name"]]
        self._world.names[name] = old["id"]
        return json_response(plane.record)

    async def delete(self, request: Request) -> Response:
        record = self._find(request).record
        self._world.control_planes.remove(record["id"])
        del self._world.names[record["name"]]
        return Response(status_code=204)
