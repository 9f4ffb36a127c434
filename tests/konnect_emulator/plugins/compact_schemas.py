# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All compact schemas: plugins that the emulator knows without Kong's published files.

Names, types, defaults and choices follow Kong's plugin schemas; the order of a default list is that of Kong's code.
"""

from __future__ import annotations

from .ai_proxy_schema import AI_PROXY
from .auth_schemas import ACL, BASIC_AUTH, IP_RESTRICTION, JWT, KEY_AUTH
from .log_schemas import CORRELATION_ID, FILE_LOG, HTTP_LOG
from .schema import PluginSchema
from .traffic_schemas import (
    CORS,
    POST_FUNCTION,
    PRE_FUNCTION,
    PROXY_CACHE,
    RATE_LIMITING,
    REQUEST_TERMINATION,
    REQUEST_TRANSFORMER,
    RESPONSE_TRANSFORMER,
)

COMPACT_SCHEMAS: dict[str, PluginSchema] = {
    schema.name: schema
    for schema in (
        AI_PROXY,
        KEY_AUTH,
        BASIC_AUTH,
        JWT,
        ACL,
        IP_RESTRICTION,
        RATE_LIMITING,
        REQUEST_TRANSFORMER,
        RESPONSE_TRANSFORMER,
        REQUEST_TERMINATION,
        CORS,
        PROXY_CACHE,
        PRE_FUNCTION,
        POST_FUNCTION,
        HTTP_LOG,
        FILE_LOG,
        CORRELATION_ID,
    )
}
