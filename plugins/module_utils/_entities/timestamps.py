# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The two forms of time in Konnect: ISO 8601 (control planes, config stores, secrets) and seconds (core entities)."""

from __future__ import annotations

import datetime
import math
import re
from typing import Any

from .._errors import ErrorCode, KonnectError

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def milliseconds(timestamp: str) -> int:
    """Milliseconds since 1970 of an ISO 8601 time, for example 2026-01-01T00:00:00.000Z."""
    try:
        moment = datetime.datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", timestamp))
    except (TypeError, ValueError):
        raise KonnectError(
            f"Konnect sent {timestamp!r} where a time was expected.", code=ErrorCode.UNEXPECTED_RESPONSE
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return (moment - _EPOCH) // datetime.timedelta(milliseconds=1)


def seconds(created_at: Any) -> float:
    """Seconds since 1970 of a time in either form; 0 for none."""
    if isinstance(created_at, str):
        return milliseconds(created_at) / 1000
    return float(created_at or 0)


def iso_time(moment: float) -> str:
    """The ISO 8601 form, in UTC and whole seconds, of a time in seconds since 1970; never earlier than it."""
    return datetime.datetime.fromtimestamp(math.ceil(moment), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_milliseconds(moment: float) -> str:
    """The ISO 8601 form, in UTC and milliseconds, of a time in seconds since 1970."""
    text = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
