# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records in the order in which they were created: O(1) by key, and pages whose cursors survive deletions."""

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

    records: list[T]
    next: str | None
    previous: str | None


class InvalidCursor(ValueError):
    """A cursor that this emulator did not create."""


def _encode_cursor(serial: int) -> str:
    """Return the cursor of the place after a record; serial 0 is the empty cursor, which the API accepts."""
    return base64.urlsafe_b64encode(b"row-%d" % serial).decode().rstrip("=") if serial else ""


def _decode_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor(cursor) from error
    if not word.startswith("row-") or not word[4:].isdigit():
        raise InvalidCursor(cursor)
    return int(word[4:])


class RecordTable(Generic[T]):
    """An ordered mapping in which a replaced record keeps its place."""

    def __init__(self) -> None:
        self._records: dict[str, T] = {}
        self._serials: dict[str, int] = {}
        self._order: list[int] = []
        self._keys: dict[int, str] = {}
        self._last_serial = 0

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[T]:
        return iter(self._records.values())

    def items(self) -> Iterator[tuple[str, T]]:
        """Iterate over keys and records."""
        return iter(self._records.items())

    def get(self, key: str) -> T | None:
        """Return the record, or None."""
        return self._records.get(key)

    def put(self, key: str, record: T) -> None:
        """Append a record, or replace the one that has its key."""
        if key not in self._serials:
            self._last_serial += 1
            self._serials[key] = self._last_serial
            self._keys[self._last_serial] = key
            self._order.append(self._last_serial)
        self._records[key] = record

    def remove(self, key: str) -> None:
        """Remove a record; raises KeyError."""
        del self._records[key]
        serial = self._serials.pop(key)
        del self._keys[serial]
        del self._order[bisect_left(self._order, serial)]

    def page(self, cursor: str, size: int, matches: Callable[[T], bool] | None = None) -> Page[T]:
        """Return the ``size`` records after ``cursor`` among those that match; raises InvalidCursor."""
        order = self._order
        if matches is not None:
            order = [serial for serial, key in self._keys.items() if matches(self._records[key])]
        start = bisect_right(order, _decode_cursor(cursor))
        chosen = order[start : start + size]
        has_more = start + size < len(order)
        previous_start = max(0, start - size)
        return Page(
            records=[self._records[self._keys[serial]] for serial in chosen],
            next=_encode_cursor(chosen[-1]) if chosen and has_more else None,
            previous=None if start == 0 else _encode_cursor(order[previous_start - 1] if previous_start else 0),
        )
