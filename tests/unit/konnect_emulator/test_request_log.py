# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request log: what a test can learn from it, and what must never be in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "requests.jsonl"
    path.touch()
    return path


@pytest.fixture
def api(start_emulator: Callable[..., Any], log: Path) -> Any:
    return start_emulator("--request-log", str(log))


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_each_request_is_one_line(api: Any, log: Path) -> None:
    api.create_store()
    api("GET", "/config-stores")
    assert [(line["method"], line["status"]) for line in lines(log)] == [("POST", 201), ("GET", 200)]
    assert sorted(lines(log)[0]) == ["fields", "method", "path", "query", "status", "time"]


def test_a_line_has_path_query_and_names_of_fields(api: Any, log: Path) -> None:
    path = f"/config-stores/{api.create_store()}/secrets"
    api.create(path, {"value": "v", "key": "a"})
    api("GET", path, params={"page[size]": 3})
    _store, written, listed = lines(log)
    assert written["path"].endswith(path)
    assert written["fields"] == ["key", "value"]
    assert listed["query"] == {"page[size]": "3"}


def test_a_rejected_token_is_logged_too(api: Any, log: Path) -> None:
    api("GET", "/config-stores", headers={"Authorization": "Bearer wrong-token"})
    assert [line["status"] for line in lines(log)] == [401]


def test_no_secret_is_logged(api: Any, log: Path) -> None:
    api.create(f"/config-stores/{api.create_store()}/secrets", {"value": "very-secret", "key": "a"})
    api("GET", "/config-stores", headers={"Authorization": "Bearer wrong-token"})
    for secret in ("very-secret", "wrong-token", api.emulator.token):
        assert secret not in log.read_text()
