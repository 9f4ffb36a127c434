# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Versions of configurations, which nodes with incremental configuration sync report.

Their forms are those of Kong Gateway: ``v02_`` and 28 hex digits, or up to 32 decimal digits. 32 zeros are no version;
they are the hash of the empty configuration.
"""

from __future__ import annotations

import re

_FORM_2 = re.compile(r"v02_[0-9a-f]{28}", re.IGNORECASE)
_DIGITS = re.compile(r"(?!0{32}$)[0-9]{1,32}")


def is_version(text: str) -> bool:
    """True for the version of a configuration, False for a hash."""
    return bool(_FORM_2.fullmatch(text) or _DIGITS.fullmatch(text))


def is_at_least(version: str | None, other: str) -> bool | None:
    """True when a version is the other one or a later one; None when they cannot be compared."""
    if version is None:
        return None
    if version == other:
        return True
    if _DIGITS.fullmatch(version) and _DIGITS.fullmatch(other):
        return int(version) >= int(other)
    if _FORM_2.fullmatch(version) and _FORM_2.fullmatch(other):
        return version.lower() >= other.lower()
    return None
