# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rotations on AI Gateways: tried by a model under a random alias, proved by the alias of the live one."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from support import ai_tutorial, engine
from support.ai_gateway import AiGatewayHarness
from support.emulator import Emulator
from support.rotation_judge import Witness, judge, stored
from support.rotation_run import BAD, GOOD, KEY, LIMITED, OLD, VERY_FAST, arguments, death, quick_rotator, traffic

from .test_any_order import SETTINGS, STRATEGIES, Rotations
from .test_kills import VALUES, after_a_kill
from .test_other_clients import with_a_lost_response

HIDDEN = ("ai_references=hidden", "ai_secret_null=true")
PROBE = {name: option.get("default") for name, option in engine.load_module("secret_rotation").PROBE.items()}
OUTCOMES = {GOOD: "rotated", BAD: "rolled_back", LIMITED: "probe_inconclusive"}


@pytest.fixture
def new_gateway(emulators: Callable[..., Emulator]):
    """Return a function that makes a gateway with the tutorial on an emulator with these switches."""

    def create(*switches: str) -> AiGatewayHarness:
        shared = emulators(*arguments(VERY_FAST), *(word for each in switches for word in ("--set", each)))
        shared.faults()
        gateway = AiGatewayHarness.create(shared)
        for module, options in ai_tutorial.tutorial(shared.upstream_url, OLD):
            gateway.run_handler(module, options)
        return gateway

    return create


def rotate(gateway: AiGatewayHarness, value: str, strategy: str = "trial", **options):
    """Rotate under traffic; the evidence, and the statuses that clients got."""
    witness = Witness(gateway, speed=VERY_FAST)
    witness.begin()
    with traffic(gateway) as statuses:
        run = quick_rotator(gateway, strategy, **options).rotate(value)
    return witness.evidence(value, strategy, run), statuses


@pytest.mark.parametrize("value", [GOOD, BAD, pytest.param(LIMITED, marks=pytest.mark.exhaustive)])
def test_no_client_notices_whether_the_new_key_works(new_gateway, value):
    gateway = new_gateway()
    evidence, statuses = rotate(gateway, value)
    assert (evidence.run.outcome, judge(evidence)) == (OUTCOMES[value], [])
    assert set(statuses) == {200}
    assert evidence.result["old_key_may_be_revoked"] is (value == GOOD)
    if value == GOOD:
        gateway.emulator.writes()
        again = quick_rotator(gateway).rotate(value)
        assert (again.outcome, gateway.emulator.writes()) == ("unchanged", [])


@pytest.mark.exhaustive
@pytest.mark.parametrize("value", [GOOD, BAD])
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("switches", [(), HIDDEN, ("ai_version_of=secrets",)], ids=["", "hidden", "secrets"])
def test_each_strategy_whatever_konnect_shows(new_gateway, switches, strategy, value):
    evidence, statuses = rotate(new_gateway(*switches), value, strategy)
    assert (evidence.run.outcome, judge(evidence)) == (OUTCOMES[value], [])
    assert set(statuses) == {200} or strategy != "trial"


@pytest.mark.exhaustive
@pytest.mark.parametrize("lag", [3, 10, 22])
@pytest.mark.parametrize("value", [GOOD, BAD])
def test_a_data_plane_that_is_slow_uses_nothing_unproved(new_gateway, lag, value):
    gateway = new_gateway(f"expected_hash_lag_ms={lag * 1000}")
    gateway.emulator.advance(2 * lag)
    witness = Witness(gateway, settle=lag + 8, speed=VERY_FAST)
    witness.begin()
    with traffic(gateway) as statuses:
        run = quick_rotator(gateway, probe_deadline=lag + 60, sync_timeout=lag + 60).rotate(value)
        evidence = witness.evidence(value, "trial", run)
    assert (run.outcome, judge(evidence), set(statuses)) == (OUTCOMES[value], [], {200})


def listed(gateway, **states):
    gateway.emulator.control("PUT", "ai-nodes", states)
    return list(gateway.emulator.control("GET", "ai-nodes"))


@pytest.mark.exhaustive
@pytest.mark.parametrize("count", [1, 2])
def test_each_node_is_probed_by_a_url_of_its_own_or_keeps_the_old_key(new_gateway, count):
    gateway = new_gateway("node_count=2")
    url = "/v1/chat/completions"
    probes = [{**PROBE, "url": f"{each}{url}"} for each in gateway.proxy_urls[:count]]
    evidence, statuses = rotate(gateway, GOOD, probes=probes)
    assert (evidence.run.outcome, judge(evidence), set(statuses)) == ("rotated", [], {200})
    assert evidence.result["old_key_may_be_revoked"] is (count == 2)
    named = [node in evidence.result["old_key_reason"] for node in listed(gateway)]
    assert all(named) is (count == 1)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("state", "outcome"), [("lost", "rotated"), ("stuck", "not_in_sync")])
def test_a_node_that_does_not_follow_keeps_the_old_key(new_gateway, state, outcome):
    gateway = new_gateway("node_count=3")
    node = listed(gateway)[-1]
    listed(gateway, **{node: state})
    try:
        gateway.emulator.advance(120)
        run = quick_rotator(gateway).rotate(GOOD)
    finally:
        listed(gateway, **{node: "live"})
    assert (run.outcome, run.result["old_key_may_be_revoked"]) == (outcome, False)
    assert node in f"{run.result['old_key_reason']} {run.result['message']}"


# Deaths of the process, lost responses


@pytest.mark.parametrize(("key", "at", "following"), [("good", 6, "again"), ("bad", 7, "rollback")])
def test_the_run_after_a_kill_ends_as_if_nothing_had_happened(new_gateway, key, at, following):
    kill = death(at, after=True)
    assert after_a_kill(new_gateway(), "trial", key, kill, following) == []
    assert kill.happened


@pytest.mark.exhaustive
@pytest.mark.parametrize("switches", [(), HIDDEN], ids=["shown", "hidden"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("following", ["again", "rollback"])
@pytest.mark.parametrize("key", VALUES)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_run_after_any_kill_ends_as_if_nothing_had_happened(new_gateway, strategy, key, following, after, switches):
    wrong = {}
    for at in itertools.count(1):
        kill = death(at, after=after)
        found = after_a_kill(new_gateway(*switches), strategy, key, kill, following)
        if found:
            wrong[at] = found
        if not kill.happened:
            break
    assert at > 10
    assert wrong == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("value", [GOOD, BAD], ids=["good", "bad"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_lost_response_does_not_matter(new_gateway, strategy, value):
    wrong = {}
    for at in itertools.count(1):
        found, happened = with_a_lost_response(new_gateway(), strategy, value, at)
        if found:
            wrong[at] = found
        if not happened:
            break
    assert at > 10
    assert wrong == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_works_stays_live_in_many_orders(new_gateway, strategy):
    many = settings(SETTINGS, max_examples=20, stateful_step_count=12)
    run_state_machine_as_test(lambda: Rotations(new_gateway(), strategy), settings=many)


# What cannot be tried


def test_a_provider_of_which_konnect_hides_a_secret_cannot_be_tried(new_gateway):
    gateway = new_gateway()
    auth = {
        "type": "basic",
        "headers": [{"name": "Authorization", "value": ai_tutorial.REFERENCE}],
        "params": [{"name": "key", "value": "fake-literal-key", "location": "query"}],
    }
    gateway.run_handler(
        "ai_model_provider", {"name": "mistral", "config": {"auth": auth}, **ai_tutorial.FINGERPRINT_KEY}
    )
    gateway.emulator.writes()
    run = quick_rotator(gateway).rotate(GOOD)
    assert (run.outcome, gateway.emulator.writes()) == ("refused", [])
    assert "does not show its config.auth.params.0.value" in run.result["message"]
    assert stored(gateway).count(KEY) == 1
