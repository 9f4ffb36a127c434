# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request that AI Proxy sends to a model: URL, headers and body, by its config and the client's request."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

DEFAULT_URLS = {"mistral": "https://api.mistral.ai:443/v1/chat/completions"}
FALLBACK_URL = "https://llm.invalid:443/v1/chat/completions"
# A value in the config has precedence over the request's (kong/llm/drivers/shared.lua, merge_config_defaults).
TUNING_OPTIONS = ("max_tokens", "temperature", "top_p")
NOT_FORWARDED = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "host",
        "content-length",
        "content-type",
        "accept-encoding",
        "expect",
    ]
)


def model_body(config: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Return the body for the model: its own name, an explicit ``stream``, the configured tuning, no ``top_k``."""
    options = config["model"]["options"] or {}
    sent = {name: value for name, value in body.items() if name != "top_k"}
    sent.update({name: options[name] for name in TUNING_OPTIONS if options.get(name) is not None})
    if config["model"]["name"]:
        sent["model"] = config["model"]["name"]
    sent["stream"] = bool(body.get("stream")) or config["response_streaming"] == "always"
    auth = config["auth"] or {}
    name, value = _auth_parameter(auth, "body")
    if name and not (auth["allow_override"] and name in sent):
        sent[name] = value
    return sent


def _auth_parameter(auth: dict[str, Any], location: str) -> tuple[str, str]:
    """Return the name and value of the key in the body or query; empty if it is sent elsewhere."""
    if auth.get("param_location") == location and auth.get("param_name") and auth.get("param_value"):
        return auth["param_name"], auth["param_value"]
    return "", ""


def model_headers(config: dict[str, Any], given: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Return the client's headers with the configured one instead of its own; one that resolved to "" is left out.

    As bytes, because the values of clients and secrets need not be ASCII.
    """
    headers = {name: value for name, value in given.items() if name.lower() not in NOT_FORWARDED}
    auth = config["auth"] or {}
    name, value = auth.get("header_name"), auth.get("header_value")
    if name and value is not None and not (auth["allow_override"] and name.lower() in headers):
        headers.pop(name.lower(), None)
        if value:
            headers[name] = value
    headers["content-type"] = "application/json"
    return [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers.items()]


def sent_key(config: dict[str, Any], headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return the value of the header that has the key, empty if it is not among the headers for the model."""
    name = ((config["auth"] or {}).get("header_name") or "authorization").lower().encode("latin-1", "replace")
    return next((value for header, value in headers if header.lower() == name), b"")


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def model_url(config: dict[str, Any], default_upstream: str) -> str:
    """Return the configured URL if it is on this machine, else the same path at ``default_upstream``.

    So no traffic leaves the machine.
    """
    options = config["model"]["options"] or {}
    url = options.get("upstream_url") or DEFAULT_URLS.get(config["model"]["provider"], FALLBACK_URL)
    parts = urlsplit(url)
    if not _is_loopback(parts.hostname):
        parts = urlsplit(default_upstream)._replace(path=parts.path, query=parts.query)
    if not parts.path:
        parts = parts._replace(path="/")
    name, value = _auth_parameter(config["auth"] or {}, "query")
    if name:
        parts = parts._replace(query=f"{parts.query}&{urlencode({name: value})}".lstrip("&"))
    return urlunsplit(parts)
