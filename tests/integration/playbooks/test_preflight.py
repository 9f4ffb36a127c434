# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""preflight.yml: what it says to someone who begins."""

from __future__ import annotations

import pytest

from support.emulator import API_KEY
from support.playbook import ansible_playbook


def preflight(konnect, variables=None, **environment):
    return ansible_playbook(
        "playbooks/preflight.yml",
        environment={**konnect.environment, **environment, "ANSIBLE_SHOW_CUSTOM_STATS": "1"},
        extra_vars={**konnect.extra_vars, **(variables or {})},
    )


def test_what_is_missing_is_named_with_what_to_do(konnect):
    run = preflight(konnect, KONNECT_TOKEN="", KONNECT_PROXY_URL="", MISTRAL_API_KEY="mistral-wrong-fake-key")
    assert run.code != 0
    for words in (
        "FAILED token: No access token for Konnect.",
        "FAILED proxy: The URL of the data plane is not set. Set KONNECT_PROXY_URL",
        "FAILED provider_key: The provider rejected the API key (401).",
        "quickstart: Not ready: token, proxy and provider_key.",
        '"konnect_preflight"',
    ):
        assert words in run.output
    assert "mistral-wrong-fake-key" not in run.output


@pytest.mark.exhaustive
def test_when_all_is_there_it_says_what_to_run(konnect):
    run = preflight(konnect, KONNECT_FINGERPRINT_KEY="f" * 32)
    assert run.code == 0, run.output
    assert "Ready. Next: ansible-playbook community.konnect.site." in run.output
    assert konnect.writes() == []
    assert API_KEY not in run.output


@pytest.mark.exhaustive
def test_an_ai_gateway_is_checked_where_it_is_named(konnect):
    run = preflight(konnect, {"ai_gateway_name": "ai-quickstart"}, KONNECT_PROXY_URL="http://127.0.0.1:1")
    assert run.code == 0, run.output
    assert "OK ai_gateway: ai-quickstart exists" in run.output
    assert "Ready. Next: ansible-playbook community.konnect.ai_gateway." in run.output
