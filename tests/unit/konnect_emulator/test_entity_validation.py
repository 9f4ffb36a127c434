# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Core entities: what is rejected, and with which message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from support.entity_cases import KEY

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("vaults", {}, ("ENTITY", "", "missing properties: 'name', 'prefix'")),
        (
            "vaults",
            {"name": "env", "prefix": "a"},
            ("FIELD", "prefix", "must match pattern '^[a-z][a-z0-9-]*[a-z0-9]+$'"),
        ),
        ("vaults", {"name": "env", "prefix": "hcv"}, ("FIELD", "prefix", "must not be any of [aws azure env gcp hcv]")),
        ("vaults", {"name": "nope", "prefix": "pp"}, ("FIELD", "name", 'value must be one of "aws", "azure", ')),
        ("services", {"host": "h", "x": 1}, ("ENTITY", "", "additionalProperties 'x' not allowed")),
        ("services", {"host": "h", "port": -1}, ("FIELD", "port", "must be >= 0 but found -1")),
        ("services", {"host": "h", "port": "80"}, ("FIELD", "port", "expected integer, but got string")),
        ("services", {"host": "h", "retries": True}, ("FIELD", "retries", "expected integer, but got boolean")),
        ("services", {"host": "bad host"}, ("FIELD", "host", "must be a valid hostname")),
        ("services", {"host": "h", "path": "x"}, ("FIELD", "path", "must begin with `/`")),
        ("services", {"host": "h", "path": "/x//y"}, ("FIELD", "path", "must not contain `//`")),
        ("services", {"url": "nonsense"}, ("FIELD", "url", "must be a valid URL")),
        ("services", {"host": "h", "id": "x"}, ("FIELD", "id", "must be a valid UUID")),
        ("services", {"host": "h", "name": ""}, ("FIELD", "name", "length must be >= 1, but got 0")),
        ("services", {"host": "h", "name": "x" * 129}, ("FIELD", "name", "length must be <= 128, but got 129")),
        (
            "services",
            {"host": "h", "tags": [f"t{n}" for n in range(21)]},
            ("FIELD", "tags", "maximum 20 items required"),
        ),
        ("services", {"host": "h", "protocol": "ftp"}, ("FIELD", "protocol", 'value must be one of "grpc", ')),
        (
            "services",
            {"host": "h", "client_certificate": {}},
            ("FIELD", "client_certificate.id", "must be a valid UUID"),
        ),
        ("routes", {"paths": ["x"]}, ("FIELD", "paths[0]", "must begin with `/` (prefix path) or `~/` (regex path)")),
        ("routes", {"paths": ["~/("]}, ("FIELD", "paths[0]", "invalid regex: '/('")),
        ("routes", {"hosts": ["a.*.b"]}, ("FIELD", "hosts[0]", "invalid wildcard")),
        ("routes", {"protocols": ["http"]}, ("ENTITY", "", "when protocols has 'http', at least one of 'hosts', ")),
        ("routes", {"protocols": [], "paths": ["/"]}, ("FIELD", "protocols", "minimum 1 items required, but found 0")),
        (
            "routes",
            {"paths": ["/"], "protocols": ["grpcs"], "strip_path": True},
            ("FIELD", "strip_path", "cannot set 'strip_path' when 'protocols' is 'grpc' or 'grpcs'"),
        ),
        ("services", {"host": "h", "name": "a b"}, ("FIELD", "name", "must match pattern '^[\\p{N}\\p{L}.\\-_~]*$'")),
        ("services", {"host": "h", "tags": ["a,b"]}, ("FIELD", "tags[0]", "invalid tag 'a,b'")),
        ("routes", {"headers": {"Host": ["a"]}}, ("FIELD", "headers.Host", "cannot contain 'host' header")),
        ("routes", {"paths": ["/a/../b"]}, ("FIELD", "paths[0]", "non-normalized path, consider use '/b' instead")),
        ("routes", {"paths": ["/a%zz"]}, ("FIELD", "paths[0]", "invalid url-encoded value: '%zz'")),
        ("routes", {"protocols": ["tls"], "snis": ["1.2.3.4"]}, ("FIELD", "snis[0]", "must not be an IP")),
        ("routes", {"protocols": ["tcp"]}, ("ENTITY", "", "when protocols has 'tcp', at least one of 'sources', ")),
        (
            "routes",
            {"protocols": ["tcp"], "sources": [{"ip": "x"}]},
            ("FIELD", "sources[0]", "invalid ip or cidr range: 'x'"),
        ),
        (
            "routes",
            {"protocols": ["http", "grpc"], "paths": ["/"]},
            ("FIELD", "protocols", "these sets are mutually exclusive: ('http'), ('grpc')"),
        ),
        (
            "routes",
            {"paths": ["/"], "sources": []},
            ("FIELD", "sources", "cannot set 'sources' when 'protocols' is 'http' or 'https'"),
        ),
        (
            "routes",
            {"protocols": ["http"], "paths": ["/"], "snis": ["a.example"]},
            ("ENTITY", "", "'snis' can only be set when 'protocols' is "),
        ),
        (
            "routes",
            {"expression": 'http.path == "/"', "paths": ["/"]},
            ("ENTITY", "", "cannot set 'expression' with 'paths' simultaneously"),
        ),
        ("services", {"host": "h:80"}, ("FIELD", "host", "must be a valid hostname")),
        ("services", {"host": "h", "path": "/a?b"}, ("FIELD", "path", "invalid path: '/a?b'")),
        ("routes", {"headers": {"x": "y"}}, ("FIELD", "headers.x", "expected array, but got string")),
        ("plugins", {"name": "nope"}, ("FIELD", "name", "plugin(nope) does not exist")),
        ("plugins", {"name": "cors", "config": {"x": 1}}, ("FIELD", "config.x", "unknown field")),
        ("plugins", {"name": "cors", "config": "x"}, ("FIELD", "config", "expected object, but got string")),
        ("plugins", {"name": "cors", "protocols": ["udp"]}, ("FIELD", "protocols[0]", "expected one of: grpc, ")),
        ("plugins", {"name": "cors", "consumer": {"id": UNKNOWN_ID}}, ("FIELD", "consumer", "value must be null")),
        ("consumers", {}, ("ENTITY", "", "at least one of custom_id or username must be set")),
        ("certificates", {"cert": "x", "key": KEY}, ("FIELD", "cert", "invalid certificate")),
        ("certificates", {"cert": KEY, "key": KEY}, ("FIELD", "cert", "invalid certificate")),
        ("certificates", {"cert": PEM, "key": PEM}, ("FIELD", "key", "invalid key")),
        ("ca_certificates", {"cert": "{vault://my-vault/ca}"}, ("FIELD", "cert", "invalid certificate")),
        (
            "upstreams",
            {"name": "u", "healthchecks": {"active": {"healthy": {"interva": 1}}}},
            ("FIELD", "healthchecks.active.healthy.interva", "unknown field"),
        ),
        (
            "upstreams",
            {"name": "u", "healthchecks": {"passive": {"type": "udp"}}},
            ("FIELD", "healthchecks.passive.type", "expected one of: tcp, http, https, grpc, grpcs"),
        ),
        ("keys", {"kid": "1"}, ("ENTITY", "", "exactly one of these fields must be non-empty: 'jwk', 'pem'")),
    ],
)
def test_an_invalid_entity_is_rejected(
    api: Any, kind: str, body: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    (found,) = api.violations(api("POST", f"/core-entities/{kind}", body))
    assert found[:2] == expected[:2]
    assert found[2].startswith(expected[2])


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        ("services", {"host": "h", "port": -1}, "must be >= 0 but found -1"),
        ("services", {"host": "bad host"}, "must be a valid hostname"),
        ("services", {"host": "h", "x": 1}, "additionalProperties 'x' not allowed"),
        ("vaults", {}, "missing properties: 'name', 'prefix'"),
    ],
)
def test_a_message_has_nothing_after_its_end(api: Any, kind: str, body: dict[str, Any], message: str) -> None:
    (found,) = api.violations(api("POST", f"/core-entities/{kind}", body))
    assert found[2] == message


def test_names_and_tags_may_have_letters_of_any_script(api: Any) -> None:
    service = api.create_entity("services", name="Zürich-店", host="h", tags=["größe: {1}", "a@b#c"])
    assert (service["name"], service["tags"]) == ("Zürich-店", ["größe: {1}", "a@b#c"])


@pytest.mark.parametrize(
    "body",
    [{"protocol": "tcp", "path": "/p"}, {"tls_verify": False}, {"ca_certificates": []}],
    ids=["path", "tls_verify", "ca_certificates"],
)
def test_a_service_has_nothing_that_its_protocol_does_not_use(api: Any, body: dict[str, Any]) -> None:
    field, entity = api.violations(api("POST", "/core-entities/services", {"host": "h", **body}))
    assert field[2] == "value must be null"
    assert entity[2] == "failed conditional validation given value of field 'protocol'"


def test_a_set_loses_duplicates_and_a_list_keeps_them(api: Any) -> None:
    route = api.create_entity("routes", paths=["/a", "/a"], methods=["GET", "GET"], tags=["t", "t"])
    assert (route["paths"], route["methods"], route["tags"]) == (["/a", "/a"], ["GET"], ["t"])


def test_a_route_may_match_by_an_expression(api: Any) -> None:
    route = api.create_entity("routes", expression='http.path ^= "/a"')
    assert route["priority"] == 0
    assert "regex_priority" not in route


def test_a_certificate_may_be_a_reference_to_a_secret(api: Any) -> None:
    api.create_entity("certificates", cert="{vault://my-vault/cert}", key="{vault://my-vault/key}")


def test_a_switch_limits_the_number_of_tags(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "max_tags=1")
    assert api.violations(api("POST", "/core-entities/key-sets", {"tags": ["a", "b"]}))[0][1] == "tags"


@pytest.mark.parametrize(("raw", "status"), [(b'{"username": "a"}', 201), (b"{\xff", 400)])
def test_json_is_parsed_whatever_the_content_type_is(api: Any, raw: bytes, status: int) -> None:
    url = f"{api.root}/{api.control_plane_id}/core-entities/consumers"
    headers = {**api.headers, "Content-Type": "text/plain"}
    assert requests.post(url, data=raw, headers=headers, timeout=30).status_code == status


def test_a_body_that_is_not_json_has_no_details(api: Any) -> None:
    url = f"{api.root}/{api.control_plane_id}/core-entities/consumers"
    rejected = requests.post(url, data=b"{", headers=api.headers, timeout=30)
    assert (rejected.json()["code"], rejected.json()["details"]) == (3, [])
