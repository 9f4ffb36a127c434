# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The providers that the role ai_proxy knows, against Konnect's official AI Proxy schema."""

from __future__ import annotations

import json
import os
import pathlib

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._roles.providers import PROVIDERS

ROOT = pathlib.Path(__file__).resolve().parents[3]
ROLE = ROOT / "roles" / "ai_proxy"
SHARED = pathlib.Path(os.environ.get("KONNECT_SHARED") or ROOT.parent / "shared")
SCHEMA = SHARED / "openapi" / "plugins-3.15" / "AiProxy.json"


def test_each_provider_stands_in_the_readme():
    readme = (ROLE / "README.md").read_text()
    assert [provider for provider in sorted(PROVIDERS) if f"| `{provider}` |" not in readme] == []


def test_they_are_those_of_kong():
    if not SCHEMA.exists():
        pytest.skip(f"Konnect's official plugin schemas are not at {SCHEMA.parent} (set KONNECT_SHARED)")
    model = json.loads(SCHEMA.read_text())["properties"]["config"]["properties"]["model"]
    assert set(PROVIDERS) == set(model["properties"]["provider"]["enum"])
