# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The form of a fingerprint record, an entry beside a secret in the same config store that tells what its value was.

Its key is ``KEY.fingerprint.<key id: 8 hex>.<T: 12 hex>.<MAC: 32 hex>``. T is the secret's ``updated_at`` in
milliseconds as the response to the write gave it. With a version number of the user's own in place of a value, the key
id is ``00000000`` and the last part is that number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

VERSION_KEY_ID = "00000000"
SUFFIX_BYTES = len(".fingerprint.") + 8 + 1 + 12 + 1 + 32
_RECORD = re.compile(
    r"(?P<key>.+)\.fingerprint\.(?P<key_id>[0-9a-f]{8})\.(?P<time>[0-9a-f]{12})\.(?P<mac>[0-9a-f]{32})"
)


@dataclass(frozen=True)
class Record:
    """A record as its key says it: ``key`` is the secret's, ``time`` milliseconds since 1970."""

    key: str
    key_id: str
    time: int
    mac: str

    @property
    def entry(self) -> str:
        """The key of the entry in the store."""
        return f"{self.key}.fingerprint.{self.key_id}.{self.time:012x}.{self.mac}"


def parse_record(entry: str) -> Record | None:
    """The record that the key of a store's entry is; None when it is a secret's."""
    found = _RECORD.fullmatch(entry)
    if not found:
        return None
    return Record(found["key"], found["key_id"], int(found["time"], 16), found["mac"])
