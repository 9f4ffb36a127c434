# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of texts in core entities: each returns what is wrong with a value, or None.

The messages are those of Kong's open source control plane (koko).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..plugins import hosts
from ..plugins.schema import is_reference
from ..state import is_uuid

MAX_HOSTNAME = 253
MAX_PORT = 65535
# Konnect's own form (terraform-provider-konnect pull request 117); Python has no classes \p.
NAME_PATTERN = r"^[\p{N}\p{L}.\-_~]*$"
RESERVED_VAULT_PREFIXES = ("aws", "azure", "env", "gcp", "hcv")


def uuid(value: str) -> str | None:
    """Check an id."""
    return None if is_uuid(value) else "must be a valid UUID"


def entity_name(value: str) -> str | None:
    """Check the name of a service, route or config store: letters and digits of any script, and four other signs."""
    if all(character.isalnum() or character in ".-_~" for character in value):
        return None
    return f"must match pattern '{NAME_PATTERN}'"


def tag(value: str) -> str | None:
    """Check a tag: letters and digits of any script, and printable ASCII but for comma and slash."""
    if all(character.isalnum() or (" " <= character <= "~" and character not in ",/") for character in value):
        return None
    return f"invalid tag '{value}': expected printable ascii (except `,` and `/`) or valid utf-8 sequences"


def hostname(value: str) -> str | None:
    """Check the host name of a service or upstream."""
    return "must be a valid hostname" if hosts.host(value) or len(value) > MAX_HOSTNAME else None


def route_host(value: str) -> str | None:
    """Check a host of a certificate: it may have ``*`` as its first or last label."""
    return hosts.host_with_wildcard(value)


def target(value: str) -> str | None:
    """Check the target of an upstream: a host with a port."""
    host, _colon, port = value.rpartition(":")
    if not port.isdigit() or int(port) > MAX_PORT or not host or hosts.host(host.strip("[]")):
        return "not a valid hostname or ip address"
    return None


def service_path(value: str) -> str | None:
    """Check the path of a service."""
    if not value.startswith("/"):
        return "must begin with `/`"
    return "must not contain `//`" if "//" in value else hosts.path(value)


def route_path(value: str) -> str | None:
    """Check a path of a route: a prefix in its normal form, or ``~`` and a regular expression."""
    if not value.startswith(("/", "~/")):
        return "must begin with `/` (prefix path) or `~/` (regex path)"
    if "//" in value:
        return "must not contain `//`"
    wrong = hosts.percent_encoding(value)
    if wrong or not value.startswith("~"):
        normal = hosts.normalized_path(value)
        return wrong or (None if value == normal else f"non-normalized path, consider use '{normal}' instead")
    try:
        re.compile(python_pattern(value[1:]))
    except re.error as error:
        return f"invalid regex: '{value[1:]}' ({error.msg})"
    return None


def route_header(name: str) -> str | None:
    """Check the name of a header by which a route matches."""
    if name.lower() == "host":
        return "cannot contain 'host' header, which must be specified in the 'hosts' attribute"
    return hosts.header_name(name)


def address(value: dict[str, Any]) -> str | None:
    """Check a source or destination of a route."""
    unknown = next((name for name in value if name not in ("ip", "port")), None)
    ip, port = value.get("ip"), value.get("port")
    if unknown:
        return f"additionalProperties '{unknown}' not allowed"
    if ip is None and port is None:
        return "at least one of these fields must be non-empty: 'ip', 'port'"
    if port is not None and (isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= MAX_PORT):
        return f"port: value should be between 0 and {MAX_PORT}"
    if ip is not None and not isinstance(ip, str):
        return "ip: expected a string"
    return None if ip is None else hosts.ip_or_cidr(ip)


def python_pattern(pcre: str) -> str:
    """Translate a regex path of Kong, which is PCRE; the one common difference is the name of a group."""
    return re.sub(r"\(\?<(?![=!])", "(?P<", pcre)


def vault_prefix(value: str) -> str | None:
    """Check the prefix of a vault."""
    if value in RESERVED_VAULT_PREFIXES:
        return f"must not be any of [{' '.join(RESERVED_VAULT_PREFIXES)}]"
    return None


def certificate(value: str) -> str | None:
    """Check a certificate. OpenSSL passes over blocks of other types before it, such as its private key."""
    if re.search("^-----BEGIN ((X509|TRUSTED) )?CERTIFICATE-----", value, re.MULTILINE):
        return None
    return "invalid certificate: invalid PEM-encoded value"


def private_key(value: str) -> str | None:
    """Check a private key."""
    if re.search("^-----BEGIN (.* )?PRIVATE KEY-----", value, re.MULTILINE):
        return None
    return "invalid key: invalid PEM-encoded value"


def or_reference(check: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Return a check that takes a reference to a secret, too."""
    return lambda value: None if is_reference(value) else check(value)
