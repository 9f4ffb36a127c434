# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation as the role rotate_secret runs it, in this process, against an emulator whose clock runs fast.

The client and the probes have a clock of the same speed, so that every pause is shorter than it says.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from support import engine
from support.background import repeating
from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, TOKEN, Emulator
from support.tutorial import TUTORIAL

# Where nothing lags, or only the order of events matters, the clock may run so fast that a request takes seconds.
SPEED, VERY_FAST = 20, 100
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
PAUSE = 0.02


class Killed(BaseException):
    """The process died here: nothing that catches errors may notice."""


@dataclass
class Interruption:
    """What happens at the write of this number, counted from 1 over all phases of a rotation.

    :param act: gets the function that sends the write, and returns the response.
    """

    at: int
    act: Callable[[Callable[[], Any]], Any]
    writes: int = 0
    happened: bool = False
    is_dead: bool = False

    def watch(self, client: engine.KonnectClient) -> None:
        """Count the writes of a client, too."""
        send = client._session.send

        def send_or_act(request: Any, *more: Any) -> Any:
            if self.is_dead:  # not even on its way out a dead process sends anything
                raise Killed
            self.writes += bool(request.writes)
            if self.happened or self.writes < self.at:
                return send(request, *more)
            self.happened = True
            try:
                return self.act(lambda: send(request, *more))
            except Killed:
                self.is_dead = True
                raise

        client._session.send = send_or_act  # type: ignore[method-assign, assignment]


def death(at: int, *, after: bool) -> Interruption:
    """The process dies, before the write is sent or after Konnect carried it out."""

    def die(send: Callable[[], Any]) -> Any:
        if after:
            send()
        raise Killed

    return Interruption(at, die)


def lost_response(at: int, konnect: Emulator) -> Interruption:
    """Konnect carries the write out, and the connection breaks."""

    def break_connection(send: Callable[[], Any]) -> Any:
        konnect.faults("1=reset-after")
        return send()

    return Interruption(at, break_connection)


def meanwhile(at: int, action: Callable[[], Any]) -> Interruption:
    """Another client acts just before the write."""

    def act(send: Callable[[], Any]) -> Any:
        action()
        return send()

    return Interruption(at, act)


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

    def phase(self, phase: str, interruption: Interruption | None = None, **options: Any) -> dict[str, Any]:
        """Run one phase. Raises KonnectError, and Killed."""
        client = engine.make_client(self.konnect.konnect_url, TOKEN, speed=self.speed)
        if interruption:
            interruption.watch(client)
        given = {
            **self.konnect.parent,
            "proxy_url": self.konnect.proxy_urls[0],
            **SUBJECT,
            **self.options,
            **options,
            "phase": phase,
        }
        return engine.run_handler("secret_rotation", given, client, engine.Task())

    def rotate(self, value: str, interruption: Interruption | None = None, **options: Any) -> Run:
        """Run the phases as the role does, and roll back when one fails. Raises Killed."""
        given = {**self.options, **options, "value": value}
        phases: list[tuple[str, dict[str, Any]]] = []
        try:
            for phase in PHASES[given.get("strategy", "trial")]:
                self.between(phase)
                phases.append((phase, self.phase(phase, interruption, **given)))
                if phase == "prepare" and phases[-1][1]["next_phase"] is None:
                    break
            return Run(phases[-1][1], False, phases)
        except engine.KonnectError as error:
            failure = error.to_fail_json()
        phases.append((phase, failure))
        given = {**given, "because": failure["msg"], "failed_outcome": failure.get("outcome") or "refused"}
        phases.append(("rollback", self.attempt("rollback", interruption, **given)))
        return Run(phases[-1][1], True, phases)

    def attempt(self, phase: str, interruption: Interruption | None = None, **options: Any) -> dict[str, Any]:
        """Run one phase, and return its result or its failure."""
        try:
            return self.phase(phase, interruption, **options)
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


def quick_rotator(konnect: ControlPlaneHarness, strategy: str = "trial", **options: Any) -> Rotator:
    """Return one for an emulator that is very fast."""
    old_value = {"old_value": OLD} if strategy == "in_place" else {}
    return Rotator(konnect, {"strategy": strategy, "probe_duration": 2, **old_value, **options}, speed=VERY_FAST)


def arguments(speed: int = SPEED) -> tuple[str, ...]:
    """Return those of an emulator whose provider takes OLD and GOOD, rejects BAD and has no quota left for LIMITED."""
    good, limited = GOOD.removeprefix("Bearer "), LIMITED.removeprefix("Bearer ")
    keys = ("--upstream-key", API_KEY, "--upstream-key", good, "--upstream-answer", f"{limited}=429:5")
    return ("--clock-speed", str(speed), "--node-ports", *keys)


def connect(konnect: ControlPlaneHarness) -> None:
    """Let the data planes get the configuration of this control plane."""
    konnect.emulator.control("PUT", "data-plane", {"control_plane_id": konnect.control_plane_id})


@contextlib.contextmanager
def traffic(konnect: ControlPlaneHarness) -> Iterator[list[int]]:
    """A client that chats through every node in turn, for as long as the context lasts; the statuses that it gets."""
    statuses: list[int] = []
    with repeating(lambda: statuses.extend(map(konnect.chat_at, konnect.proxy_urls)), PAUSE):
        yield statuses
