# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entities of AI Gateways: what is refused before a write, in check mode and in a run alike."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.ai_gateways import AI_GATEWAYS
from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
    ControlPlane,
    Organization,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._resources.ai_entity import ensure_ai, remove_ai
from ansible_collections.community.konnect.plugins.module_utils._resources.ai_fields import MODEL, POLICY
from ansible_collections.community.konnect.plugins.module_utils._resources.any_ai_entity import (
    any_fields,
    any_options,
    hide_body,
)
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.served import page

GATEWAY = {"id": "9524ec7d-36d9-465d-a8c5-83a3c9390458", "name": "my-gateway"}
BELOW = f"/v1/ai-gateways/{GATEWAY['id']}"
GROUP = {"id": "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d", "name": "team", "display_name": "Team"}
PROVIDER = {"id": "1c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d", "name": "mistral", "type": "mistral"}
CHAT = {
    "name": "chat",
    "type": "model",
    "capabilities": ["generate"],
    "formats": [{"type": "openai"}],
    "targets": [{"name": "small", "provider": "mistral", "config": {"type": "mistral", "format": "openai"}}],
    "config": {"route": {"paths": ["/v1"]}},
}
BOTH = pytest.mark.parametrize("check_mode", [True, False])


def any_given(kind="consumer-groups", name="team", **options):
    """The options of konnect_ai_entity."""
    return {"kind": kind, "name": name, "sensitive_fields": None, "state": "present", "body": None, **options}


@pytest.fixture
def gateway(server, connect):
    """Make the AI Gateway of one task."""
    server.routes[f"GET {BELOW}/consumer-groups"] = page(GROUP)
    for segment in ("agents", "certificates", "consumers", "identity", "mcp-servers", "model-providers", "models"):
        server.routes[f"GET {BELOW}/{segment}"] = page()

    def make(check_mode=False):
        organization = Organization(connect(read_only=check_mode), Task(check_mode))
        return ControlPlane(organization, "my-gateway", GATEWAY, AI_GATEWAYS)

    return make


@pytest.fixture
def ensure(gateway):
    """Ensure an entity by the options of konnect_ai_entity, or a model by those of its own module."""

    def run(check_mode, kind="consumer-groups", **options):
        parent = gateway(check_mode)
        if kind == "models":
            return ensure_ai(parent, MODEL, {**CHAT, **options})
        given = any_given(kind, **options)
        return ensure_ai(parent, any_fields(given), any_options(given))

    return run


def writes(server):
    return [request for request in server.sent() if not request.startswith("GET")]


@BOTH
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "agents", "body": {"display_name": "A"}}, "To create it, give type, config."),
        ({"kind": "agents", "body": {"type": "a2a", "config": {"a": 1}}}, "To create it, give config.url."),
        ({"kind": "mcp-servers", "body": {"type": "listener", "config": {"a": 1}}}, "To create it, give sources."),
        ({"kind": "identity", "body": {"type": "key-auth", "display_name": ""}}, "To create it, give display_name."),
        ({"body": {"display_name": ""}}, "Entity in consumer-groups team needs display_name, which must not be empty."),
        ({"body": {"name": "other"}}, "The name in body is not that of the task."),
        (
            {"body": {"id": "7c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"}},
            "The id in body is not that of entity in consumer-groups",
        ),
        ({"name": "new", "body": {"id": GROUP["id"]}}, "The id in body is not that of entity in consumer-groups new"),
        ({"body": {"state": "on", "kind": "x"}}, "body has kind, state, which are options of the module."),
    ],
)
def test_what_cannot_be_done_is_said_before_a_write(server, ensure, check_mode, options, said):
    with pytest.raises(InvalidInput) as caught:
        ensure(check_mode, **options)
    assert said in caught.value.message
    assert writes(server) == []


def test_an_entity_that_is_given_back_as_it_was_shown_is_unchanged(server, ensure):
    shown = {**GROUP, "created_at": "2026-11-23T10:00:00Z"}
    assert not ensure(False, body=shown).changed
    assert writes(server) == []


def test_a_new_entity_has_its_name_as_display_name(server, ensure):
    server.routes[f"POST {BELOW}/consumer-groups"] = (201, {**GROUP, "name": "new", "display_name": "new"})
    ensure(False, name="new")
    assert server.requests[-1][3]["display_name"] == "new"


@BOTH
@pytest.mark.parametrize("providers", [[], [{**PROVIDER, "name": "mistral-2"}]])
def test_a_model_of_a_provider_that_does_not_exist_is_refused(server, ensure, check_mode, providers):
    server.routes[f"GET {BELOW}/model-providers"] = page(*providers)
    with pytest.raises(KonnectError, match="AI Gateway my-gateway has no model provider mistral."):
        ensure(check_mode, kind="models")
    assert writes(server) == []


@pytest.mark.parametrize("known_by", ["name", "id"])
def test_a_provider_is_known_by_its_name_and_by_its_id(server, ensure, known_by):
    server.routes[f"GET {BELOW}/model-providers"] = page(PROVIDER)
    assert ensure(True, kind="models", targets=[{**CHAT["targets"][0], "provider": PROVIDER[known_by]}]).changed


@BOTH
def test_a_model_without_its_module_names_a_provider_that_exists_too(server, gateway, check_mode):
    given = any_given("models", "chat", body={name: value for name, value in CHAT.items() if name != "name"})
    with pytest.raises(KonnectError, match="AI Gateway my-gateway has no model provider mistral."):
        ensure_ai(gateway(check_mode), any_fields(given), any_options(given))
    assert writes(server) == []


def test_an_id_means_the_entity_that_has_it(server, ensure):
    server.routes[f"GET {BELOW}/consumer-groups"] = page({**GROUP, "id": PROVIDER["id"], "name": "other"}, GROUP)
    found = ensure(True, name=GROUP["id"].upper(), body={"display_name": "A team"})
    assert found.before == GROUP


def test_a_policy_in_use_stays_and_only_what_lists_it_is_named(server, gateway):
    server.routes[f"GET {BELOW}/policies"] = page({"id": "5c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d", "name": "guard"})
    server.routes[f"GET {BELOW}/models"] = page({"id": "1", "name": "chat", "policies": ["guard"]})
    server.routes[f"GET {BELOW}/agents"] = page({"id": "2", "name": "clerk", "policies": ["other"]})
    with pytest.raises(KonnectError) as caught:
        remove_ai(gateway(), POLICY, {"name": "guard", "on_in_use": "fail"})
    assert "chat" in caught.value.message
    assert "clerk" not in caught.value.message
    assert writes(server) == []


def test_secrets_of_a_body_are_not_shown_with_the_options(gateway):
    parent, given = gateway(), any_given("certificates", body={"cert": "CERT", "key": "fake-key"})
    hide_body(parent, any_fields(given))
    assert parent.task.views["body"](given["body"]) == {"cert": "CERT", "key": "(not shown)"}
