# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Official files of Kong that are no part of the collection: API descriptions, plugin schemas, recorded requests.

They are in KONNECT_SHARED, else in a folder next to the checkout. Tests that need them skip without them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("KONNECT_SHARED") or CHECKOUT.parent / "shared")
OPENAPI = SHARED / "openapi"
KONG_SCHEMAS = OPENAPI / "kong" / "plugins"
OFFICIAL_SCHEMAS = OPENAPI / "plugins-3.15"
ACCEPTED_REQUESTS = OPENAPI / "kong" / "live" / "accepted-requests.jsonl"
VALIDATING_PROXY = SHARED / "tools" / "validating_proxy.py"


def needs(path: Path) -> pytest.MarkDecorator:
    """Skip a test where a file or folder is not at hand."""
    return pytest.mark.skipif(not path.exists(), reason=f"no {path} (KONNECT_SHARED)")
