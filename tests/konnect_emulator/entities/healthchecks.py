# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The health checks of an upstream (kong/db/schema/entities/upstreams.lua in Kong Gateway 3.10)."""

from __future__ import annotations

from typing import Any

from ..errors import Violation
from ..plugins.schema import Field, array, flag, integer, map_of, number, one_of, record, string
from ..plugins.schema_rules import fill, validate

TYPE = one_of("tcp", "http", "https", "grpc", "grpcs", default="http")
INTERVAL = number(default=0, between=[0, 65535])
COUNT = integer(default=0, between=[0, 255])
FAILURES = dict.fromkeys(("http_failures", "tcp_failures", "timeouts"), COUNT)


def _statuses(*default: int) -> Field:
    return array(integer(between=[100, 999]), default=[*default])


ACTIVE = record(
    {
        "type": TYPE,
        "concurrency": integer(default=10, between=[1, 2147483648]),
        "headers": map_of(array()),
        "http_path": string(default="/", starts_with="/"),
        "https_sni": string(),
        "https_verify_certificate": flag(default=True),
        "timeout": number(default=1, between=[0, 65535]),
        "healthy": record({"http_statuses": _statuses(200, 302), "interval": INTERVAL, "successes": COUNT}),
        "unhealthy": record(
            {"http_statuses": _statuses(429, 404, 500, 501, 502, 503, 504, 505), "interval": INTERVAL, **FAILURES}
        ),
    }
)
SERVED = (*range(200, 209), 226, *range(300, 309))
PASSIVE = record(
    {
        "type": TYPE,
        "healthy": record({"http_statuses": _statuses(*SERVED), "successes": COUNT}),
        "unhealthy": record({"http_statuses": _statuses(429, 500, 503), **FAILURES}),
    }
)
SCHEMA = record({"threshold": number(default=0, between=[0, 100]), "active": ACTIVE, "passive": PASSIVE})


def with_healthcheck_defaults(given: dict[str, Any]) -> dict[str, Any]:
    """Return the given health checks with every default filled in."""
    filled: dict[str, Any] = _without_nulls(fill(SCHEMA, given))
    return filled


def check_healthchecks(given: dict[str, Any]) -> list[Violation]:
    """Return what is wrong with health checks."""
    return validate(SCHEMA, given, "healthchecks")


def _without_nulls(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _without_nulls(item) for name, item in value.items() if item is not None}


DEFAULTS: dict[str, Any] = with_healthcheck_defaults({})
