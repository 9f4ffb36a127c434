# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Gateway Services: the URL that stands for protocol, host, port and path."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from .._entities.kind import Entity
from .._entities.reconcile import Target
from .._errors import InvalidInput

PORTS = {"http": 80, "https": 443, "grpc": 80, "grpcs": 443, "ws": 80, "wss": 443}
PROTOCOLS = ["grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss"]


def with_default_port(target: Target, protocol: str) -> Target:
    """The service with the port of its protocol, as in a URL without one, unless it has a port of its own.

    Without it, Konnect fills in 80 for every protocol.
    """

    def compose(current: Entity | None) -> Entity:
        body = target.compose(current)
        if protocol in PORTS and body.get("port") in (None, *PORTS.values()):
            body["port"] = PORTS[protocol]
        return body

    return replace(target, compose=compose)


def url_parts(url: str) -> dict[str, Any]:
    """The protocol, host, port and path in a URL; what it lacks is the protocol's port and no path."""
    protocol, _separator, rest = url.partition("://")  # urlsplit knows no protocol with an underscore
    try:
        parts = urlsplit(f"//{rest}", protocol.lower())
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in PROTOCOLS or not parts.hostname or re.search("[?#]", url) or "@" in parts.netloc:
        raise InvalidInput(
            "url must look like https://host[:port][/path], without user, query or fragment; the protocol one of "
            f"{', '.join(PROTOCOLS)}."
        )
    if not port:
        raise InvalidInput(f"url needs a port, because {parts.scheme} has no default one.")
    return {"protocol": parts.scheme, "host": parts.hostname, "port": port, "path": parts.path}
