# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""site.yml and teardown.yml, end to end, in an empty control plane and in a crowded one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from support.background import repeating
from support.emulator import API_KEY, ROOT, TOKEN, Emulator, emulator
from support.playbook import Run, ansible_playbook
from support.tutorial import everything

OTHERS = 20
# In a crowded control plane all of it is run again where time is not short; the first tests always are.
CROWDED = pytest.param("crowded", marks=pytest.mark.exhaustive)


def add_others(konnect: Emulator) -> None:
    """Add entities of every kind that have nothing to do with the tutorial."""
    for number in range(OTHERS):
        store = konnect.call("POST", "config-stores", {"name": f"other-store-{number:02}"})
        konnect.call("POST", f"config-stores/{store['id']}/secrets", {"key": f"other-{number}", "value": "fake"})
        config = {"config_store_id": store["id"]}
        vault = {"name": "konnect", "prefix": f"other-vault-{number:02}", "config": config}
        konnect.call("POST", "core-entities/vaults", vault)
        service = {"name": f"other-service-{number:02}", "host": "other.example.com"}
        service_id = konnect.call("POST", "core-entities/services", service)["id"]
        route = {"name": f"other-route-{number:02}", "paths": [f"/other-{number}"], "service": {"id": service_id}}
        route_id = konnect.call("POST", "core-entities/routes", route)["id"]
        plugin = {
            "name": "ai-proxy",
            "route": {"id": route_id},
            "config": {"route_type": "llm/v1/chat", "model": {"provider": "openai", "name": "gpt-fake"}},
        }
        konnect.call("POST", "core-entities/plugins", plugin)


@contextlib.contextmanager
def control_plane(content: str) -> Iterator[Emulator]:
    """An emulator whose control plane is empty or crowded."""
    with emulator(*(["--page-size", "2"] if content == "crowded" else [])) as running:
        if content == "crowded":
            add_others(running)
        running.requests()
        yield running


@pytest.fixture(params=["empty", CROWDED])
def konnect(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    with control_plane(request.param) as running:
        yield running


@dataclass
class Journey:
    """Runs of both playbooks one after the other: for each its outcome and its writes, by its name in RUNS.

    :param before, made, after: the names of all that was there before, after the first run and after the removal.
    :param routes: those that were there after the first run.
    :param bodies: of what a client got with 200 that asked all the while during the first run.
    """

    before: dict[str, list[str]]
    after: dict[str, list[str]] = field(default_factory=dict)
    made: dict[str, list[str]] = field(default_factory=dict)
    routes: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    runs: dict[str, Run] = field(default_factory=dict)
    writes: dict[str, list[str]] = field(default_factory=dict)
    request_log: str = ""


@contextlib.contextmanager
def chatting(konnect: Emulator, bodies: list[bytes]) -> Iterator[None]:
    """Let a client ask all the while, and add the body of each response with 200."""

    def ask() -> None:
        question = {"messages": [{"role": "user", "content": "What is 1+1?"}]}
        response = requests.post(f"{konnect.proxy_url}/anything", json=question, timeout=30)
        if response.status_code == 200:
            bodies.append(response.content)

    with repeating(ask, 0.02):
        yield


CHECK = ("--check", "--diff")
# The name of each run, its playbook and its options; -vvv so that all that Ansible can show is there to be searched.
RUNS = {
    "predicted": ("site.yml", CHECK),
    "first": ("site.yml", ()),
    "again": ("site.yml", ()),
    "predicted again": ("site.yml", CHECK),
    "predicted removal": ("teardown.yml", CHECK),
    "removal": ("teardown.yml", ()),
    "removal again": ("teardown.yml", ()),
}
# Where time is short, the second predictions are left to the crowded control plane.
LEFT_OUT = {"empty": {"predicted again", "removal again"}, "crowded": set()}


# One worker runs the playbooks for all tests of a journey.
JOURNEYS = [
    pytest.param("empty", marks=pytest.mark.xdist_group("journey-empty")),
    pytest.param("crowded", marks=[pytest.mark.xdist_group("journey-crowded"), pytest.mark.exhaustive]),
]


@pytest.fixture(scope="module", params=JOURNEYS)
def journey(request: pytest.FixtureRequest) -> Journey:
    with control_plane(request.param) as konnect:
        found = Journey(everything(konnect))
        for name, (playbook, options) in RUNS.items():
            if name in LEFT_OUT[request.param]:
                continue
            konnect.requests()
            with chatting(konnect, found.bodies) if name == "first" else contextlib.nullcontext():
                found.runs[name] = ansible_playbook(
                    f"playbooks/{playbook}",
                    "-vvv",
                    *options,
                    environment=konnect.environment,
                    extra_vars={**konnect.extra_vars, "probe_delay": 0.2},
                )
            found.writes[name] = konnect.writes()
            if name == "first":
                found.made, found.routes = everything(konnect), konnect.list("core-entities/routes")
            if name == "removal":
                found.after = everything(konnect)
        found.request_log = konnect.request_log.read_text()
    return found


def test_each_run_succeeds(journey):
    assert [run.output for run in journey.runs.values() if run.code != 0] == []


def test_no_task_has_an_option_twice(journey):
    """Ansible warns of it in every run."""
    assert [name for name, run in journey.runs.items() if "duplicate" in run.output] == []


def test_check_mode_and_second_runs_write_nothing(journey):
    assert {name for name, writes in journey.writes.items() if writes} == {"first", "removal"}


def test_check_mode_does_not_warn_of_what_an_earlier_task_would_create(journey):
    predicted = {name: run.output for name, run in journey.runs.items() if "predicted" in name}
    assert len(predicted) >= 2
    alarming = (" yet; check mode assumes", "there is no vault")
    assert [name for name, output in predicted.items() if any(words in output for words in alarming)] == []


@pytest.mark.parametrize("name", ["predicted", "first", "again", "predicted removal", "removal"])
def test_nothing_alarms_where_nothing_is_wrong(journey, name):
    output = journey.runs[name].output
    assert [word for word in ("[WARNING]", "[ERROR]", "fatal:", "FAILED!", "rescued=1") if word in output] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("predicted", "Nothing was written. Would create Config Store my-config-store, Vault mysecretvault,"),
        ("first", "AI Proxy on route example-route reads it by {vault://mysecretvault/mistral-key}."),
        ("again", "Nothing had to be changed."),
        ("removal", "quickstart: Removed AI Proxy, route example-route,"),
    ],
)
def test_each_run_ends_with_a_summary(journey, name, words):
    assert words in journey.runs[name].output


def test_check_mode_predicts_the_six_entities_and_the_opening_of_the_route(journey):
    assert journey.runs["predicted"].changed == journey.runs["first"].changed == 7


def test_the_names_are_those_of_the_tutorial(journey):
    made = {kind: sorted(set(names) - set(journey.before[kind])) for kind, names in journey.made.items()}
    del made["secrets"]
    assert made == {
        "stores": ["my-config-store"],
        "vaults": ["mysecretvault"],
        "services": ["example-service"],
        "routes": ["example-route"],
        "plugins": [] if journey.before["plugins"] else ["ai-proxy"],
    }


def test_the_route_is_that_of_the_tutorial(journey):
    (route,) = [route for route in journey.routes if route["name"] == "example-route"]
    assert (route["paths"], route.get("headers"), route.get("tags")) == (["/anything"], None, None)


def test_the_model_answers(journey):
    assert "1 + 1 equals 2." in journey.runs["first"].output


def test_the_first_run_writes_six_entities_one_record_and_the_route_again(journey):
    assert len(journey.writes["first"]) == 8
    assert "core-entities/routes/" in journey.writes["first"][-1]


def test_a_new_route_never_lets_a_request_past_ai_proxy(journey):
    """Not even while the role runs."""
    assert journey.bodies
    assert [body for body in journey.bodies if b'"choices"' not in body] == []


def test_a_second_run_asks_once(journey):
    assert "RETRYING" not in journey.runs["again"].output


def test_second_runs_change_nothing(journey):
    again = {name: run.changed for name, run in journey.runs.items() if "again" in name}
    assert again == dict.fromkeys(again, 0) != {}


def test_check_mode_predicts_the_removal(journey):
    assert journey.runs["removal"].changed == journey.runs["predicted removal"].changed == 6


def test_the_teardown_removes_what_the_playbook_made_and_nothing_else(journey):
    assert journey.after == journey.before


@pytest.mark.parametrize("secret", [API_KEY, TOKEN], ids=["API key", "token"])
def test_no_secret_is_shown(journey, secret):
    assert [name for name, run in journey.runs.items() if secret in run.output] == []


def test_the_api_key_is_in_no_path(journey):
    assert API_KEY not in journey.request_log


@pytest.mark.exhaustive
@pytest.mark.parametrize(("tag", "changed"), [("ai_proxy", 7), ("chat", 0)])
def test_a_tag_runs_a_whole_role_or_the_test(konnect, site, tag, changed):
    assert site("--skip-tags", "chat").changed == 7
    assert site(playbook="teardown.yml").code == 0
    if tag == "chat":
        assert site().code == 0
    run = site("--tags", tag)
    assert (run.code, run.changed) == (0, changed), run.output
    assert ("1 + 1 equals 2." in run.output) is (tag == "chat")


@pytest.mark.exhaustive
def test_the_chat_waits_for_a_data_plane_that_is_late():
    with emulator("--propagation-ms", "9000", "--set", "expected_hash_lag_ms=1000") as konnect:
        connection = {
            "ai_proxy_konnect_url": konnect.konnect_url,
            "ai_proxy_konnect_token": konnect.environment["KONNECT_TOKEN"],
            "ai_proxy_konnect_region": "",
        }
        run = ansible_playbook(
            "playbooks/site.yml",
            "-v",
            environment={"KONNECT_PROXY_URL": konnect.proxy_url, "MISTRAL_API_KEY": API_KEY},
            extra_vars={**konnect.extra_vars, **connection},
        )
        assert run.code == 0, run.output
        assert "RETRYING" in run.output
        assert "1 + 1 equals 2." in run.output
        assert konnect.environment["KONNECT_TOKEN"] not in run.output


@pytest.mark.exhaustive
def test_all_data_planes_are_waited_for():
    with emulator("--set", "node_count=2", "--set", "node_heartbeat_ms=3000") as konnect:
        run = ansible_playbook("playbooks/site.yml", environment=konnect.environment, extra_vars=konnect.extra_vars)
    assert run.code == 0, run.output
    assert "All 2 live data plane nodes of control plane quickstart run the change" in " ".join(run.output.split())


@pytest.mark.exhaustive
def test_without_a_data_plane_the_playbook_says_so_and_asks_all_the_same():
    with emulator("--set", "node_count=0") as konnect:
        run = ansible_playbook(
            "playbooks/site.yml", environment=konnect.environment, extra_vars={**konnect.extra_vars, "sync_timeout": 1}
        )
    assert run.code == 0, run.output
    assert "0 live data plane nodes" in " ".join(run.output.split())


@pytest.mark.exhaustive
def test_no_proxy_of_the_environment_is_asked_for_this_machine(site):
    run = site(**dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy"), "http://127.0.0.1:9"))
    assert (run.code, "The model replied" in run.output) == (0, True), run.output


@pytest.mark.exhaustive
def test_a_secret_changed_from_outside_is_written_again(konnect, site):
    assert site().code == 0
    store = next(store for store in konnect.list("config-stores") if store["name"] == "my-config-store")
    konnect.call("PUT", f"config-stores/{store['id']}/secrets/mistral-key", {"value": "Bearer fake-outside-key"})
    run = site("-v", "--extra-vars", "rotate_secret_probe_duration=1")
    assert run.code == 0, run.output
    assert '"reason": "changed_outside"' in run.output
    assert "mistral-key was rotated: the new value worked and is live." in run.output


@pytest.mark.exhaustive
def test_a_first_run_that_was_interrupted_is_finished_by_the_next(konnect, site):
    """Interrupted before AI Proxy, it leaves a route that no request reaches."""
    konnect.faults("POST:/plugins$=401")
    assert site().code != 0
    assert requests.post(f"{konnect.proxy_url}/anything", json={}, timeout=10).status_code == 404
    konnect.faults()
    run = site()
    assert (run.code, run.changed) == (0, 2), run.output


@pytest.mark.exhaustive
def test_a_first_run_that_was_interrupted_is_finished_with_another_key(konnect, site):
    """Interrupted before the route was opened, so that no probe could tell what the first key is worth."""
    konnect.faults("PUT:/routes/=401")
    assert site(MISTRAL_API_KEY="mistral-bad-fake-key").code != 0
    konnect.faults()
    run = site("--extra-vars", "rotate_secret_probe_duration=1")
    assert run.code == 0, run.output
    assert "1 + 1 equals 2." in run.output


@pytest.mark.exhaustive
def test_what_is_used_by_another_plugin_survives_the_teardown(konnect, site):
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


@pytest.mark.exhaustive
def test_playbooks_by_their_names_and_over_an_inventory(konnect, tmp_path):
    inventory = tmp_path / "inventory.yml"
    inventory.write_text("planes: {hosts: {one: {konnect_control_plane: quickstart}}}\n")
    for playbook, changed in (("site", 7), ("teardown", 6)):
        run = ansible_playbook(
            f"community.konnect.{playbook}",
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
        assert (run.code, run.changed) == (0, changed), run.output
