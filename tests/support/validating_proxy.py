# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy that checks each request and response by Kong's API descriptions; it is one of the shared files."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from support.shared import OPENAPI, VALIDATING_PROXY, needs

NEEDS_PROXY = [
    needs(VALIDATING_PROXY),
    pytest.mark.skipif(importlib.util.find_spec("openapi_core") is None, reason="openapi-core is not installed"),
]

CONTROL_PLANES = ("control-planes-config-v2.yaml", "control-planes-v2.yaml")
AI_GATEWAYS = ("ai-gateways-v1.yaml",)


@contextmanager
def validating_proxy(konnect_url: str, descriptions: Sequence[str] = CONTROL_PLANES) -> Iterator[str]:
    """Run a validating proxy in front of an emulator; yields its URL."""
    arguments = [sys.executable, str(VALIDATING_PROXY), "--listen", "127.0.0.1:0", "--upstream", konnect_url]
    for name in descriptions:
        arguments += ["--spec", str(OPENAPI / name)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        yield f"http://{line.split(' on ')[1].split(' ')[0]}"
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def report(proxy: str) -> dict[str, Any]:
    """Return what the proxy found since it was reset: ``{"requests", "errors", "warnings", "items"}``."""
    found: dict[str, Any] = requests.get(f"{proxy}/__violations", timeout=30).json()
    return found


def reset(proxy: str) -> None:
    """Let the proxy forget what it found."""
    requests.delete(f"{proxy}/__violations", timeout=30)


def violations(proxy: str) -> list[list[Any]]:
    """Return what the proxy found, except where it cannot judge: problem+json, ``filter`` (a deepObject), and the list
    of workspaces, which Kong's how-to and its Go SDK describe and the API description does not.
    """
    found = report(proxy)
    assert found["requests"] > 0
    return [
        [item[name] for name in ("method", "path", "status", "kind", "message")]
        for item in found["items"]
        if item["severity"] == "error"
        and (item["status"] < 400 or "/core-entities/" in item["path"])
        and "('deepObject', 'filter')" not in item["message"]
        and not item["path"].partition("?")[0].endswith("/core-entities/workspaces")
    ]
