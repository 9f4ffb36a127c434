# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import certifi
import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.connection import (
    REGIONS,
    Connection,
    base_url,
    check_bundle,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput

URL = "https://us.api.konghq.com"


@pytest.mark.parametrize(
    ("url", "region", "expected"),
    [
        (None, "eu", "https://eu.api.konghq.com"),
        ("", "us", "https://us.api.konghq.com"),
        ("https://eu.api.konghq.com", "us", "https://eu.api.konghq.com"),
        ("https://us.api.konghq.com/", None, "https://us.api.konghq.com"),
        ("https://us.api.konghq.com/v2/", None, "https://us.api.konghq.com"),
        ("https://us.api.konghq.com/v2", None, "https://us.api.konghq.com"),
        ("https://proxy.example.com/konnect", None, "https://proxy.example.com/konnect"),
        ("https://proxy.example.com:1", None, "https://proxy.example.com:1"),
        ("http://[::1]:8001", None, "http://[::1]:8001"),
    ],
)
def test_the_root_of_the_api(url, region, expected):
    assert base_url(url, region) == expected


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_has_a_server(region):
    assert base_url(None, region) == f"https://{region}.api.konghq.com"


@pytest.mark.parametrize(
    "url",
    [
        "us.api.konghq.com",
        "ftp://x.example.com",
        "https://",
        "https://alice@x.example.com",
        "https://x.example.com?a=b",
        "https://x.example.com#a",
        "https://x y",
        "http://h:p",
        "http://h:0",
        "https://x.example.com:65536",
    ],
)
def test_what_is_no_url_is_refused(url):
    with pytest.raises(InvalidInput) as caught:
        base_url(url, None)
    assert caught.value.message == (
        "konnect_url must look like https://us.api.konghq.com, without user, query or fragment."
    )


def test_an_unknown_region_is_refused_with_the_known_ones():
    with pytest.raises(InvalidInput, match="'mars' is unknown. Known are us, eu, au, me, in, sg."):
        base_url(None, "mars")


def test_without_url_and_region_the_message_says_what_to_set():
    with pytest.raises(InvalidInput) as caught:
        base_url(None, None)
    assert caught.value.code == "no_server"
    for name in ("konnect_region", "konnect_url", "KONNECT_REGION", "KONNECT_SERVER_URL"):
        assert name in caught.value.message


def test_without_a_token_the_message_says_what_to_set():
    with pytest.raises(InvalidInput, match="Set konnect_token, or KONNECT_TOKEN") as caught:
        Connection(URL, "")
    assert caught.value.code == "no_token"


@pytest.mark.parametrize("token", ["kpat_fake\n", "kpat fake", "kpat_f\u00e4ke", "kpat_fake\x7f"])
def test_a_bad_token_is_refused_and_not_shown(token):
    with pytest.raises(InvalidInput) as caught:
        Connection(URL, token)
    assert caught.value.code == "bad_token"
    assert "kpat" not in caught.value.message


@pytest.mark.parametrize(
    "limits", [{"timeout": 0}, {"timeout": -1}, {"deadline": 0}, {"deadline": -1}, {"retries": -1}]
)
def test_limits_that_cannot_work_are_refused(limits):
    with pytest.raises(InvalidInput, match="must be positive"):
        Connection(URL, "kpat_fake", **limits)


def test_the_smallest_limits():
    connection = Connection(URL, "kpat_fake", timeout=0.001, deadline=0.001, retries=0)
    assert connection.retries == 0


def test_limits_by_default():
    connection = Connection(URL, "kpat_fake")
    assert (connection.timeout, connection.retries, connection.deadline) == (30, 4, 300)
    assert connection.verify is True


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"])
def test_plain_http_to_this_machine_is_fine(host):
    assert Connection(f"http://{host}:8001", "kpat_fake").is_loopback


@pytest.mark.parametrize("host", ["us.api.konghq.com", "10.0.0.1", "localhost.example.com"])
def test_plain_http_to_another_machine_is_refused(host):
    with pytest.raises(InvalidInput, match="clear text") as caught:
        Connection(f"http://{host}", "kpat_fake")
    assert caught.value.code == "insecure_url"


@pytest.mark.parametrize("host", ["us.api.konghq.com", "10.0.0.1"])
def test_https_to_another_machine_is_fine(host):
    assert not Connection(f"https://{host}", "kpat_fake").is_loopback


def test_what_has_no_host_is_not_this_machine():
    assert not Connection("https:///v2", "kpat_fake").is_loopback


# Certificates


def test_a_bundle_and_a_directory_are_taken(tmp_path):
    check_bundle(certifi.where())
    check_bundle(str(tmp_path))


@pytest.mark.parametrize("content", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nbroken\n"])
def test_a_file_that_is_no_bundle_is_refused_by_its_name(tmp_path, content):
    path = tmp_path / "ca.pem"
    path.write_text(content)
    with pytest.raises(InvalidInput, match=f"ca_path {path} holds no CA certificates"):
        check_bundle(str(path))


def test_a_bundle_that_does_not_exist_is_refused_by_its_name(tmp_path):
    with pytest.raises(InvalidInput, match="missing.pem does not exist"):
        check_bundle(str(tmp_path / "missing.pem"))


@pytest.mark.parametrize("end", ["?", "#", "/?", "/v2?", "/v2#", "?a=b", "#a"])
def test_an_empty_query_or_fragment_is_refused_too(end):
    with pytest.raises(InvalidInput, match="without user, query or fragment"):
        base_url(f"https://us.api.konghq.com{end}", None)


def test_the_token_is_not_in_the_text_of_a_connection():
    assert "kpat_fake" not in repr(Connection("https://eu.api.konghq.com", "kpat_fake"))
