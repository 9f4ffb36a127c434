# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules in a fork of the worker and modules that Ansible starts give the same results and send the same requests."""

from __future__ import annotations

import json
import os
import re
import sys

import pytest

from support.emulator import emulator
from support.options import OLD_VALUE, SECRET, STORE
from support.playbook import run_play
from support.playbook_tasks import run_tasks, task

FORKED = "Running the module in a fork"
VALUE = {**SECRET, "value": OLD_VALUE}
BAD_LITERAL = {"auth": {"header_name": "Authorization", "header_value": "Bearer fake-literal-key"}}
TASKS = [
    task("config_store", STORE, check=True),
    task("config_store", STORE),
    task("secret", VALUE),
    task("secret", {**VALUE, "value": {"user": "ann", "password": "fake-json-password"}}, check=True),
    task("secret", {**VALUE, "vaule": "fake-misspelt-value"}),
    {**task("config_store_info", {}), "environment": {"KONNECT_CONTROL_PLANE": "{{ 'no' ~ 'where' }}"}},
]
MORE_TASKS = [
    task("config_store", STORE),
    task("config_store", STORE),
    task("secret", {**VALUE, "fingerprint_key": "short"}),
    task("secret", SECRET),
    task("secret", {**VALUE, "state": "gone"}),
    task("vault", {"prefix": "my-vault", "config_store": "my-stroe"}),
    task("plugin", {"name": "ai-proxy", "config": {"route_type": "llm/v1/chat", **BAD_LITERAL}}),
    task("plugin", {"name": "http-log", "config": {"http_endpoint": "{vault://a/b}"}}, check=True),
    task("control_plane_info", {"konnect_url": "http://127.0.0.1:1", "request_retries": 0}),
    task("wait_for_sync", {"wait": False}),
    task("secret", VALUE, no_log=True),
    task("control_plane_info", {"konnect_token": "fake-wrong-token"}),
    task("secret_info", {"config_store": "my-store"}, loop=["a", "b"]),
    task("plugin", {"name": "http-log", "config": '{"http_endpoint": "fake-broken'}),
    {**task("config_store_info", {}), "delegate_to": "localhost"},
    {**task("config_store_info", {}), "async": 30, "poll": 1},
]
VARYING = (
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
)


def constant(data: object) -> str:
    """Return JSON without what differs from one control plane to the next, or from one moment to the next."""
    text = json.dumps(data)
    for varying in VARYING:
        text = re.sub(varying, "~", text)
    return text


def steps_with(forks: str, tasks: list):
    with pytest.MonkeyPatch.context() as patch, emulator() as konnect:
        patch.setenv("KONNECT_FORK", forks)
        return run_tasks(konnect, *tasks)


@pytest.fixture(scope="module", params=[TASKS, MORE_TASKS], ids=["", "more"])
def both(request):
    """For each task what it was with a fork, and what it was without."""
    tasks = request.param
    return list(zip(steps_with("true", tasks), steps_with("false", tasks), strict=True))


# One worker runs the tasks for all of these tests.
@pytest.mark.exhaustive
@pytest.mark.xdist_group("parity")
def test_results_are_the_same(both):
    for forked, started in both:
        assert constant(forked.result) == constant(started.result)


@pytest.mark.exhaustive
@pytest.mark.xdist_group("parity")
def test_requests_are_the_same(both):
    for forked, started in both:
        assert constant(forked.requests) == constant(started.requests)


@pytest.mark.exhaustive
@pytest.mark.xdist_group("parity")
def test_neither_shows_a_secret(both):
    assert "fake-" not in str([[each.result for each in pair] for pair in both])


@pytest.mark.parametrize(
    ("keywords", "forked"),
    [
        ({}, True),
        pytest.param({"vars": {"konnect_fork": False}}, False, marks=pytest.mark.exhaustive),
        pytest.param({"environment": {"KONNECT_FORK": "false"}}, True, marks=pytest.mark.exhaustive),
        pytest.param(
            {"vars": {"ansible_python_interpreter": os.path.realpath(sys.executable)}},
            False,
            marks=pytest.mark.exhaustive,
        ),
        pytest.param({"async": 30, "poll": 1}, False, marks=pytest.mark.exhaustive),
        pytest.param({"become": True}, False, marks=pytest.mark.exhaustive),
    ],
    ids=["as usual", "switched off", "switched off for the module", "another Python", "async", "become"],
)
def test_a_module_is_forked_only_where_that_makes_no_difference(konnect, keywords, forked):
    read = {"name": "Read", "community.konnect.konnect_control_plane_info": {}, "ignore_errors": True, **keywords}
    run = run_play("-vvv", environment={**konnect.environment, "KONNECT_FORK": "true"}, tasks=[read])
    assert (FORKED in run.output) is forked, run.output


@pytest.mark.exhaustive
def test_the_timeout_of_a_task_ends_it():
    with emulator("--latency-ms", "3000") as konnect:
        (step,) = run_tasks(konnect, task("control_plane_info", {}, timeout=1))
    assert "1 second" in step.message or "timeout" in step.message.lower()


def test_defaults_by_module_and_by_group_reach_it(konnect):
    defaults = {
        "group/community.konnect.control_plane": {"control_plane": "quickstart"},
        "community.konnect.konnect_config_store": {"name": "by-default"},
    }
    create = {"name": "Create", "community.konnect.konnect_config_store": {}}
    environment = {**konnect.environment, "KONNECT_CONTROL_PLANE": ""}
    run = run_play(environment=environment, module_defaults=defaults, tasks=[create])
    assert (run.code, run.changed) == (0, 1), run.output
    assert [store["name"] for store in konnect.list("config-stores")] == ["by-default"]


@pytest.mark.exhaustive
def test_the_engine_is_compiled_once_and_not_in_each_run(tmp_path):
    environment = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    wrong = {"name": "store", "control_plane": "cp", "konnect_token": "kpat_fake", "konnect_url": "ftp://nowhere"}
    run_play(environment=environment, tasks=[{"community.konnect.konnect_config_store": wrong}])
    kept = {file.name.partition(".")[0] for file in tmp_path.rglob("plugins/module_utils/**/*.pyc")}
    assert {"client", "reconcile", "runner"} <= kept
