# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The chain of the role ai_gateway under everything that is not known of write-only fields: no secret is ever lost, and
nothing is written twice where it can be known.
"""

from __future__ import annotations

import contextlib
import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from support import engine
from support.ai_gateway import AiGatewayHarness
from support.ai_tutorial import FINGERPRINT_KEY, KEY, REFERENCE, SECRET, Task, model, provider, tutorial
from support.emulator import TOKEN, Emulator
from support.rotation_judge import digest
from support.rotation_run import Interruption, Killed, death, lost_response

SWITCHES = {
    "ai_references": ("shown", "hidden"),
    "ai_secret_null": ("false", "true"),
    "ai_put_secrets": ("replace", "keep"),
}
COMBINATIONS = [dict(zip(SWITCHES, values, strict=True)) for values in itertools.product(*SWITCHES.values())]
OTHER = "Bearer mistral-second-fake-key"
KEYS = ("--upstream-key", KEY.removeprefix("Bearer "), "--upstream-key", OTHER.removeprefix("Bearer "))
LABEL = {"labels": {"team": "a"}}
# The key of the provider: a reference, or a secret itself.
HELD = {"reference": REFERENCE, "literal": KEY}
_numbers = itertools.count(1)


def name(switches: dict[str, str]) -> str:
    return "-".join(switches.values())


@dataclass
class Chain:
    """The tasks of the role in this process, each with a client of its own, as in a play.

    :param name: of the gateway.
    :param writes: of the last run, each ``METHOD path``.
    """

    emulator: Emulator
    name: str
    writes: list[str] = field(default_factory=list)

    def run(self, tasks: list[Task], interruption: Interruption | None = None) -> bool:
        """Run tasks; whether any changed something. Raises Killed."""
        self.emulator.writes()
        changed = []
        try:
            for module, options in tasks:
                client = engine.make_client(self.emulator.konnect_url, TOKEN)
                if interruption:
                    interruption.watch(client)
                given = {"ai_gateway": self.name, **options}
                changed.append(engine.run_handler(module, given, client, engine.Task())["changed"])
        finally:
            self.writes = self.emulator.writes()
        return any(changed)

    def run_until(self, tasks: list[Task], interruption: Interruption) -> int:
        """Run tasks to the end, or until the process dies; how many writes Konnect carried out."""
        with contextlib.suppress(Killed):
            self.run(tasks, interruption)
            return WRITES
        return len(self.writes)

    def again(self, tasks: list[Task]) -> list[str]:
        """Run tasks once more; what that wrote."""
        assert self.run(tasks) == bool(self.writes)
        return self.writes

    def used(self, gateway: AiGatewayHarness) -> str:
        """The digest of the key by which a chat succeeds."""
        self.emulator.forget_uses()
        assert gateway.chat() == 200
        (use,) = self.emulator.uses()
        return str(use["value"])


@pytest.fixture(params=COMBINATIONS, ids=name)
def konnect(request, emulators: Callable[..., Emulator]):
    words = [word for switch, value in request.param.items() for word in ("--set", f"{switch}={value}")]
    shared = emulators(*KEYS, *words)
    shared.faults()
    yield shared
    shared.faults()


def chain_of(konnect: Emulator, key: str) -> tuple[Chain, AiGatewayHarness]:
    """A chain that has run once, in a gateway of its own."""
    gateway = AiGatewayHarness.create(konnect)
    chain = Chain(konnect, gateway.name)
    assert chain.run(tutorial(konnect.upstream_url, key=key))
    return chain, gateway


def provider_of(gateway: AiGatewayHarness) -> tuple[str, dict[str, Any]]:
    """The path of the provider, and the body with which another client would change it."""
    (held,) = gateway.list("model-providers")
    body = {name: value for name, value in held.items() if name not in ("id", "created_at", "updated_at")}
    return f"model-providers/{held['id']}", copy.deepcopy(body)


pytestmark = pytest.mark.exhaustive


@pytest.mark.parametrize("key", HELD.values(), ids=HELD)
def test_a_second_run_writes_nothing(konnect, key):
    chain, gateway = chain_of(konnect, key)
    assert chain.again(tutorial(konnect.upstream_url, key=key)) == []
    assert chain.used(gateway) == digest(KEY)


@pytest.mark.parametrize("key", HELD.values(), ids=HELD)
def test_a_changed_label_beside_a_held_secret_is_one_write_that_keeps_it(konnect, key):
    chain, gateway = chain_of(konnect, key)
    labelled = [provider(key, **LABEL, **FINGERPRINT_KEY)]
    assert len(chain.again(labelled)) == 1
    assert chain.again(labelled) == []
    assert chain.used(gateway) == digest(KEY)


@pytest.mark.parametrize("key", HELD.values(), ids=HELD)
def test_a_change_of_the_model_leaves_its_provider_alone(konnect, key):
    chain, gateway = chain_of(konnect, key)
    changed = [*tutorial(konnect.upstream_url, key=key)[:-1], model(konnect.upstream_url, display_name="Chat")]
    assert [line.split("/")[-2] for line in chain.again(changed)] == ["models"]
    assert chain.used(gateway) == digest(KEY)


def test_a_secret_whose_value_another_client_changed_is_written_back_once(konnect):
    chain, gateway = chain_of(konnect, REFERENCE)
    gateway.write_secret(SECRET["key"], OTHER)
    assert chain.used(gateway) == digest(OTHER)
    tasks = tutorial(konnect.upstream_url)
    assert {line.partition("/secrets/")[2].split(".")[0] for line in chain.again(tasks)} <= {SECRET["key"], ""}
    assert chain.again(tasks) == []
    assert chain.used(gateway) == digest(KEY)


@pytest.mark.parametrize("key", HELD.values(), ids=HELD)
def test_a_provider_that_another_client_wrote_without_our_mark_is_written_back_once(konnect, key):
    chain, gateway = chain_of(konnect, key)
    path, body = provider_of(gateway)
    body["config"]["auth"]["headers"] = [{"name": "Authorization", "value": OTHER}]
    body.pop("managed_by")
    gateway.call("PUT", path, body)
    assert chain.used(gateway) == digest(OTHER)
    tasks = tutorial(konnect.upstream_url, key=key)
    assert [line.split("/")[-2] for line in chain.again(tasks)] == ["model-providers"]
    assert chain.again(tasks) == []
    assert chain.used(gateway) == digest(KEY)


def test_a_reference_that_another_client_changed_is_written_back_where_konnect_shows_it(konnect, request):
    chain, gateway = chain_of(konnect, REFERENCE)
    gateway.write_secret("other", OTHER)
    path, body = provider_of(gateway)
    body["config"]["auth"]["headers"] = [{"name": "Authorization", "value": "{vault://mysecretvault/other}"}]
    gateway.call("PUT", path, body)
    assert chain.used(gateway) == digest(OTHER)
    is_known = "shown" in request.node.callspec.id
    tasks = tutorial(konnect.upstream_url)
    assert bool(chain.again(tasks)) is is_known
    assert chain.again(tasks) == []
    assert chain.used(gateway) == digest(KEY if is_known else OTHER)


@pytest.mark.parametrize(
    ("key", "new"),
    [(REFERENCE, OTHER), (KEY, OTHER), (OTHER, REFERENCE)],
    ids=["reference to literal", "literal to literal", "literal to reference"],
)
def test_another_reference_or_another_value_is_one_write(konnect, key, new):
    chain, gateway = chain_of(konnect, key)
    changed = [provider(new, **FINGERPRINT_KEY)]
    assert len(chain.again(changed)) == 1
    assert chain.again(changed) == []
    assert chain.used(gateway) == digest(KEY if new == REFERENCE else new)


# Interruptions: of the chain from nothing, and of one that changes everything

INTERRUPTIONS: dict[str, Callable[[Emulator, int], Interruption]] = {
    "killed before": lambda konnect, at: death(at, after=False),
    "killed after": lambda konnect, at: death(at, after=True),
    "lost response": lambda konnect, at: lost_response(at, konnect),
}
# Of the gateway, the store, the vault, the value of the secret, its record, the provider, and the model.
WRITES = 7
VALUE = 4


def interruptions(konnect: Emulator, kind: str) -> Iterator[tuple[int, Interruption]]:
    """One at each write of a run in turn, until a run ends before it."""
    for at in itertools.count(1):
        interruption = INTERRUPTIONS[kind](konnect, at)
        yield at, interruption
        konnect.faults()
        if not interruption.happened:
            return


@pytest.mark.parametrize("kind", INTERRUPTIONS)
@pytest.mark.parametrize("key", HELD.values(), ids=HELD)
def test_the_run_after_an_interruption_writes_what_is_missing(konnect, key, kind):
    wrong = {}
    for at, interruption in interruptions(konnect, kind):
        chain = Chain(konnect, f"chain-{next(_numbers)}")
        tasks = [("ai_gateway", {"name": chain.name}), *tutorial(konnect.upstream_url, key=key)]
        done = chain.run_until(tasks, interruption)
        again = chain.again(tasks)
        # A value without its record is written again, for what it is cannot be seen.
        missing = WRITES - done + (done == VALUE) if done < WRITES else 0
        gateway = AiGatewayHarness.find(konnect, chain.name)
        counts = [len(gateway.list(each)) for each in ("config-stores", "vaults", "model-providers", "models")]
        if (len(again), counts, chain.again(tasks), chain.used(gateway)) != (missing, [1] * 4, [], digest(KEY)):
            wrong[at] = f"{done} writes were done, then {again}, and there are {counts}"
    assert (at, wrong) == (WRITES + 1, {})


@pytest.mark.parametrize("kind", INTERRUPTIONS)
@pytest.mark.parametrize("key", HELD.values(), ids=HELD)
def test_the_run_after_an_interruption_finishes_a_change(konnect, key, kind):
    tasks = [
        ("secret", {**SECRET, "value": OTHER, **FINGERPRINT_KEY}),
        provider(REFERENCE if key == REFERENCE else OTHER, **LABEL, **FINGERPRINT_KEY),
        model(konnect.upstream_url, display_name="Chat"),
    ]
    wrong = {}
    for at, interruption in interruptions(konnect, kind):
        chain, gateway = chain_of(konnect, key)
        chain.run_until(tasks, interruption)
        assert gateway.chat() == 200
        chain.run(tasks)
        if chain.again(tasks) or chain.used(gateway) != digest(OTHER):
            wrong[at] = chain.writes
    assert at > 4
    assert wrong == {}
