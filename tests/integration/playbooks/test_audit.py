# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""audit.yml: what it reads, what it writes, and when it fails."""

from __future__ import annotations

import json

import pytest

from support import tutorial
from support.ai_gateway import AiGatewayHarness
from support.control_plane import ControlPlaneHarness
from support.emulator import ROOT
from support.playbook import ansible_playbook

FILES = {"audit.json", "audit.md", "audit.html"}
HOSTILE = "<img src=x onerror=alert(1)> {{ 1 + 1 }}"
NO_CONTROL_PLANE = "00000000-0000-4000-8000-000000000000"
FINDINGS = (
    "dangling, not_referenceable, malformed, other_backend, unused_secrets, unused_vaults, old_secrets, "
    "expiring_certificates"
)


@pytest.fixture
def audit(konnect, tmp_path):
    def run(*arguments, name="playbooks/audit.yml", environment=None, **variables):
        return ansible_playbook(
            name,
            *arguments,
            environment={**konnect.environment, **(environment or {})},
            extra_vars={"audit_directory": str(tmp_path / "report"), **variables},
        )

    return run


@pytest.fixture
def harmful_name(konnect):
    """A store, a vault, a secret, a plugin that refers to it, and another secret whose key means harm."""
    reference = "{vault://mysecretvault/mistral-key}"
    ControlPlaneHarness.first(konnect).create_all(
        tutorial.CONFIG_STORE,
        tutorial.VAULT,
        tutorial.SECRET,
        ("plugin", {"name": "http-log", "config": {"http_endpoint": reference}}),
    )
    (store,) = konnect.list("config-stores")
    konnect.call("POST", f"config-stores/{store['id']}/secrets", {"key": HOSTILE, "value": "fake-value"})
    konnect.requests()


@pytest.fixture
def dangling(konnect, harmful_name):
    """Seven plugins more, which refer to a vault that is not there."""
    for number in range(7):
        service = konnect.call("POST", "core-entities/services", {"name": f"log-{number}", "host": "log.example.com"})
        log = {"name": "http-log", "config": {"http_endpoint": f"{{vault://nowhere/key-{number}}}"}}
        konnect.call("POST", "core-entities/plugins", {**log, "service": {"id": service["id"]}})
    konnect.requests()


def test_a_broken_reference_fails_it_after_the_report_is_written(konnect, dangling, audit, tmp_path):
    run = audit(audit_control_planes="all")
    assert run.code != 0
    for words in (
        "7 found (dangling)",
        "quickstart: plugin http-log, service log-",
        "config.http_endpoint",
        "{vault://nowhere/key-",
        "And 2 more.",
    ):
        assert words in run.output
    assert konnect.writes() == []
    files = {file.name: file for file in (tmp_path / "report").iterdir()}
    assert set(files) == FILES
    data = json.loads(files["audit.json"].read_text())
    (report,) = data["control_planes"]
    assert report["control_plane"]["name"] == "quickstart"
    assert HOSTILE in [secret["key"] for secret in report["secrets"]]
    assert data["summary"] == report["summary"]
    assert (report["summary"]["ok"], report["summary"]["dangling"]) == (1, 7)
    # Nobody else may read them, names do no harm in them, and no secret is in them.
    assert {file.stat().st_mode & 0o777 for file in files.values()} == {0o600}
    assert HOSTILE not in files["audit.html"].read_text()
    assert not any("fake-key-number-one" in file.read_text() for file in files.values())


@pytest.mark.exhaustive
def test_a_clean_control_plane_passes(harmful_name, audit):
    run = audit("--check")
    assert run.code == 0, run.output


@pytest.mark.exhaustive
@pytest.mark.parametrize("kinds", ["old_secrets, unused_vaults", "none"])
def test_only_the_chosen_findings_fail_it(dangling, audit, kinds):
    run = audit("--check", audit_fail_on=kinds, audit_max_age_days="1")
    assert run.code == 0, run.output


@pytest.mark.exhaustive
def test_a_broken_reference_fails_check_mode_which_writes_no_report(dangling, audit, tmp_path):
    assert audit("--check").code != 0
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"audit_fail_on": ["broken"]}, f"Unknown finding broken. Choose from {FINDINGS}"),
        pytest.param({"audit_control_planes": []}, "Set audit_control_planes", marks=pytest.mark.exhaustive),
    ],
    ids=["finding", "no control plane"],
)
def test_a_bad_variable_is_told_before_the_first_request(konnect, audit, variables, words):
    konnect.requests()
    run = audit(environment={"KONNECT_CONTROL_PLANE": ""}, **variables)
    assert run.code != 0
    assert words in " ".join(run.output.split())
    assert konnect.requests() == []


@pytest.mark.exhaustive
def test_by_its_name_and_over_an_inventory(konnect, audit, tmp_path):
    by_id = {"konnect_control_plane": konnect.control_plane_id, "konnect_control_plane_name": "quickstart"}
    gone = {"konnect_control_plane": NO_CONTROL_PLANE, "konnect_control_plane_name": "gone-plane"}
    hosts = {"one": by_id, "two": {"audit_control_planes": ["quickstart"]}, "three": gone}
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(json.dumps({"planes": {"hosts": hosts}}))
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections"),
        "ANSIBLE_SHOW_CUSTOM_STATS": "true",
        "KONNECT_CONTROL_PLANE": "",
    }
    run = audit(
        *("--inventory", str(inventory)),
        name="community.konnect.audit",
        environment=environment,
        konnect_hosts="planes",
    )
    assert (run.code, run.recap["failed"]) == (2, 1), run.output
    # People see the names, also of one that could not be read.
    assert konnect.control_plane_id not in run.output
    statistic = run.output.partition("CUSTOM STATS")[2]
    assert '"quickstart"' in statistic
    assert '"gone-plane"' in statistic
    assert {file.parent.name for file in (tmp_path / "report").glob("*/audit.html")} == {"one", "two"}


@pytest.mark.exhaustive
def test_an_ai_gateway_is_read_beside_the_control_planes(konnect, harmful_name, audit, tmp_path):
    gateway = AiGatewayHarness.create(konnect)
    gateway.create_all(
        ("config_store", {"name": "my-store"}),
        ("vault", {"prefix": "my-vault", "config_store": "my-store"}),
        ("secret", {"config_store": "my-store", "key": "my-key", "value": "Bearer fake-value"}),
        (
            "ai_model_provider",
            {
                "name": "mistral",
                "type": "mistral",
                "config": {"auth": {"type": "basic", "headers": [{"name": "X", "value": "{vault://my-vault/my-key}"}]}},
            },
        ),
    )
    run = audit(audit_control_planes="quickstart", audit_ai_gateways="all")
    assert run.code == 0, run.output
    assert f"AI Gateway {gateway.name}: 1 secret reference" in run.output
    reports = json.loads((tmp_path / "report" / "audit.json").read_text())["control_planes"]
    assert {report["control_plane"]["kind"] for report in reports} == {"control_plane", "ai_gateway"}
    assert "Control plane or AI Gateway" in (tmp_path / "report" / "audit.html").read_text()


@pytest.mark.exhaustive
def test_a_task_file_that_is_not_there_fails_it_and_is_told(konnect, audit, tmp_path):
    run = audit(audit_publish_tasks_file=str(tmp_path / "nowhere.yml"))
    assert run.code != 0
    assert run.output.count("TASK [Show the summary]") == 1
    assert "Nothing was found on which to fail" not in run.output
    assert "audit_publish_tasks_file cannot be read" in run.output
