# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial on the emulator, ready for a rotation of its secret, and the rotation."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

import requests

from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, Emulator, emulator
from support.engine import parse_record
from support.playbook import INTERPRETER, Run, ansible_playbook, run_play
from support.tutorial import TUTORIAL

NEW_KEY, BAD_KEY = "mistral-second-fake-key", "mistral-bad-fake-key"
BLUE_GREEN = {"rotate_secret_strategy": "blue_green"}
CHAT = {"messages": [{"role": "user", "content": "What is 1+1?"}]}


@contextlib.contextmanager
def ready_to_rotate() -> Iterator[Emulator]:
    """The tutorial as it is after site.yml, and an upstream that takes the old key and the new one."""
    keys = ("--upstream-key", API_KEY, "--upstream-key", NEW_KEY)
    with emulator(*keys, "--propagation-ms", "300") as running:
        quickstart = ControlPlaneHarness.first(running)
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
            quickstart.run_handler(module, options)
        wait_for_answer(running)
        running.requests()
        yield running


def chat(konnect: Emulator) -> int:
    return requests.post(f"{konnect.proxy_url}/anything", json=CHAT, timeout=10).status_code


def wait_for_answer(konnect: Emulator, status: int = 200) -> None:
    """Until a chat is answered with this status."""
    for _attempt in range(100):
        if chat(konnect) == status:
            return
        time.sleep(0.1)
    raise AssertionError(f"no chat was answered with {status}")


def stored(konnect: Emulator) -> dict[str, bool]:
    """The secrets, and whether a record stands for each."""
    (store,) = konnect.list("config-stores")
    keys = [entry["key"] for entry in konnect.list(f"config-stores/{store['id']}/secrets")]
    recorded = {record.key for record in map(parse_record, keys) if record}
    return {key: key in recorded for key in keys if parse_record(key) is None}


def referred(konnect: Emulator) -> str:
    """The key that every AI Proxy plugin refers to."""
    plugins = konnect.list("core-entities/plugins")
    values = {plugin["config"]["auth"]["header_value"] for plugin in plugins if plugin["name"] == "ai-proxy"}
    (key,) = (value.rpartition("/")[2].removesuffix("}") for value in values)
    return key


def rotate_in(konnect: Emulator, **play: Any) -> Run:
    """Run a play that is not ours, with the role's variables for the tutorial."""
    variables = {
        **INTERPRETER,
        "rotate_secret_config_store": "my-config-store",
        "rotate_secret_key": "mistral-key",
        "rotate_secret_probe_retries": 1,
        **play.pop("vars", {}),
    }
    return run_play(environment=konnect.environment, **play, vars=variables)


def rotate(konnect: Emulator, key: str = NEW_KEY, *options: str, **variables: Any) -> Run:
    """Run rotate.yml, which must not show a key."""
    given = {"rotate_secret_wait_timeout": 20, "rotate_secret_probe_retries": 1, **variables}
    arguments = [word for name, value in given.items() for word in ("--extra-vars", f"{name}={value}")]
    environment = {**konnect.environment, "MISTRAL_API_KEY": key}
    done = ansible_playbook("playbooks/rotate.yml", "-v", "--diff", *options, *arguments, environment=environment)
    for secret in (API_KEY, NEW_KEY, BAD_KEY):
        assert secret not in done.output
    return done
