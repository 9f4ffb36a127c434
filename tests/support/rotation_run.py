# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation as the role rotate_secret runs it, in this process, against an emulator whose clock runs fast.

The client and the probes have a clock of the same speed, so that every pause is shorter than it says.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

from support import engine
from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, TOKEN, Emulator, emulator
from support.tutorial import TUTORIAL

SPEED = 20
KEY = "mistral-key"
OLD, GOOD, BAD, LIMITED = (f"Bearer {key}" for key in (API_KEY, "fake-good-key", "fake-bad-key", "fake-limited-key"))
FINGERPRINT_KEY = "a-fake-fingerprint-key-of-32-characters"
SUBJECT = {"config_store": "my-config-store", "key": KEY, "fingerprint_key": FINGERPRINT_KEY}
# The phases of the role that are due, by strategy.
PHASES = {
    "trial": ("prepare", "try", "commit"),
    "blue_green": ("prepare", "switch", "commit"),
    "in_place": ("prepare", "switch", "commit"),
}
CHAT = {"messages": [{"role": "user", "content": "What is 1+1?"}]}
PAUSE = 0.02


class Killed(BaseException):
    """The process died here: nothing that catches errors may notice."""


@dataclass
class Death:
    """When a process dies: at the write of this number, before it is sent or after Konnect carried it out.

    :param at: counted from 1 over all phases of a rotation.
    """

    at: int
    after: bool
    writes: int = 0
    happened: bool = False

    def watch(self, client: engine.KonnectClient) -> None:
        """Let the client die with the process. A dead one sends nothing, not even on its way out."""
        send = client._session.send

        def send_until_death(request: Any, *more: Any) -> Any:
            if self.happened:
                raise Killed
            self.writes += request.writes
            self.happened = bool(request.writes) and self.writes == self.at
            if not self.happened:
                return send(request, *more)
            if self.after:
                send(request, *more)
            raise Killed

        client._session.send = send_until_death  # type: ignore[method-assign]


@dataclass
class Run:
    """What a rotation returned: the result of the last phase, and whether the role failed.

    :param phases: each phase that ran, with its result or its failure.
    """

    result: dict[str, Any]
    failed: bool
    phases: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        return str(self.result.get("outcome"))


@dataclass
class Rotator:
    """Runs rotations in a control plane.

    :param between: called before each phase with its name, for what others do meanwhile.
    """

    konnect: ControlPlaneHarness
    options: dict[str, Any] = field(default_factory=dict)
    speed: float = SPEED
    between: Callable[[str], None] = lambda phase: None

    def phase(self, phase: str, death: Death | None = None, **options: Any) -> dict[str, Any]:
        """Run one phase. Raises KonnectError, and Killed."""
        client = engine.make_client(self.konnect.konnect_url, TOKEN, speed=self.speed)
        if death:
            death.watch(client)
        given = {
            "control_plane": self.konnect.name,
            "proxy_url": self.konnect.emulator.proxy_url,
            **SUBJECT,
            **self.options,
            **options,
            "phase": phase,
        }
        return engine.run_handler("secret_rotation", given, client, check_mode=False)

    def rotate(self, value: str, death: Death | None = None, **options: Any) -> Run:
        """Run the phases as the role does, and roll back when one fails. Raises Killed."""
        given = {**self.options, **options, "value": value}
        phases: list[tuple[str, dict[str, Any]]] = []
        try:
            for phase in PHASES[given.get("strategy", "trial")]:
                self.between(phase)
                phases.append((phase, self.phase(phase, death, **given)))
                if phase == "prepare" and phases[-1][1]["next_phase"] is None:
                    break
            return Run(phases[-1][1], False, phases)
        except engine.KonnectError as error:
            failure = error.to_fail_json()
        phases.append((phase, failure))
        given = {**given, "because": failure["msg"], "failed_outcome": failure.get("outcome") or "refused"}
        phases.append(("rollback", self.attempt("rollback", death, **given)))
        return Run(phases[-1][1], True, phases)

    def attempt(self, phase: str, death: Death | None = None, **options: Any) -> dict[str, Any]:
        """Run one phase, and return its result or its failure."""
        try:
            return self.phase(phase, death, **options)
        except engine.KonnectError as error:
            return error.to_fail_json()


def set_up(konnect: ControlPlaneHarness, value: str = OLD) -> None:
    """Create the tutorial with its chat upstream in the emulator."""
    upstream = {"upstream_url": f"{konnect.emulator.upstream_url}/v1/chat/completions"}
    for module, options in TUTORIAL:
        given = dict(options)
        if module == "secret":
            given |= {"value": value, "fingerprint_key": FINGERPRINT_KEY}
        if module == "plugin":
            model = {**given["config"]["model"]}
            model["options"] = {**model["options"], **upstream}
            given["config"] = {**given["config"], "model": model}
        if module == "route":
            given["protocols"] = ["http"]
        konnect.run_handler(module, given)


@contextlib.contextmanager
def fast_emulator(*arguments: str, speed: int = SPEED) -> Iterator[Emulator]:
    """An emulator whose provider takes OLD and GOOD, rejects BAD and has no quota left for LIMITED."""
    good, limited = GOOD.removeprefix("Bearer "), LIMITED.removeprefix("Bearer ")
    keys = ("--upstream-key", API_KEY, "--upstream-key", good, "--upstream-answer", f"{limited}=429:5")
    with emulator("--clock-speed", str(speed), "--node-ports", *keys, *arguments) as running:
        yield running


@contextlib.contextmanager
def traffic(konnect: Emulator) -> Iterator[None]:
    """A client that chats through every node in turn, for as long as the context lasts."""
    stopped = threading.Event()

    def chat_again_and_again() -> None:
        while not stopped.is_set():
            for url in konnect.proxy_urls:
                chat(url)
            stopped.wait(PAUSE)

    thread = threading.Thread(target=chat_again_and_again)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def chat(proxy_url: str) -> int:
    """Chat through a node, and return the status."""
    return requests.post(f"{proxy_url}/anything", json=CHAT, timeout=10).status_code
