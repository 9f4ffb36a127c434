# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._inventory.options import Filters, parse_options

TOKENS = {"KONNECT_TOKEN": "kpat_fake_one", "KONNECT_TOKEN_TEST": "kpat_fake_two"}


def only_source(environment=None, **options):
    (source,) = parse_options(options, {**TOKENS, **(environment or {})}).sources
    return source


# Sources


def test_without_sources_the_environment_gives_the_one_to_read():
    source = only_source({"KONNECT_REGION": "eu"})
    assert (source.connection.url, source.connection.token) == ("https://eu.api.konghq.com", "kpat_fake_one")


def test_each_source_has_a_server_and_a_token_of_its_own():
    rows = [
        {"konnect_region": "eu"},
        {"konnect_region": "us", "konnect_token_env": "KONNECT_TOKEN_TEST"},
        {"konnect_url": "https://konnect.example.com"},
    ]
    sources = parse_options({"sources": rows}, TOKENS).sources
    assert [(source.connection.url, source.connection.token) for source in sources] == [
        ("https://eu.api.konghq.com", "kpat_fake_one"),
        ("https://us.api.konghq.com", "kpat_fake_two"),
        ("https://konnect.example.com", "kpat_fake_one"),
    ]


@pytest.mark.parametrize("environment", [{}, {"KONNECT_TOKEN_TEST": ""}])
def test_a_token_that_is_missing_is_never_replaced_by_that_of_another_account(environment):
    row = {"konnect_region": "eu", "konnect_token_env": "KONNECT_TOKEN_TEST"}
    with pytest.raises(InvalidInput, match="KONNECT_TOKEN_TEST is not set"):
        parse_options({"sources": [row]}, {"KONNECT_TOKEN": "kpat_fake_one", **environment})


@pytest.mark.parametrize(
    ("row", "variables"),
    [
        ({"konnect_region": "eu"}, {"konnect_region": "eu", "konnect_token_env": "KONNECT_TOKEN"}),
        (
            {"konnect_url": "https://eu.api.konghq.com/v2", "konnect_token_env": "KONNECT_TOKEN_TEST"},
            {"konnect_region": "eu", "konnect_token_env": "KONNECT_TOKEN_TEST"},
        ),
        (
            {"konnect_url": "https://konnect.example.com"},
            {"konnect_url": "https://konnect.example.com", "konnect_token_env": "KONNECT_TOKEN"},
        ),
    ],
)
def test_a_host_says_which_server_and_which_variable_with_the_token(row, variables):
    assert only_source(sources=[row]).variables == variables


def test_a_host_says_which_server_the_environment_named():
    assert only_source({"KONNECT_REGION": "au"}).variables["konnect_region"] == "au"


@pytest.mark.parametrize("verify", [{"validate_certs": False}, {"environment": {"KONNECT_VALIDATE_CERTS": "false"}}])
def test_tls_options_come_from_the_file_or_the_environment(verify):
    assert only_source(**verify, sources=[{"konnect_region": "eu"}]).connection.verify is False


def test_limits_are_those_of_modules_unless_given():
    connection = only_source(sources=[{"konnect_region": "eu"}], request_timeout=7).connection
    assert (connection.timeout, connection.retries, connection.deadline) == (7, 4, 300)


# Filters


def test_filters():
    given = {"names": ["orders-*"], "labels": {"year": 2026, "live": True}, "cluster_types": None}
    options = parse_options({"filters": given}, {**TOKENS, "KONNECT_REGION": "eu"})
    assert options.filters == Filters(("orders-*",), {"year": 2026, "live": True}, ())


# Identity, which a cache is found by


def test_the_identity_has_no_token():
    assert "kpat_fake" not in parse_options({}, {**TOKENS, "KONNECT_REGION": "eu"}).identity


@pytest.mark.parametrize(
    "other",
    [
        {"sources": [{"konnect_region": "us"}]},
        {"sources": [{"konnect_region": "eu", "konnect_token_env": "KONNECT_TOKEN_TEST"}]},
        {"sources": [{"konnect_region": "eu", "proxy_urls": {"orders": "https://orders.example.com"}}]},
        {"filters": {"names": ["orders-*"]}},
        {"count_nodes": True},
        {"ai_gateways": True},
    ],
)
def test_the_identity_differs_when_other_data_would_be_read(other):
    options = {"sources": [{"konnect_region": "eu"}]}
    assert parse_options({**options, **other}, TOKENS).identity != parse_options(options, TOKENS).identity


# Refusals


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"sources": [{"region": "eu"}]}, "region"),
        ({"sources": [{"konnect_region": "mars"}]}, "mars"),
        ({"sources": [{"konnect_region": "eu", "konnect_url": "https://konnect.example.com"}]}, "mutually exclusive"),
        ({"sources": [{"konnect_url": "http://konnect.example.com"}]}, "clear text"),
        ({"sources": [{}]}, "No Konnect server is given"),
        ({"sources": [{"konnect_region": "eu", "konnect_token": "kpat_fake_one"}]}, "konnect_token"),
        ({"filters": {"cluster_types": ["CLUSTER_TYPE_NONE"]}}, "CLUSTER_TYPE_NONE"),
        ({"filters": {"tags": ["x"]}}, "tags"),
    ],
)
def test_what_cannot_work_is_refused_before_a_request(options, words):
    with pytest.raises(InvalidInput, match=words) as caught:
        parse_options(options, TOKENS)
    assert "kpat_fake" not in caught.value.message
