# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Core entities: unique values, foreign keys, cascades, nested collections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.entity_cases import KEY

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"
NAME_IN_USE = [("REFERENCE", "name", "name (type: unique) constraint failed")]


# --- unique values


def test_post_with_a_name_in_use_is_a_conflict(api: Any) -> None:
    api.create_entity("services", name="s", host="h")
    assert api.conflicts(api("POST", "/core-entities/services", {"name": "s", "host": "h"})) == NAME_IN_USE


def test_put_with_a_name_in_use_is_a_conflict(api: Any) -> None:
    api.create_entity("services", name="s", host="h")
    other = api.create_entity("services", name="t", host="h")
    path = f"/core-entities/services/{other['id']}"
    assert api.conflicts(api("PUT", path, {"name": "s", "host": "h"})) == NAME_IN_USE
    assert api("PUT", path, {"name": "t", "host": "x"}).status_code == 200


def test_an_id_in_use_is_a_conflict_in_any_case(api: Any) -> None:
    service = api.create_entity("services", host="h")
    same_id = {"id": service["id"].upper(), "host": "h"}
    assert api.conflicts(api("POST", "/core-entities/services", same_id))[0][1] == "id"


def test_a_name_is_free_after_a_deletion(api: Any) -> None:
    api.create_entity("services", name="s", host="h")
    api("DELETE", "/core-entities/services/s")
    api.create_entity("services", name="s", host="h")


def test_a_plugin_is_unique_in_its_scope(api: Any) -> None:
    service = {"id": api.create_entity("services", host="h")["id"]}
    api.create_entity("plugins", name="cors")
    api.create_entity("plugins", name="cors", service=service)
    again = api("POST", "/core-entities/plugins", {"name": "cors", "service": service})
    assert api.conflicts(again) == [("REFERENCE", "", "unique-plugin-per-entity (type: unique) constraint failed")]


def test_the_instance_name_of_a_plugin_is_unique(api: Any) -> None:
    api.create_entity("plugins", name="cors", instance_name="one")
    named = {"name": "acl", "config": {"allow": ["a"]}, "instance_name": "one"}
    assert api.conflicts(api("POST", "/core-entities/plugins", named))[0][1] == "instance_name"


def test_a_ca_certificate_is_unique_by_its_digest(api: Any) -> None:
    api.create_entity("ca_certificates", cert=PEM)
    assert api.conflicts(api("POST", "/core-entities/ca_certificates", {"cert": PEM}))[0][1] == "cert_digest"


def test_a_switch_makes_a_conflict_a_409(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "core_duplicate=409")
    api.create_entity("consumers", username="a")
    response = api("POST", "/core-entities/consumers", {"username": "a"})
    assert (response.status_code, response.json()["code"]) == (409, 6)


# --- foreign keys


def test_a_missing_parent_is_a_conflict(api: Any) -> None:
    body = {"paths": ["/a"], "service": {"id": UNKNOWN_ID}}
    assert api.conflicts(api("POST", "/core-entities/routes", body)) == [
        ("REFERENCE", "service.id", "service.id (type: foreign) constraint failed")
    ]


def test_a_parent_may_be_null(api: Any) -> None:
    assert "service" not in api.create_entity("routes", paths=["/a"], service=None)


@pytest.fixture
def service(api: Any) -> str:
    """The id of a service with a route; both have a plugin."""
    service = str(api.create_entity("services", name="s", host="h")["id"])
    route = api.create_entity("routes", name="r", paths=["/a"], service={"id": service})["id"]
    api.create_entity("plugins", name="cors", route={"id": route})
    api.create_entity("plugins", name="cors", service={"id": service})
    api.create_entity("plugins", name="acl", config={"allow": ["a"]})
    return service


def test_a_service_with_routes_is_not_deleted(api: Any, service: str) -> None:
    assert api.conflicts(api("DELETE", f"/core-entities/services/{service}")) == [
        ("REFERENCE", "", "constraint failed (type: foreign) as route references this value")
    ]
    assert api.names("routes") == ["r"]


def test_force_deletes_a_service_with_its_routes_and_their_plugins(api: Any, service: str) -> None:
    assert api("DELETE", f"/core-entities/services/{service}", params={"force": "true"}).status_code == 204
    assert (api.names("routes"), api.names("plugins")) == ([], ["acl"])


def test_a_switch_lets_the_deletion_of_a_service_cascade(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "service_delete=cascade")
    service = api.create_entity("services", name="s", host="h")["id"]
    api.create_entity("routes", name="r", paths=["/a"], service={"id": service})
    assert api("DELETE", "/core-entities/services/s").status_code == 204
    assert api.names("routes") == []


@pytest.mark.parametrize(
    ("parent", "body", "scope"),
    [
        ("consumers", {"username": "u"}, "consumer"),
        ("consumer_groups", {"name": "g"}, "consumer_group"),
        ("routes", {"paths": ["/"]}, "route"),
    ],
)
def test_plugins_are_deleted_with_what_they_are_scoped_to(
    api: Any, parent: str, body: dict[str, Any], scope: str
) -> None:
    id_ = api.create_entity(parent, **body)["id"]
    limit = {"name": "rate-limiting", "config": {"minute": 1}}
    assert api.create(f"/core-entities/{parent}/{id_}/plugins", limit)[scope] == {"id": id_}
    assert api("DELETE", f"/core-entities/{parent}/{id_}").status_code == 204
    assert api.names("plugins") == []


def test_a_certificate_in_use_is_not_deleted(api: Any) -> None:
    certificate = {"id": api.create_entity("certificates", cert=PEM, key=KEY)["id"]}
    api.create_entity("services", host="h", protocol="https", client_certificate=certificate)
    assert api.conflicts(api("DELETE", f"/core-entities/certificates/{certificate['id']}"))


# --- nested collections


@pytest.fixture
def route(api: Any) -> dict[str, Any]:
    """A route ``r`` of the service ``one``; there is a service ``two`` without routes."""
    for name in ("one", "two"):
        api.create_entity("services", name=name, host="h")
    created: dict[str, Any] = api.create("/core-entities/services/one/routes", {"name": "r", "paths": ["/a"]})
    return created


def test_the_parent_in_the_path_overrides_that_in_the_body(api: Any, route: dict[str, Any]) -> None:
    other = {"id": api("GET", "/core-entities/services/two").json()["id"]}
    created = api.create("/core-entities/services/one/routes", {"paths": ["/b"], "service": other})
    assert created["service"] == route["service"]


def test_a_nested_list_has_only_children_of_its_parent(api: Any, route: dict[str, Any]) -> None:
    assert api.names("services/one/routes") == ["r"]
    assert api.names("services/two/routes") == []


def test_a_nested_list_of_an_unknown_parent_is_a_404(api: Any) -> None:
    assert api("GET", "/core-entities/services/three/routes").status_code == 404


def test_a_child_is_found_below_its_parent_only(api: Any, route: dict[str, Any]) -> None:
    assert api("GET", "/core-entities/services/one/routes/r").json() == route
    assert api("GET", f"/core-entities/services/two/routes/{route['id']}").status_code == 404


def test_a_child_is_not_moved_by_a_put_below_another_parent(api: Any, route: dict[str, Any]) -> None:
    moved = api("PUT", f"/core-entities/services/two/routes/{route['id']}", {"paths": ["/b"]})
    assert api.conflicts(moved)[0][1] == "id"


def test_a_child_is_deleted_below_its_parent_only(api: Any, route: dict[str, Any]) -> None:
    assert api("DELETE", "/core-entities/services/two/routes/r").status_code == 204
    assert api.names("routes") == ["r"]
    assert api("DELETE", "/core-entities/services/one/routes/r").status_code == 204
    assert api.names("routes") == []


def test_a_certificate_lists_its_snis(api: Any) -> None:
    certificate = {"id": api.create_entity("certificates", cert=PEM, key=KEY)["id"]}
    api.create_entity("snis", name="example.com", certificate=certificate)
    assert api.names(f"certificates/{certificate['id']}/snis") == ["example.com"]
