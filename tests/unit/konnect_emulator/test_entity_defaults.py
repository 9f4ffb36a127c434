# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Core entities: defaults, shorthands, and how unset fields are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"


def test_a_service_has_defaults(api: Any) -> None:
    service = api.create_entity("services", host="example.com")
    expected = {"protocol": "http", "port": 80, "retries": 5, "connect_timeout": 60000, "enabled": True}
    assert expected.items() <= service.items()


def test_times_are_in_seconds(api: Any) -> None:
    assert isinstance(api.create_entity("services", host="example.com")["created_at"], int)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", {"protocol": "https", "host": "a.example", "port": 443, "path": "/x"}),
        ("http://a.example:8080", {"protocol": "http", "host": "a.example", "port": 8080}),
        ("grpcs://a.example", {"protocol": "grpcs", "port": 443}),
    ],
)
def test_a_url_is_expanded_and_never_shown(api: Any, url: str, expected: dict[str, Any]) -> None:
    service = api.create_entity("services", url=url, path="/ignored")
    assert expected.items() <= service.items()
    assert "url" not in service
    assert service.get("path") == expected.get("path")


def test_a_route_has_defaults(api: Any) -> None:
    route = api.create_entity("routes", paths=["/a"])
    expected = {"protocols": ["https"], "https_redirect_status_code": 426, "strip_path": True, "path_handling": "v0"}
    assert expected.items() <= route.items()


def test_a_grpc_route_keeps_the_path(api: Any) -> None:
    assert api.create_entity("routes", paths=["/a"], protocols=["grpc"])["strip_path"] is False


def test_a_switch_sets_the_protocols_of_older_gateways(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "route_protocols_default=http,https")
    assert api.create_entity("routes", paths=["/a"])["protocols"] == ["http", "https"]


def test_health_checks_are_filled_in(api: Any) -> None:
    upstream = api.create_entity("upstreams", name="u.internal", healthchecks={"active": {"timeout": 9}})
    assert upstream["healthchecks"]["active"]["timeout"] == 9
    assert upstream["healthchecks"]["active"]["healthy"]["http_statuses"] == [200, 302]
    assert upstream["healthchecks"]["passive"]["unhealthy"]["http_statuses"] == [429, 500, 503]


@pytest.mark.parametrize(
    ("backend", "defaults"),
    [
        ("env", {}),
        ("gcp", {}),
        ("aws", {"role_session_name": "KongVault"}),
        ("azure", {"credentials_prefix": "AZURE", "type": "secrets"}),
        ("conjur", {"auth_method": "api_key"}),
        (
            "hcv",
            {
                "auth_method": "token",
                "kube_auth_path": "kubernetes",
                "kv": "v1",
                "mount": "secret",
                "protocol": "http",
            },
        ),
    ],
)
def test_a_vault_has_the_defaults_of_its_backend_and_no_nulls(api: Any, backend: str, defaults: dict[str, Any]) -> None:
    vault = api.create_entity("vaults", name=backend, prefix=f"my-{backend}", config={"ttl": None})
    assert vault["config"] == {"base64_decode": False, **defaults}


def test_a_given_value_of_a_vault_has_precedence_over_a_default(api: Any) -> None:
    config = {"host": "h", "mount": "m"}
    vault = api.create_entity("vaults", name="hcv", prefix="my-hcv", config=config)
    assert config.items() <= vault["config"].items()


def test_a_switch_fills_in_the_login_paths_of_vaults(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "vault_login_paths=true")
    vault = api.create_entity("vaults", name="azure", prefix="my-azure")
    assert vault["config"]["azure_login_path"] == "/v1/auth/azure/login"
    assert (
        "base64_decode"
        not in api.create_entity("vaults", name="konnect", prefix="kv", config={"config_store_id": UNKNOWN_ID})[
            "config"
        ]
    )


def test_a_konnect_vault_needs_a_config_store(api: Any) -> None:
    rejected = api("POST", "/core-entities/vaults", {"name": "konnect", "prefix": "kv"})
    assert api.violations(rejected) == [("FIELD", "config.config_store_id", "required field missing")]


def test_a_konnect_vault_has_no_fetch_options(api: Any) -> None:
    body = {"name": "konnect", "prefix": "kv", "config": {"config_store_id": UNKNOWN_ID, "ttl": 5}}
    rejected = api("POST", "/core-entities/vaults", body)
    assert api.violations(rejected) == [("FIELD", "config.ttl", "unknown field")]


def test_a_konnect_vault_may_name_a_config_store_that_does_not_exist(api: Any) -> None:
    api.create_entity("vaults", name="konnect", prefix="kv", config={"config_store_id": UNKNOWN_ID})


def test_a_switch_requires_that_the_config_store_exists(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "strict_config_store_id=true")
    vault = {"name": "konnect", "prefix": "kv"}
    rejected = api("POST", "/core-entities/vaults", {**vault, "config": {"config_store_id": UNKNOWN_ID}})
    assert api.violations(rejected)[0][:2] == ("REFERENCE", "config.config_store_id")
    api.create_entity("vaults", **vault, config={"config_store_id": api.create_store()})


def test_the_digest_of_a_ca_certificate_is_computed(api: Any) -> None:
    assert len(api.create_entity("ca_certificates", cert=PEM, cert_digest="nonsense")["cert_digest"]) == 64


def test_unset_fields_are_absent(api: Any) -> None:
    service = api.create_entity("services", host="example.com")
    assert "path" not in service and "name" not in service


def test_a_switch_shows_unset_fields_as_nulls(start_emulator: Callable[..., Any]) -> None:
    vault = start_emulator("--set", "top_level_nulls=true").create_entity("vaults", name="env", prefix="my-env")
    assert vault["description"] is None and vault["tags"] is None


# --- the config of a plugin


def test_a_plugin_shows_its_deprecated_fields_too(api: Any) -> None:
    config = api.create_entity("plugins", name="rate-limiting", config={"minute": 5, "redis": {"port": 6000}})["config"]
    assert (config["redis"]["port"], config["redis_port"], config["redis_host"]) == (6000, 6000, None)


def test_what_a_plugin_shows_can_be_written_back(api: Any) -> None:
    plugin = api.create_entity("plugins", name="rate-limiting", config={"minute": 5, "redis_host": "a.example"})
    written = api("PUT", f"/core-entities/plugins/{plugin['id']}", plugin)
    assert written.json()["config"] == plugin["config"]


def test_a_deprecated_field_and_its_successor_must_agree(api: Any) -> None:
    config = {"minute": 5, "redis_port": 1, "redis": {"port": 2}}
    rejected = api("POST", "/core-entities/plugins", {"name": "rate-limiting", "config": config})
    ((_kind, field, _message),) = api.violations(rejected)
    assert field == "config.redis_port"


def test_a_switch_hides_deprecated_fields(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "old_names=false")
    config = api.create_entity("plugins", name="rate-limiting", config={"minute": 5, "redis_host": "a.example"})[
        "config"
    ]
    assert config["redis"]["host"] == "a.example"
    assert "redis_host" not in config


def test_a_switch_shows_an_empty_map_as_a_list(start_emulator: Callable[..., Any]) -> None:
    api = start_emulator("--set", "empty_table=list")
    config = {"http_endpoint": "https://a.example", "headers": {}}
    plugin = api.create_entity("plugins", name="http-log", config=config)
    assert plugin["config"]["headers"] == []
    assert api("PUT", f"/core-entities/plugins/{plugin['id']}", plugin).status_code == 200


def test_a_record_that_is_not_given_is_null(api: Any) -> None:
    assert api.create_entity("plugins", name="basic-auth")["config"]["brute_force_protection"] is None
