# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role ai_proxy with another API key for a secret in use: tried, written untested when told or helpless, or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from support.emulator import API_KEY, Emulator, emulator
from support.playbook import INTERPRETER, run_play
from support.rotation import BAD_KEY, KNOWN_KEYS, NEW_KEY, QUICK, Rotation, allowed_to_fail, as_rotation, stored

# Variables of a play that rotates another secret, too.
OTHER_ROTATION = {
    "rotate_secret_strategy": "in_place",
    "rotate_secret_max_age_days": 99,
    "rotate_secret_phases": ["try"],
}


def ai_proxy(key: str, route: Any = "existing", **more: Any) -> dict[str, Any]:
    values = {
        "ai_proxy_config_store": "my-config-store",
        "ai_proxy_vault_prefix": "ai-vault",
        "ai_proxy_secret_key": "mistral-key",
        "ai_proxy_api_key": key,
        "ai_proxy_model": "mistral-small",
        "ai_proxy_model_options": {"upstream_url": "{{ upstream_url }}"},
        "ai_proxy_route": route,
        **more,
    }
    return {"name": "Chat", "ansible.builtin.include_role": {"name": "community.konnect.ai_proxy"}, "vars": values}


def check(*conditions: str) -> dict[str, Any]:
    return {"name": "Check", "ansible.builtin.assert": {"that": list(conditions)}}


def play(konnect: Emulator, *tasks: Mapping[str, Any], proxy: bool = True, **variables: Any) -> Rotation:
    environment = konnect.environment if proxy else {**konnect.environment, "KONNECT_PROXY_URL": ""}
    upstream = {"upstream_url": f"{konnect.upstream_url}/v1/chat/completions"}
    given = {**INTERPRETER, **QUICK, **upstream, **variables}
    return as_rotation(run_play("-vvv", environment=environment, vars=given, tasks=list(tasks)))


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    """A control plane with a route and its service, which another client made."""
    with emulator(*KNOWN_KEYS) as running:
        service = running.call("POST", "core-entities/services", {"name": "existing", "host": "api.example.com"})
        route = {"name": "existing", "paths": ["/chat"], "protocols": ["http"], "service": {"id": service["id"]}}
        running.call("POST", "core-entities/routes", route)
        yield running


WARNING = "its new value was not tested before it was written"


@pytest.mark.exhaustive
def test_without_a_proxy_it_is_written_with_a_warning(konnect):
    """Then with the other ways to have no trial; each part of the play is checked by the next."""
    was_written = check(
        *("__ai_proxy_secret.value_written", "ai_proxy_result.changed", "ai_proxy_result.written_at != ''"),
    )
    not_written = check("not __ai_proxy_secret.value_written")
    done = play(
        konnect,
        ai_proxy(API_KEY),
        was_written,
        ai_proxy(API_KEY),
        not_written,
        check("ai_proxy_result == {'changed': false, 'written_at': '', 'expected_hashes': []}"),
        ai_proxy(NEW_KEY),
        was_written,
        allowed_to_fail(ai_proxy(BAD_KEY, ai_proxy_new_key="fail")),
        proxy=False,
    )
    assert not done.failed, done.run.output
    assert " ".join(done.run.output.split()).count("[WARNING]: Secret mistral-key") == 1
    assert WARNING in " ".join(done.run.output.split())
    assert "so it was not written" in " ".join(done.run.output.split())
    assert stored(konnect) == {"mistral-key": NEW_KEY}


@pytest.mark.exhaustive
def test_with_a_proxy_too_it_is_overwritten_when_told(konnect):
    done = play(konnect, ai_proxy(API_KEY), ai_proxy(BAD_KEY, ai_proxy_new_key="overwrite"))
    assert not done.failed
    assert WARNING in " ".join(done.run.output.split())
    assert stored(konnect) == {"mistral-key": BAD_KEY}


@pytest.mark.exhaustive
def test_it_is_tried_on_the_path_of_a_route_that_exists(konnect):
    done = play(konnect, ai_proxy(API_KEY), allowed_to_fail(ai_proxy(BAD_KEY)), ai_proxy(NEW_KEY), **OTHER_ROTATION)
    assert [result["outcome"] for result in done.results] == ["rolled_back", "rotated"]
    assert done.result["probes"][0]["url"] == f"{konnect.proxy_url}/chat"
    assert stored(konnect) == {"mistral-key": NEW_KEY}


@pytest.mark.exhaustive
def test_it_is_tried_by_a_probe_of_the_users_own(konnect):
    url = f"{konnect.proxy_url}/chat/more"
    probes = [{"url": url, "body": {"messages": [{"role": "user", "content": "Hello"}]}}]
    done = play(konnect, ai_proxy(API_KEY), ai_proxy(NEW_KEY, ai_proxy_probes=probes), proxy=False)
    assert (done.outcome, done.result["probes"][0]["url"]) == ("rotated", url)


@pytest.mark.exhaustive
def test_it_is_tried_on_a_new_route_when_another_one_uses_the_secret(konnect):
    second = {"name": "second", "paths": ["~/second$", "/second"], "protocols": ["http"]}
    done = play(konnect, ai_proxy(API_KEY), ai_proxy(NEW_KEY, route=second, ai_proxy_service="existing"))
    assert done.outcome == "rotated"
    assert [each["entity"] for each in done.result["not_probed"]] == ["plugin"]
    assert stored(konnect) == {"mistral-key": NEW_KEY}
