# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Sends probes through the gateway until their verdict stands."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .._client.session import root_cause
from .._client.timed_session import TimedSession
from .._loopback import is_loopback
from .._version import VERSION
from .probe import MAX_BODY_BYTES, Assessment, Marker, Probe, ProbeResponse, Verdict, assess

with contextlib.suppress(ImportError):  # The runner says so.
    import requests

# A rejection counts when a second one follows after so many seconds.
BAD_SECONDS = 5.0
INTERVAL = 1.0
LONGEST_INTERVAL = 5.0
CHUNK_BYTES = 4096

Send = Callable[[Probe, int], ProbeResponse]


@dataclass(frozen=True)
class Patience:
    """How long to go on.

    :param successes: so many good responses without a bad one between them, the last at least ``spread`` seconds after
        the first.
    :param deadline: seconds after which the verdict is unknown.
    """

    successes: int = 1
    spread: float = 0.0
    deadline: float = 60.0


@dataclass(frozen=True)
class Verification:
    """The outcome of one probe.

    :param reason: what the last response was.
    :param arrived: whether the route on trial ever responded; True without a trial.
    """

    probe: Probe
    verdict: Verdict
    reason: str
    attempts: int
    arrived: bool = True

    def result(self) -> dict[str, Any]:
        """As konnect_secret_rotation returns it."""
        return {
            "url": self.probe.safe_url,
            "verdict": self.verdict,
            "reason": self.reason,
            "attempts": self.attempts,
        }


class Prober:
    """Sends one probe again and again, each time over a new connection.

    :param now, sleep: the clock of the task, in seconds.
    """

    def __init__(self, now: Callable[[], float], sleep: Callable[[float], None], send: Send | None = None) -> None:
        self._now = now
        self._sleep = sleep
        self._send = send or send_probe

    def gets_response(self, probe: Probe, marker: Marker) -> bool:
        """True if one request gets a response with the marker."""
        return assess(probe, self._send(probe, _any_number()), marker).verdict is not None

    def run(self, probe: Probe, patience: Patience, marker: Marker | None = None) -> Verification:
        """Until the verdict stands: enough good responses, two bad ones BAD_SECONDS apart, or the deadline.

        :param marker: see ``assess``.
        """
        end = self._now() + patience.deadline
        first_number = _any_number()
        good: list[float] = []
        bad: float | None = None
        arrived = marker is None
        attempts = 0
        while True:
            attempts += 1
            response = self._send(probe, first_number + attempts)
            assessment, now = assess(probe, response, marker), self._now()
            arrived = arrived or assessment.verdict is not None
            if assessment.verdict == "good":
                good, bad = [*good, now], None
                if len(good) >= patience.successes and now - good[0] >= patience.spread:
                    return Verification(probe, "good", assessment.reason, attempts)
            elif assessment.verdict == "bad":
                good, bad = [], now if bad is None else bad
                if now - bad >= BAD_SECONDS:
                    return Verification(probe, "bad", assessment.reason, attempts)
            pause = _pause(assessment, attempts, patience, bool(good), bad is not None)
            if now + pause > end:
                decided = assessment.verdict in ("good", "bad")
                reason = (
                    f"{assessment.reason}, too late for another one to confirm it" if decided else assessment.reason
                )
                return Verification(probe, "unknown", reason, attempts, arrived)
            self._sleep(pause)


def _any_number() -> int:
    """A number of a question that no cache has the response to."""
    return random.randrange(10, 10_000_000)


def _pause(assessment: Assessment, attempts: int, patience: Patience, good: bool, bad: bool) -> float:
    pause = INTERVAL
    if assessment.verdict == "good" and good and patience.successes > 1:
        pause = patience.spread / (patience.successes - 1)
    elif assessment.verdict == "bad" and bad:
        pause = BAD_SECONDS
    elif assessment.verdict == "unknown":
        pause = INTERVAL * min(attempts, LONGEST_INTERVAL)
    return max(pause, assessment.wait or 0.0)


def send_probe(probe: Probe, number: int) -> ProbeResponse:
    """Send a probe once, with no token, no cookies and no password of ~/.netrc; redirects are not followed."""
    content, more = probe.content(number)
    sent = {
        "Accept": "application/json",
        "User-Agent": f"community.konnect/{VERSION}",
        **more,
        **probe.headers,
        "Connection": "close",
    }
    with TimedSession() as session:
        session.trust_env = not is_loopback(probe.url)
        try:
            response = session.request(
                probe.method,
                probe.url,
                data=content,
                headers=sent,
                timeout=probe.timeout,
                verify=probe.verify,
                allow_redirects=False,
                stream=True,
            )
            with response:
                return ProbeResponse(response.status_code, response.headers, _read(response))
        except (requests.exceptions.RequestException, OSError) as error:
            return ProbeResponse(None, error=root_cause(error))
        except Exception as error:  # urllib3 raises its own while the body arrives.
            return ProbeResponse(None, error=type(error).__name__)


def _read(response: requests.Response) -> bytes:
    """The beginning of the body, up to MAX_BODY_BYTES."""
    content = b""
    for chunk in response.iter_content(CHUNK_BYTES):
        content += chunk
        if len(content) >= MAX_BODY_BYTES:
            break
    return content[:MAX_BODY_BYTES]
