# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Larger defaults that Konnect fills in, which diffs leave out.

Source: Konnect's OpenAPI document of the control planes configuration API; of vaults, what live Konnect returned.
"""

from __future__ import annotations

from typing import Any

HEALTHCHECKS: dict[str, Any] = {
    "active": {
        "concurrency": 10,
        "healthy": {"http_statuses": [200, 302], "interval": 0, "successes": 0},
        "http_path": "/",
        "https_verify_certificate": True,
        "timeout": 1,
        "type": "http",
        "unhealthy": {
            "http_failures": 0,
            "http_statuses": [429, 404, 500, 501, 502, 503, 504, 505],
            "interval": 0,
            "tcp_failures": 0,
            "timeouts": 0,
        },
    },
    "passive": {
        "healthy": {
            "http_statuses": [*range(200, 209), 226, *range(300, 309)],
            "successes": 0,
        },
        "type": "http",
        "unhealthy": {"http_failures": 0, "http_statuses": [429, 500, 503], "tcp_failures": 0, "timeouts": 0},
    },
    "threshold": 0,
}

VAULT_DEFAULTS: dict[str, dict[str, Any]] = {
    "aws": {"base64_decode": False, "role_session_name": "KongVault"},
    "azure": {"base64_decode": False, "credentials_prefix": "AZURE", "type": "secrets"},
    "azure-certs": {"base64_decode": False, "credentials_prefix": "AZURE"},
    "conjur": {"base64_decode": False, "auth_method": "api_key"},
    "env": {"base64_decode": False},
    "fs": {"base64_decode": False},
    "gcp": {"base64_decode": False},
    "hcv": {
        "auth_method": "token",
        "base64_decode": False,
        "kube_auth_path": "kubernetes",
        "kv": "v1",
        "mount": "secret",
        "protocol": "http",
    },
    "konnect": {"base64_decode": False},
}
