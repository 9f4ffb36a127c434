# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules in a fork of the worker and modules that Ansible starts: nobody can tell them apart."""

from __future__ import annotations

import json
import os
import re
import sys

import pytest

from support.emulator import ROOT, Emulator, emulator
from support.playbook import run_play
from support.playbook_tasks import run_tasks, task

FORKED = "Running the module in a fork"
SECRET = {"config_store": "my-store", "key": "my-key", "value": "Bearer fake-key-number-one"}
BAD_LITERAL = {"auth": {"header_name": "Authorization", "header_value": "Bearer fake-literal-key"}}
TASKS = [
    task("config_store", {"name": "my-store"}, check=True),
    task("config_store", {"name": "my-store"}),
    task("config_store", {"name": "my-store"}),
    task("secret", SECRET),
    task("secret", {**SECRET, "value": {"user": "ann", "password": "fake-json-password"}}, check=True),
    task("secret", {**SECRET, "fingerprint_key": "short"}),
    task("secret", {**SECRET, "vaule": "fake-misspelt-value"}),
    task("secret", {"config_store": "my-store", "key": "my-key"}),
    task("secret", {**SECRET, "state": "gone"}),
    task("secret", SECRET, no_log=True),
    task("vault", {"prefix": "my-vault", "config_store": "my-stroe"}),
    task("vault", {"prefix": "my-vault", "config_store": "my-stroe"}, check=True),
    task("plugin", {"name": "ai-proxy", "config": {"route_type": "llm/v1/chat", **BAD_LITERAL}}),
    task("plugin", {"name": "http-log", "config": '{"http_endpoint": "fake-broken'}),
    task("plugin", {"name": "http-log", "config": {"http_endpoint": "{vault://a/b}"}}, check=True),
    task("control_plane_info", {"konnect_token": "fake-wrong-token"}),
    task("control_plane_info", {"konnect_url": "http://127.0.0.1:1", "request_retries": 0}),
    task("wait_for_sync", {"wait": False}),
    task("secret_info", {"config_store": "my-store"}, loop=["a", "b"]),
    {
        **task("config_store_info", {}),
        "environment": {"KONNECT_CONTROL_PLANE": "{{ 'no' ~ 'where' }}"},
    },
    {**task("config_store_info", {}), "delegate_to": "localhost"},
    {**task("config_store_info", {}), "async": 30, "poll": 1},
]


def plain(data: object) -> str:
    """A result or requests without what differs from one control plane to the next, or from one moment to the next."""
    text = json.dumps(data)
    for varying in (
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        r"\d{4}-\d\d-\d\dT[\d:.]+Z",
        r"127\.0\.0\.1:\d+",
        r"\.fingerprint\.[0-9a-f.]+",
        r"[0-9a-f]{32}",
        r"kon(g|nect):trace:\d+",
        r'(?<="waited": )[\d.]+',
        r'(?<="last_ping": )\d+',
        r'(?<="age": )\d+',
        r'(?<="ansible_job_id": )"[^"]+"',
        r'(?<="results_file": )"[^"]+"',
    ):
        text = re.sub(varying, "~", text)
    return text


def test_results_and_requests_are_the_same(monkeypatch):
    seen = {}
    for forks in ("true", "false"):
        monkeypatch.setenv("KONNECT_FORK", forks)
        with emulator() as konnect:
            steps = run_tasks(konnect, *TASKS)
        seen[forks] = [(plain(step.result), plain(step.requests)) for step in steps]
        assert "fake-" not in str([step.result for step in steps])
    for one, other in zip(seen["true"], seen["false"], strict=True):
        assert one == other


@pytest.mark.parametrize(
    ("keywords", "forked"),
    [
        ({}, True),
        ({"vars": {"konnect_fork": False}}, False),
        ({"environment": {"KONNECT_FORK": "false"}}, True),
        ({"vars": {"ansible_python_interpreter": os.path.realpath(sys.executable)}}, False),
        ({"async": 30, "poll": 1}, False),
        ({"become": True}, False),
    ],
)
def test_when_it_is_done(konnect, keywords, forked):
    look = {"name": "Look", "community.konnect.konnect_control_plane_info": {}, "ignore_errors": True, **keywords}
    run = run_play("-vvv", environment={**konnect.environment, "KONNECT_FORK": "true"}, tasks=[look])
    assert (FORKED in run.output) is forked, run.output


def test_the_timeout_of_a_task_ends_it(tmp_path):
    with emulator("--latency-ms", "3000") as konnect:
        steps = run_tasks(konnect, task("control_plane_info", {}, timeout=1))
    assert "1 second" in steps[0].message or "timeout" in steps[0].message.lower()


def test_every_module_has_the_action():
    modules = {path.name for path in (ROOT / "plugins" / "modules").glob("konnect_*.py")}
    actions = {path.name: path.read_text() for path in (ROOT / "plugins" / "action").glob("*.py")}
    assert actions.keys() == modules
    assert len(set(actions.values())) == 1, "one action serves all"


def test_defaults_by_module_and_by_group_reach_it(konnect: Emulator):
    defaults = {
        "group/community.konnect.control_plane": {"control_plane": "quickstart"},
        "community.konnect.konnect_config_store": {"name": "by-default"},
    }
    create = {"name": "Create", "community.konnect.konnect_config_store": {}}
    environment = {**konnect.environment, "KONNECT_CONTROL_PLANE": ""}
    run = run_play(environment=environment, module_defaults=defaults, tasks=[create])
    assert (run.code, run.changed) == (0, 1), run.output
    assert [store["name"] for store in konnect.list("config-stores")] == ["by-default"]


def test_progress_is_shown_as_it_is_made(konnect):
    konnect.call("POST", "config-stores", {"name": "my-store"})
    secrets = [{"key": f"key-{number}", "value": f"Bearer fake-value-number-{number}"} for number in range(20)]
    task_ = {"name": "Store", "community.konnect.konnect_secrets": {"config_store": "my-store", "secrets": secrets}}
    environment = {**konnect.environment, "KONNECT_FORK": "true"}
    run = run_play("-v", environment=environment, tasks=[task_])
    assert run.code == 0, run.output
    before_the_result = run.output.partition("changed: [localhost]")[0]
    assert re.findall(r"(\d+) of 20 secrets", before_the_result) == [str(done) for done in range(2, 21, 2)]
    assert "fake-value" not in run.output
    quiet = run_play(environment=environment, tasks=[task_])
    assert "of 20 secrets" not in quiet.output
