# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASGI middleware: ``/_emulator/...``, by which a test controls a running emulator. Nothing here exists in Konnect.

GET /_emulator/faults      ``{"requests": N}``: how many requests the API got since the faults were set
PUT /_emulator/faults      a JSON list of faults, in the form of ``--fault``, replaces the former ones
GET /_emulator/data-plane  ``{"control_plane_id": ID}``: the control plane that the data plane is connected to
PUT /_emulator/data-plane  the same object connects the data plane and all nodes to that control plane (404: unknown)

These requests need no token, are not counted and not written to the request log.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope, Send

from ..faults import FAULTS_PATH, Fault
from ..state import EmulatorState
from .asgi_messages import read_body, send_response
from .fault_injection import FaultInjection

DATA_PLANE_PATH = "/_emulator/data-plane"


def describe_endpoints() -> str:
    """Return the endpoints, other than those of faults, as lines for ``--help``."""
    return (
        f'data plane: PUT {DATA_PLANE_PATH} with {{"control_plane_id": ID}} connects it, and all nodes, to another\n'
        "  control plane of a running emulator."
    )


class EmulatorEndpoints:
    """The outermost layer of the control plane API."""

    def __init__(self, app: FaultInjection, state: EmulatorState) -> None:
        self._app = app
        self._state = state
        self._endpoints = {FAULTS_PATH: self._faults, DATA_PLANE_PATH: self._data_plane}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._endpoints.get(scope["path"]) if scope["type"] == "http" else None
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        sent = json.loads(await read_body(receive)) if scope["method"] == "PUT" else None
        status, body = endpoint(sent)
        await send_response(send, status, json.dumps(body).encode())

    def _faults(self, sent: Any) -> tuple[HTTPStatus, dict[str, Any]]:
        if sent is not None:
            self._app.replace_faults(map(Fault.parse, sent))
        return HTTPStatus.OK, {"requests": self._app.request_count}

    def _data_plane(self, sent: Any) -> tuple[HTTPStatus, dict[str, Any]]:
        if sent is not None:
            control_plane = self._state.control_planes.get(sent["control_plane_id"])
            if control_plane is None:
                return HTTPStatus.NOT_FOUND, {"message": f"no control plane {sent['control_plane_id']}"}
            self._state.connect_data_plane(control_plane)
        connected = self._state.connected
        return HTTPStatus.OK, {"control_plane_id": connected.record["id"] if connected else None}
