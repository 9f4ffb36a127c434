# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Core entities: defaults, PUT as replacement, uniqueness, parents, filters, and the wording of refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
CHOSEN_ID = "11111111-1111-4111-8111-111111111111"
PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"


def reasons(answer: requests.Response, message: str = "validation error") -> list[tuple[str, str, str]]:
    """The details of a 400: (type, field, text)."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/json"
    assert (body["code"], body["message"]) == (3, message)
    assert all(detail["@type"].endswith("kong.admin.model.v1.ErrorDetail") for detail in body["details"])
    return [
        (detail["type"].removeprefix("ERROR_TYPE_"), detail.get("field", ""), text)
        for detail in body["details"]
        for text in detail["messages"]
    ]


def conflict(answer: requests.Response) -> list[tuple[str, str, str]]:
    return reasons(answer, "data constraint error")


def names(api: Any, kind: str, **query: Any) -> list[str]:
    answer = api("GET", f"/core-entities/{kind}", params=query)
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["data"]]


# --- defaults and shorthands


def test_service_defaults(api: Any) -> None:
    service = api.entity("services", host="example.com")
    expected = {"protocol": "http", "port": 80, "retries": 5, "connect_timeout": 60000, "enabled": True}
    assert expected.items() <= service.items()
    assert isinstance(service["created_at"], int)
    assert "path" not in service and "name" not in service


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", {"protocol": "https", "host": "a.example", "port": 443, "path": "/x"}),
        ("http://a.example:8080", {"protocol": "http", "host": "a.example", "port": 8080}),
        ("grpcs://a.example", {"protocol": "grpcs", "port": 443}),
    ],
)
def test_url_is_expanded_and_never_shown(api: Any, url: str, expected: dict[str, Any]) -> None:
    service = api.entity("services", url=url, path="/ignored")
    assert expected.items() <= service.items()
    assert "url" not in service
    assert service.get("path") == expected.get("path")


def test_route_defaults(api: Any) -> None:
    route = api.entity("routes", paths=["/a"])
    expected = {"protocols": ["https"], "https_redirect_status_code": 426, "strip_path": True, "path_handling": "v0"}
    assert expected.items() <= route.items()


def test_route_protocols_of_older_gateways(start: Callable[..., Any]) -> None:
    assert start("--set", "route_protocols_default=http,https").entity("routes", paths=["/a"])["protocols"] == [
        "http",
        "https",
    ]


def test_upstream_healthchecks_are_filled_in(api: Any) -> None:
    upstream = api.entity("upstreams", name="u.internal", healthchecks={"active": {"timeout": 9}})
    assert upstream["healthchecks"]["active"]["timeout"] == 9
    assert upstream["healthchecks"]["active"]["healthy"]["http_statuses"] == [200, 302]
    assert upstream["healthchecks"]["passive"]["unhealthy"]["http_statuses"] == [429, 500, 503]


def test_vault_config(api: Any) -> None:
    vault = api.entity("vaults", name="env", prefix="my-env")
    nulls = {"prefix": None, "ttl": None, "neg_ttl": None, "resurrect_ttl": None}
    assert vault["config"] == {"base64_decode": False, **nulls}
    other = api.entity("vaults", name="hcv", prefix="my-hcv", config={"host": "h"})
    assert other["config"]["host"] == "h" and other["config"]["base64_decode"] is False
    konnect = {"name": "konnect", "prefix": "kv"}
    assert reasons(api("POST", "/core-entities/vaults", konnect)) == [
        ("FIELD", "config.config_store_id", "required field missing")
    ]
    both = {"config_store_id": UNKNOWN_ID, "ttl": 5}
    assert reasons(api("POST", "/core-entities/vaults", {**konnect, "config": both})) == [
        ("FIELD", "config.ttl", "unknown field")
    ]
    assert api.entity("vaults", **konnect, config={"config_store_id": UNKNOWN_ID})


def test_strict_config_store_id(start: Callable[..., Any]) -> None:
    api = start("--set", "strict_config_store_id=true")
    body = {"name": "konnect", "prefix": "kv", "config": {"config_store_id": UNKNOWN_ID}}
    answer = api("POST", "/core-entities/vaults", body)
    assert reasons(answer)[0][:2] == ("REFERENCE", "config.config_store_id")
    api.entity("vaults", **{**body, "config": {"config_store_id": api.store()}})


def test_digest_of_a_ca_certificate(api: Any) -> None:
    made = api.entity("ca_certificates", cert=PEM, cert_digest="nonsense")
    assert len(made["cert_digest"]) == 64
    assert conflict(api("POST", "/core-entities/ca_certificates", {"cert": PEM}))[0][1] == "cert_digest"


def test_unset_fields_are_absent_or_null(api: Any, start: Callable[..., Any]) -> None:
    assert "description" not in api.entity("vaults", name="env", prefix="my-env")
    shown = start("--set", "top_level_nulls=true").entity("vaults", name="env", prefix="my-env")
    assert shown["description"] is None and shown["tags"] is None


# --- validation


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
        ("services", {"host": "h", "tags": ["a", "b", "a"]}, ("FIELD", "tags", "items at index 0 and 2 are equal")),
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
        ("routes", {"headers": {"x": "y"}}, ("FIELD", "headers.x", "expected array, but got string")),
        ("plugins", {"name": "nope"}, ("FIELD", "name", "plugin(nope) does not exist")),
        ("plugins", {"name": "cors", "config": {"x": 1}}, ("FIELD", "config.x", "unknown field")),
        ("plugins", {"name": "cors", "config": "x"}, ("FIELD", "config", "expected object, but got string")),
        ("plugins", {"name": "cors", "protocols": ["udp"]}, ("FIELD", "protocols[0]", "expected one of: grpc, ")),
        ("plugins", {"name": "cors", "consumer": {"id": UNKNOWN_ID}}, ("FIELD", "consumer", "value must be null")),
        ("consumers", {}, ("ENTITY", "", "at least one of custom_id or username must be set")),
        ("certificates", {"cert": "x", "key": PEM}, ("FIELD", "cert", "invalid certificate")),
        ("keys", {"kid": "1"}, ("ENTITY", "", "exactly one of these fields must be non-empty: 'jwk', 'pem'")),
    ],
)
def test_validation(api: Any, kind: str, body: dict[str, Any], expected: tuple[str, str, str]) -> None:
    (found,) = reasons(api("POST", f"/core-entities/{kind}", body))
    assert found[:2] == expected[:2]
    assert found[2].startswith(expected[2])
    assert found[2] == expected[2] or expected[2].endswith((" ", "0", "d", "e", "'"))


def test_a_reference_passes_for_a_certificate(api: Any) -> None:
    api.entity("certificates", cert="{vault://my-vault/cert}", key="{vault://my-vault/key}")


def test_fewer_tags(start: Callable[..., Any]) -> None:
    api = start("--set", "max_tags=1")
    assert reasons(api("POST", "/core-entities/key-sets", {"tags": ["a", "b"]}))[0][1] == "tags"


def test_json_is_read_whatever_the_content_type_says(api: Any) -> None:
    url = f"{api.root}/{api.control_plane_id}/core-entities/consumers"
    headers = {**api.headers, "Content-Type": "text/plain"}
    assert requests.post(url, data=b'{"username": "a"}', headers=headers, timeout=30).status_code == 201
    broken = requests.post(url, data=b"{\xff", headers=headers, timeout=30)
    assert (broken.status_code, broken.json()["code"], broken.json()["details"]) == (400, 3, [])


# --- writing


def test_put_replaces_everything(api: Any) -> None:
    made = api.entity("services", name="s", host="h", path="/p", retries=9, tags=["t"])
    answer = api("PUT", f"/core-entities/services/{made['id']}", {"host": "h2", "created_at": 1})
    assert answer.status_code == 200
    replaced = answer.json()
    assert (replaced["host"], replaced["retries"]) == ("h2", 5)
    assert not {"name", "path", "tags"} & set(replaced)
    assert (replaced["id"], replaced["created_at"]) == (made["id"], made["created_at"])
    assert names_are_free(api, "s")


def names_are_free(api: Any, name: str) -> bool:
    return bool(api("GET", f"/core-entities/services/{name}").status_code == 404)


def test_put_creates_by_id_and_by_name(api: Any) -> None:
    by_id = api("PUT", f"/core-entities/services/{CHOSEN_ID}", {"host": "h", "id": UNKNOWN_ID})
    assert (by_id.status_code, by_id.json()["id"]) == (200, CHOSEN_ID)
    by_name = api("PUT", "/core-entities/services/named", {"host": "h", "name": "other"}).json()
    assert by_name["name"] == "named"
    again = api("PUT", "/core-entities/services/named", {"host": "h2"}).json()
    assert (again["id"], again["host"], again["name"]) == (by_name["id"], "h2", "named")
    vault = api("PUT", "/core-entities/vaults/my-env", {"name": "env"}).json()
    assert vault["prefix"] == "my-env"
    assert api("GET", "/core-entities/vaults/my-env").json() == vault
    assert api("DELETE", "/core-entities/vaults/my-env").status_code == 204
    plugin = api("PUT", "/core-entities/plugins/cors", {"name": "cors"})
    assert reasons(plugin) == [("FIELD", "id", "must be a valid UUID")]


def test_only_ids_in_paths(start: Callable[..., Any]) -> None:
    api = start("--set", "put_by_name=false")
    made = api.entity("services", name="named", host="h")
    assert reasons(api("PUT", "/core-entities/services/named", {"host": "h"}))[0][1] == "id"
    assert api("DELETE", "/core-entities/services/named").status_code == 204
    assert api("GET", "/core-entities/services/named").json() == made


def test_there_is_no_patch(api: Any, start: Callable[..., Any]) -> None:
    made = api.entity("consumers", username="a")
    answer = api("PATCH", f"/core-entities/consumers/{made['id']}", {"username": "b"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, PUT, DELETE")
    assert start("--set", "core_patch=501")("PATCH", "/core-entities/consumers/x", {}).status_code == 501
    assert api("DELETE", "/core-entities/consumers").status_code == 405
    assert api("POST", f"/core-entities/consumers/{made['id']}", {}).status_code == 405


def test_delete_of_what_is_not_there(api: Any, start: Callable[..., Any]) -> None:
    assert api("DELETE", f"/core-entities/services/{UNKNOWN_ID}").status_code == 204
    strict = start("--set", "delete_missing=404")
    assert strict("DELETE", f"/core-entities/services/{UNKNOWN_ID}").status_code == 404


def test_not_found(api: Any) -> None:
    for path in ("services/none", f"services/{UNKNOWN_ID}", "nothing", "services/a/b/c/d", "v1/schemas/json/vault"):
        answer = api("GET", f"/core-entities/{path}")
        assert (answer.status_code, answer.json()["code"], answer.json()["details"]) == (404, 5, [])


# --- uniqueness and parents


def test_unique_values(api: Any) -> None:
    service = api.entity("services", name="s", host="h")
    expected = [("REFERENCE", "name", "name (type: unique) constraint failed")]
    assert conflict(api("POST", "/core-entities/services", {"name": "s", "host": "h"})) == expected
    same_id = {"id": service["id"].upper(), "host": "h"}
    assert conflict(api("POST", "/core-entities/services", same_id))[0][1] == "id"
    other = api.entity("services", name="t", host="h")
    taken = api("PUT", f"/core-entities/services/{other['id']}", {"name": "s", "host": "h"})
    assert conflict(taken) == expected
    assert api("PUT", f"/core-entities/services/{other['id']}", {"name": "t", "host": "x"}).status_code == 200
    api("DELETE", f"/core-entities/services/{service['id']}")
    api.entity("services", name="s", host="h")


def test_plugins_are_unique_per_place(api: Any) -> None:
    service = {"id": api.entity("services", host="h")["id"]}
    api.entity("plugins", name="cors", instance_name="one")
    api.entity("plugins", name="cors", service=service)
    again = conflict(api("POST", "/core-entities/plugins", {"name": "cors", "service": service}))
    assert again == [("REFERENCE", "", "unique-plugin-per-entity (type: unique) constraint failed")]
    named = {"name": "acl", "config": {"allow": ["a"]}, "instance_name": "one"}
    assert conflict(api("POST", "/core-entities/plugins", named))[0][1] == "instance_name"


def test_duplicates_as_409(start: Callable[..., Any]) -> None:
    api = start("--set", "core_duplicate=409")
    api.entity("consumers", username="a")
    answer = api("POST", "/core-entities/consumers", {"username": "a"})
    assert (answer.status_code, answer.json()["code"]) == (409, 6)


def test_missing_parents(api: Any) -> None:
    body = {"paths": ["/a"], "service": {"id": UNKNOWN_ID}}
    assert conflict(api("POST", "/core-entities/routes", body)) == [
        ("REFERENCE", "service.id", "service.id (type: foreign) constraint failed")
    ]
    assert api.entity("routes", paths=["/a"], service=None)


def test_deleting_a_service(api: Any) -> None:
    service = api.entity("services", name="s", host="h")["id"]
    route = api.entity("routes", name="r", paths=["/a"], service={"id": service})["id"]
    api.entity("plugins", name="cors", route={"id": route})
    api.entity("plugins", name="cors", service={"id": service})
    api.entity("plugins", name="cors")
    assert conflict(api("DELETE", "/core-entities/services/s"))[0][0] == "REFERENCE"
    assert names(api, "routes") == ["r"]
    assert api("DELETE", "/core-entities/services/s", params={"force": "true"}).status_code == 204
    assert names(api, "routes") == [] and names(api, "plugins") == ["cors"]


def test_deleting_a_service_can_cascade(start: Callable[..., Any]) -> None:
    api = start("--set", "service_delete=cascade")
    service = api.entity("services", name="s", host="h")["id"]
    api.entity("routes", name="r", paths=["/a"], service={"id": service})
    assert api("DELETE", "/core-entities/services/s").status_code == 204
    assert names(api, "routes") == []


@pytest.mark.parametrize(
    ("parent", "body", "scope"),
    [
        ("consumers", {"username": "u"}, "consumer"),
        ("consumer_groups", {"name": "g"}, "consumer_group"),
        ("routes", {"paths": ["/"]}, "route"),
    ],
)
def test_plugins_go_with_what_they_are_on(api: Any, parent: str, body: dict[str, Any], scope: str) -> None:
    id_ = api.entity(parent, **body)["id"]
    limit = {"name": "rate-limiting", "config": {"minute": 1}}
    nested = api.made(f"/core-entities/{parent}/{id_}/plugins", limit)
    assert nested[scope] == {"id": id_}
    assert api("DELETE", f"/core-entities/{parent}/{id_}").status_code == 204
    assert names(api, "plugins") == []


def test_nested_collections(api: Any) -> None:
    one, two = (api.entity("services", name=name, host="h")["id"] for name in ("one", "two"))
    route = api.made("/core-entities/services/one/routes", {"name": "r", "paths": ["/a"], "service": {"id": two}})
    assert route["service"] == {"id": one}
    assert names(api, "services/one/routes") == ["r"]
    assert names(api, "services/two/routes") == []
    assert api("GET", f"/core-entities/services/{two}/routes/{route['id']}").status_code == 404
    assert api("GET", "/core-entities/services/one/routes/r").json() == route
    assert api("GET", "/core-entities/services/three/routes").status_code == 404
    stolen = api("PUT", f"/core-entities/services/two/routes/{route['id']}", {"paths": ["/b"]})
    assert conflict(stolen)[0][1] == "id"
    assert api("DELETE", "/core-entities/services/two/routes/r").status_code == 204
    assert api("DELETE", "/core-entities/services/one/routes/r").status_code == 204
    assert names(api, "routes") == []


def test_certificates_keep_their_service(api: Any) -> None:
    certificate = {"id": api.entity("certificates", cert=PEM, key=PEM)["id"]}
    api.entity("services", host="h", client_certificate=certificate)
    api.entity("snis", name="example.com", certificate=certificate)
    assert conflict(api("DELETE", f"/core-entities/certificates/{certificate['id']}"))
    assert names(api, f"certificates/{certificate['id']}/snis") == ["example.com"]


# --- lists


def test_lists_page_by_offset(api: Any) -> None:
    for count in range(5):
        api.entity("services", name=f"s{count}", host="h")
    first = api("GET", "/core-entities/services", params={"size": 2}).json()
    assert [row["name"] for row in first["data"]] == ["s0", "s1"]
    assert first["next"] == f"/services?offset={first['offset']}"
    second = api("GET", "/core-entities/services", params={"size": 2, "offset": first["offset"]}).json()
    last = api("GET", "/core-entities/services", params={"size": 2, "offset": second["offset"]}).json()
    assert [row["name"] for row in second["data"] + last["data"]] == ["s2", "s3", "s4"]
    assert sorted(last) == ["data"]
    assert sorted(api("GET", "/core-entities/services/").json()) == ["data"]


@pytest.mark.parametrize("size", ["0", "2000", "-1", "x"])
def test_bad_sizes(api: Any, size: str) -> None:
    answer = api("GET", "/core-entities/services", params={"size": size})
    assert answer.status_code == 400
    assert answer.json()["message"] == f"invalid page_size '{size}', must be within range [1 - 1000]"


def test_bad_offset(api: Any) -> None:
    assert api("GET", "/core-entities/services", params={"offset": "nonsense"}).json()["code"] == 3


def test_filters(api: Any) -> None:
    api.entity("services", name="red-apple", host="h", tags=["fruit", "red"])
    api.entity("services", name="red-brick", host="h", tags=["red"])
    api.entity("services", host="h", tags=["fruit"])
    api.entity("plugins", name="cors")
    api.entity("vaults", name="env", prefix="my-env")
    assert names(api, "services", **{"filter[name][eq]": "red-apple"}) == ["red-apple"]
    assert names(api, "services", **{"filter[name][eq]": "red"}) == []
    assert names(api, "services", **{"filter[name][contains]": "RED"}) == ["red-apple", "red-brick"]
    assert names(api, "services", tags="red,fruit") == ["red-apple"]
    assert len(api("GET", "/core-entities/services", params={"tags": "red/fruit"}).json()["data"]) == 3
    assert names(api, "services", tags="red", **{"filter[name][eq]": "red-brick"}) == ["red-brick"]
    assert api("GET", "/core-entities/services", params={"tags": "a,b/c"}).status_code == 400
    assert names(api, "plugins", **{"filter[name][eq]": "acl"}) == []
    # vaults have no name filter, and unknown query parameters are ignored
    assert names(api, "vaults", **{"filter[name][eq]": "other"}) == ["env"]
    api.entity("consumers", username="u")
    found = api("GET", "/core-entities/consumers", params={"filter[name][eq]": "u"}).json()["data"]
    assert [row["username"] for row in found] == ["u"]


# --- schemas


@pytest.mark.parametrize("entity", ["vault", "vaults"])
def test_validate_endpoint(api: Any, entity: str) -> None:
    path = f"/core-entities/schemas/{entity}/validate"
    good = {"name": "env", "prefix": "my-env"}
    api.entity("vaults", **good)
    assert (api("POST", path, good).status_code, api("POST", path, good).json()) == (200, {})
    assert reasons(api("POST", path, {"name": "env"})) == [("ENTITY", "", "missing properties: 'prefix'")]


def test_validate_endpoint_knows_plugins(api: Any) -> None:
    path = "/core-entities/schemas/plugins/validate"
    assert api("POST", path, {"name": "cors", "service": {"id": UNKNOWN_ID}}).status_code == 200
    assert reasons(api("POST", path, {"name": "cors", "config": {"max_age": "x"}})) == [
        ("FIELD", "config.max_age", "expected a number")
    ]
    assert api("POST", "/core-entities/schemas/nothing/validate", {}).status_code == 404
    assert names(api, "plugins") == []


@pytest.mark.parametrize("status", [404, 501])
def test_validate_endpoint_can_be_missing(start: Callable[..., Any], status: int) -> None:
    api = start("--set", f"validate_endpoint={status}")
    assert api("POST", "/core-entities/schemas/vault/validate", {}).status_code == status


def test_plugin_schema_endpoint(api: Any) -> None:
    schema = api("GET", "/core-entities/schemas/plugins/ai-proxy").json()
    assert [next(iter(field)) for field in schema["fields"]][0] == "protocols"
    missing = api("GET", "/core-entities/schemas/plugins/nope")
    assert (missing.status_code, missing.json()["message"]) == (404, "no plugin-schema for 'nope'")
