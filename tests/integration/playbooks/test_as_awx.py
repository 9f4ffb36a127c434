# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The project of extensions/awx as AWX runs it: injected credentials, events, artifacts, surveys, slices."""

from __future__ import annotations

import http.server
import itertools
import pathlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support import tutorial
from support.awx import DATA, PROJECT, Job, inject, load, run_job, slice_hosts
from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, ROOT, TOKEN, Emulator, emulator
from support.rotation import BAD_KEY, KNOWN_KEYS, NEW_KEY, stored

FINGERPRINT_KEY = "fake-fingerprint-key-of-48-characters-0123456789"
SECRETS = (API_KEY, NEW_KEY, BAD_KEY, TOKEN, FINGERPRINT_KEY)
HOST = {"quickstart": {"konnect_control_plane": "quickstart"}}
QUICK = {"probe_delay": 0.2, "rotate_secret_probe_duration": 1}


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    with emulator(*KNOWN_KEYS) as running:
        yield running


@pytest.fixture
def launch(konnect: Emulator, tmp_path: pathlib.Path) -> Callable[..., Job]:
    """Launch a job template of this playbook, with the credentials of extensions/awx."""
    numbers = itertools.count()

    def run(playbook: str, key: str = API_KEY, hosts: Any = None, **more: Any) -> Job:
        base = tmp_path / f"job-{next(numbers)}"
        credentials = {
            "Kong Konnect": {"token": TOKEN, "url": konnect.konnect_url, "validate_certs": True},
            "Kong Konnect fingerprint key": {"fingerprint_key": FINGERPRINT_KEY},
            "Kong Konnect AI provider": {"provider": "mistral", "api_key": key},
            "Kong Konnect data plane": {"proxy_url": konnect.proxy_url},
        }
        environment: dict[str, str] = {}
        for name, inputs in credentials.items():
            environment |= inject(name, inputs, base / "injected")[0]
        extra_vars = {**konnect.extra_vars, **QUICK, **more.pop("extra_vars", {})}
        job = run_job(base, playbook, environment=environment, hosts=hosts or HOST, extra_vars=extra_vars, **more)
        for text in job.everything():
            assert not [secret for secret in SECRETS if secret in text]
        return job

    return run


def entry(job: Job, name: str) -> dict[str, Any]:
    """The only entry of the only statistic of a job."""
    assert list(job.artifacts) == [name], job.output
    ((plane, found),) = job.artifacts[name]["quickstart"].items()
    assert plane == "quickstart"
    return dict(found)


@pytest.mark.exhaustive
def test_a_job_sets_up_the_tutorial_and_leaves_its_artifacts(konnect, launch):
    job = launch("site.yml")
    assert job.code == 0, job.output
    assert job.changed == 7
    found = entry(job, "konnect_site")
    assert (found["changed"], found["failed"], found["check_mode"]) == (True, False, False)
    assert found["done"][0] == "Config Store my-config-store"
    assert stored(konnect) == {"mistral-key": API_KEY}


@pytest.mark.exhaustive
def test_a_check_job_predicts_with_diffs_and_writes_nothing(konnect, launch):
    konnect.requests()
    job = launch("site.yml", check=True)
    assert job.code == 0, job.output
    assert (konnect.writes(), job.changed, entry(job, "konnect_site")["check_mode"]) == ([], 7, True)
    changed = [row for row in job.events("runner_on_ok") if row["event_data"]["res"].get("changed")]
    assert all(row["event_data"]["res"]["diff"] for row in changed)


@pytest.mark.exhaustive
def test_a_rotation_with_approval_is_three_jobs(konnect, launch):
    assert launch("site.yml").code == 0
    answers = {node["identifier"]: node.get("extra_data") for node in nodes()}
    tried = launch("rotate.yml", key=NEW_KEY, extra_vars=answers["try"])
    assert tried.code == 0, tried.output
    assert (entry(tried, "konnect_rotation")["outcome"], stored(konnect)["mistral-key"]) == ("pending", API_KEY)
    # AWX hands the artifacts of a node on to the next ones, as extra variables.
    done = launch("rotate.yml", key=NEW_KEY, extra_vars={**tried.artifacts, **answers["commit"]})
    assert done.code == 0, done.output
    found = entry(done, "konnect_rotation")
    assert (found["outcome"], found["old_key_may_be_revoked"]) == ("rotated", True)
    assert stored(konnect) == {"mistral-key": NEW_KEY}


@pytest.mark.exhaustive
def test_a_denied_rotation_is_rolled_back(konnect, launch):
    assert launch("site.yml").code == 0
    answers = {node["identifier"]: node.get("extra_data") for node in nodes()}
    tried = launch("rotate.yml", key=NEW_KEY, extra_vars=answers["try"])
    back = launch("rotate.yml", key=NEW_KEY, extra_vars={**tried.artifacts, **answers["rollback"]})
    assert back.code == 0, back.output
    assert entry(back, "konnect_rotation")["outcome"] == "rolled_back"
    assert stored(konnect) == {"mistral-key": API_KEY}


@pytest.mark.exhaustive
def test_a_failed_rotation_leaves_why_in_the_artifacts(konnect, launch):
    assert launch("site.yml").code == 0
    job = launch("rotate.yml", key=BAD_KEY)
    assert job.code != 0
    found = entry(job, "konnect_rotation")
    assert (found["failed"], found["outcome"], found["code"]) == (True, "rolled_back", "key_rejected")
    assert "not rotated" in found["message"]


@pytest.mark.exhaustive
def test_an_audit_publishes_its_report_before_it_fails(konnect, launch, tmp_path):
    ControlPlaneHarness.first(konnect).create_all(tutorial.CONFIG_STORE, tutorial.VAULT)
    dangling = {"name": "http-log", "config": {"http_endpoint": "{vault://nowhere/key}"}}
    konnect.call("POST", "core-entities/plugins", dangling)
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    copy = {"src": "{{ item }}", "dest": str(tmp_path / "published") + "/", "mode": "0600"}
    task = {"name": "Publish", "ansible.builtin.copy": copy, "loop": "{{ audit_files }}"}
    (project / "publish" / "copy.yml").write_text(f"[{task!r}]")
    (tmp_path / "published").mkdir()
    job = launch("audit.yml", project=project, extra_vars={"audit_publish_tasks_file": "publish/copy.yml"})
    assert job.code != 0
    found = entry(job, "konnect_audit")
    assert (found["failed"], found["finding_count"], found["summary"]["dangling"]) == (True, 1, 1)
    assert "{vault://nowhere/key}" in found["findings"][0]
    assert {file.name for file in (tmp_path / "published").iterdir()} == {"audit.html", "audit.md", "audit.json"}


@pytest.fixture
def report_server() -> Iterator[tuple[str, dict[str, str]]]:
    """A server that takes files with one token: its URL, and the token that came with each file."""
    taken: dict[str, str] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            taken[self.path] = self.headers["Authorization"]
            self.send_response(201 if taken[self.path] == "Bearer fake-publish-token" else 403)
            self.end_headers()

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", taken
        server.shutdown()


@pytest.mark.exhaustive
@pytest.mark.parametrize(("token", "code"), [("fake-publish-token", 0), ("fake-wrong-token", 1)])
def test_a_report_is_sent_and_the_token_is_nowhere(launch, monkeypatch, report_server, token, code):
    url, taken = report_server
    monkeypatch.setenv("PUBLISH_TOKEN", token)
    answers = {"audit_publish_tasks_file": "publish/put.yml", "publish_url": url}
    job = launch("audit.yml", extra_vars=answers)
    assert job.code == code, job.output
    assert taken == {f"/quickstart/audit.{end}": f"Bearer {token}" for end in ("html", "md", "json")}
    assert not [text for text in job.everything() if token in text]
    assert ("403" in job.output) is bool(code)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("fails", "reason"), [("", ""), ("get", "127.0.0.1:9"), ("push", "127.0.0.1:9")])
def test_a_report_is_committed_and_the_token_in_the_url_is_nowhere(launch, monkeypatch, tmp_path, fails, reason):
    token, repository = "fake-publish-token", tmp_path / "reports.git"
    url = f"http://audit:{token}@127.0.0.1:9/"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost"]
    subprocess.run([*git, "init", "--quiet", "--initial-branch=main", str(repository)], check=True)
    commands = (["commit", "--quiet", "--allow-empty", "--message=Begin"], ["config", "core.bare", "true"])
    for command in commands:
        subprocess.run([*git, *command], cwd=repository, check=True)
    # Where nothing listens at the URL, git is told to use the repository instead.
    instead = {} if fails == "get" else {f"url.file://{tmp_path}/.insteadOf": url}
    instead |= {f"url.{url}.pushInsteadOf": url} if fails == "push" else {}
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(instead)))
    for number, (name, value) in enumerate(instead.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    monkeypatch.setenv("PUBLISH_TOKEN", token)
    address = url.replace(token, "{{ lookup('ansible.builtin.env', 'PUBLISH_TOKEN') }}") + "reports.git"
    answers = {"audit_publish_tasks_file": "publish/git_push.yml", "publish_repository": address}
    job = launch("audit.yml", extra_vars=answers)
    assert job.code == bool(fails), job.output
    assert reason in job.output
    assert not [text for text in job.everything() if token in text]
    listed = subprocess.check_output([*git, "ls-tree", "-r", "--name-only", "main"], cwd=repository, text=True)
    assert listed.split() == ([] if fails else [f"quickstart/audit.{end}" for end in ("html", "json", "md")])


@pytest.mark.exhaustive
@pytest.mark.parametrize("playbook", ["preflight", "site", "rotate", "audit", "teardown"])
def test_no_answer_to_a_survey_is_as_if_it_was_not_asked(launch, playbook):
    (template,) = [each for each in templates() if each["playbook"] == f"{playbook}.yml"]
    spec = template["survey_spec"]["spec"]
    answers = {question["variable"]: question["default"] if question["required"] else "" for question in spec}
    assert launch("site.yml").code == 0
    job = launch(f"{playbook}.yml", extra_vars=answers)
    assert job.code == 0, job.output
    assert job.changed == {"teardown": 6, "audit": 2}.get(playbook, 0)


@pytest.mark.exhaustive
def test_slices_have_every_host_once(konnect, launch):
    planes = [ControlPlaneHarness.create(konnect).name for _number in range(3)]
    hosts = {name: {"konnect_control_plane": name} for name in planes}
    seen: list[str] = []
    for number in (1, 2):
        names = slice_hosts(sorted(hosts), number, 2)
        job = launch("audit.yml", hosts={name: hosts[name] for name in names}, check=True)
        assert job.code == 0, job.output
        seen += job.artifacts["konnect_audit"]
    assert sorted(seen) == sorted(planes)


@pytest.mark.exhaustive
def test_the_project_installs_the_collection_by_its_requirements(konnect, launch, tmp_path):
    """As the sync of a project does, from a repository; nothing of this checkout is in the path of the job."""
    requirements = tmp_path / "requirements.yml"
    text = (PROJECT / "collections" / "requirements.yml").read_text()
    here = text.replace("https://github.com/ansible-collections/community.konnect.git", f"file://{ROOT}")
    assert here != text
    branch = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    requirements.write_text(here.replace("version: main", f"version: {branch}"))
    galaxy = pathlib.Path(sys.executable).with_name("ansible-galaxy")
    target = tmp_path / "collections"
    command = [str(galaxy), "collection", "install", "-r", str(requirements), "-p", str(target)]
    subprocess.run(command, check=True, cwd=tmp_path, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    job = launch("site.yml", collections=target)
    assert job.code == 0, job.output
    assert entry(job, "konnect_site")["changed"] is True


def templates() -> list[dict[str, Any]]:
    return list(load(DATA / "templates.yml")["controller_templates"])


def nodes() -> list[dict[str, Any]]:
    (workflow,) = load(DATA / "templates.yml")["controller_workflows"]
    return list(workflow["workflow_nodes"])
