# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins that take a part of their configuration from a partial."""

from __future__ import annotations

import pytest
from running import Emulator, emulator
from steps import run_tasks, task

LIMIT = {"name": "rate-limiting", "config": {"minute": 5, "policy": "redis"}}
OWN_REDIS = {"name": "rate-limiting", "config": {**LIMIT["config"], "redis": {"host": "own.example.com"}}}


def linked(name: str, **more: object) -> dict[str, object]:
    return {**LIMIT, "partials": [{"name": name}], **more}


def redis(konnect: Emulator, name: str, kind: str = "redis-ce") -> str:
    config = {"host": "redis.example.com", "password": "{vault://my-vault/redis-password}"}
    made = konnect.call("POST", "core-entities/partials", {"name": name, "type": kind, "config": config})
    return str(made["id"])


@pytest.mark.parametrize("switches", [[], ["--set", "expand_partials=true"]], ids=["as they are", "expanded"])
def test_the_life_of_a_link(switches):
    """Whether or not Konnect shows what the partial holds, nothing of it is a change, sent back or shown."""
    with emulator(*switches) as konnect:
        first, second = redis(konnect, "first"), redis(konnect, "second")
        arguments = [
            linked("first"),
            linked(first),
            {"name": "rate-limiting", "config_mode": "merge", "config": {"minute": 5}},
            {"name": "rate-limiting", "tags": ["kept"]},
            linked("second"),
            {**OWN_REDIS, "partials": []},
            linked("second", enabled=False),
        ]
        steps = run_tasks(
            konnect, *[task("plugin", each, check=check) for each in arguments for check in (True, False)]
        )
        changes = [True, False, False, True, True, True, True]
        for change, predicted, real in zip(changes, steps[::2], steps[1::2], strict=True):
            assert "failure" not in real.result, real.result
            assert (predicted.changed, real.changed) == (change, change)
            assert bool(real.writes) is change
            assert predicted.result["diff"] == real.result["diff"]
        diff = steps[9].result["diff"]
        assert diff["before"]["partials"] == [{"name": "first", "path": "config.redis"}]
        assert diff["after"]["partials"] == [{"name": "second", "path": "config.redis"}]
        assert steps[11].result["diff"]["after"]["config"]["redis"] == {"host": "(not shown)"}
        assert steps[7].result["plugin"]["partials"] == [{"id": first, "path": "config.redis"}]
        assert "redis.example.com" not in str([step.result for step in steps])
        (plugin,) = konnect.list("core-entities/plugins")
        assert plugin["partials"] == [{"id": second, "path": "config.redis"}]
        links = konnect.call("GET", f"core-entities/partials/{second}/links")
        assert links["count"] == 1
        (info,) = run_tasks(konnect, task("plugin_info", {}))
        assert info.result["plugins"][0]["partials"] == plugin["partials"]
        assert "redis.example.com" not in str(info.result)


def test_what_is_refused_before_anything_is_written(konnect):
    redis(konnect, "shared")
    redis(konnect, "enterprise", "redis-ee")
    refused = run_tasks(
        konnect,
        task("plugin", {**OWN_REDIS, "partials": [{"name": "shared"}]}),
        task("plugin", linked("sharde")),
        task("plugin", linked("enterprise"), check=True),
        task("plugin", {**LIMIT, "partials": [{"name": "shared", "path": "config.other"}]}, check=True),
        task("plugin", {"name": "cors", "partials": [{"name": "shared"}]}, check=True),
    )
    assert [step.code for step in refused] == ["invalid_input", "not_found", *["invalid_input"] * 2, "invalid"]
    assert [step.writes for step in refused] == [[]] * len(refused)
    assert "config.redis comes from a partial" in refused[0].message
    assert "Did you mean shared?" in refused[1].message
    assert "redis-ce at config.redis" in refused[2].message
    steps = run_tasks(konnect, task("plugin", linked("shared")), task("plugin", OWN_REDIS), task("plugin", LIMIT))
    assert [step.result["failed"] for step in steps] == [False, True, False]
    assert steps[1].writes == []
    assert "config.redis comes from a partial" in steps[1].message


def test_a_partial_that_is_not_there_yet_is_predicted(konnect):
    (step,) = run_tasks(konnect, task("plugin", linked("later"), check=True))
    assert step.changed
    assert step.result["diff"]["after"]["partials"] == [{"name": "later", "path": "config.redis"}]
    assert "has no partial later yet" in str(step.result["warnings"])
