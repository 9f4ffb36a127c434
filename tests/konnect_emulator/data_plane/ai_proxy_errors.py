# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why AI Proxy returns no response of a model."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.responses import Response

from .responses import JSON_UTF8


@dataclass
class RequestRejected(Exception):
    """The plugin responds by itself: ``{"error": {"message": ...}}``."""

    status: int
    message: str

    def response(self) -> Response:
        """Render the error."""
        return Response(json.dumps({"error": {"message": self.message}}), self.status, media_type=JSON_UTF8)


class ModelUnreachable(Exception):
    """There was no response from the model."""
