# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The headers of the Response Transformer plugin (kong/plugins/response-transformer of Kong Gateway 3.10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.datastructures import MutableHeaders


def _pairs(entries: list[str]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        name, _colon, value = entry.partition(":")
        yield name, value


def transform_headers(config: dict[str, Any], headers: MutableHeaders) -> None:
    """Remove, rename, replace, add and append headers of a response, in Kong's order."""
    for name, value in _pairs(config["remove"]["headers"]):
        if not value or headers.get(name) == value:
            del headers[name]
    for name, new_name in _pairs(config["rename"]["headers"]):
        if name in headers:
            headers[new_name] = headers[name]
            del headers[name]
    for name, value in _pairs(config["replace"]["headers"]):
        if name in headers:
            headers[name] = value
    for name, value in _pairs(config["add"]["headers"]):
        headers.setdefault(name, value)
    for name, value in _pairs(config["append"]["headers"]):
        headers.append(name, value)
