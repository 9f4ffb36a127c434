# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: the emulator as a process on free ports, and a client bound to one control plane of it."""

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
    """Requests as curl would send them, relative to a control plane."""

    def __init__(self, emulator: Running, control_plane_id: str, base: str | None = None) -> None:
        self.emulator = emulator
        self.control_plane_id = control_plane_id
        self.root = f"{base or emulator.konnect_url}/v2/control-planes"
        self.headers = {"Authorization": f"Bearer {emulator.token}"}

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        url = f"{self.root}/{self.control_plane_id}{path}"
        return requests.request(method, url, json=body, headers=headers, timeout=30, **options)

    def top(self, method: str, path: str = "", body: Any = None, **options: Any) -> requests.Response:
        """Relative to the list of control planes."""
        return requests.request(method, self.root + path, json=body, headers=self.headers, timeout=30, **options)

    def made(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST that has to succeed; the answer."""
        response = self("POST", path, body)
        assert response.status_code == 201, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def entity(self, kind: str, **body: Any) -> dict[str, Any]:
        return self.made(f"/core-entities/{kind}", body)

    def store(self, name: str = "a-store") -> str:
        return str(self.made("/config-stores", {"name": name})["id"])

    def another_plane(self) -> Api:
        answer = self.top("POST", body={"name": f"plane-{uuid.uuid4()}"})
        assert answer.status_code == 201, answer.text
        return Api(self.emulator, answer.json()["id"])


@pytest.fixture(scope="session")
def emulator() -> Iterator[Running]:
    """One emulator with every default."""
    with running() as started:
        yield started


@pytest.fixture
def api(emulator: Running) -> Api:
    """A client on a fresh control plane of it."""
    return Api(emulator, emulator.control_plane_id).another_plane()


@pytest.fixture
def main_api(emulator: Running) -> Api:
    """A client on the control plane that has the data plane."""
    return Api(emulator, emulator.control_plane_id)


@pytest.fixture
def start() -> Iterator[Callable[..., Api]]:
    """``start("--set", "secret_echo=true")``: an emulator of one's own, its client on the first control plane."""
    with ExitStack() as stack:

        def begin(*arguments: str) -> Api:
            started = stack.enter_context(running(*arguments))
            return Api(started, started.control_plane_id)

        yield begin
