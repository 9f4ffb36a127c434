# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation where AI Proxy Advanced spreads requests over targets, of which one uses the secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.control_plane import ControlPlaneHarness
from support.emulator import Emulator
from support.rotation_run import BAD, GOOD, KEY, OLD, VERY_FAST, arguments, connect, quick_rotator, set_up
from support.shared import OFFICIAL_SCHEMAS, needs

pytestmark = [pytest.mark.exhaustive, needs(OFFICIAL_SCHEMAS)]


def balanced(konnect: ControlPlaneHarness) -> None:
    """Let another target, with a key of its own, take a thousand times as many requests as that of the secret."""
    (plugin,) = konnect.list("core-entities/plugins")
    konnect.call("DELETE", f"core-entities/plugins/{plugin['id']}")
    konnect.write_secret("other-key", OLD)
    upstream = plugin["config"]["model"]["options"]["upstream_url"]

    def target(key: str, weight: int) -> dict[str, Any]:
        options = {"mistral_format": "openai", "upstream_url": upstream}
        auth = {"header_name": "Authorization", "header_value": f"{{vault://mysecretvault/{key}}}"}
        model = {"provider": "mistral", "name": "mistral-tiny", "options": options}
        return {"route_type": "llm/v1/chat", "weight": weight, "auth": auth, "logging": {}, "model": model}

    config = {"targets": [target("other-key", 1000), target(KEY, 1)], "balancer": {"algorithm": "round-robin"}}
    body = {"name": "ai-proxy-advanced", "route": plugin["route"], "enabled": True, "config": config}
    konnect.call("POST", "core-entities/plugins", body)


@pytest.mark.parametrize("strategy", ["trial", "blue_green", "in_place"])
@pytest.mark.parametrize(("value", "outcome"), [(GOOD, "rotated"), (BAD, "rolled_back")], ids=["good", "bad"])
def test_a_response_of_another_target_proves_nothing(
    emulators: Callable[..., Emulator], strategy: str, value: str, outcome: str
):
    konnect = ControlPlaneHarness.create(emulators(*arguments(VERY_FAST), "--plugin-schemas", str(OFFICIAL_SCHEMAS)))
    set_up(konnect)
    balanced(konnect)
    connect(konnect)
    assert quick_rotator(konnect, strategy, references="all").rotate(value).outcome == outcome
