# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates with their SNIs, targets, keys, schemas of custom plugins, and client certificates of data planes."""

from __future__ import annotations

from typing import Any

import pytest

from support.certificates import issue
from support.entity_cases import KEY

PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"
OTHER_PEM = "-----BEGIN CERTIFICATE-----\nMAE=\n-----END CERTIFICATE-----"
SCHEMA = 'return { name = "my-plugin", fields = { { config = { type = "record", fields = {} } } } }'
CERTIFICATES = "/core-entities/certificates"


def certificate(api: Any, *snis: str) -> dict[str, Any]:
    created: dict[str, Any] = api.create_entity("certificates", cert=PEM, key=KEY, snis=list(snis))
    return created


def test_the_snis_of_a_certificate_are_entities(api: Any) -> None:
    made = certificate(api, "b.example.com", "a.example.com")
    assert made["snis"] == ["a.example.com", "b.example.com"]
    assert sorted(api.names("snis")) == ["a.example.com", "b.example.com"]
    api.create_entity("snis", name="c.example.com", certificate={"id": made["id"]})
    assert "c.example.com" in api("GET", f"{CERTIFICATES}/{made['id']}").json()["snis"]


def test_a_put_sets_the_snis_that_it_gives_and_leaves_them_otherwise(api: Any) -> None:
    made = certificate(api, "a.example.com", "b.example.com")
    path = f"{CERTIFICATES}/{made['id']}"
    assert api("PUT", path, {"cert": PEM, "key": KEY}).json()["snis"] == ["a.example.com", "b.example.com"]
    assert api("PUT", path, {"cert": PEM, "key": KEY, "snis": ["b.example.com"]}).json()["snis"] == ["b.example.com"]
    assert api.names("snis") == ["b.example.com"]


def test_an_sni_has_one_certificate(api: Any) -> None:
    certificate(api, "a.example.com")
    [(_kind, field, text)] = api.conflicts(
        api("POST", CERTIFICATES, {"cert": PEM, "key": KEY, "snis": ["a.example.com"]})
    )
    assert (field, text.partition(" already")[0]) == ("snis", "a.example.com")


def test_the_pairs_of_a_certificate_are_complete_and_belong_together(api: Any) -> None:
    one, other = issue("a.example.com"), issue("a.example.com")
    for body, text in (
        ({"cert": one.cert, "key": other.key}, "certificate does not match key"),
        ({"cert": one.cert, "key": one.key, "cert_alt": other.cert}, "all or none of these fields must be set"),
    ):
        [(kind, _field, reason)] = api.violations(api("POST", CERTIFICATES, body))
        assert (kind, reason.startswith(text)) == ("ENTITY", True)
    assert api("POST", CERTIFICATES, {"cert": one.cert, "key": one.key}).status_code == 201


def test_snis_go_with_their_certificate(api: Any) -> None:
    made = certificate(api, "a.example.com")
    assert api("DELETE", f"{CERTIFICATES}/{made['id']}").status_code == 204
    assert api.names("snis") == []


@pytest.mark.parametrize(
    ("target", "stored"), [("example.com", "example.com:8000"), ("10.0.0.1:80", "10.0.0.1:80"), ("a b:80", None)]
)
def test_a_target_is_a_host_with_a_port(api: Any, target: str, stored: str | None) -> None:
    upstream = api.create_entity("upstreams", name="my-upstream")["id"]
    response = api("POST", f"/core-entities/upstreams/{upstream}/targets", {"target": target})
    assert response.json().get("target") == stored


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"hash_on": "header"}, "hash_on_header"),
        ({"hash_on": "cookie"}, "hash_on_cookie"),
        ({"hash_on": "ip", "hash_fallback": "query_arg"}, "hash_fallback_query_arg"),
        ({"hash_fallback": "ip"}, "hash_fallback"),
    ],
)
def test_an_upstream_has_what_it_balances_by(api: Any, body: dict[str, Any], field: str) -> None:
    found = api.violations(api("POST", "/core-entities/upstreams", {"name": "my-upstream", **body}))
    assert [name for _kind, name, _text in found] == [field]


@pytest.mark.parametrize("jwk", ["{}", "no json", '{"kid": "2"}'])
def test_a_jwk_carries_the_id_of_its_key(api: Any, jwk: str) -> None:
    assert api("POST", "/core-entities/keys", {"kid": "1", "jwk": jwk}).status_code == 400


def test_the_id_of_a_key_is_there_once_in_a_set(api: Any) -> None:
    first, second = (api.create_entity("key-sets", name=name)["id"] for name in ("a", "b"))
    for key_set in (first, second):
        api.create(f"/core-entities/key-sets/{key_set}/keys", {"kid": "1", "jwk": '{"kid": "1"}'})
    key = {"kid": "1", "jwk": '{"kid": "1"}', "set": {"id": first}}
    assert api("POST", "/core-entities/keys", key).status_code == 400


def test_a_plugin_schema_has_the_name_that_its_code_gives(api: Any) -> None:
    made = api.create("/core-entities/plugin-schemas", {"lua_schema": SCHEMA})["item"]
    assert (made["name"], made["lua_schema"]) == ("my-plugin", SCHEMA)
    path = "/core-entities/plugin-schemas/my-plugin"
    assert api("GET", path).json()["item"] == made
    assert api("POST", "/core-entities/plugin-schemas", {"lua_schema": SCHEMA}).status_code == 409
    assert api("PUT", path, {"lua_schema": SCHEMA + " "}).json()["item"]["lua_schema"] == SCHEMA + " "
    listed = api("GET", "/core-entities/plugin-schemas").json()
    assert ([row["name"] for row in listed["items"]], listed["page"]) == (["my-plugin"], {"total_count": 1})
    assert api("DELETE", path).status_code == 204
    assert api("GET", path).status_code == 404


@pytest.mark.parametrize("source", ["", 'return { name = "x" }', "return { fields = {} }"])
def test_a_plugin_schema_without_name_or_fields_is_rejected(api: Any, source: str) -> None:
    assert api("POST", "/core-entities/plugin-schemas", {"lua_schema": source}).status_code == 400


def test_client_certificates_of_data_planes(api: Any) -> None:
    made = api.create("/dp-client-certificates", {"cert": PEM, "title": "first"})["item"]
    assert (made["cert"], made["title"]) == (PEM, "first")
    path = f"/dp-client-certificates/{made['id']}"
    assert api("GET", path).json() == {"item": made}
    assert api("GET", "/dp-client-certificates").json() == {"items": [made], "page": {"total_count": 1}}
    assert api("POST", "/dp-client-certificates", {"cert": PEM}).status_code == 409
    assert api("PUT", path, {"cert": OTHER_PEM}).json()["item"]["cert"] == OTHER_PEM
    assert api("POST", "/dp-client-certificates", {"cert": "none"}).status_code == 400
    assert api("DELETE", path).status_code == 204
    assert api("GET", path).status_code == 404


def test_the_costs_of_graphql_are_shown_as_given(api: Any) -> None:
    service = api.create_entity("services", host="example.com")["id"]
    path = f"/core-entities/services/{service}/graphql-rate-limiting-advanced/costs"
    assert "mul_constant" not in api.create(path, {"type_path": "Query.users", "add_constant": 1})


def test_only_a_plugin_that_exists_is_cloned(api: Any) -> None:
    clone = {"name": "clone", "ref": "nope", "priority": 1}
    assert api.violations(api("POST", "/core-entities/cloned-plugins", clone))[0][1] == "ref"
