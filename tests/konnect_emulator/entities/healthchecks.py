# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The defaults of an upstream's health checks."""

from __future__ import annotations

from typing import Any

DEFAULTS: dict[str, Any] = {
    "threshold": 0,
    "active": {
        "type": "http",
        "concurrency": 10,
        "http_path": "/",
        "https_verify_certificate": True,
        "timeout": 1,
        "healthy": {"http_statuses": [200, 302], "interval": 0, "successes": 0},
        "unhealthy": {
            "http_statuses": [429, 404, 500, 501, 502, 503, 504, 505],
            "http_failures": 0,
            "interval": 0,
            "tcp_failures": 0,
            "timeouts": 0,
        },
    },
    "passive": {
        "type": "http",
        "healthy": {"http_statuses": [*range(200, 209), 226, *range(300, 309)], "successes": 0},
        "unhealthy": {"http_statuses": [429, 500, 503], "http_failures": 0, "tcp_failures": 0, "timeouts": 0},
    },
}


def with_healthcheck_defaults(given: dict[str, Any]) -> dict[str, Any]:
    """Return the given health checks with every default filled in."""
    return _merge(DEFAULTS, given)


def _merge(defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    merged = {**defaults, **given}
    for name, default in defaults.items():
        if isinstance(default, dict) and isinstance(merged[name], dict):
            merged[name] = _merge(default, merged[name])
    return merged
