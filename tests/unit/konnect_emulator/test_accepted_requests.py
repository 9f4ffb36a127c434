# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that live Konnect takes (the acceptance tests of Kong's Terraform provider): the emulator takes them too.

Skips where these files are not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from konnect_emulator.launch import Running, running

CHECKOUT = Path(__file__).resolve().parents[3]
OPENAPI = Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared") / "openapi"
FILE = OPENAPI / "kong" / "live" / "accepted-requests.jsonl"
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"no requests at {FILE} (KONNECT_SHARED)")

REQUESTS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()] if FILE.is_file() else []
PARTIALS: dict[str, dict[str, Any]] = {
    "config.redis": {"type": "redis-ee", "config": {"host": "redis.example.com"}},
    "config.embeddings": {
        "type": "embeddings",
        "config": {"model": {"provider": "openai", "name": "text-embedding-3-small"}},
    },
}
PARENTS = {"consumer_groups": {"name": "g"}, "consumers": {"username": "u"}}


@pytest.fixture(scope="module")
def published() -> Iterator[Running]:
    """An emulator with all published plugin schemas."""
    with running("--plugin-schemas", str(OPENAPI / "plugins-3.15")) as started:
        yield started


@pytest.fixture
def all_plugins(published: Running, client: Any) -> Any:
    return client(published).create_control_plane()


def label(request: dict[str, Any]) -> str:
    return str(request["body"].get("name", request["path"]))


def keeps(shown: Any, sent: Any) -> bool:
    """Find what was sent in what is shown; null and absent are the same."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        return all(keeps(shown.get(name), value) for name, value in sent.items())
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and all(map(keeps, shown, sent))
    return bool(shown == sent)


def with_real_ids(api: Any, body: dict[str, Any]) -> dict[str, Any]:
    """Return a body that names partials that exist."""
    links = [
        {**link, "id": api.create_entity("partials", **PARTIALS[link["path"]])["id"]}
        for link in body.get("partials") or ()
    ]
    if "consumer" in body and body["consumer"]:
        return {**body, "consumer": api.create_entity("consumers", username="member")["id"]}
    return {**body, "partials": links} if links else body


def with_real_parent(api: Any, path: str) -> str:
    """Return a path below a parent that exists."""
    parent, nested, rest = path.partition("/ID/")
    return f"{parent}/{api.create_entity(parent, **PARENTS[parent])['id']}/{rest}" if nested else path


@pytest.mark.parametrize("request_", REQUESTS, ids=label)
def test_a_request_that_live_konnect_takes_is_taken(
    all_plugins: Any, request_: dict[str, Any], record_property: Callable[[str, Any], None]
) -> None:
    assert request_["method"] == "POST"
    body = with_real_ids(all_plugins, request_["body"])
    created = all_plugins.create(f"/core-entities/{with_real_parent(all_plugins, request_['path'])}", body)
    assert keeps(created, body) or [row["id"] for row in created["consumers"]] == [body["consumer"]]
    record_property("tally", ["Requests of Terraform that live Konnect takes, taken by the emulator", 1, 1])


@pytest.mark.parametrize("request_", [row for row in REQUESTS if "/" not in row["path"]], ids=label)
def test_it_is_valid_in_check_mode_too(all_plugins: Any, request_: dict[str, Any]) -> None:
    path = f"/core-entities/schemas/{request_['path']}/validate"
    assert all_plugins("POST", path, with_real_ids(all_plugins, request_["body"])).status_code == 200
