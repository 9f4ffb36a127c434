# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import SERVICE
from ansible_collections.community.konnect.plugins.module_utils._entities.reconcile import Target
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._resources.service import url_parts, with_default_port


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://a.example.com:8443/v1/x", ("https", "a.example.com", 8443, "/v1/x")),
        ("http://a.example.com", ("http", "a.example.com", 80, "")),
        ("https://a.example.com/", ("https", "a.example.com", 443, "/")),
        ("grpc://a.example.com", ("grpc", "a.example.com", 80, "")),
        ("grpcs://a.example.com", ("grpcs", "a.example.com", 443, "")),
        ("ws://a.example.com", ("ws", "a.example.com", 80, "")),
        ("wss://a.example.com", ("wss", "a.example.com", 443, "")),
        ("tcp://a.example.com:9000", ("tcp", "a.example.com", 9000, "")),
        ("tls_passthrough://a.example.com:443", ("tls_passthrough", "a.example.com", 443, "")),
        ("HTTPS://a.example.com", ("https", "a.example.com", 443, "")),
        ("http://[2001:db8::1]:8080/x", ("http", "2001:db8::1", 8080, "/x")),
    ],
)
def test_the_parts_of_a_url(url, parts):
    assert url_parts(url) == dict(zip(("protocol", "host", "port", "path"), parts, strict=True))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example.com",
        "https:a.example.com",
        "ftp://a.example.com",
        "https://",
        "https:///path",
        "https://a.example.com/?q=1",
        "https://a.example.com/#top",
        "https://a.example.com/?",
        "https://a.example.com#",
        "https://user@a.example.com",
        "https://:password@a.example.com",
        "https://a.example.com:99999",
        "https://a.example.com:port",
        "https://[broken",
    ],
)
def test_urls_that_are_none_of_a_service(url):
    with pytest.raises(InvalidInput, match=r"must look like https://host\[:port\]\[/path\]"):
        url_parts(url)


@pytest.mark.parametrize("protocol", ["tcp", "tls", "tls_passthrough", "udp"])
def test_a_protocol_without_a_default_port(protocol):
    with pytest.raises(InvalidInput, match=f"needs a port, because {protocol} has no default one"):
        url_parts(f"{protocol}://a.example.com")


@pytest.mark.parametrize(
    ("body", "port"),
    [({}, 443), ({"port": None}, 443), ({"port": 80}, 443), ({"port": 443}, 443), ({"port": 8443}, 8443)],
)
def test_a_protocol_brings_its_port_unless_the_service_has_one_of_its_own(plane, body, port):
    target = Target(plane(), SERVICE, "name", lambda _each: True, lambda _current: dict(body))
    assert with_default_port(target, "https").compose(None)["port"] == port
