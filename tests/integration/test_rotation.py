# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rotation of a secret: proved, taken back, finished after an interruption, and never a reference that dangles."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
import requests
from in_process import TUTORIAL, World
from running import API_KEY, ROOT, Emulator, Run, emulator

from ansible_collections.community.konnect.plugins.module_utils._fingerprint import parse

NEW_KEY, BAD_KEY = "mistral-second-fake-key", "mistral-bad-fake-key"
CHAT = {"messages": [{"role": "user", "content": "What is 1+1?"}]}


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    """The tutorial as it is after site.yml, and an upstream that takes the old key and the new one."""
    keys = ("--upstream-key", API_KEY, "--upstream-key", NEW_KEY)
    with emulator(*keys, "--propagation-ms", "300") as running:
        world = World(running, name="quickstart")
        upstream = {"upstream_url": f"{running.upstream_url}/v1/chat/completions"}
        for module, options in TUTORIAL:
            if module == "secret":
                options = {**options, "value": f"Bearer {API_KEY}"}
            if module == "plugin":
                model = {**options["config"]["model"]}
                model["options"] = {**model["options"], **upstream}
                options = {**options, "config": {**options["config"], "model": model}}
            if module == "route":
                options = {**options, "protocols": ["http"]}
            world.run(module, options)
        wait_for_answer(running)
        running.requests()
        yield running


def chat(konnect: Emulator) -> int:
    return requests.post(f"{konnect.proxy_url}/anything", json=CHAT, timeout=10).status_code


def wait_for_answer(konnect: Emulator) -> None:
    for _attempt in range(100):
        if chat(konnect) == 200:
            return
        time.sleep(0.1)
    raise AssertionError("the tutorial does not work")


def stored(konnect: Emulator) -> dict[str, bool]:
    """The secrets, and whether a record stands for each."""
    (store,) = konnect.list("config-stores")
    keys = [entry["key"] for entry in konnect.list(f"config-stores/{store['id']}/secrets")]
    recorded = {record.key for record in map(parse, keys) if record and record.proved}
    return {key: key in recorded for key in keys if parse(key) is None}


def referred(konnect: Emulator) -> str:
    (plugin,) = konnect.list("core-entities/plugins")
    return plugin["config"]["auth"]["header_value"].rpartition("/")[2].removesuffix("}")


@contextlib.contextmanager
def load(konnect: Emulator) -> Iterator[Counter[int]]:
    """A client that hammers the proxy all the while; the statuses of its answers."""
    statuses: Counter[int] = Counter()
    over = threading.Event()

    def hammer() -> None:
        while not over.wait(0.02):
            statuses[chat(konnect)] += 1

    thread = threading.Thread(target=hammer)
    thread.start()
    try:
        yield statuses
    finally:
        over.set()
        thread.join()


@pytest.fixture
def rotate(site):
    def run(key: str = NEW_KEY, *options: str, **variables) -> Run:
        given = {"rotate_secret_wait_timeout": 20, "rotate_secret_probe_retries": 1, **variables}
        arguments = [word for name, value in given.items() for word in ("--extra-vars", f"{name}={value}")]
        done = site("-v", "--diff", *options, *arguments, playbook="rotate.yml", MISTRAL_API_KEY=key)
        for secret in (API_KEY, NEW_KEY, BAD_KEY):
            assert secret not in done.output
        return done

    return run


def test_in_place(konnect, rotate):
    predicted = rotate(NEW_KEY, "--check")
    assert (predicted.code, predicted.changed) == (0, 1), predicted.output
    assert konnect.writes() == []
    with load(konnect) as statuses:
        done = rotate()
    assert done.code == 0, done.output
    assert "Rotated. The live key is mistral-key" in done.output
    assert set(statuses) == {200}
    assert stored(konnect) == {"mistral-key": True}
    konnect.writes()
    again = rotate()
    assert (again.code, again.changed) == (0, 0), again.output
    assert konnect.writes() == []
    young = rotate(API_KEY, rotate_secret_max_age_days=1)
    assert (young.code, young.changed) == (0, 0), young.output

    bad = rotate(BAD_KEY, old_api_key=NEW_KEY)
    assert bad.code != 0
    assert "The old value of mistral-key is live again, and works." in bad.output
    assert "answered 401" in bad.output
    assert chat(konnect) == 200
    assert rotate().changed == 0  # what is live is recorded as what it is

    stays = rotate(BAD_KEY)
    assert "The new value of mistral-key is live. It stays" in stays.output
    wait_for = rotate()
    assert wait_for.code == 0, wait_for.output
    assert chat(konnect) == 200


def test_blue_green(konnect, rotate):
    predicted = rotate(NEW_KEY, "--check", rotate_secret_strategy="blue_green", rotate_secret_remove_old="true")
    assert (predicted.code, predicted.changed) == (0, 3), predicted.output
    assert konnect.writes() == []
    with load(konnect) as statuses:
        done = rotate(rotate_secret_strategy="blue_green")
    assert done.code == 0, done.output
    assert "The live key is mistral-key-blue" in done.output
    assert set(statuses) == {200}
    assert referred(konnect) == "mistral-key-blue"
    assert stored(konnect) == {"mistral-key": True, "mistral-key-blue": True}
    konnect.writes()
    again = rotate(rotate_secret_strategy="blue_green")
    assert (again.code, again.changed) == (0, 0), again.output
    assert konnect.writes() == []

    bad = rotate(BAD_KEY, rotate_secret_strategy="blue_green")
    assert bad.code != 0
    assert "The references are back at mistral-key-blue, which works." in bad.output
    assert referred(konnect) == "mistral-key-blue"
    assert chat(konnect) == 200
    assert "mistral-key-green" in stored(konnect)

    with load(konnect) as statuses:
        back = rotate(API_KEY, rotate_secret_strategy="blue_green", rotate_secret_remove_old="true")
    assert back.code == 0, back.output
    assert set(statuses) == {200}
    # The first key still holds that value.
    assert referred(konnect) == "mistral-key"
    assert stored(konnect) == {"mistral-key": True}


def interrupted(konnect: Emulator, key: str, strategy: str, after: int) -> bool:
    """Begin a rotation and kill it after so many writes; whether it came that far."""
    konnect.writes()
    options = ("--extra-vars", f"rotate_secret_strategy={strategy}")
    process = subprocess.Popen(
        [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), "playbooks/rotate.yml", *options],
        cwd=ROOT,
        env={**os.environ, **konnect.environment, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "MISTRAL_API_KEY": key},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    written = 0
    while written < after and process.poll() is None:
        written += len(konnect.writes())
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return written >= after


# Of each strategy: the value is written and nothing else; the references are moved and nothing is proved.
LATEST = {"in_place": 1, "blue_green": 3}


@pytest.mark.parametrize(
    ("strategy", "after"),
    [
        pytest.param(strategy, after, marks=() if after == LATEST[strategy] else pytest.mark.exhaustive)
        for strategy in LATEST
        for after in (1, 2, 3, 4, 5)
    ],
)
def test_killed_at_any_step_it_is_finished_by_the_next_run(konnect, rotate, strategy, after):
    reached = interrupted(konnect, NEW_KEY, strategy, after)
    assert reached or after > LATEST[strategy]
    assert chat(konnect) == 200
    finished = rotate(rotate_secret_strategy=strategy)
    assert finished.code == 0, finished.output
    assert chat(konnect) == 200
    live = referred(konnect)
    assert f"The live key is {live}" in finished.output
    assert stored(konnect)[live] is True
    konnect.writes()
    again = rotate(rotate_secret_strategy=strategy)
    assert (again.code, again.changed) == (0, 0), again.output
    assert konnect.writes() == []


def test_a_bad_key_whose_rotation_was_killed_is_taken_back(konnect, rotate):
    assert interrupted(konnect, BAD_KEY, "blue_green", LATEST["blue_green"])
    assert referred(konnect) == "mistral-key-blue"
    bad = rotate(BAD_KEY, rotate_secret_strategy="blue_green")
    assert bad.code != 0
    assert "The references are back at mistral-key, which works." in bad.output
    assert chat(konnect) == 200


def test_somebody_else_writes_while_a_rotation_waits(konnect, rotate):
    path = f"config-stores/{konnect.list('config-stores')[0]['id']}/secrets/mistral-key"

    def write_in_between() -> None:
        while not any(line.endswith("/mistral-key") for line in konnect.writes()):
            time.sleep(0.005)
        konnect.call("PUT", path, {"value": f"Bearer {NEW_KEY}"})

    other = threading.Thread(target=write_in_between)
    other.start()
    done = rotate(BAD_KEY, old_api_key=API_KEY)
    other.join()
    assert done.code != 0
    assert "mistral-key" in done.output
    assert chat(konnect) == 200, "what somebody else wrote was not overwritten"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"rotate_secret_remove_old": "true"}, "go with rotate_secret_strategy=blue_green"),
        ({"ai_proxy_secret_key": "no-such-key"}, "has no secret no-such-key"),
        ({"rotate_secret_strategy": "blue_green", "rotate_secret_new_key": "mistral-key"}, "different keys"),
    ],
)
def test_bad_input(konnect, rotate, variables, words):
    done = rotate(**variables)
    assert done.code != 0
    assert words in done.output
    assert konnect.writes() == []


def set_faults(konnect: Emulator, *faults: str) -> None:
    requests.put(f"{konnect.konnect_url}/_emulator/faults", json=faults, timeout=10).raise_for_status()


def test_a_value_that_proved_itself_stays_when_only_its_record_fails(konnect, rotate):
    set_faults(konnect, r"PUT:mistral-key\.fingerprint\.\w+\.0=401")  # the record of a value that proved itself
    done = rotate(old_api_key=API_KEY)
    assert done.code != 0
    assert "is live and works, but that was not recorded" in done.output
    set_faults(konnect)
    assert chat(konnect) == 200
    konnect.writes()
    assert rotate().code == 0
    assert [line for line in konnect.writes() if line.endswith("/mistral-key")] == []
    assert stored(konnect) == {"mistral-key": True}


def test_what_is_in_use_is_never_written_over(konnect, rotate):
    """The key in use must be named, and a key of somebody else's is not taken."""
    blue_green = {"rotate_secret_strategy": "blue_green"}
    assert rotate(**blue_green).code == 0
    konnect.writes()
    unused = rotate(API_KEY)
    assert unused.code != 0
    assert "In use is mistral-key-blue" in unused.output

    path = f"config-stores/{konnect.list('config-stores')[0]['id']}/secrets"
    konnect.call("PUT", f"{path}/other-key", {"value": "fake-value-of-another"})
    log = {"name": "http-log", "config": {"http_endpoint": "{vault://mysecretvault/other-key}"}}
    konnect.call("POST", "core-entities/plugins", log)
    konnect.writes()
    taken = rotate(API_KEY, **blue_green, ai_proxy_secret_key="mistral-key-blue", rotate_secret_new_key="other-key")
    assert "other-key is referred to already" in taken.output
    assert konnect.writes() == []


def test_what_goes_wrong_is_told_as_it_is(konnect, rotate):
    set_faults(konnect, "PUT:core-entities/plugins/=401")
    done = rotate(rotate_secret_strategy="blue_green")
    assert done.code != 0
    assert "The probe" not in done.output
    assert "does not accept it" in done.output
    set_faults(konnect)
    assert referred(konnect) == "mistral-key"


def test_a_secret_that_is_known_by_version(konnect, rotate):
    short = {"rotate_secret_value_version": 2, "old_api_key": API_KEY}
    bad = rotate(BAD_KEY, **short)
    assert "The old value of mistral-key is live again, and works." in bad.output
    assert chat(konnect) == 200
    good = rotate(NEW_KEY, **short)
    assert good.code == 0, good.output
    again = rotate(NEW_KEY, **short)
    assert (again.code, again.changed) == (0, 0), again.output
