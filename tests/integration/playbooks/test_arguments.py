# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only the action sees of a task: values before options make texts of them, and the items of its loop."""

from __future__ import annotations

import ansible
import pytest

from support.options import SECRET, STORE
from support.playbook import INTERPRETER, run_play
from support.playbook_tasks import run_tasks, task

# What YAML makes of {vault://my-vault/my-key} without quotes.
UNQUOTED = {"vault://my-vault/my-key": None}
WITHOUT_QUOTES = [
    ("plugin", {"name": "http-log", "config": {"http_endpoint": UNQUOTED}}, "config.http_endpoint"),
    ("secret", {**SECRET, "value": UNQUOTED}, "value"),
    ("route", {"name": "my-route", "hosts": [UNQUOTED]}, "hosts.0"),
    ("secret_info", {"config_store": UNQUOTED}, "config_store"),
]
GUESSED = ansible.__version__.startswith("2.18.")


@pytest.fixture(scope="module")
def refused():
    from support.emulator import emulator

    with emulator() as konnect:
        return run_tasks(konnect, *(task(module, options) for module, options, _path in WITHOUT_QUOTES))


@pytest.mark.xdist_group("arguments")
def test_a_reference_without_quotes_is_refused_by_its_path(refused):
    for step, (_module, _options, path) in zip(refused, WITHOUT_QUOTES, strict=True):
        assert step.message.startswith(f"{path} has a secret reference without quotes")
        assert "in quotes" in step.message
        assert step.code == "invalid_input"


@pytest.mark.xdist_group("arguments")
def test_a_reference_without_quotes_is_refused_before_any_request(refused):
    assert [request for step in refused for request in step.requests] == []


def secret(value: str) -> dict:
    return {"community.konnect.konnect_secret": {"config_store": "my-store", "key": "{{ item.key }}", "value": value}}


def test_a_loop_over_secrets_shows_none_and_says_why_it_failed(konnect):
    rows = [
        {"key": "one", "value": "fake-loop-value-one"},
        {"key": "two", "value": "fake-loop-value-two"},
        {"key": "a/b", "value": "fake-loop-value-three"},
    ]
    loop = {"loop": "{{ rows }}", "register": "stored", "ignore_errors": True}
    keys = {"ansible.builtin.debug": {"msg": "Stored {{ stored.results | map(attribute='secret', default={}) }}"}}
    tasks = [
        {"name": "Store", "community.konnect.konnect_config_store": STORE},
        {"name": "Secrets", **secret("Bearer {{ item.value }}"), **loop},
        {"name": "Result", **keys},
    ]
    run = run_play("-v", environment=konnect.environment, vars={**INTERPRETER, "rows": rows}, tasks=tasks)
    assert (run.code, run.changed) == (0, 2), run.output
    assert "fake-loop-value" not in run.output
    assert "Secrets: 'a/b' cannot be a secret's key" in run.output
    assert " ".join(run.output.split()).count("The output of tasks is hidden (no_log)") == 1
    assert "'key': 'two'" in run.output.replace('"', "'")


@pytest.mark.skipif(not GUESSED, reason="later versions keep a text as it is")
def test_a_text_that_became_a_mapping_is_refused(konnect):
    tasks = [
        task("config_store", STORE),
        task("secret", {**SECRET, "value": "{{ text }}"}, vars={"text": '{"a":1, "b": "fake"}'}),
        task("secret", {**SECRET, "value": "{{ text | string }}"}, vars={"text": '{"a":1, "b": "fake"}'}),
    ]
    _store, lost, kept = run_tasks(konnect, *tasks)
    assert (lost.code, "| string" in lost.message, lost.requests) == ("invalid_input", True, [])
    assert kept.changed
