# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator as a process, for the demo, the integration tests and the benchmarks."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
API_KEY = "mistral-emulator-key"
TOKEN = "kpat_emulator"
# The validate endpoint is a POST that changes nothing.
_WRITES = re.compile(r"(POST (?!.*/validate$)|PUT|DELETE|PATCH)")


def only_writes(lines: list[str]) -> list[str]:
    """Those of these requests, each ``METHOD path``, that change something."""
    return [line for line in lines if _WRITES.match(line)]


@dataclass
class ControlPlaneApi:
    """One control plane of an emulator, for requests that no module sends."""

    konnect_url: str
    control_plane_id: str

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Send a request to a path below the control plane, as another client would; its JSON, or None."""
        return send(self.konnect_url, method, f"control-planes/{self.control_plane_id}/{path}", body, **query)

    def list(self, path: str) -> list[dict[str, Any]]:
        """Return every item of a list, whatever the page size."""
        items: list[dict[str, Any]] = []
        query: dict[str, str] = {}
        while True:
            page = self.call("GET", path, **query)
            items += page["data"]
            following = page.get("offset") or ((page.get("meta") or {}).get("page") or {}).get("next")
            if not following:
                return items
            query = {"offset": following} if "offset" in page else {"page[after]": following.rpartition("=")[2]}


@dataclass
class Emulator(ControlPlaneApi):
    """A running emulator, and its first control plane, which alone has data planes."""

    proxy_url: str
    proxy_urls: list[str]
    tls_proxy_url: str
    upstream_url: str
    ai_gateway_url: str
    ai_gateway_urls: list[str]
    ai_gateway_id: str
    request_log: pathlib.Path
    _read: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """The variables that a user would export to work with it."""
        return {
            "KONNECT_TOKEN": TOKEN,
            "KONNECT_SERVER_URL": self.konnect_url,
            "KONNECT_CONTROL_PLANE": "quickstart",
            "KONNECT_PROXY_URL": self.proxy_url,
            "KONNECT_AI_GATEWAY_URL": self.ai_gateway_url,
            "MISTRAL_API_KEY": API_KEY,
        }

    @property
    def extra_vars(self) -> dict[str, str]:
        """The variables that send the AI Proxy of site.yml to the emulator instead of to Mistral."""
        return {"mistral_upstream_url": f"{self.upstream_url}/v1/chat/completions"}

    def requests(self) -> list[dict[str, Any]]:
        """Return every request since the last call, as the request log of the emulator shows it."""
        with self.request_log.open("rb") as log:
            log.seek(self._read)
            content = log.read()
        # The last line may be in the making.
        content = content[: content.rfind(b"\n") + 1]
        self._read += len(content)
        return [json.loads(line) for line in content.splitlines()]

    def writes(self) -> list[str]:
        """Return ``METHOD path`` of every write since the last call."""
        return only_writes([f"{row['method']} {row['path']}" for row in self.requests()])

    def faults(self, *faults: str) -> None:
        """Inject these faults from now on, as --fault of the emulator takes them, and no others."""
        requests.put(f"{self.konnect_url}/_emulator/faults", json=faults, timeout=10).raise_for_status()

    def control(self, method: str, name: str, body: Any = None) -> Any:
        """Send a request to an endpoint below ``/_emulator``, and return its JSON."""
        response = requests.request(method, f"{self.konnect_url}/_emulator/{name}", json=body, timeout=10)
        response.raise_for_status()
        return response.json()

    def advance(self, seconds: float) -> None:
        """Let a time pass at once on the clock of the emulator."""
        self.control("PUT", "clock", {"advance_ms": round(seconds * 1000)})

    def set_nodes(self, states: dict[str, str]) -> None:
        """Make nodes, by hostname, ``live``, ``lost`` or ``stuck`` from now on."""
        self.control("PUT", "nodes", states)

    def proxy_url_of(self, hostname: str) -> str:
        """Return the URL of the data plane of a node (``--node-ports``)."""
        return self.proxy_urls[list(self.control("GET", "nodes")).index(hostname)]

    def set_answers(self, answers: dict[str, Any]) -> None:
        """Let the chat upstream answer so to these keys, and as at the start to all others."""
        self.control("PUT", "upstream", {"answers": answers})

    def uses(self) -> list[dict[str, Any]]:
        """Return a row for each request to the data plane, with a digest of the key that the provider got."""
        return list(self.control("GET", "uses"))

    def forget_uses(self) -> None:
        """Begin with an empty list of uses."""
        self.control("DELETE", "uses")

    def request_count(self) -> int:
        """Return the number of requests since the faults were set."""
        return int(requests.get(f"{self.konnect_url}/_emulator/faults", timeout=10).json()["requests"])


def send(konnect_url: str, method: str, path: str, body: Any = None, **query: str) -> Any:
    """Send a request to a path below ``/v2``; its JSON, or None. Raises requests.HTTPError."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    response = requests.request(
        method, f"{konnect_url}/v2/{path}", json=body, params=query, headers=headers, timeout=30
    )
    response.raise_for_status()
    return response.json() if response.content else None


@contextlib.contextmanager
def emulator(*arguments: str) -> Iterator[Emulator]:
    """Run ``python -m konnect_emulator`` on free ports for as long as the context lasts."""
    with tempfile.TemporaryDirectory() as directory:
        log = pathlib.Path(directory) / "requests.jsonl"
        log.touch()
        process = subprocess.Popen(
            [sys.executable, "-m", "konnect_emulator", "--port", "0", "--request-log", str(log), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        )
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            if not ready:
                raise RuntimeError(f"the emulator did not start (exit {process.wait()})")
            yield Emulator(**json.loads(ready), request_log=log)
        finally:
            process.terminate()
            process.wait(timeout=30)
