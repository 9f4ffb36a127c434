# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of modules that are recorded once, and replayed with one response changed."""

from __future__ import annotations

import contextlib
import copy
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unittest import mock

from ansible_collections.community.konnect.plugins.module_utils._client.session import Request, Response
from ansible_collections.community.konnect.plugins.module_utils._rotation import prober
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import UPSTREAM_LATENCY, ProbeResponse
from ansible_collections.community.konnect.plugins.module_utils._rotation.route_trial import HEADER, MARKER
from support import engine
from support.control_plane import ControlPlaneHarness
from support.emulator import TOKEN

# What a value is replaced by, of every type in JSON.
OTHERS: tuple[Any, ...] = (
    None,
    5,
    -1,
    True,
    "text",
    "",
    "..",
    [],
    [None],
    ["text"],
    {},
    {"id": 5},
    1e300,
    "2026-13-01",
)
DROPPED: Any = object()
Step = tuple["str | int", ...]


def _key(request: Request) -> tuple[str, ...]:
    return (request.method, *request.path, json.dumps(dict(request.query), sort_keys=True))


@dataclass(frozen=True)
class Exchange:
    key: tuple[str, ...]
    response: Response


@dataclass(frozen=True)
class Recording:
    """A run of a module's handler: its options, and each request with its response."""

    module: str
    options: Mapping[str, Any]
    check: bool
    exchanges: tuple[Exchange, ...]
    changed: bool

    def first_of_each(self) -> list[int]:
        """The positions of the exchanges whose request was not sent before."""
        firsts: dict[tuple[str, ...], int] = {}
        for position, exchange in enumerate(self.exchanges):
            firsts.setdefault(exchange.key, position)
        return list(firsts.values())

    def replay(self, position: int | None = None, response: Response | None = None) -> str:
        """Run the module with the recorded responses.

        :param position: of the exchange whose response, and any later one to the same request, is another one.

        Returns C(success), the code of the failure, or where an exception came from that the module did not expect.
        """
        client = engine.make_client("http://127.0.0.1:9", TOKEN, read_only=self.check)
        client._session = _Replay(self, position, response)  # type: ignore[assignment]
        with foreseeable():
            result = engine.run_module(self.module, self.options, client, check_mode=self.check)
        if not result.get("failed"):
            return "success"
        code = str(result["failure"]["code"])
        defect = re.search(r"\w+ at [\w.]+:\d+", result["msg"]) if code == "internal_error" else None
        return f"defect {defect[0]}" if defect else code


@contextlib.contextmanager
def foreseeable() -> Iterator[None]:
    """Nothing is random, and every probe gets a good response, so that a rotation can be replayed."""

    def good(probe: Any, number: int) -> ProbeResponse:
        marker = {MARKER: token(8)} if HEADER in probe.headers else {}
        return ProbeResponse(200, {UPSTREAM_LATENCY: "1", **marker}, b'{"choices": [{"message": {"content": "2"}}]}')

    def token(size: int) -> str:
        return "5e" * size

    with mock.patch("secrets.token_hex", token), mock.patch.object(prober, "send_probe", good):
        yield


class _Replay:
    """Responds as it was recorded, the last time again and again; 404 to what was never asked."""

    def __init__(self, recording: Recording, position: int | None, other: Response | None) -> None:
        self._exchanges = recording.exchanges
        self._position = position
        self._other = other
        self._asked: Counter[tuple[str, ...]] = Counter()

    def send(self, request: Request, timeout: float) -> Response:
        key = _key(request)
        positions = [number for number, each in enumerate(self._exchanges) if each.key == key]
        if not positions:
            return Response(404, {}, b'{"code": 5, "message": "not found"}')
        number = positions[min(self._asked[key], len(positions) - 1)]
        self._asked[key] += 1
        if self._other is not None and self._position in positions and number >= (self._position or 0):
            return self._other
        return self._exchanges[number].response


def record(
    konnect: ControlPlaneHarness,
    module: str,
    options: Mapping[str, Any],
    *,
    check: bool = False,
    speed: float | None = None,
) -> Recording:
    """Run a module against the emulator, and keep what it got.

    :param speed: of the emulator's clock, where its time matters.
    """
    takes_control_plane = "control_plane" in engine.load_module(module).SPEC.options
    given = {**({"control_plane": konnect.name} if takes_control_plane else {}), **options}
    client = engine.make_client(konnect.konnect_url, TOKEN, read_only=check, speed=speed)
    send, exchanges = client._session.send, []

    def send_and_keep(request: Request, timeout: float) -> Response:
        response = send(request, timeout)
        exchanges.append(Exchange(_key(request), response))
        return response

    client._session.send = send_and_keep  # type: ignore[method-assign]
    with foreseeable():
        result = engine.run_module(module, given, client, check_mode=check)
    assert not result.get("failed"), result
    return Recording(module, given, check, tuple(exchanges), bool(result.get("changed")))


def changed_bodies(response: Response) -> Iterator[tuple[str, Response]]:
    """The response with each part of its data dropped, and replaced by every other value; with a name for each."""
    data = json.loads(response.content) if response.content else None
    for path in _paths(data):
        for value in (DROPPED, *OTHERS) if path else OTHERS:
            name = "dropped" if value is DROPPED else json.dumps(value)
            content = json.dumps(_with(data, path, value)).encode()
            yield f"{'.'.join(map(str, path)) or 'all'} {name}", Response(response.status, response.headers, content)


def _paths(data: Any, path: Step = ()) -> Iterator[Step]:
    """The paths of all parts of the data; of a list, those of its first item."""
    yield path
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _paths(value, (*path, name))
    elif isinstance(data, list) and data:
        yield from _paths(data[0], (*path, 0))


def _with(data: Any, path: Step, value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(data)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    if value is DROPPED:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return changed
