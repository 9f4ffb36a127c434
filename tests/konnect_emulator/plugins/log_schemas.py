# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compact schemas of the plugins that log and trace, as of Kong Gateway 3.15."""

from __future__ import annotations

from .schema import ALL_PROTOCOLS, Field, boolean, flag, integer, map_of, number, one_of, plugin, record, secret, string

NO_CONSUMER_GROUPS = ("consumer", "route", "service")


def _queue() -> Field:
    return record(
        {
            "max_batch_size": integer(default=1, between=[1, 1000000]),
            "max_coalescing_delay": number(default=1, between=[0, 3600]),
            "max_entries": integer(default=10000, between=[1, 1000000]),
            "max_bytes": integer(),
            "max_retry_time": number(default=60),
            "initial_retry_delay": number(default=0.01, between=[0.001, 1000000]),
            "max_retry_delay": number(default=60, between=[0.001, 1000000]),
            "concurrency_limit": integer(default=1, one_of=[-1, 1]),
        }
    )


HTTP_LOG = plugin(
    "http-log",
    {
        "http_endpoint": secret(required=True),
        "method": one_of("POST", "PUT", "PATCH", default="POST"),
        "content_type": one_of("application/json", "application/json; charset=utf-8", default="application/json"),
        "timeout": number(default=10000),
        "keepalive": number(default=60000),
        "retry_count": integer(),
        "queue_size": integer(),
        "flush_timeout": number(),
        "headers": map_of(string(referenceable=True)),
        "queue": _queue(),
        "custom_fields_by_lua": map_of(),
        "ssl_verify": boolean(default=True),
        "client_certificate": {"type": "foreign", "reference": "certificates"},
    },
    scopes=NO_CONSUMER_GROUPS,
    allowed_protocols=ALL_PROTOCOLS,
)


FILE_LOG = plugin(
    "file-log",
    {"path": string(required=True), "reopen": flag(False), "custom_fields_by_lua": map_of()},
    scopes=NO_CONSUMER_GROUPS,
    allowed_protocols=ALL_PROTOCOLS,
)


CORRELATION_ID = plugin(
    "correlation-id",
    {
        "header_name": string(default="Kong-Request-ID"),
        "generator": one_of("uuid", "uuid#counter", "tracker", required=True, default="uuid#counter"),
        "echo_downstream": flag(False),
    },
    scopes=NO_CONSUMER_GROUPS,
)
