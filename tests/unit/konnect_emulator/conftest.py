# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: the emulator as a process on free ports, and a client of one control plane in it."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from konnect_emulator.launch import Running, running


class Api:
    """Sends requests as curl would, relative to a control plane."""

    def __init__(self, emulator: Running, control_plane_id: str, base: str | None = None) -> None:
        self.emulator = emulator
        self.control_plane_id = control_plane_id
        self.root = f"{base or emulator.konnect_url}/v2/control-planes"
        self.headers = {"Authorization": f"Bearer {emulator.token}"}

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        url = f"{self.root}/{self.control_plane_id}{path}"
        return requests.request(method, url, json=body, headers=headers, timeout=30, **options)

    def control_planes(self, method: str, path: str = "", body: Any = None, **options: Any) -> requests.Response:
        """Send a request relative to the list of control planes."""
        return requests.request(method, self.root + path, json=body, headers=self.headers, timeout=30, **options)

    def create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a POST that has to succeed, and return the body of its response."""
        response = self("POST", path, body)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    def create_entity(self, kind: str, **body: Any) -> dict[str, Any]:
        return self.create(f"/core-entities/{kind}", body)

    def create_store(self, name: str = "a-store") -> str:
        """Create a config store and return its id."""
        return str(self.create("/config-stores", {"name": name})["id"])

    def create_control_plane(self) -> Api:
        """Create another control plane and return a client of it."""
        response = self.control_planes("POST", body={"name": f"control-plane-{uuid.uuid4()}"})
        assert response.status_code == 201, response.text
        return Api(self.emulator, response.json()["id"])

    @staticmethod
    def violations(response: requests.Response, message: str = "validation error") -> list[tuple[str, str, str]]:
        """Return the details of a core entity's 400: (type, field, text)."""
        assert response.status_code == 400, response.text
        assert response.headers["Content-Type"] == "application/json"
        body = response.json()
        assert (body["code"], body["message"]) == (3, message)
        assert all(detail["@type"].endswith("kong.admin.model.v1.ErrorDetail") for detail in body["details"])
        return [
            (detail["type"].removeprefix("ERROR_TYPE_"), detail.get("field", ""), text)
            for detail in body["details"]
            for text in detail["messages"]
        ]

    def conflicts(self, response: requests.Response) -> list[tuple[str, str, str]]:
        """Return the details of a core entity's 400 that other entities cause."""
        return self.violations(response, "data constraint error")

    def names(self, path: str, **query: Any) -> list[str]:
        """Return the names in the first page of a list of core entities."""
        response = self("GET", f"/core-entities/{path}", params=query)
        assert response.status_code == 200, response.text
        return [entity["name"] for entity in response.json()["data"]]


@pytest.fixture(scope="session")
def emulator() -> Iterator[Running]:
    """One emulator with default options."""
    with running() as started:
        yield started


@pytest.fixture
def api(emulator: Running) -> Api:
    """A client of a new control plane in the shared emulator."""
    return Api(emulator, emulator.control_plane_id).create_control_plane()


@pytest.fixture
def connected_api(emulator: Running) -> Api:
    """A client of the control plane that the shared emulator's data plane is connected to."""
    return Api(emulator, emulator.control_plane_id)


@pytest.fixture
def start_emulator() -> Iterator[Callable[..., Api]]:
    """``start_emulator("--set", "secret_echo=true")``: an emulator of the test's own; returns a client."""
    with ExitStack() as stack:

        def start(*arguments: str) -> Api:
            started = stack.enter_context(running(*arguments))
            return Api(started, started.control_plane_id)

        yield start
