# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""move_to_ai_gateway.yml: the plan, the values that it needs, the move, and again. What is planned is a unit test."""

from __future__ import annotations

import pytest
import requests

from support import tutorial
from support.ai_gateway import send_v1
from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, only_writes
from support.playbook import ansible_playbook

NAME = "moved"
VALUES = {"my-config-store/mistral-key": f"Bearer {API_KEY}", "my-config-store/other-key": "another-fake-value"}
pytestmark = pytest.mark.exhaustive


@pytest.fixture
def source(konnect):
    """The tutorial on a control plane, another secret, and a plugin that has no counterpart."""
    plane = ControlPlaneHarness.first(konnect)
    plugin = tutorial.PLUGIN[1]
    options = {"mistral_format": "openai", "upstream_url": konnect.extra_vars["mistral_upstream_url"]}
    model = {**plugin["config"]["model"], "options": options}
    plane.create_all(
        *tutorial.TUTORIAL[:-1],
        ("secret", {**tutorial.SECRET[1], "key": "other-key"}),
        ("plugin", {**plugin, "config": {**plugin["config"], "model": model}}),
        ("plugin", {"name": "key-auth", "service": "example-service", "enabled": False}),
    )
    return konnect


def move(konnect, *arguments, values=None, **more):
    konnect.requests()
    done = ansible_playbook(
        "playbooks/move_to_ai_gateway.yml",
        *arguments,
        environment={**konnect.environment, "KONNECT_AI_GATEWAY": NAME, "ANSIBLE_SHOW_CUSTOM_STATS": "1"},
        extra_vars={**({"move_values": values} if values else {}), **more},
    )
    assert not [secret for secret in VALUES.values() if secret in done.output]
    return done, only_writes([f"{row['method']} {row['path']}" for row in konnect.requests()])


def chat(konnect, gateway_id):
    konnect.control("PUT", "ai-gateway", {"ai_gateway_id": gateway_id})
    body = {"model": "mistral-tiny", "messages": [{"role": "user", "content": "What is 1+1?"}]}
    return requests.post(f"{konnect.ai_gateway_url}/anything/chat/completions", json=body, timeout=30).status_code


def test_the_plan_the_move_and_again(source):
    before = tutorial.everything(source)
    plan, writes = move(source, "--check")
    assert (plan.code, writes) == (0, []), plan.output
    told = " ".join(plan.output.split())
    assert "Needs the values of my-config-store/mistral-key, my-config-store/other-key" in told
    assert "No counterpart: plugin key-auth on service" in told
    assert "go to /anything/chat/completions" in told

    check, writes = move(source, "--check", values=VALUES)
    assert (check.code, writes) == (0, []), check.output
    run, _writes = move(source, values=VALUES)
    assert run.code == 0, run.output
    assert (run.changed, check.changed) == (6, 6)
    (gateway,) = [row for row in send_v1(source.konnect_url, "GET", "ai-gateways")["data"] if row["name"] == NAME]
    assert chat(source, gateway["id"]) == 200
    again, writes = move(source)
    assert (again.code, again.changed, writes) == (0, 0, []), again.output
    assert "Nothing has to be created." in again.output
    assert tutorial.everything(source) == before


def test_missing_values_are_named_before_anything_is_written(source):
    run, writes = move(source, values={"my-config-store/other-key": VALUES["my-config-store/other-key"]})
    assert run.code != 0
    assert "Konnect does not return these values: my-config-store/mistral-key. Give" in " ".join(run.output.split())
    assert writes == []


def test_what_is_not_wanted_is_left_out_and_listed(source):
    run, _writes = move(source, values=VALUES, move_skip="my-config-store/other-key")
    assert run.code == 0, run.output
    assert "No counterpart: secret my-config-store/other-key: move_skip names it." in " ".join(run.output.split())
