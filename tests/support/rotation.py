# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tutorial on the emulator, ready for a rotation of its secret, and the rotation."""

from __future__ import annotations

import contextlib
import copy
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from support.background import repeating
from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, TOKEN, Emulator, emulator
from support.engine import parse_record
from support.playbook import INTERPRETER, Run, ansible_playbook, run_play
from support.tutorial import TUTORIAL

NEW_KEY, BAD_KEY = "mistral-second-fake-key", "mistral-bad-fake-key"
KEYS = (API_KEY, NEW_KEY, BAD_KEY)
# Upstreams take the old key and the new one. Responses show what is stored, for the tests; no output may show it.
KNOWN_KEYS = ("--upstream-key", API_KEY, "--upstream-key", NEW_KEY, "--set", "secret_echo=true")
# No test needs to wait for ten seconds of good answers.
QUICK = {"rotate_secret_probe_duration": 1}
ROLE = "community.konnect.rotate_secret"
CHAT = {"messages": [{"role": "user", "content": "What is 1+1?"}]}


@dataclass(frozen=True)
class Rotation:
    """A run of a playbook with a rotation.

    :param results: the fact rotate_secret_result, each time that it was set.
    """

    run: Run
    results: list[dict[str, Any]]

    @property
    def result(self) -> dict[str, Any]:
        assert self.results, self.run.output
        return self.results[-1]

    @property
    def outcome(self) -> str:
        return str(self.result["outcome"])

    @property
    def message(self) -> str:
        return str(self.result["message"])

    @property
    def failed(self) -> bool:
        return self.run.code != 0

    @property
    def changed(self) -> int:
        """How many tasks changed something."""
        return self.run.changed


def tutorial_with_key(konnect: Emulator, key: str) -> list[tuple[str, dict[str, Any]]]:
    """The tasks of the tutorial, with a key and the emulator's upstream."""
    tasks = copy.deepcopy(dict(TUTORIAL))
    tasks["secret"]["value"] = f"Bearer {key}"
    tasks["plugin"]["config"]["model"]["options"]["upstream_url"] = f"{konnect.upstream_url}/v1/chat/completions"
    return list(tasks.items())


@contextlib.contextmanager
def ready_to_rotate(*arguments: str) -> Iterator[Emulator]:
    """The tutorial as it is after site.yml, with the old key."""
    with emulator(*KNOWN_KEYS, *arguments) as running:
        quickstart = ControlPlaneHarness.first(running)
        for module, options in tutorial_with_key(running, API_KEY):
            quickstart.run_handler(module, options)
        wait_for_answer(running)
        running.requests()
        yield running


def chat(konnect: Emulator) -> int:
    return requests.post(f"{konnect.proxy_url}/anything", json=CHAT, timeout=30).status_code


def wait_for_answer(konnect: Emulator, status: int = 200) -> None:
    """Until a chat is answered with this status."""
    for _attempt in range(300):
        if chat(konnect) == status:
            return
        time.sleep(0.2)
    raise AssertionError(f"no chat was answered with {status}")


@contextlib.contextmanager
def load(konnect: Emulator) -> Iterator[Counter[int]]:
    """A client that chats all the while, and the statuses of its answers."""
    statuses: Counter[int] = Counter()

    def count() -> None:
        statuses[chat(konnect)] += 1

    with repeating(count, 0.05):
        yield statuses


def stored(konnect: Emulator) -> dict[str, str]:
    """All entries of the config store but fingerprints, each with its value without C(Bearer)."""
    (store,) = konnect.list("config-stores")
    entries = konnect.list(f"config-stores/{store['id']}/secrets")
    return {each["key"]: each["value"].removeprefix("Bearer ") for each in entries if not parse_record(each["key"])}


def secret_path(konnect: Emulator, key: str = "mistral-key") -> str:
    return f"config-stores/{konnect.list('config-stores')[0]['id']}/secrets/{key}"


def references(konnect: Emulator) -> set[str]:
    """The keys to which the AI Proxy plugins refer."""
    plugins = konnect.list("core-entities/plugins")
    values = [plugin["config"]["auth"]["header_value"] for plugin in plugins if plugin["name"] == "ai-proxy"]
    return {value.rpartition("/")[2].removesuffix("}") for value in values}


def route_names(konnect: Emulator) -> list[str]:
    return sorted(route["name"] for route in konnect.list("core-entities/routes"))


def as_rotation(run: Run) -> Rotation:
    """A run with its results; no key may be in its output."""
    for secret in (*KEYS, TOKEN):
        assert secret not in run.output
    found = run.output.split("Set the fact rotate_secret_result")[1:]
    facts = (text.partition("=> ")[2] for text in found)
    results = [json.JSONDecoder().raw_decode(text)[0] for text in facts if text.startswith("{")]
    return Rotation(run, [each["ansible_facts"]["rotate_secret_result"] for each in results])


def rotate(
    konnect: Emulator, key: str = NEW_KEY, *options: str, playbook: str = "rotate", **variables: Any
) -> Rotation:
    """Run rotate.yml, or site.yml, with a key in the environment."""
    run = ansible_playbook(
        f"playbooks/{playbook}.yml",
        *("-vvv", "--diff", *options),
        environment={**konnect.environment, "MISTRAL_API_KEY": key},
        extra_vars={**konnect.extra_vars, **QUICK, **variables},
    )
    return as_rotation(run)


def use_role(*keywords: Mapping[str, Any], **variables: Any) -> dict[str, Any]:
    """A task that uses the role with these variables beside those of ``rotate_in``."""
    task = {"name": "Rotate", "ansible.builtin.include_role": {"name": ROLE}, "vars": variables}
    for more in keywords:
        task |= more
    return task


def rotate_in(konnect: Emulator, *tasks: Mapping[str, Any], **play: Any) -> Rotation:
    """Run a play of a user, with the role's variables for the tutorial."""
    variables = {
        **INTERPRETER,
        **QUICK,
        "rotate_secret_config_store": "my-config-store",
        "rotate_secret_key": "mistral-key",
        **play.pop("vars", {}),
    }
    content = {"tasks": list(tasks)} if tasks else {}
    return as_rotation(run_play("-vvv", environment=konnect.environment, **content, **play, vars=variables))


def allowed_to_fail(*tasks: Mapping[str, Any]) -> dict[str, Any]:
    """Tasks after whose failure the play goes on."""
    told = {"name": "Go on", "ansible.builtin.debug": {"msg": "It failed."}}
    return {"name": "Tasks that may fail", "block": list(tasks), "rescue": [told]}
