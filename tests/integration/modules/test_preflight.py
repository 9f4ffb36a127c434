# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""konnect_preflight against the emulator: what it finds, and that it only reads."""

from __future__ import annotations

import pytest

from support.ai_gateway import AiGatewayHarness
from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, Emulator, emulator

KEY = "f" * 32


@pytest.fixture(scope="module")
def running():
    with emulator() as started:
        yield started


def options(running: Emulator, **more):
    return {
        "proxy_url": running.proxy_url,
        "provider_key": API_KEY,
        "provider_models_url": f"{running.upstream_url}/v1/models",
        "fingerprint_key": KEY,
        **more,
    }


def check(run):
    return {row["check"]: row["outcome"] for row in run["checks"]}


def test_all_is_there(running):
    run = ControlPlaneHarness.first(running).run("preflight", options(running))
    assert set(check(run).values()) == {"ok"}, run["checks"]
    assert (run["ready"], run.changed, run.writes) == (True, False, [])


@pytest.mark.parametrize(
    ("given", "failed"),
    [
        ({"konnect_token": "kpat_wrong"}, "token"),
        ({"konnect_url": "http://127.0.0.1:1", "request_retries": 0}, "region"),
        ({"control_plane": "no-such-plane"}, "control_plane"),
        ({"proxy_url": "http://127.0.0.1:1"}, "proxy"),
        ({"provider_key": "mistral-wrong-fake-key"}, "provider_key"),
        ({"fingerprint_key": "short"}, "fingerprint_key"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_named_with_a_remedy(running, given, failed):
    run = ControlPlaneHarness.first(running).run("preflight", options(running, **given))
    assert [name for name, outcome in check(run).items() if outcome == "failed"] == [failed]
    assert run["ready"] is False
    (row,) = [row for row in run["checks"] if row["outcome"] == "failed"]
    assert row["remedy"]
    assert "kpat_wrong" not in str(run["checks"])


def test_a_control_plane_without_data_planes_is_told_apart(running):
    assert check(ControlPlaneHarness.create(running).run("preflight", options(running)))["data_planes"] == "failed"


def test_all_is_there_for_an_ai_gateway(running):
    run = AiGatewayHarness.create(running).run("preflight", options(running, proxy_url=None))
    assert set(check(run).values()) == {"ok"}, run["checks"]
    assert "ai_gateway" in check(run)
    assert (run["ready"], run.changed, run.writes) == (True, False, [])


@pytest.mark.exhaustive
@pytest.mark.parametrize(("switch", "failed"), [("missing", "ai_gateway"), ("forbidden", "permissions")])
def test_an_account_without_ai_gateways_is_told(emulators, switch, failed):
    konnect = ControlPlaneHarness.create(emulators("--set", f"ai_gateways={switch}"))
    run = konnect.run("preflight", {"ai_gateway": "any"})
    (row,) = [row for row in run["checks"] if row["check"] == failed]
    assert (row["outcome"], "has no AI Gateways" in row["message"]) == ("failed", True)
