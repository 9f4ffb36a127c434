# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``.../dp-client-certificates``: the certificates of data plane nodes, of which this emulator has none.

(Konnect OpenAPI control-planes-config v2, tag DP Certificates.)
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..json_application import json_response
from ..state import EmulatorState
from .control_planes import find_control_plane


class ClientCertificateEndpoints:
    """The list of client certificates."""

    def __init__(self, state: EmulatorState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """Return the routes of the application."""
        path = "/v2/control-planes/{control_plane}/dp-client-certificates"
        return [Route(path + slash, self.list, methods=["GET"]) for slash in ("", "/")]

    async def list(self, request: Request) -> Response:
        """GET .../dp-client-certificates."""
        find_control_plane(self._state, request.path_params["control_plane"])
        return json_response({"items": [], "page": {"total_count": 0}})
