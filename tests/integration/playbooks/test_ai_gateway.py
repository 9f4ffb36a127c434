# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ai_gateway.yml: from nothing to a chat, again, and away; rotate.yml gives it a new key."""

from __future__ import annotations

import pytest

from support.ai_gateway import AiGatewayHarness, send_v1
from support.ai_tutorial import FINGERPRINT_KEY, tutorial
from support.emulator import API_KEY, TOKEN, emulator, only_writes
from support.inventory import write_inventory
from support.playbook import ansible_playbook

NAME = "made-by-the-playbook"
# What a developer or a job has set for another one.
FOREIGN = {
    "KONNECT_TOKEN": "kpat_fake_of_another_account",
    "KONNECT_SERVER_URL": "http://127.0.0.1:1",
    "KONNECT_AI_GATEWAY": "nowhere",
    "KONNECT_AI_GATEWAY_URL": "http://127.0.0.1:1",
}


@pytest.fixture
def konnect():
    """An emulator without an AI Gateway."""
    with emulator() as running:
        send_v1(running.konnect_url, "DELETE", f"ai-gateways/{running.ai_gateway_id}")
        yield running


def play(konnect, playbook, *arguments):
    environment = {
        **konnect.environment,
        "KONNECT_AI_GATEWAY": NAME,
        "KONNECT_AI_GATEWAY_URL": konnect.ai_gateway_url,
        "MISTRAL_UPSTREAM_URL": f"{konnect.upstream_url}/v1/chat/completions",
    }
    konnect.requests()
    done = ansible_playbook(f"playbooks/{playbook}.yml", *arguments, environment=environment)
    assert done.code == 0, done.output
    writes = only_writes([f"{row['method']} {row['path']}" for row in konnect.requests()])
    return done, writes


def test_from_nothing_to_the_answer(konnect):
    done, writes = play(konnect, "ai_gateway")
    assert (len(writes), "The model replied" in done.output) == (7, True)
    assert "mistral-emulator-key" not in done.output


@pytest.mark.exhaustive
def test_from_nothing_to_the_answer_again_and_away(konnect):
    check, writes = play(konnect, "ai_gateway", "--check", "--diff")
    assert writes == []
    first, writes = play(konnect, "ai_gateway")
    assert len(writes) == 7, writes
    assert "The model replied" in first.output
    assert check.changed == first.changed
    again, writes = play(konnect, "ai_gateway")
    assert (again.changed, writes) == (0, [])
    removed, _writes = play(konnect, "ai_gateway_teardown", "-e", "ai_gateway_remove_gateway=true")
    assert "Removed model chat" in removed.output
    assert send_v1(konnect.konnect_url, "GET", "ai-gateways")["data"] == []
    _again, writes = play(konnect, "ai_gateway_teardown")
    assert writes == []
    assert "mistral-emulator-key" not in check.output + first.output + removed.output


@pytest.mark.exhaustive
def test_a_new_key_is_tried_and_written_and_a_bad_one_is_not():
    keys = ("--upstream-key", API_KEY, "--upstream-key", "mistral-second-fake-key")
    with emulator(*keys, "--clock-speed", "20") as konnect:
        gateway = AiGatewayHarness.create(konnect)
        for module, options in tutorial(konnect.upstream_url):
            gateway.run_handler(module, options)
        environment = {**gateway.environment, "KONNECT_FINGERPRINT_KEY": FINGERPRINT_KEY["fingerprint_key"]}

        def rotate(key, *arguments, **more):
            given = {**environment, "MISTRAL_API_KEY": key, **more}
            quick = ("-e", "rotate_secret_probe_duration=1", *arguments)
            return ansible_playbook("playbooks/rotate.yml", *quick, environment=given)

        good = rotate("mistral-second-fake-key")
        assert good.code == 0, good.output
        assert f"{gateway.name}, Config Store my-config-store: mistral-key was rotated" in good.output
        assert "The old key may be revoked." in good.output
        # Whoever names a gateway means it, whatever the environment says of control planes.
        named = ("-e", f"ai_gateway_name={gateway.name}")
        bad = rotate("mistral-bad-fake-key", *named, KONNECT_CONTROL_PLANE="quickstart")
        assert (bad.code, gateway.chat(), gateway.temporary()) == (2, 200, [])
        assert "rejected the new value of mistral-key" in bad.output
        assert "fake-key" not in (good.output + bad.output)


@pytest.mark.exhaustive
def test_a_gateway_that_does_not_exist_is_said_once(konnect):
    environment = {**konnect.environment, "KONNECT_CONTROL_PLANE": "", "KONNECT_AI_GATEWAY": "nowhere"}
    done = ansible_playbook("playbooks/rotate.yml", environment={**environment, "MISTRAL_API_KEY": API_KEY})
    assert '"msg": "nowhere, Config Store my-config-store: Konnect has no AI Gateway nowhere. It has no' in done.output
    assert "Rolling back failed" not in done.output


@pytest.mark.exhaustive
def test_over_the_ai_gateways_of_an_inventory(tmp_path):
    """Each by its own server, token and URL."""
    with emulator() as konnect:
        source = {
            "konnect_url": konnect.konnect_url,
            "konnect_token_env": "TOKEN_OF_SHOP",
            "proxy_urls": {"ai-quickstart": konnect.ai_gateway_url},
        }
        inventory = write_inventory(tmp_path, {"ai_gateways": True, "sources": [source]})
        environment = {**FOREIGN, "TOKEN_OF_SHOP": TOKEN, "MISTRAL_API_KEY": API_KEY}
        upstream = {"MISTRAL_UPSTREAM_URL": f"{konnect.upstream_url}/v1/chat/completions"}
        for playbook, words in (
            ("preflight", "OK ai_gateway: ai-quickstart exists"),
            ("ai_gateway", "The model replied"),
            ("audit", "AI Gateway ai-quickstart: 1 secret reference"),
            ("ai_gateway_teardown", "ai-quickstart: Removed model chat"),
        ):
            run = ansible_playbook(
                f"playbooks/{playbook}.yml",
                *("--inventory", str(inventory)),
                environment={**environment, **upstream},
                extra_vars={"konnect_hosts": "konnect_ai_gateways", "audit_directory": str(tmp_path / "audit")},
            )
            assert (run.code, words in run.output) == (0, True), run.output
            assert TOKEN not in run.output


@pytest.mark.exhaustive
@pytest.mark.parametrize("playbook", ["ai_gateway", "site"])
def test_a_name_that_is_refused_is_the_reason_in_the_summary(konnect, playbook):
    names = ("-e", "ai_gateway_vault=My_Vault", "-e", "ai_proxy_vault_prefix=My_Vault")
    environment = {**konnect.environment, "KONNECT_AI_GATEWAY": NAME}
    konnect.requests()
    done = ansible_playbook(f"playbooks/{playbook}.yml", *names, environment=environment)
    assert (done.code, konnect.writes()) == (2, [])
    assert "Fail with the reason" in done.output
    assert "Error while resolving" not in done.output
