# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for data planes: for the change, for every live node, and not for ever."""

from __future__ import annotations

from typing import Any

import pytest

from support.emulator import emulator
from support.playbook_tasks import Step, run_tasks, task

CHANGE = task("service", {"name": "example-service", "host": "api.example.com"})


def switches(**values: int) -> list[str]:
    return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]


def wait(*, check: bool = False, register: str | None = None, **options: Any) -> dict[str, Any]:
    keywords = {"register": register} if register else {}
    return task("wait_for_sync", {"interval": 0.2, **options}, check=check, **keywords)


def warnings(step: Step) -> str:
    return str(step.result.get("warnings", ""))


@pytest.mark.exhaustive
def test_a_change_is_waited_for_until_every_live_node_runs_it():
    late = switches(node_count=4, stale_nodes=1, expected_hash_lag_ms=2500)
    change = {"previous_hashes": "{{ changed.expected_hashes }}", "written_at": "{{ changed.written_at }}"}
    with emulator("--propagation-ms", "1500", "--page-size", "1", *late) as konnect:
        before, changed, waited, again, check, few, *bad = run_tasks(
            konnect,
            wait(wait=False, register="before"),
            {**CHANGE, "register": "changed"},
            wait(**change, ignore_lost=["konnect-emulator-4"], register="after"),
            wait(previous_hashes="{{ after.expected_hashes }}", hash_change_timeout=1),
            wait(previous_hashes="{{ after.expected_hashes }}", minimum_nodes=9, check=True),
            wait(minimum_nodes=9, on_no_nodes="warn", timeout=1),
            wait(timeout=-1),
            wait(interval=0),
            wait(on_no_nodes="sometimes"),
            wait(written_at="yesterday"),
            wait(control_plane="nowhere"),
        )
    assert changed.changed
    assert before.result["in_sync"] and before.result["hash_changed"] is None
    assert before.result["expected_hashes"] == changed.result["expected_hashes"]
    assert waited.result["expected_hash"] != before.result["expected_hash"]
    assert waited.result["in_sync"] and waited.result["hash_changed"] is True
    assert waited.result["verdict"] == "proved" and "konnect-emulator-4" not in waited.result["reason"]
    assert [node["hostname"] for node in waited.result["lost_nodes"]] == ["konnect-emulator-4"]
    assert [node["hostname"] for node in waited.result["nodes"]] == [
        "konnect-emulator",
        "konnect-emulator-2",
        "konnect-emulator-3",
        "konnect-emulator-4",
    ]
    assert [node["live"] for node in waited.result["nodes"]] == [True, True, True, False]
    assert [node["in_sync"] for node in waited.result["nodes"]] == [True, True, True, False]
    assert again.result["verdict"] == "unknown" and again.result["hash_changed"] is False
    assert again.result["reason"] in warnings(again)
    assert check.result["in_sync"] is False
    assert check.requests.count("GET expected-config-hash") == 1
    assert few.result["in_sync"] is False
    assert "3 live data plane nodes" in warnings(few) and "konnect-emulator-4" in warnings(few)
    for step in (before, waited, again, check, few):
        assert not step.changed
        assert all(line.startswith("GET ") for line in step.requests)
    assert [step.code for step in (bad[0], bad[1], bad[3])] == ["invalid_input"] * 3
    assert bad[4].code == "not_found"
    assert "on_no_nodes" in bad[2].message


@pytest.mark.exhaustive
def test_a_stuck_node_fails_the_wait_and_is_named():
    with emulator(*switches(node_count=2, stuck_nodes=1)) as konnect:
        _change, look, check, waited = run_tasks(
            konnect,
            CHANGE,
            wait(wait=False),
            wait(check=True),
            wait(timeout=1),
        )
    assert [step.result["in_sync"] for step in (look, check)] == [False, False]
    assert waited.code == "not_in_sync"
    (stuck,) = waited.result["failure"]["nodes"]
    assert stuck["hostname"] == "konnect-emulator-2" and not stuck["in_sync"]
    for word in (stuck["hostname"], stuck["id"], stuck["version"], "0" * 32, look.result["expected_hash"]):
        assert word in waited.message


@pytest.mark.exhaustive
def test_without_nodes():
    with emulator(*switches(node_count=0)) as konnect:
        look, fail, warn, ok, none_wanted = run_tasks(
            konnect,
            wait(wait=False, register="before"),
            wait(timeout=1),
            wait(timeout=1, on_no_nodes="warn", previous_hashes="{{ before.expected_hashes }}"),
            wait(timeout=1, on_no_nodes="ok"),
            wait(minimum_nodes=0),
        )
    assert look.result["expected_hash"] is None
    assert fail.code == "no_nodes"
    assert "minimum_nodes" in warnings(warn)
    assert warnings(ok) == ""
    assert [step.result["in_sync"] for step in (look, warn, ok, none_wanted)] == [False, False, False, True]


@pytest.mark.exhaustive
def test_a_secret_that_no_data_plane_uses_proves_nothing():
    store = task("config_store", {"name": "my-config-store"}, register="store")
    secret = task(
        "secret",
        {"config_store": "my-config-store", "key": "unused", "value": "Bearer fake-key-that-is-not-used"},
        register="secret",
    )
    change = {
        "previous_hashes": "{{ ([store, secret] | community.konnect.changes).expected_hashes }}",
        "written_at": "{{ ([store, secret] | community.konnect.changes).written_at }}",
        "hash_change_timeout": 1,
    }
    with emulator() as konnect:
        _store, written, fail, warn, ok, unchanged, nothing = run_tasks(
            konnect,
            store,
            secret,
            wait(**change, on_unknown="fail"),
            wait(**change),
            wait(**change, on_unknown="ok"),
            {**secret, "register": "again"},
            wait(previous_hashes="{{ again.expected_hashes | default([]) }}"),
        )
    assert written.result["expected_hashes"] == [ok.result["expected_hash"]]
    assert fail.code == "not_proved" and "Perhaps no data plane uses what was changed" in fail.message
    assert warn.result["verdict"] == "unknown" and warn.result["reason"] in warnings(warn)
    assert warnings(ok) == ""
    assert "expected_hashes" not in unchanged.result and "written_at" not in unchanged.result
    assert nothing.result["verdict"] == "proved"
