# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of modules that are recorded once, and replayed with one response changed."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client.session import Request, Response
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

    def replay(self, position: int | None = None, response: Response | None = None) -> dict[str, Any]:
        """Run the handler with the recorded responses. Raises what it raises.

        :param position: of the exchange whose response, and any later one to the same request, is another one.
        """
        client = engine.make_client("http://127.0.0.1:9", TOKEN, read_only=self.check)
        client._session = _Replay(self, position, response)  # type: ignore[assignment]
        return engine.run_handler(self.module, dict(self.options), client, engine.Task(self.check))


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


def record(konnect: ControlPlaneHarness, module: str, options: Mapping[str, Any], *, check: bool = False) -> Recording:
    """Run a handler against the emulator, and keep what it got."""
    given = {"control_plane": konnect.name, **options}
    client = engine.make_client(konnect.konnect_url, TOKEN, read_only=check)
    send, exchanges = client._session.send, []

    def send_and_keep(request: Request, timeout: float) -> Response:
        response = send(request, timeout)
        exchanges.append(Exchange(_key(request), response))
        return response

    client._session.send = send_and_keep  # type: ignore[method-assign]
    result = engine.run_handler(module, given, client, engine.Task(check))
    return Recording(module, given, check, tuple(exchanges), bool(result.get("changed")))


def changed_bodies(response: Response) -> Iterator[tuple[str, Response]]:
    """The response with each part of its data dropped, and replaced by every other value; with a name for each."""
    data = json.loads(response.content) if response.content else None
    for path in _paths(data):
        for value in (DROPPED, *OTHERS) if path else OTHERS:
            name = "dropped" if value is DROPPED else json.dumps(value)
            content = json.dumps(_with(data, path, value)).encode()
            yield f"{'.'.join(map(str, path)) or 'all'} {name}", Response(response.status, response.headers, content)


def outcome(act: Callable[[], Any]) -> str:
    """``success``, the code of a KonnectError, or where another exception came from."""
    try:
        json.dumps(act())
    except engine.KonnectError as error:
        return f"{error.code.value}"
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
        return f"defect {type(error).__name__} at {place}"
    return "success"


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
