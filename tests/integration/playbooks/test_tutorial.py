# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""site.yml and teardown.yml, end to end, in an empty control plane and in a crowded one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.emulator import API_KEY, ROOT, Emulator, emulator
from support.playbook import ansible_playbook

STRANGERS = 20


def add_strangers(konnect: Emulator) -> None:
    for number in range(STRANGERS):
        store = konnect.call("POST", "config-stores", {"name": f"stranger-store-{number:02}"})
        konnect.call("POST", f"config-stores/{store['id']}/secrets", {"key": f"stranger-{number}", "value": "fake"})
        config = {"config_store_id": store["id"]}
        vault = {"name": "konnect", "prefix": f"stranger-vault-{number:02}", "config": config}
        konnect.call("POST", "core-entities/vaults", vault)
        service = {"name": f"stranger-service-{number:02}", "host": "stranger.example.com"}
        service_id = konnect.call("POST", "core-entities/services", service)["id"]
        route = {"name": f"stranger-route-{number:02}", "paths": [f"/stranger-{number}"], "service": {"id": service_id}}
        route_id = konnect.call("POST", "core-entities/routes", route)["id"]
        plugin = {
            "name": "ai-proxy",
            "route": {"id": route_id},
            "config": {"route_type": "llm/v1/chat", "model": {"provider": "openai", "name": "gpt-fake"}},
        }
        konnect.call("POST", "core-entities/plugins", plugin)


def everything(konnect: Emulator) -> dict[str, list[str]]:
    """The names of all that is in the control plane."""
    stores = konnect.list("config-stores")
    found = {
        "stores": [store["name"] for store in stores],
        "secrets": [
            secret["key"] for store in stores for secret in konnect.list(f"config-stores/{store['id']}/secrets")
        ],
    }
    for kind in ("vaults", "services", "routes", "plugins"):
        found[kind] = [item.get("prefix") or item["name"] for item in konnect.list(f"core-entities/{kind}")]
    return {kind: sorted(names) for kind, names in found.items()}


# In a crowded control plane all of it is run again where time is not short; the first test always is.
CROWDED = pytest.param("crowded", marks=pytest.mark.exhaustive)


@pytest.fixture(params=["empty", CROWDED])
def konnect(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    arguments = ["--page-size", "2"] if request.param == "crowded" else []
    with emulator(*arguments) as running:
        if request.param == "crowded":
            add_strangers(running)
        running.requests()
        yield running


@pytest.mark.parametrize("konnect", ["empty", "crowded"], indirect=True)
def test_from_nothing_to_an_answer_and_back(konnect, site):
    before = everything(konnect)
    konnect.requests()

    predicted = site("--check", "--diff", "-vvv")
    assert predicted.code == 0, predicted.output
    assert konnect.writes() == []
    assert "has no config store my-config-store yet" in predicted.output

    first = site("-vvv")
    assert first.code == 0, first.output
    assert first.changed == predicted.changed == 6
    assert "1+1" in first.output or "2" in first.output
    assert len(konnect.writes()) == 7  # six entities and the fingerprint of the secret

    again = site("-vvv")
    assert (again.code, again.changed) == (0, 0), again.output
    assert konnect.writes() == []

    predicted_again = site("--check", "--diff", "-vvv")
    assert (predicted_again.code, predicted_again.changed) == (0, 0), predicted_again.output
    assert konnect.writes() == []

    predicted_removal = site("--check", "--diff", "-vvv", playbook="teardown.yml")
    assert predicted_removal.code == 0, predicted_removal.output
    assert konnect.writes() == []

    removal = site("-vvv", playbook="teardown.yml")
    assert removal.code == 0, removal.output
    assert removal.changed == predicted_removal.changed == 6
    assert everything(konnect) == before

    removal_again = site("-vvv", playbook="teardown.yml")
    assert (removal_again.code, removal_again.changed) == (0, 0), removal_again.output

    for run in (predicted, first, again, predicted_again, predicted_removal, removal, removal_again):
        assert API_KEY not in run.output
        assert konnect.environment["KONNECT_TOKEN"] not in run.output
    assert API_KEY not in konnect.request_log.read_text()


def test_the_first_question_comes_when_the_data_plane_runs_the_configuration():
    with emulator("--propagation-ms", "3000", "--set", "expected_hash_lag_ms=1000") as konnect:
        for _run in range(2):
            run = ansible_playbook(
                "playbooks/site.yml",
                "-v",
                environment={"KONNECT_PROXY_URL": konnect.proxy_url, "MISTRAL_API_KEY": API_KEY},
                extra_vars={
                    **konnect.extra_vars,
                    "ai_proxy_konnect_url": konnect.konnect_url,
                    "ai_proxy_konnect_token": konnect.environment["KONNECT_TOKEN"],
                    "ai_proxy_konnect_region": "",
                },
            )
            assert run.code == 0, run.output
            assert "RETRYING" not in run.output
            assert ('"moved": true' in run.output) == (run.changed > 0)
            assert konnect.environment["KONNECT_TOKEN"] not in run.output


def test_without_a_data_plane_the_playbook_says_so_and_asks_all_the_same():
    with emulator("--set", "node_count=0") as konnect:
        run = ansible_playbook(
            "playbooks/site.yml", environment=konnect.environment, extra_vars={**konnect.extra_vars, "sync_timeout": 1}
        )
    assert run.code == 0, run.output
    assert "0 live data plane nodes" in " ".join(run.output.split())


def test_a_new_key_changes_one_secret_and_nothing_else(konnect, site):
    assert site().code == 0
    konnect.requests()
    run = site("-v", "--extra-vars", "probe_retries=6", MISTRAL_API_KEY="mistral-other-fake-key")
    assert run.changed == 1
    assert '"reason": "value_changed"' in run.output
    paths = [line.partition("/secrets/")[2].partition(".fingerprint")[0] for line in konnect.writes()]
    assert paths == ["mistral-key"] * 3  # the value, its fingerprint, and the old fingerprint's removal
    # The emulator's upstream knows only the first key.
    assert run.code != 0
    assert "rejected the stored key" in run.output
    assert "mistral-other-fake-key" not in run.output


def test_a_secret_changed_from_outside_is_written_again(konnect, site):
    assert site().code == 0
    store = next(store for store in konnect.list("config-stores") if store["name"] == "my-config-store")
    konnect.call("PUT", f"config-stores/{store['id']}/secrets/mistral-key", {"value": "Bearer fake-outside-key"})
    run = site("-v")
    assert (run.code, run.changed) == (0, 1), run.output
    assert '"reason": "changed_outside"' in run.output


def test_what_others_use_survives_the_teardown(konnect, site):
    assert site().code == 0
    route = konnect.call("GET", "core-entities/routes/example-route")
    reference = "{vault://mysecretvault/mistral-key}"
    plugin = {"name": "http-log", "config": {"http_endpoint": reference}, "route": {"id": route["id"]}}
    konnect.call("POST", "core-entities/plugins", plugin)
    predicted = site("--check", playbook="teardown.yml")
    run = site(playbook="teardown.yml")
    assert run.code == 0, run.output
    assert run.changed == predicted.changed == 1
    assert "http-log" in run.output
    left = everything(konnect)
    assert "mistral-key" in left["secrets"]
    assert "example-route" in left["routes"]
    assert "http-log" in left["plugins"]


def test_both_playbooks_by_their_names_and_over_an_inventory(konnect, tmp_path):
    inventory = tmp_path / "inventory.yml"
    inventory.write_text("planes: {hosts: {one: {konnect_control_plane: quickstart}}}\n")
    for playbook in ("community.konnect.site", "community.konnect.teardown"):
        run = ansible_playbook(
            playbook,
            "--inventory",
            str(inventory),
            environment={
                **konnect.environment,
                "KONNECT_CONTROL_PLANE": "",
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections"),
            },
            extra_vars={**konnect.extra_vars, "konnect_hosts": "planes"},
            cwd=tmp_path,
        )
        assert (run.code, run.changed) == (0, 6), run.output
