# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""extensions/awx: every call holds the options of awx.awx, every survey those of the playbooks, and no secret shows."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from awx_options import OUTPUT, read_options

from ansible_collections.community.konnect.plugins.plugin_utils._roles.providers import PROVIDERS
from support.awx import AWX, DATA, PROJECT, credential_types, inject, load
from support.emulator import ROOT

SPECS = json.loads(OUTPUT.read_text())["modules"]
TASKS = load(AWX / "configuration" / "configure.yml")[0]["tasks"]
VARIABLES = {name: value for file in sorted(DATA.glob("*.yml")) for name, value in load(file).items()}
TEMPLATES = VARIABLES["controller_templates"]
PLAYBOOKS = sorted(file.name for file in (ROOT / "playbooks").glob("*.yml"))
CODE = {file: file.read_text() for folder in ("playbooks", "roles") for file in sorted((ROOT / folder).rglob("*.yml"))}
STATS = (
    *("konnect_preflight", "konnect_site", "konnect_rotation", "konnect_audit", "konnect_teardown"),
    *("konnect_ai_site", "konnect_ai_teardown", "konnect_move"),
)
PYTHON_TYPES = {"str": str, "int": int, "bool": bool, "dict": dict, "list": list, "float": (int, float)}
ITEM = re.compile(r"\{\{ item\.(\w+)( \| default\([^)]*\))? \}\}")


def calls() -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """Each task: its module, its arguments, and the items of its loop."""
    for task in TASKS:
        (module,) = [name for name in task if name.startswith("awx.awx.")]
        yield module.removeprefix("awx.awx."), task[module], VARIABLES[task["loop"].strip("{} ")]


CALLS = list(calls())


def filled(arguments: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a task for one item of its loop, without those that are left out."""
    found = {}
    for name, value in arguments.items():
        match = ITEM.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            found[name] = value
        elif match[1] in item:
            found[name] = item[match[1]]
        else:
            assert match[2], f"{name} has no value, and no default"
    return found


def problems(options: dict[str, Any], values: dict[str, Any], path: str = "") -> Iterator[str]:
    """What of the values does not fit the options."""
    yield from (f"{path}{name} is missing" for name in options if options[name].get("required") and name not in values)
    for name, value in values.items():
        option = options.get(name)
        if option is None:
            yield f"{path}{name} is no option"
        elif isinstance(value, str) and "{{" in value:
            continue
        elif not isinstance(value, PYTHON_TYPES[option.get("type", "str")]):
            yield f"{path}{name} is no {option['type']}"
        elif option.get("choices") and value not in option["choices"]:
            yield f"{path}{name} is none of {option['choices']}"
        elif option.get("suboptions"):
            for each in value if isinstance(value, list) else [value]:
                yield from problems(option["suboptions"], each, f"{path}{name}.")


@pytest.mark.parametrize(("module", "arguments", "items"), CALLS, ids=[call[0] for call in CALLS])
def test_every_call_holds_the_options_of_awx(module, arguments, items):
    assert items
    for item in items:
        assert list(problems(SPECS[module], filled(arguments, item))) == []


@pytest.mark.parametrize(("module", "arguments", "items"), CALLS, ids=[call[0] for call in CALLS])
def test_all_of_the_data_is_used_by_the_plain_calls(module, arguments, items):
    used = {match[1] for value in arguments.values() if isinstance(value, str) and (match := ITEM.fullmatch(value))}
    assert {name for item in items for name in item} <= used


def test_all_data_is_looped_over():
    looped = {task["loop"].strip("{} ") for task in TASKS}
    assert {name for name in VARIABLES if name.startswith("controller_")} == looped


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"name": "a", "kind": "cloudy"}, "kind is none of"),
        ({"name": "a", "kinds": "cloud"}, "kinds is no option"),
        ({"kind": "cloud"}, "name is missing"),
        ({"name": "a", "inputs": []}, "inputs is no dict"),
    ],
)
def test_a_call_that_does_not_fit_is_found(values, found):
    assert [problem for problem in problems(SPECS["credential_type"], values) if found in problem]


@pytest.mark.exhaustive
def test_the_options_are_those_of_the_published_collection(tmp_path):
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        str(tmp_path),
        "ansible==12.3.0",
    ]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("ansible-*.whl")
    assert read_options(wheel) == json.loads(OUTPUT.read_text())


# Project and job templates


def test_the_project_has_a_line_for_every_playbook():
    assert sorted(file.name for file in PROJECT.glob("*.yml")) == PLAYBOOKS
    for name in PLAYBOOKS:
        (play,) = load(PROJECT / name)
        assert play["ansible.builtin.import_playbook"] == f"community.konnect.{name.removesuffix('.yml')}"


def test_there_is_a_job_template_for_every_playbook():
    assert sorted(template["playbook"] for template in TEMPLATES) == PLAYBOOKS


def questions() -> Iterator[tuple[str, dict[str, Any]]]:
    for template in TEMPLATES:
        for question in template["survey_spec"]["spec"]:
            yield template["playbook"], question


QUESTIONS = list(questions())


@pytest.mark.parametrize(
    ("playbook", "question"), QUESTIONS, ids=[f"{name}-{each['variable']}" for name, each in QUESTIONS]
)
def test_a_question_is_about_a_variable_of_the_playbook(playbook, question):
    name = re.compile(rf"\b{question['variable']}\b")
    shared = [each for file, each in CODE.items() if file.parent.parent == ROOT / "playbooks"]
    text = "".join([CODE[ROOT / "playbooks" / playbook], *shared])
    for role in re.findall(r"name: community\.konnect\.(\w+)", text):
        text += "".join(each for file, each in CODE.items() if f"/roles/{role}/" in str(file))
    assert name.search(text)


@pytest.mark.parametrize("question", [each for _name, each in QUESTIONS], ids=lambda each: each["variable"])
def test_an_answer_may_be_left_out_where_the_variable_may(question):
    is_name = question["variable"].startswith(("ai_proxy_", "ai_gateway_")) and question["variable"] not in (
        "ai_proxy_new_key",
        "ai_proxy_take_over",
    )
    assert question["required"] is is_name
    assert bool(question["default"]) or not question["required"]
    assert question["type"] != "password", "secrets belong into credentials"


@pytest.mark.parametrize("data", ["controller_workflows", "controller_schedules"])
def test_answers_that_are_given_are_asked_for(data):
    rows = [row for item in VARIABLES[data] for row in item.get("workflow_nodes", [item])]
    given = {name for row in rows for name in row.get("extra_data", {})}
    assert given <= {question["variable"] for _name, question in questions()}


def test_no_variable_has_the_name_of_a_statistic():
    """AWX hands them on as extra variables, which would win."""
    text = "\n".join(CODE.values())
    for name in STATS:
        assert re.findall(rf".*\b{name}\b.*", text.replace(f"playbook_stat: {name}\n", "")) == [
            line for line in re.findall(rf".*\b{name}\b.*", text) if line.strip() == f"community.konnect.{name}:"
        ]


def test_who_is_not_there_is_told_of_a_failure():
    scheduled = {schedule["unified_job_template"] for schedule in VARIABLES["controller_schedules"]}
    told = {template["name"] for template in TEMPLATES if template.get("notification_templates_error")}
    assert scheduled <= told


# Credentials


def test_every_provider_of_the_role_has_its_variable():
    definition = credential_types()["Kong Konnect AI provider"]
    (field,) = [each for each in definition["inputs"]["fields"] if each["id"] == "provider"]
    assert field["choices"] == sorted(PROVIDERS)
    for name, provider in PROVIDERS.items():
        assert f"provider == '{name}'" in definition["injectors"]["env"][provider.environment]


@pytest.mark.parametrize("name", credential_types())
def test_a_credential_type_is_one_that_awx_takes(name):
    definition = credential_types()[name]
    fields = {field["id"] for field in definition["inputs"]["fields"]}
    assert definition["kind"] == "cloud"
    assert set(definition["inputs"]["required"]) <= fields
    assert {field["type"] for field in definition["inputs"]["fields"]} <= {"string", "boolean"}
    assert set(definition["injectors"]) <= {"env", "file"}
    assert not [variable for variable in definition["injectors"]["env"] if variable.startswith("ANSIBLE_")]
    for template in definition["injectors"]["env"].values():
        assert set(re.findall(r"\b([a-z_]+)\b(?=[ }])", re.sub(r"'[^']*'|tower\.filename\.\w+", "", template))) <= {
            *fields,
            *("if", "else"),
        }


def test_a_token_is_injected_and_never_kept(tmp_path):
    given = {"token": "kpat_fake_token", "region": "eu", "validate_certs": False}
    environment, kept = inject("Kong Konnect", given, tmp_path)
    assert environment == {
        "KONNECT_TOKEN": "kpat_fake_token",
        "KONNECT_REGION": "eu",
        "KONNECT_SERVER_URL": "",
        "KONNECT_CONTROL_PLANE": "",
        "KONNECT_AI_GATEWAY": "",
        "KONNECT_WORKSPACE": "",
        "KONNECT_VALIDATE_CERTS": "False",
        "KONNECT_CA_PATH": "",
    }
    assert "kpat_fake_token" not in str(kept)


def test_ca_certificates_are_injected_as_a_file(tmp_path):
    given = {"token": "kpat_fake_token", "validate_certs": True, "ca": "-----BEGIN CERTIFICATE-----\n"}
    environment, _kept = inject("Kong Konnect", given, tmp_path)
    path = pathlib.Path(environment["KONNECT_CA_PATH"])
    assert (tmp_path / "env" / path.name).read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_only_the_chosen_provider_gets_its_key(tmp_path):
    given = {"provider": "bedrock", "api_key": "fake-secret-access-key", "aws_access_key_id": "AKIAFAKE"}
    environment, kept = inject("Kong Konnect AI provider", given, tmp_path)
    assert {name: value for name, value in environment.items() if value} == {
        "AWS_SECRET_ACCESS_KEY": "fake-secret-access-key",
        "AWS_ACCESS_KEY_ID": "AKIAFAKE",
    }
    assert "fake-secret-access-key" not in str(kept)


def test_a_data_plane_of_an_ai_gateway_alone_is_enough(tmp_path):
    name, given = "Kong Konnect data plane", {"ai_gateway_url": "https://models.example.com"}
    assert set(credential_types()[name]["inputs"]["required"]) <= set(given)
    environment, _kept = inject(name, given, tmp_path)
    assert environment == {"KONNECT_PROXY_URL": "", "KONNECT_AI_GATEWAY_URL": "https://models.example.com"}


@pytest.mark.parametrize(
    ("name", "given", "variable"),
    [
        ("Kong Konnect fingerprint key", {"fingerprint_key": "f" * 32}, "KONNECT_FINGERPRINT_KEY"),
        ("Kong Konnect data plane", {"proxy_url": "https://ai.example.com"}, "KONNECT_PROXY_URL"),
        ("Kong Konnect secret values", {"secret_values": '{"store/key": "fake-value"}'}, "KONNECT_SECRET_VALUES"),
    ],
)
def test_a_credential_of_one_field_sets_one_variable(tmp_path, name, given, variable):
    environment = {name: value for name, value in inject(name, given, tmp_path)[0].items() if value}
    assert environment == {variable: next(iter(given.values()))}
