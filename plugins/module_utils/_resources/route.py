# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Routes that are held: they match no request until the plugins that guard them are there."""

from __future__ import annotations

import secrets
from dataclasses import replace

from .._entities.comparison import without_nulls
from .._entities.kinds import Entity
from .._entities.reconcile import Target

# A route with this header, and a random value that nobody sends, matches no request.
HOLD = "X-Konnect-Hold"


def held(target: Target) -> Target:
    """The route, created so that it matches no request, or left alone when it exists."""
    value = secrets.token_hex(16)

    def compose(current: Entity | None) -> Entity:
        if current is not None:
            return dict(current)
        body = target.compose(None)
        return {**body, "headers": {**(body.get("headers") or {}), HOLD: [value]}}

    return replace(target, compose=compose)


def released(target: Target) -> Target:
    """The route, matching requests as its fields say."""

    def compose(current: Entity | None) -> Entity:
        body = target.compose(current)
        headers = body.get("headers") or {}
        if HOLD not in headers:
            return body
        others = {name: values for name, values in headers.items() if name != HOLD}
        return without_nulls({**body, "headers": others or None})

    return replace(target, compose=compose)
