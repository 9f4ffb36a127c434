# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records in creation order: O(1) by key, and pages whose cursor survives deletions."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """A slice of a list: ``next`` and ``previous`` are cursors, None where there is no such page."""

    rows: list[T]
    next: str | None
    previous: str | None


class BadCursor(ValueError):
    """A cursor this emulator did not make."""


def _encode(serial: int) -> str:
    """0, the place before everything, is the empty cursor (which the API accepts)."""
    return base64.urlsafe_b64encode(b"row-%d" % serial).decode().rstrip("=") if serial else ""


def _decode(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise BadCursor(cursor) from error
    if not word.startswith("row-") or not word[4:].isdigit():
        raise BadCursor(cursor)
    return int(word[4:])


class Shelf(Generic[T]):
    """An ordered mapping. A record that is put again keeps its place."""

    def __init__(self) -> None:
        self._values: dict[str, T] = {}
        self._serials: dict[str, int] = {}
        self._order: list[int] = []
        self._keys: dict[int, str] = {}
        self._last = 0

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[T]:
        return iter(self._values.values())

    def items(self) -> Iterator[tuple[str, T]]:
        return iter(self._values.items())

    def get(self, key: str) -> T | None:
        return self._values.get(key)

    def put(self, key: str, value: T) -> None:
        if key not in self._serials:
            self._last += 1
            self._serials[key] = self._last
            self._keys[self._last] = key
            self._order.append(self._last)
        self._values[key] = value

    def remove(self, key: str) -> None:
        del self._values[key]
        serial = self._serials.pop(key)
        del self._keys[serial]
        del self._order[bisect_left(self._order, serial)]

    def page(self, cursor: str, size: int, keep: Callable[[T], bool] | None = None) -> Page[T]:
        """The ``size`` records after ``cursor`` (raises BadCursor) among those that ``keep`` accepts."""
        order = self._order
        if keep is not None:
            order = [serial for serial, key in self._keys.items() if keep(self._values[key])]
        start = bisect_right(order, _decode(cursor))
        chosen = order[start : start + size]
        more = start + size < len(order)
        before = max(0, start - size)
        return Page(
            rows=[self._values[self._keys[serial]] for serial in chosen],
            next=_encode(chosen[-1]) if chosen and more else None,
            previous=None if start == 0 else _encode(order[before - 1] if before else 0),
        )
