# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What would break references, or what Konnect does not take, is refused before a write, and in check mode too."""

from __future__ import annotations

import pytest

from support.options import REFERABLE, REFERENCE

NO_STORE = "11111111-2222-4333-8444-555555555555"
LOG = {"name": "http-log", "config": {"http_endpoint": REFERENCE}}
MADE = [
    *REFERABLE,
    ("service", {"name": "my-service", "host": "example.com"}),
    ("plugin", {**LOG, "instance_name": "mine"}),
]
# The module, its options, the code of the failure, and a word of its message.
REFUSED = {
    "backend of a vault in use": (
        "vault",
        {"prefix": "my-vault", "backend": "aws", "config": {"region": "us-east-1"}},
        "in_use",
        "http-log",
    ),
    "id of no store in a vault": (
        "vault",
        {"prefix": "other", "backend": "konnect", "config": {"config_store_id": NO_STORE}},
        "not_found",
        NO_STORE,
    ),
    "id of no store": ("config_store", {"name": NO_STORE}, "not_found", NO_STORE),
    "space in the name of a store": ("config_store", {"name": "Config Store"}, "invalid_input", "Config Store"),
    "no protocols of a route": ("route", {"name": "r", "paths": ["/a"], "protocols": []}, "invalid_input", "protocols"),
    "no protocols of a plugin": ("plugin", {**LOG, "protocols": []}, "invalid_input", "protocols"),
    "tags twice": ("service", {"name": "s", "host": "h", "tags": ["a", "a"]}, "invalid_input", "tags"),
    "tags of a vault twice": ("vault", {"prefix": "my-vault", "tags": ["a", "a"]}, "invalid_input", "tags"),
    "paths twice": ("route", {"name": "r", "paths": ["/a", "/a"]}, "invalid_input", "paths"),
    "instance name of another plugin": (
        "plugin",
        {**LOG, "name": "file-log", "config": {"path": "/tmp/log"}, "instance_name": "mine"},
        "conflict",
        "mine",
    ),
}


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_before_a_write(konnect, case, check):
    konnect.create_all(*MADE)
    module, options, code, word = REFUSED[case]
    run = konnect.run(module, options, check=check)
    assert (run.code, run.writes) == (code, [])
    assert word in run.message


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_the_id_of_a_store_makes_no_second_one(konnect, check):
    (made,) = konnect.create_all(REFERABLE[0])
    run = konnect.run("config_store", {"name": made["config_store"]["id"]}, check=check)
    assert (run.changed, run.writes) == (False, [])
