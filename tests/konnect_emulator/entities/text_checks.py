# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of texts in core entities: each returns what is wrong with a value, or None.

The messages are those of Kong's open source control plane (koko).
"""

from __future__ import annotations

import re

from ..plugins.schema import is_reference
from ..state import is_uuid

HOSTNAME = re.compile(
    r"(?=.{1,253}\Z)[a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9_])?(\.[a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9_])?)*"
)
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
    return None if HOSTNAME.fullmatch(value) else "must be a valid hostname"


def route_host(value: str) -> str | None:
    """Check a host of a route: it may have a port, and ``*`` as its first or last label."""
    name = value.partition(":")[0]
    if name.count("*") > 1 or ("*" in name and not (name.startswith("*.") or name.endswith(".*"))):
        return "invalid wildcard: must be placed at leftmost or rightmost label"
    return hostname(name.replace("*", "x"))


def service_path(value: str) -> str | None:
    """Check the path of a service."""
    if not value.startswith("/"):
        return "must begin with `/`"
    return "must not contain `//`" if "//" in value else None


def route_path(value: str) -> str | None:
    """Check a path of a route: a prefix, or ``~`` and a regular expression."""
    if not value.startswith(("/", "~/")):
        return "must begin with `/` (prefix path) or `~/` (regex path)"
    if "//" in value:
        return "must not contain `//`"
    try:
        re.compile(python_pattern(value[1:]) if value.startswith("~") else "")
    except re.error as error:
        return f"invalid regex: '{value[1:]}' ({error.msg})"
    return None


def python_pattern(pcre: str) -> str:
    """Translate a regex path of Kong, which is PCRE; the one common difference is the name of a group."""
    return re.sub(r"\(\?<(?![=!])", "(?P<", pcre)


def vault_prefix(value: str) -> str | None:
    """Check the prefix of a vault."""
    if value in RESERVED_VAULT_PREFIXES:
        return f"must not be any of [{' '.join(RESERVED_VAULT_PREFIXES)}]"
    return None


def pem(value: str) -> str | None:
    """Check a certificate or key, which may also be a reference to a secret."""
    if value.startswith("-----BEGIN ") or is_reference(value):
        return None
    return "invalid certificate: invalid PEM-encoded value"
