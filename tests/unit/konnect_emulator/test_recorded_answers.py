# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What live Konnect was recorded to answer, in issues and fixtures of its official clients, one test an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

DETAIL = {"@type": "type.googleapis.com/kong.admin.model.v1.ErrorDetail"}
NAME_PATTERN = r"^[\p{N}\p{L}.\-_~]*$"


@pytest.fixture(autouse=True)
def tally(record_property: Callable[[str, Any], None]) -> Iterator[None]:
    yield
    record_property("tally", ["Recorded answers of live Konnect", 1, 1])


def test_a_config_store_has_no_blank_in_its_name(api: Any) -> None:
    """Terraform provider, pull request 117."""
    response = api("POST", "/config-stores", {"name": "Config Store"})
    detail = {"type": "ERROR_TYPE_FIELD", "field": "name", "messages": [f"must match pattern '{NAME_PATTERN}'"]}
    assert response.status_code == 400
    assert response.json() == {"code": 3, "message": "validation error", "details": [{**DETAIL, **detail}]}


def test_an_entity_is_not_found_without_details(api: Any) -> None:
    """Terraform provider, issue 191."""
    response = api("GET", "/core-entities/services/00000000-0000-4000-8000-000000000000")
    assert response.json() == {"code": 5, "message": "not found"}
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"


def test_a_service_with_routes_is_referred_to(api: Any) -> None:
    """Kong Operator, issue 777."""
    service = api.create_entity("services", host="a.example.com")
    api.create_entity("routes", paths=["/"], service={"id": service["id"]})
    message = "constraint failed (type: foreign) as route references this value"
    detail = {**DETAIL, "type": "ERROR_TYPE_REFERENCE", "messages": [message]}
    assert api("DELETE", f"/core-entities/services/{service['id']}").json()["details"] == [detail]


@pytest.mark.parametrize(
    ("backend", "config", "filled"),
    [
        (
            "hcv",
            {"host": "h", "token": "t"},
            {"auth_method": "token", "kv": "v1", "mount": "secret", "protocol": "http"},
        ),
        ("aws", {"region": "us-east-1"}, {"role_session_name": "KongVault"}),
        ("azure", {"location": "l", "vault_uri": "https://v"}, {"credentials_prefix": "AZURE", "type": "secrets"}),
        ("conjur", {"endpoint_url": "https://c"}, {"auth_method": "api_key"}),
    ],
)
def test_a_vault_is_filled_in(api: Any, backend: str, config: dict[str, Any], filled: dict[str, Any]) -> None:
    """decK, live fixture 009-skip-defaults; Terraform provider, issue 475."""
    vault = api.create_entity("vaults", name=backend, prefix="my-vault", config=config)
    assert filled.items() <= vault["config"].items()


def test_old_names_stand_beside_new_ones(api: Any) -> None:
    """decK, live fixture plugin.yaml."""
    config = {"minute": 1, "redis": {"host": "r.example.com", "timeout": 5}}
    shown = api.create_entity("plugins", name="rate-limiting", config=config)["config"]
    assert (shown["redis_host"], shown["redis_timeout"]) == ("r.example.com", 5)


def test_a_problem_has_a_charset(api: Any) -> None:
    """Terraform provider, issue 240."""
    assert api("GET", "/config-stores/x").headers["Content-Type"] == "application/problem+json; charset=utf-8"


def test_tags_have_letters_of_any_script_and_most_of_ascii(api: Any) -> None:
    """Kong Operator, issue 5306."""
    tags = ["ключ:1", "a b", "x" * 128, "!@$%^&*()"]
    assert api.create_entity("services", host="a.example.com", tags=tags)["tags"] == tags


@pytest.mark.parametrize("tag", ["a,b", "a/b", "x" * 129])
def test_tags_have_no_comma_no_slash_and_an_end(api: Any, tag: str) -> None:
    assert api("POST", "/core-entities/services", {"host": "a.example.com", "tags": [tag]}).status_code == 400


def test_a_grpc_route_does_not_strip_its_path(api: Any) -> None:
    """koko and go-database-reconciler, which live Konnect was built with and is written to by."""
    grpc = {"protocols": ["grpc"], "paths": ["/"]}
    assert api.create_entity("routes", **grpc)["strip_path"] is False
    assert api("POST", "/core-entities/routes", {**grpc, "strip_path": True}).status_code == 400


def test_names_have_letters_of_any_script(api: Any) -> None:
    """The validators of Konnect's user interface."""
    assert api.create_entity("services", name="сервис-1", host="a.example.com")["name"] == "сервис-1"
