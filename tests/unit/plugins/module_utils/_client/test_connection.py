# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.connection import Connection, base_url
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput


@pytest.mark.parametrize(
    ("url", "region", "expected"),
    [
        (None, "eu", "https://eu.api.konghq.com"),
        ("https://us.api.konghq.com/", None, "https://us.api.konghq.com"),
        ("https://us.api.konghq.com/v2/", None, "https://us.api.konghq.com"),
        ("https://proxy.example.com/konnect", None, "https://proxy.example.com/konnect"),
        ("http://[::1]:8001", None, "http://[::1]:8001"),
    ],
)
def test_base_url(url, region, expected):
    assert base_url(url, region) == expected


@pytest.mark.parametrize(
    "url",
    ["us.api.konghq.com", "ftp://x.example.com", "https://", "https://user@x.example.com", "https://x y", "http://h:p"],
)
def test_what_is_no_url_is_refused(url):
    with pytest.raises(InvalidInput):
        base_url(url, None)


def test_without_url_and_region_the_remedy_is_named():
    with pytest.raises(InvalidInput, match="KONNECT_SERVER_URL"):
        base_url(None, None)


@pytest.mark.parametrize("token", ["kpat_fake\n", "kpat fake", "", "kpat_fäke"])
def test_a_bad_token_is_refused_and_not_shown(token):
    with pytest.raises(InvalidInput) as caught:
        Connection("https://us.api.konghq.com", token)
    assert "kpat_f" not in caught.value.message


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"])
def test_plain_http_to_this_machine(host):
    assert Connection(f"http://{host}:8001", "kpat_fake").is_loopback


@pytest.mark.parametrize("host", ["us.api.konghq.com", "10.0.0.1", "localhost.example.com"])
def test_plain_http_to_another_machine_is_refused(host):
    with pytest.raises(InvalidInput, match="clear text"):
        Connection(f"http://{host}", "kpat_fake")
