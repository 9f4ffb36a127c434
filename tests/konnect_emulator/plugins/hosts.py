# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts, addresses and paths as Kong checks them (kong/tools/ip.lua, kong/db/schema/typedefs.lua).

Each check returns what is wrong with a text, or None.
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

IPV4 = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::(\d+))?", re.ASCII)
BRACKETED = re.compile(r"\[(.*)\](?::(\d*))?")
NAME = re.compile(r"([0-9a-zA-Z._-]+?)(?::(\d+))?", re.ASCII)
URL = re.compile(r"(?:([a-zA-Z0-9][a-zA-Z0-9+.-]*):)?(?://([^/]*))?")
RESERVED = r"/[0-9a-zA-Z._~/%:@!$&'()*+,;=-]*"
HIGHEST_PORT = 65535
RESERVED_CHARACTERS = "%:/?#[]@!$&'()*+,;="


class Host(NamedTuple):
    """A parsed host: ``type`` is ipv4, ipv6 or name; ``error`` is None for a valid one."""

    type: str
    port: int | None = None
    error: str | None = None


def parse_host(text: str) -> Host:
    """Parse a host with an optional port."""
    if text.count(":") > 1:
        return _parse_ipv6(text)
    if re.fullmatch(r"[\d.]+", text.replace(":", ""), re.ASCII):
        match = IPV4.fullmatch(text)
        if not match or any(int(part) > 255 for part in match.groups()[:4]):
            return Host("ipv4", error=f"invalid ipv4 address: {text}")
        return _with_port("ipv4", match[5])
    match = NAME.fullmatch(text)
    labels = match[1].split(".") if match else []
    if not match or any(
        label.endswith("-") or (not label and index < len(labels) - 1) for index, label in enumerate(labels)
    ):
        return Host("name", error=f"invalid hostname: {text}")
    return _with_port("name", match[2])


def _parse_ipv6(text: str) -> Host:
    match = BRACKETED.fullmatch(text)
    try:
        ipaddress.IPv6Address(match[1] if match else text)
    except ValueError:
        return Host("ipv6", error=f"invalid ipv6 address: {text}")
    return _with_port("ipv6", match[2] if match else None)


def _with_port(type_: str, port: str | None) -> Host:
    if port and int(port) > HIGHEST_PORT:
        return Host(type_, error="invalid port number")
    return Host(type_, int(port) if port else None)


def _without_port(host: Host, text: str) -> str | None:
    if host.error and host.error != "invalid port number":
        return f"invalid value: {text}"
    return "must not have a port" if host.error or host.port is not None else None


def host(text: str) -> str | None:
    """Check a host without a port."""
    return _without_port(parse_host(text), text)


def sni(text: str) -> str | None:
    """Check a server name: no address, no port."""
    parsed = parse_host(text)
    if not parsed.error and parsed.type != "name":
        return "must not be an IP"
    return _without_port(parsed, text)


def host_with_wildcard(text: str) -> str | None:
    """Check a host of a route, with an optional port, and ``*`` as its first or last label."""
    if text.count("*") > 1:
        return "invalid wildcard: must have at most one wildcard"
    if "*" in text and not (text.startswith("*.") or text.endswith(".*")):
        return "invalid wildcard: must be placed at leftmost or rightmost label"
    return parse_host(text.replace("*", "abc")).error


def ip_or_cidr(text: str) -> str | None:
    """Check an address or a range."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return f"invalid ip or cidr range: '{text}'"
    return None if re.fullmatch(r"[^/]+(/\d+)?", text, re.ASCII) else f"invalid ip or cidr range: '{text}'"


def percent_encoding(text: str) -> str | None:
    """Check that every percent sign begins an encoded character."""
    wrong = re.search(r"%(?![0-9a-fA-F]{2})", text)
    return f"invalid url-encoded value: '{text[wrong.start() : wrong.start() + 3]}'" if wrong else None


def path(text: str) -> str | None:
    """Check the characters of a path."""
    if not re.fullmatch(RESERVED, text):
        return f"invalid path: '{text}' (characters outside of the reserved list of RFC 3986 found)"
    return percent_encoding(text)


def normalized_path(text: str) -> str:
    """Return the normal form of a path: no encoding where it is not needed, no dot segments (kong/tools/uri.lua)."""

    def decode(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return match[0].upper() if character in RESERVED_CHARACTERS else character

    decoded = re.sub(r"%([0-9a-fA-F]{2})", decode, text)
    kept: list[str] = []
    *segments, last = decoded.split("/")[1:]
    for segment in [*segments, last]:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if last in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def url(text: str) -> str | None:
    """Check that a URL has a scheme and a host; nothing else of it is checked (LuaSocket, url.parse)."""
    match = URL.match(text.partition("#")[0])
    authority = (match[2] if match else None) or ""
    if not re.sub(r":[^:\]]*$", "", authority.rpartition("@")[2]):
        return "missing host in url"
    return None if match and match[1] else "missing scheme in url"


def header_name(text: str) -> str | None:
    """Check the name of a header."""
    if re.fullmatch(r"[a-zA-Z0-9_-]+", text):
        return None
    return f"bad header name '{text}', allowed characters are A-Z, a-z, 0-9, '_', and '-'"
