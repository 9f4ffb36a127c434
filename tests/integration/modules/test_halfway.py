# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that end halfway say what was done, and keys that Konnect lists but cannot find make nothing fail."""

from __future__ import annotations

import pytest

from support.options import ABSENT, OLD_VALUE, REFERABLE, REFERENCE, REMOVE_IN_USE, SECRET

# Konnect fails for good, so no second attempt is needed to see it.
QUICK = {"request_retries": 0}
LOGS = [
    ("plugin", {"name": name, "config": {"http_endpoint": REFERENCE}, "route": route})
    for name, route in (("http-log", "one"), ("http-log", "two"))
]
ROUTES = [("route", {"name": name, "paths": [f"/{name}"]}) for name in ("one", "two")]


@pytest.fixture
def konnect(konnect):
    konnect.create_all(*REFERABLE, *ROUTES, *LOGS)
    return konnect


def refuse(konnect, method, path):
    """Let Konnect fail at requests to this path, for as long as a test lasts."""
    konnect.emulator.faults(f"{method}:{path}=500")


def test_changed_references_are_named_when_another_one_fails(konnect):
    konnect.create_all(("secret", {**SECRET, "key": "other-key", "value": OLD_VALUE}))
    *_others, last = konnect.list("core-entities/plugins")
    refuse(konnect, "PUT", last["id"])
    run = konnect.run("reference", {"config_store": "my-store", "key": "my-key", "new_key": "other-key", **QUICK})
    held = [plugin["config"]["http_endpoint"] for plugin in konnect.list("core-entities/plugins")]
    assert [reference.endswith("other-key}") for reference in held] == [True, False]
    assert run.failed and run.changed
    assert len(run.result["failure"]["done"]) == 1


def test_a_forced_removal_names_what_is_gone(konnect):
    konnect.create_all(("service", {"name": "my-service", "host": "h"}))
    konnect.create_all(*(("route", {"name": name, "service": "my-service"}) for name in ("one", "two")))
    refuse(konnect, "DELETE", "core-entities/services/")
    run = konnect.run("service", {"name": "my-service", **ABSENT, **REMOVE_IN_USE, **QUICK})
    assert run.failed and run.changed
    assert {"one", "two"} <= set(" ".join(run.result["failure"]["done"]).replace(",", " ").split())


def test_a_purge_names_what_is_gone(konnect):
    konnect.create_all(*(("secret", {**SECRET, "key": key, "value": OLD_VALUE}) for key in ("a", "b")))
    refuse(konnect, "DELETE", "secrets/b$")
    purge = {"config_store": "my-store", "secrets": [], "purge": True, "allow_empty": True}
    run = konnect.run("secrets", {**purge, "on_in_use": "keep", "parallel": 1, **QUICK})
    assert run.failed and run.changed
    assert (run["removed"], list(run["failures"])) == (["a"], ["b"])


@pytest.mark.parametrize("key", ["a/b", ".."])
def test_keys_that_konnect_lists_but_cannot_find_are_named_once_and_change_nothing(konnect, key):
    (store,) = konnect.list("config-stores")
    konnect.call("POST", f"config-stores/{store['id']}/secrets", {"key": key, "value": OLD_VALUE})
    purge = {"config_store": "my-store", "secrets": [], "purge": True, "allow_empty": True, "on_in_use": "keep"}
    for _time in range(2):
        run = konnect.run("secrets", purge)
        assert not run.failed, run.message
        assert (run.changed, run.warnings.count(key)) == (False, 1)
