# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another client of the first control plane: it changes a service of its own again and again (``other_writer_ms``)."""

from __future__ import annotations

import itertools

from .entities import storage
from .entities.kinds import SERVICES
from .entities.validation import RuleContext, complete_entity

NAME = "other-writer"


def _write(context: RuleContext, number: int) -> None:
    """Write the service with a path that it never had before, so that no configuration comes back."""
    old = storage.find(context.control_plane, SERVICES, NAME)
    body = {"name": NAME, "host": "other-writer.invalid", "path": f"/{number}"}
    storage.write(context.control_plane, SERVICES, complete_entity(SERVICES, body, context), old)


async def write_again_and_again(context: RuleContext, interval_ms: int) -> None:
    """Create the service, and change it at this interval for as long as nobody deletes it."""
    for number in itertools.count():
        _write(context, number)
        await context.control_plane.clock.sleep_ms(interval_ms)
        if storage.find(context.control_plane, SERVICES, NAME) is None:
            return
