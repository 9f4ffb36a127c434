# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compact schemas of the Redis partials, as of Kong Gateway 3.15.

Names, types, defaults and flags follow PartialRedisCe and PartialRedisEe in Konnect's OpenAPI control-planes-config v2;
plugins that accept such a partial have the same record in their own schema.
"""

from __future__ import annotations

from .schema import Field, array, boolean, integer, one_of, record, referenceable, secret, string

MAX_TIMEOUT = 2147483646


def _port() -> Field:
    return integer(default=6379, between=[0, 65535])


def _milliseconds() -> Field:
    return integer(default=2000, between=[0, MAX_TIMEOUT])


def _cloud_authentication() -> Field:
    return record(
        {
            "auth_provider": one_of("aws", "azure", "gcp", referenceable=True),
            "aws_cache_name": referenceable(),
            "aws_region": referenceable(),
            "aws_is_serverless": boolean(default=True),
            "aws_access_key_id": secret(),
            "aws_secret_access_key": secret(),
            "aws_assume_role_arn": secret(),
            "aws_role_session_name": secret(),
            "azure_client_id": secret(),
            "azure_client_secret": secret(),
            "azure_tenant_id": secret(),
            "gcp_service_account_json": secret(),
        },
        required=False,
    )


def _connection() -> dict[str, Field]:
    return {
        "port": {**_port(), "referenceable": True},
        "username": referenceable(),
        "password": secret(len_min=0),
        "database": integer(default=0),
        "ssl": boolean(default=False),
        "ssl_verify": boolean(default=True),
        "server_name": referenceable(),
        "cloud_authentication": _cloud_authentication(),
    }


def redis_ce() -> Field:
    """Return the config of a ``redis-ce`` partial."""
    return record({"host": referenceable(), "timeout": _milliseconds(), **_connection()})


def redis_ee() -> Field:
    """Return the config of a ``redis-ee`` partial."""
    return record(
        {
            "host": referenceable(default="127.0.0.1"),
            **_connection(),
            "connect_timeout": _milliseconds(),
            "send_timeout": _milliseconds(),
            "read_timeout": _milliseconds(),
            "connection_is_proxied": boolean(default=False),
            "keepalive_pool_size": integer(default=256, between=[1, MAX_TIMEOUT]),
            "keepalive_backlog": integer(between=[0, MAX_TIMEOUT]),
            "sentinel_master": string(),
            "sentinel_role": one_of("any", "master", "slave"),
            "sentinel_nodes": array(record({"host": string(default="127.0.0.1"), "port": _port()}), len_min=1),
            "sentinel_username": referenceable(),
            "sentinel_password": secret(),
            "cluster_nodes": array(record({"ip": string(default="127.0.0.1"), "port": _port()}), len_min=1),
            "cluster_max_redirections": integer(default=5),
        }
    )


PARTIAL_CONFIGS: dict[str, Field] = {"redis-ce": redis_ce(), "redis-ee": redis_ee()}
