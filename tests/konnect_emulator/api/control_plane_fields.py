# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validation of the fields of a control plane (Konnect OpenAPI control-planes v2).

Each check returns the invalid parameters of a 400: ``[{"field", "reason", "rule"?, ...}]``.
"""

from __future__ import annotations

import re
from typing import Any

from ..errors import ProblemError

SERVICE = "konnect"
GROUP = "CLUSTER_TYPE_CONTROL_PLANE_GROUP"
CLUSTER_TYPES = (
    "CLUSTER_TYPE_CONTROL_PLANE",
    "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER",
    GROUP,
    "CLUSTER_TYPE_SERVERLESS",
    "CLUSTER_TYPE_KAFKA_NATIVE_EVENT_PROXY",
    "CLUSTER_TYPE_SERVERLESS_V1",
)
AUTH_TYPES = ("pinned_client_certs", "pki_client_certs")
UPDATABLE_FIELDS = ("name", "description", "auth_type", "proxy_urls", "labels")
CREATABLE_FIELDS = (*UPDATABLE_FIELDS, "cluster_type", "cloud_gateway")
LABEL_VALUE = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9]+)?")
RESERVED_LABEL_PREFIXES = ("kong", "konnect", "mesh", "kic", "_")

Invalid = dict[str, Any]


def _check_length(field: str, value: Any, minimum: int, maximum: int) -> list[Invalid]:
    if not isinstance(value, str):
        return [{"field": field, "rule": "is_string", "reason": f"{field} must be a string"}]
    if len(value) < minimum:
        reason = f"{field} must be longer than or equal to {minimum} characters"
        return [{"field": field, "rule": "min_length", "minimum": minimum, "reason": reason}]
    if len(value) > maximum:
        reason = f"{field} must be shorter than or equal to {maximum} characters"
        return [{"field": field, "rule": "max_length", "maximum": maximum, "reason": reason}]
    return []


def _check_choice(field: str, value: Any, choices: tuple[str, ...]) -> list[Invalid]:
    if value in choices:
        return []
    reason = f"{field} must be one of {', '.join(choices)}"
    return [{"field": field, "rule": "enum", "choices": list(choices), "reason": reason}]


def _check_labels(value: Any, removable: bool) -> list[Invalid]:
    if not isinstance(value, dict):
        return [{"field": "labels", "rule": "is_object", "reason": "labels must be an object"}]
    invalid = []
    for key, label in value.items():
        field = f"labels.{key}"
        if not 1 <= len(key) <= 63 or key.startswith(RESERVED_LABEL_PREFIXES):
            invalid.append({"field": field, "rule": "is_label", "reason": "invalid label key"})
        elif label is None and removable:
            continue
        elif not isinstance(label, str) or len(label) > 63 or not LABEL_VALUE.fullmatch(label):
            invalid.append({"field": field, "rule": "is_label", "reason": "invalid label value"})
    return invalid


def _is_proxy_url(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and sorted(item) == ["host", "port", "protocol"]
        and isinstance(item["host"], str)
        and isinstance(item["protocol"], str)
        and isinstance(item["port"], int)
    )


def _check_proxy_urls(value: Any) -> list[Invalid]:
    if not isinstance(value, list):
        return [{"field": "proxy_urls", "rule": "is_array", "reason": "proxy_urls must be an array"}]
    if all(map(_is_proxy_url, value)):
        return []
    return [{"field": "proxy_urls", "rule": "invalid", "reason": "proxy_urls is invalid"}]


def check_fields(body: dict[str, Any], *, updating: bool) -> None:
    """Raise a ProblemError if the body of a POST or, when ``updating``, of a PATCH is invalid."""
    known = UPDATABLE_FIELDS if updating else CREATABLE_FIELDS
    unknown = [name for name in body if name not in known]
    if unknown:
        invalid = [{"field": name, "reason": f"property {name} should not exist"} for name in unknown]
        raise ProblemError(400, "Bad Request", "Request contains unknown property", invalid, service=SERVICE)
    if not updating and "name" not in body:
        invalid = [{"field": "name", "rule": "required", "reason": "name is a required field"}]
        raise ProblemError(400, "Bad Request", "Request cannot be empty", invalid, service=SERVICE)
    found: list[Invalid] = []
    if "name" in body:
        found += _check_length("name", body["name"], 2, 256)
    if "description" in body:
        found += _check_length("description", body["description"], 0, 2048)
    if "cluster_type" in body:
        found += _check_choice("cluster_type", body["cluster_type"], CLUSTER_TYPES)
    if "auth_type" in body:
        found += _check_choice("auth_type", body["auth_type"], AUTH_TYPES)
    if "cloud_gateway" in body and not isinstance(body["cloud_gateway"], bool):
        found.append({"field": "cloud_gateway", "rule": "is_boolean", "reason": "cloud_gateway must be a boolean"})
    if "labels" in body:
        found += _check_labels(body["labels"], removable=updating)
    if "proxy_urls" in body:
        found += _check_proxy_urls(body["proxy_urls"])
    if found:
        raise ProblemError(400, "Bad Request", "Invalid request format", found, service=SERVICE)
