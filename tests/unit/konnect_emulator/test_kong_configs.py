# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugin configurations that Kong's own schema library was given: the emulator takes, stores and refuses the same.

Skips where these files are not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from konnect_emulator.plugins.published_schemas import from_shown
from konnect_emulator.plugins.schema import PluginSchema
from konnect_emulator.plugins.schema_rules import encode, expand, fill, violations

CHECKOUT = Path(__file__).resolve().parents[3]
KONG = Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared") / "openapi" / "kong"
VECTORS = KONG / "vectors" / "plugin-configs.jsonl"
pytestmark = pytest.mark.skipif(not VECTORS.is_file(), reason=f"no vectors at {VECTORS} (KONNECT_SHARED)")

Row = dict[str, Any]
# Rows that differ, by their number among those of the plugin, each with the reason.
WHOLE_PLUGIN = "was made without the checks of the whole plugin, which the recorded schema has"
DIFFERENT = {
    "live-rate-limiting": dict.fromkeys([2, 3, 15, 19, 22, 23, 24, 28, 30], WHOLE_PLUGIN),
    "live-oidc": {33: "ignores an old name without replaced_with; here it goes where its deprecation says"},
}
NO_SCHEMA = {"live-mocking": "its schema is not among the recorded ones"}


@cache
def rows() -> dict[str, list[Row]]:
    """Return the rows by plugin; a name that begins with live- is that of a recorded schema."""
    found: dict[str, list[Row]] = defaultdict(list)
    if VECTORS.is_file():
        for line in VECTORS.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[row["plugin"]].append(row)
    return found


@cache
def schema(plugin: str) -> PluginSchema:
    """Return a schema; the rows of recorded ones were made without the checks that are code, hence the other name."""
    live = plugin.startswith("live-")
    path = KONG / ("live" if live else "plugins") / f"{plugin.removeprefix('live-')}.json"
    return from_shown(plugin, json.loads(path.read_text(encoding="utf-8")))


def store(plugin: str, config: Row) -> tuple[Any, list[Any]]:
    """Return what the emulator stores as Konnect shows it, and what is wrong with it."""
    known = schema(plugin)
    expanded, found = expand(known.config, config, "config")
    if found:
        return None, found
    filled = fill(known.config, expanded)
    return encode(known.config, filled), violations(known.config, known.entity_checks, filled)


def without_made(value: Any, expected: Any) -> Any:
    """Return a stored value in which whatever the server makes is the text that stands for it."""
    if isinstance(value, dict) and isinstance(expected, dict):
        return {name: without_made(item, expected.get(name)) for name, item in value.items()}
    made = isinstance(value, str) and isinstance(expected, str) and expected.startswith("AUTO-RANDOM")
    return expected if made else value


def agrees(row: Row) -> bool:
    stored, found = store(row["plugin"], row["config"])
    if found or not row["ok"]:
        return bool(found) and not row["ok"]
    expected = encode(schema(row["plugin"]).config, row.get("konnect", row["stored"]))
    return bool(without_made(stored, expected) == expected)


@pytest.mark.parametrize("plugin", sorted(set(rows()) - set(NO_SCHEMA)))
def test_configs_are_stored_and_refused_as_by_kong(plugin: str) -> None:
    different = [number for number, row in enumerate(rows()[plugin]) if not agrees(row)]
    assert different == sorted(DIFFERENT.get(plugin, {}))


def test_nearly_all_configs_agree(record_property: Callable[[str, Any], None]) -> None:
    differ = sum(map(len, DIFFERENT.values())) + sum(len(rows()[plugin]) for plugin in NO_SCHEMA)
    total = sum(map(len, rows().values()))
    assert (total, total - differ) == (1451, 1402)
    record_property("tally", ["Plugin configurations stored or refused by the emulator", total, total - differ])


# --- what is easy to miss


def test_an_empty_map_is_shown_as_a_list() -> None:
    stored, _found = store("http-log", {"http_endpoint": "https://a.example", "headers": {}})
    assert stored["headers"] == []


def test_a_record_without_fields_is_shown_as_a_list() -> None:
    stored, _found = store("acme", {"account_email": "a@b.example"})
    assert stored["storage_config"]["kong"] == []


def test_a_field_that_is_auto_gets_another_value_at_each_write() -> None:
    flow = {"enable_implicit_grant": True}
    first, second = (store("oauth2", flow)[0]["provision_key"] for _write in range(2))
    assert len(first) == 32
    assert first != second
    assert store("oauth2", {**flow, "provision_key": "k"})[0]["provision_key"] == "k"


@pytest.mark.parametrize(
    ("plugin", "config", "expected"),
    [
        ("session", {"cookie_discard": 60}, {"stale_ttl": 60}),
        ("session", {"cookie_samesite": "off"}, {"cookie_same_site": "Lax"}),
        ("session", {"cookie_lifetime": 5, "rolling_timeout": 6}, {"rolling_timeout": 5}),
        ("session", {"cookie_renew": 5}, {}),
        ("opentelemetry", {"endpoint": "https://a.example"}, {"traces_endpoint": "https://a.example"}),
        (
            "opentelemetry",
            {"endpoint": None, "traces_endpoint": "https://a.example"},
            {"traces_endpoint": "https://a.example"},
        ),
        ("live-oidc", {"issuer": "i", "consumer_claim": ["sub", "id"]}, {"consumer_claims": [["sub", "id"]]}),
        ("live-oidc", {"issuer": "i", "session_memcache_port": 5}, {"session_memcached_port": 5}),
    ],
)
def test_an_old_name_leads_to_the_new_one(plugin: str, config: Row, expected: Row) -> None:
    stored, found = store(plugin, config)
    assert found == []
    assert expected.items() <= stored.items()
    assert not {"cookie_discard", "cookie_renew", "endpoint", "consumer_claim"} & set(stored)


@pytest.mark.parametrize(
    ("redis", "expected"),
    [
        ({"cluster_addresses": ["a:1"]}, {"cluster_nodes": [{"ip": "a", "port": 1}]}),
        ({"timeout": 5}, {"connect_timeout": 5, "send_timeout": 5, "read_timeout": 5}),
    ],
)
def test_the_form_of_an_old_value_changes(redis: Row, expected: Row) -> None:
    stored, found = store("live-oidc", {"issuer": "i", "redis": redis})
    assert found == []
    assert expected.items() <= stored["redis"].items()


def test_old_and_new_name_with_different_values_are_refused() -> None:
    _stored, found = store("rate-limiting", {"minute": 1, "redis_host": "a", "redis": {"host": "b"}})
    (violation,) = found
    assert violation.field == "config.redis_host"
    assert violation.message.startswith("both deprecated and new field are used but their values mismatch")


def test_an_old_name_counts_where_the_new_one_is_null() -> None:
    stored, _found = store("rate-limiting", {"minute": 1, "redis_host": "a", "redis": {"host": None}})
    assert stored["redis"]["host"] == "a"


@pytest.mark.parametrize("value", ["1", "nan", True])
def test_a_number_is_no_text(value: Any) -> None:
    _stored, found = store("rate-limiting", {"minute": value})
    assert ("config.minute", "expected a number") in [violation[1:] for violation in found]
