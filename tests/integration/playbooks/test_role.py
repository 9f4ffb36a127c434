# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role ai_proxy in playbooks of users."""

from __future__ import annotations

from typing import Any

import pytest

from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, Emulator
from support.playbook import Run, run_play

VALUES = {
    "ai_proxy_control_plane": "quickstart",
    "ai_proxy_config_store": "ai-keys",
    "ai_proxy_vault_prefix": "ai-vault",
    "ai_proxy_secret_key": "mistral",
    "ai_proxy_api_key": API_KEY,
    "ai_proxy_model": "mistral-small",
    "ai_proxy_route": {"name": "chat", "paths": ["/chat"]},
}


@pytest.fixture
def play(konnect: Emulator):
    def run(values: dict[str, Any], *arguments: str, environment: dict[str, str] | None = None, **keywords: Any) -> Run:
        include = {
            "name": "Chat",
            "ansible.builtin.include_role": {"name": "community.konnect.ai_proxy"},
            "vars": values,
        }
        environment = konnect.environment if environment is None else environment
        return run_play(*arguments, environment=environment, tasks=[include], **keywords)

    return run


def test_a_mistaken_variable_is_told_before_the_first_request_and_its_value_is_not_shown(konnect, play):
    konnect.requests()
    run = play({**VALUES, "ai_proxy_api_key": "fake-key-with-line-end\n"}, "-vvv")
    assert "it contains white space, often a line end from a file." in " ".join(run.output.split())
    assert "fake-key" not in run.output
    assert (run.code != 0, konnect.requests()) == (True, [])


OPTIONAL = [
    *("state", "vault_description", "aws_access_key_id", "fingerprint_key", "new_key", "proxy_url", "probes"),
    *("take_over", "provider", "model_options", "service", "tags", "konnect_token", "konnect_region", "konnect_url"),
    *("validate_certs", "ca_path", "request_timeout", "request_retries", "request_deadline"),
]
# As a survey answers, which knows texts alone.
TEXTS = {
    "ai_proxy_route": '{"name": "chat", "paths": ["/chat"], "regex_priority": 7, "path_handling": "v1"}',
    "ai_proxy_service": '{"name": "chat", "host": "api.example.com", "protocol": "https", "tls_verify": "yes"}',
    "ai_proxy_tags": "one, two",
    "ai_proxy_model_options": '{"temperature": "0.5"}',
    "ai_proxy_take_over": "no",
    "ai_proxy_validate_certs": "on",
    "ai_proxy_request_timeout": "20",
}


@pytest.mark.exhaustive
def test_variables_are_taken_as_a_survey_answers_them(konnect):
    role = {"name": "Chat", "ansible.builtin.include_role": {"name": "community.konnect.ai_proxy"}}
    empty = {f"ai_proxy_{name}": "" for name in OPTIONAL}
    null = {f"ai_proxy_{name}": None for name in OPTIONAL}
    tasks = [{**role, "vars": {**each, **VALUES}} for each in (empty, null)]
    tasks.append({**role, "vars": {**empty, **VALUES, **TEXTS}})
    run = run_play(environment=konnect.environment, tasks=tasks)
    # All six are created, nothing, and then vault, service, route and plugin are changed.
    assert (run.code, run.changed) == (0, 6 + 0 + 4), run.output
    (route,), (service,), (plugin,) = (
        konnect.list(f"core-entities/{kind}") for kind in ("routes", "services", "plugins")
    )
    assert (route["regex_priority"], route["path_handling"], route["tags"]) == (7, "v1", ["one", "two"])
    assert (service["tls_verify"], route["service"]["id"]) == (True, service["id"])
    assert plugin["config"]["model"]["options"]["temperature"] == 0.5


@pytest.mark.exhaustive
def test_a_route_and_a_service_that_exist_are_used_and_kept(konnect, play):
    service = konnect.call("POST", "core-entities/services", {"name": "existing", "host": "api.example.com"})
    route = {"name": "existing", "paths": ["/existing"], "service": {"id": service["id"]}}
    konnect.call("POST", "core-entities/routes", route)
    values = {**VALUES, "ai_proxy_route": "existing", "ai_proxy_service": "existing"}
    assert play(values).changed == 4
    (plugin,) = konnect.list("core-entities/plugins")
    assert plugin["config"]["auth"]["header_value"] == "{vault://ai-vault/mistral}"
    assert play({**values, "ai_proxy_state": "absent"}).changed == 4
    assert [item["name"] for item in konnect.list("core-entities/routes")] == ["existing"]


@pytest.mark.exhaustive
def test_a_route_of_that_name_that_another_client_made_is_kept(konnect, play):
    konnect.call("POST", "core-entities/routes", {"name": "chat", "paths": ["/chat"], "protocols": ["http", "https"]})
    assert play(VALUES).changed == 4
    assert play({**VALUES, "ai_proxy_state": "absent"}).changed == 4
    assert [item["name"] for item in konnect.list("core-entities/routes")] == ["chat"]


@pytest.mark.exhaustive
def test_the_connection_by_role_variables_and_by_module_defaults(konnect, play):
    connection = {"konnect_token": "kpat_emulator", "konnect_url": konnect.konnect_url}
    by_variables = play({**VALUES, **{f"ai_proxy_{name}": value for name, value in connection.items()}}, environment={})
    assert (by_variables.code, by_variables.changed) == (0, 6), by_variables.output
    defaults = {
        "group/community.konnect.konnect": connection,
        "group/community.konnect.control_plane": {"control_plane": "quickstart"},
    }
    values = {name: value for name, value in VALUES.items() if name != "ai_proxy_control_plane"}
    by_defaults = play(values, "-vvv", environment={}, module_defaults=defaults)
    assert (by_defaults.code, by_defaults.changed) == (0, 0), by_defaults.output
    assert "kpat_emulator" not in by_defaults.output


def test_the_key_is_nowhere_when_a_task_fails(konnect, play):
    run = play({**VALUES, "ai_proxy_model_options": {"mistral_fromat": "openai"}}, "-vvv", "--diff")
    assert run.code != 0
    assert "did you mean mistral_format?" in run.output
    assert API_KEY not in run.output


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("provider", "options", "environment", "auth", "secret"),
    [
        (
            "anthropic",
            {},
            {"ANTHROPIC_API_KEY": "fake-anthropic-key-of-some-length"},
            {"header_name": "x-api-key", "header_value": "{vault://ai-vault/mistral}"},
            "fake-anthropic-key-of-some-length",
        ),
        pytest.param(
            "gemini",
            {},
            {"GEMINI_API_KEY": "fake-gemini-key-of-some-length"},
            {"param_name": "key", "param_location": "query", "param_value": "{vault://ai-vault/mistral}"},
            "fake-gemini-key-of-some-length",
            marks=pytest.mark.exhaustive,
        ),
        pytest.param(
            "bedrock",
            {"bedrock": {"aws_region": "eu-west-1"}},
            {"AWS_ACCESS_KEY_ID": "fake-aws-id", "AWS_SECRET_ACCESS_KEY": "fake-aws-secret-key"},
            {
                "aws_access_key_id": "{vault://ai-vault/mistral/access_key_id}",
                "aws_secret_access_key": "{vault://ai-vault/mistral/secret_access_key}",
            },
            '{"access_key_id": "fake-aws-id", "secret_access_key": "fake-aws-secret-key"}',
            marks=pytest.mark.exhaustive,
        ),
    ],
)
def test_each_way_to_give_a_key(konnect, play, provider, options, environment, auth, secret):
    values = {name: value for name, value in VALUES.items() if name != "ai_proxy_api_key"}
    values = {**values, "ai_proxy_provider": provider, "ai_proxy_model_options": options}
    run = play(values, "-vvv", environment={**konnect.environment, **environment})
    assert (run.code, run.changed) == (0, 6), run.output
    (plugin,) = konnect.list("core-entities/plugins")
    assert {name: plugin["config"]["auth"][name] for name in auth} == auth
    for value in environment.values():
        assert value not in run.output
    # The stored value is what it should be: given as it is, the task that stores it changes nothing.
    store = {"control_plane": "quickstart", "config_store": "ai-keys", "key": "mistral", "value": secret}
    assert not ControlPlaneHarness.first(konnect).run("secret", store).changed


@pytest.mark.exhaustive
def test_removed_and_made_again_in_one_play(konnect):
    role = {"name": "community.konnect.ai_proxy"}
    states = [{**VALUES, "ai_proxy_state": state} for state in ("present", "absent", "present")]
    told = {"ansible.builtin.assert": {"that": "ai_proxy_result.changed is true"}}
    tasks: list[dict[str, Any]] = []
    for values in states:
        tasks += [{"name": "Chat", "ansible.builtin.include_role": role, "vars": values}, {"name": "Told", **told}]
    still = {"ansible.builtin.assert": {"that": "ai_proxy_result.changed is false"}}
    tasks += [{"name": "Chat", "ansible.builtin.include_role": role, "vars": states[-1]}, {"name": "Told", **still}]
    run = run_play(environment=konnect.environment, tasks=tasks)
    assert (run.code, run.changed) == (0, 17), run.output
    store = {"config_store": "ai-keys", "key": "mistral", "value": f"Bearer {API_KEY}"}
    assert not ControlPlaneHarness.first(konnect).run("secret", store).changed
