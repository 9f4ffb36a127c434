# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many secrets at once: complete, safe to interrupt, and without a trace of their values."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

import pytest
from in_process import World

from ansible_collections.community.konnect.plugins.module_utils._errors import KonnectError
from support.emulator import ROOT, Emulator, ansible_playbook, emulator
from support.playbook_tasks import INTERPRETER, run_tasks, task

STORE = {"name": "my-store"}


def values(count: int, word: str = "one") -> dict[str, str]:
    return {f"key-{number:04}": f"Bearer fake-{word}-{number:04}-value" for number in range(count)}


def rows(secrets: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in secrets.items()]


def bulk(secrets: dict[str, Any], *, check: bool = False, **more: Any) -> dict[str, Any]:
    return task("secrets", {"config_store": "my-store", "secrets": rows(secrets), **more}, check=check)


def stored(konnect: Emulator) -> tuple[dict[str, str], list[str]]:
    """The values by key, where the emulator shows them, and the keys that a record stands for."""
    (store,) = konnect.list("config-stores")
    entries = {entry["key"]: entry.get("value", "") for entry in konnect.list(f"config-stores/{store['id']}/secrets")}
    records = sorted(key.partition(".fingerprint.")[0] for key in entries if ".fingerprint." in key)
    return {key: value for key, value in entries.items() if ".fingerprint." not in key}, records


def keys(step) -> dict[str, list[str]]:
    found = {name: step.result[name] for name in ("created", "updated", "removed", "unchanged")}
    return {name: listed for name, listed in found.items() if listed}


def test_created_then_in_sync_then_one_changed(konnect):
    secrets = values(12)
    changed = {**secrets, "key-0007": "Bearer fake-other-value"}
    steps = run_tasks(
        konnect,
        bulk(secrets, check=True, config_store="not-there-yet"),
        task("config_store", STORE),
        bulk(secrets, check=True),
        bulk(secrets),
        bulk(secrets),
        bulk(changed, check=True),
        bulk(changed, parallel=1),
        bulk(changed, check=True),
        task("secret", {"config_store": "my-store", "key": "key-0007", "value": changed["key-0007"]}),
        bulk({"key-0007": {"user": "fake-json-user"}}, update_secret="on_create"),
        bulk({}),
    )
    for step in (steps[0], *steps[2:4]):
        assert keys(step) == {"created": sorted(secrets)}
        assert step.result["diff"]["before"] == {}
        assert step.result["diff"]["after"] == dict.fromkeys(secrets, "(not shown)")
    assert len(steps[3].writes) == 24
    assert steps[3].result["requests"] == len(steps[3].requests)
    progress = steps[3].result["progress"]
    assert [row["done"] for row in progress] == sorted({row["done"] for row in progress})
    assert progress[-1]["done"] == progress[-1]["total"] == 12
    assert keys(steps[4]) == {"unchanged": sorted(secrets)}
    for step in steps[5:7]:
        assert step.changed
        assert step.result["reasons"] == {"key-0007": "value_changed"}
        assert step.result["diff"] == {
            "before": {"key-0007": "(not shown)"},
            "after": {"key-0007": "(not shown, written: value_changed)"},
        }
    assert len(steps[6].writes) == 3
    for step in (steps[7], steps[8], steps[9], steps[10]):
        assert not step.changed
        assert step.writes == []
    assert keys(steps[10]) == {}
    assert stored(konnect)[1] == sorted(secrets)


@pytest.fixture(scope="module")
def emulator_with_small_pages():
    with emulator("--page-size", "10") as running:
        yield running


def test_purge_removes_the_strangers_and_nothing_else(emulator_with_small_pages):
    konnect = emulator_with_small_pages
    secrets = values(12)
    kept = {key: secrets[key] for key in list(secrets)[::4]}
    steps = run_tasks(
        konnect,
        task("config_store", STORE),
        bulk(secrets),
        bulk({}, purge=True),
        bulk(kept, purge=True, check=True),
        bulk(kept, purge=True),
        bulk(kept, purge=True),
    )
    assert steps[2].code == "invalid_input"
    assert "allow_empty" in steps[2].message
    assert steps[2].requests == []
    gone = sorted(set(secrets) - set(kept))
    for step in steps[3:5]:
        assert keys(step) == {"removed": gone, "unchanged": sorted(kept)}
        assert set(step.result["diff"]["before"]) == set(gone)
    assert steps[3].writes == []
    assert len(steps[4].writes) == 2 * len(gone)
    assert not steps[5].changed
    assert (sorted(stored(konnect)[0]), stored(konnect)[1]) == (sorted(kept), sorted(kept))

    (store,) = konnect.list("config-stores")
    path = f"config-stores/{store['id']}/secrets"
    konnect.call("DELETE", f"{path}/key-0004")  # its record stays behind, and a stranger comes
    konnect.call("POST", path, {"key": "a/b", "value": "fake-stranger"})
    last = {"key-0000": kept["key-0000"]}
    steps = run_tasks(
        konnect,
        task("vault", {"prefix": "my-vault", "config_store": "my-store"}),
        task("plugin", {"name": "http-log", "config": {"http_endpoint": "{vault://my-vault/key-0008}"}}),
        bulk({**last, "key-0001": "Bearer fake-that-stays-out"}, purge=True),
        bulk(last, purge=True, force=True),
        bulk({}, purge=True, allow_empty=True),
    )
    assert steps[2].code == "in_use"
    assert "key-0008" in steps[2].message
    assert "plugin http-log" in steps[2].message
    assert steps[2].writes == []
    assert len([line for line in steps[2].requests if line.endswith("core-entities/plugins")]) == 1
    assert keys(steps[3])["removed"] == ["key-0004", "key-0008"]
    assert "a/b" in str(steps[3].result["warnings"])
    assert keys(steps[4])["removed"] == ["key-0000"]
    assert stored(konnect) == ({"a/b": ""}, [])


def test_what_cannot_be_written_is_named_before_anything_is(konnect):
    step = run_tasks(
        konnect,
        task(
            "secrets",
            {
                "config_store": "my-store",
                "secrets": [
                    *rows({"good": "Bearer fake-good-value", "a/b": "Bearer fake-slash-value", "empty": ""}),
                    *rows({"short": "fake-short", "good": "Bearer fake-again-value", "long": "fake-" * 1025}),
                ],
            },
        ),
        bulk({"good": "fake-short"}),
        bulk(values(1), parallel=17),
        bulk({"good": None}),
    )
    assert step[0].code == "invalid_input"
    for word in ("5 of 5", "a/b", "empty", "short", "5125 bytes", "good: The key stands 2 times"):
        assert word in step[0].message
    assert [each.code for each in step[1:]] == ["short_value", "invalid_input", "invalid_input"]
    assert [each.requests for each in step] == [[]] * 4


def test_one_that_fails_does_not_stop_the_others():
    secrets = values(8)
    with emulator("--fault", "PUT:/key-0003$=500") as konnect:
        konnect.call("POST", "config-stores", STORE)
        (step,) = run_tasks(konnect, bulk(secrets, request_retries=0))
        assert step.result["failed"]
        assert step.code == "some_failed"
        assert list(step.result["failures"]) == ["key-0003"]
        assert "key-0003: PUT" in step.message
        assert "answered 500" in step.message
        assert step.changed
        assert keys(step) == {"created": sorted(set(secrets) - {"key-0003"})}
        konnect.faults()
        steps = run_tasks(konnect, bulk(secrets), bulk(secrets))
        assert keys(steps[0])["created"] == ["key-0003"]
        assert steps[1].writes == []
        konnect.faults("PUT:key-0004=401")
        (step,) = run_tasks(konnect, bulk(values(8, "two"), parallel=1))
        assert step.code == "unauthorized"
        assert step.result["failure"]["status"] == 401
        assert not [line for line in step.requests if re.search("key-000[567]", line)]
        assert "4 of 8 secrets were done" in step.message


def test_no_value_is_shown_or_logged(konnect, tmp_path):
    konnect.call("POST", "config-stores", STORE)
    secrets = {**values(30, "hidden"), "json": {"user": "fake-hidden-user", "password": "fake-hidden-password"}}
    misspelt = [*rows(values(2, "hidden")), {"key": "key-x", "valeu": "fake-hidden-misspelt", "value": "fake-hidden-x"}]
    tasks: list[dict[str, Any]] = [
        bulk(secrets),
        {**bulk({}), "community.konnect.konnect_secrets": {"config_store": "my-store", "secrets": misspelt}},
        bulk({**secrets, "a/b": "fake-hidden-slash"}),
        bulk({"short": "fake-hidden"}),
        {**bulk({}), "community.konnect.konnect_secrets": {"config_store": "my-store", "secrets": "fake-hidden-text"}},
        {**bulk({}), "community.konnect.konnect_secrets": {"config_store": "my-store", "secrets": ["fake-hidden-row"]}},
    ]
    variables = {"tasks_of_ours": [each["community.konnect.konnect_secrets"] for each in tasks]}
    (tmp_path / "variables.json").write_text(json.dumps(variables))
    play_tasks = [
        {
            "community.konnect.konnect_secrets": {
                "config_store": "my-store",
                "secrets": f"{{{{ tasks_of_ours[{number}].secrets }}}}",
            },
            "ignore_errors": True,
            "diff": True,
        }
        for number in range(len(tasks))
    ]
    done = play(konnect, tmp_path, play_tasks, "-vvv")
    assert done.recap["ignored"] == 5, done.output
    # Ansible shows the source of a task that it refuses, so the values are in another file than the tasks.
    assert not re.findall(r"fake-hidden\S*", done.output)


def play(konnect: Emulator, directory: pathlib.Path, tasks: list[dict[str, Any]], *arguments: str):
    return ansible_playbook(*playbook(directory, tasks), *arguments, environment=konnect.environment)


def playbook(directory: pathlib.Path, tasks: list[dict[str, Any]]) -> list[str]:
    path = directory / "playbook.yml"
    file = [str(directory / "variables.json")]
    path.write_text(
        json.dumps(
            [{"hosts": "localhost", "gather_facts": False, "vars": INTERPRETER, "vars_files": file, "tasks": tasks}]
        )
    )
    return [str(path)]


def test_two_runs_at_once_with_different_values():
    with emulator("--set", "secret_echo=true") as konnect:
        konnect.call("POST", "config-stores", STORE)
        world = World(konnect, "quickstart")
        contents = [values(40, "one"), values(40, "two")]

        def run(secrets: dict[str, str], check: bool = False) -> dict[str, Any]:
            options = {"config_store": "my-store", "secrets": [{**row, "value_version": None} for row in rows(secrets)]}
            return world.run("secrets", options, check_mode=check)

        threads = [threading.Thread(target=run, args=(secrets,)) for secrets in contents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        held, _records = stored(konnect)
        for secrets in contents:
            vouched = run(secrets, check=True)["unchanged"]
            assert {key: held[key] for key in vouched} == {key: secrets[key] for key in vouched}
        run(contents[1])
        assert stored(konnect)[0] == contents[1]
        assert not run(contents[1])["changed"]


def test_a_purge_keeps_what_was_written_in_the_meantime():
    with emulator("--latency-ms", "20") as konnect:
        konnect.call("POST", "config-stores", STORE)
        world = World(konnect, "quickstart")
        options = {"config_store": "my-store", "secrets": [{**row, "value_version": None} for row in rows(values(3))]}
        world.run("secrets", options)
        (store,) = konnect.list("config-stores")
        secrets_path = f"config-stores/{store['id']}/secrets"
        done = threading.Event()

        def somebody_else() -> None:
            # Between the listing and the removal: while the new secrets are being written.
            while not done.is_set():
                if any(entry["key"] == "new-0" for entry in konnect.list(secrets_path)):
                    konnect.call("PUT", f"{secrets_path}/key-0001", {"value": "Bearer fake-somebody-else"})
                    return

        other = threading.Thread(target=somebody_else)
        other.start()
        new = {f"new-{number}": f"Bearer fake-new-value-{number}" for number in range(12)}
        options = {**options, "secrets": [{**row, "value_version": None} for row in rows(new)], "purge": True}
        result = world.run("secrets", {**options, "parallel": 1})
        done.set()
        other.join()
        assert result["removed"] == ["key-0000", "key-0002"]
        assert "key-0001" in stored(konnect)[0]
        assert "key-0001" in stored(konnect)[1]


def kill_and_repair(count: int, kills: int, seed: int) -> None:
    """Cut runs short at random moments by SIGKILL; each time another one finishes the work, and a third has none."""
    chance = random.Random(seed)
    with emulator("--set", "secret_echo=true") as konnect, tempfile.TemporaryDirectory() as name:
        konnect.call("POST", "config-stores", STORE)
        world = World(konnect, "quickstart")
        directory = pathlib.Path(name)
        for kill in range(kills):
            secrets = values(count, f"run{kill}")
            (directory / "variables.json").write_text(json.dumps({"secrets": rows(secrets)}))
            options = {"config_store": "my-store", "secrets": "{{ secrets }}"}
            killed_after(konnect, playbook(directory, [{"community.konnect.konnect_secrets": options}]), chance, count)
            own = {"config_store": "my-store", "secrets": [{**row, "value_version": None} for row in rows(secrets)]}
            repaired = world.run("secrets", own)
            held, records = stored(konnect)
            assert held == secrets
            assert sorted(set(records)) == sorted(secrets)
            assert repaired["failures"] == {}
            assert not world.run("secrets", own)["changed"]


def killed_after(konnect: Emulator, arguments: list[str], chance: random.Random, count: int) -> None:
    """Run ansible-playbook, and kill it and all its children once a random number of writes was seen."""
    goal = chance.randrange(1, 2 * count)
    base = {name: value for name, value in os.environ.items() if not re.match(r"(KONNECT_|MISTRAL_|ANSIBLE_)", name)}
    with konnect.request_log.open("rb") as log:
        log.seek(0, os.SEEK_END)
        process = subprocess.Popen(
            [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), *arguments],
            cwd=ROOT,
            env={**base, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), **konnect.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        seen = 0
        while seen < goal and process.poll() is None:
            seen += log.read().count(b'"PUT"')
            time.sleep(0.002)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_killed_run_is_finished_by_the_next():
    kill_and_repair(count=60, kills=1, seed=5)


@pytest.mark.exhaustive
def test_twenty_killed_runs_with_a_thousand_secrets():
    kill_and_repair(count=1000, kills=20, seed=20)


def test_a_run_that_cannot_go_on_stops_at_once():
    with emulator() as konnect:
        konnect.call("POST", "config-stores", STORE)
        world = World(konnect, "quickstart")
        konnect.faults("PUT:key=401")
        options = {"config_store": "my-store", "secrets": [{**row, "value_version": None} for row in rows(values(50))]}
        with pytest.raises(KonnectError) as caught:
            world.run("secrets", {**options, "parallel": 4})
        assert caught.value.code == "unauthorized"
        assert world.requests_sent() <= 3 + 4  # the look-ups, and one request a thread
