# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode over a play: each task takes into account what earlier ones would have made or removed."""

from __future__ import annotations

import pytest

from support.options import NEW_VALUE, OLD_VALUE, REFERENCE, SECRET, STORE, VAULT
from support.playbook import INTERPRETER, run_play
from support.rotation import use_role

LOG = {"name": "http-log", "config": {"http_endpoint": REFERENCE}}
PRESENT = [
    ("config_store", STORE, "store"),
    ("secret", {**SECRET, "config_store": "{{ store.config_store.id }}", "value": OLD_VALUE}, "secret"),
    ("vault", {**VAULT, "config_store": "{{ store.config_store.id }}"}, "vault"),
    ("service", {"name": "my-service", "host": "api.example.com"}, "service"),
    ("route", {"name": "my-route", "service": "{{ service.service.id }}", "paths": ["/a"]}, "route"),
    ("plugin", {**LOG, "route": "my-route"}, "plugin"),
]
ABSENT = [
    ("plugin", {"name": "http-log", "route": "my-route"}, "plugin"),
    ("route", {"name": "my-route"}, "route"),
    ("service", {"name": "my-service"}, "service"),
    ("secret", SECRET, "secret"),
    ("vault", {"prefix": "my-vault"}, "vault"),
    ("config_store", STORE, "store"),
]


def tasks(rows, **more):
    return [
        {"name": name, f"community.konnect.konnect_{module}": {**options, **more}, "register": name}
        for module, options, name in rows
    ]


OTHER = "{{ 'two' if inventory_hostname == 'one' else 'one' }}"
HCV = {"prefix": "vault-{{ inventory_hostname }}", "backend": "hcv", "config": {"host": "h", "token": "fake-token"}}
ON_EACH_HOST = [
    ("service", {"name": "service-{{ inventory_hostname }}", "host": "api.example.com"}, "service"),
    ("route", {"name": "route-{{ inventory_hostname }}", "service": f"service-{OTHER}", "paths": ["/a"]}, "route"),
    ("vault", HCV, "vault"),
    ("vault", HCV, "again"),
]

SHOW = {
    "name": "Ids",
    "ansible.builtin.debug": {
        "msg": "IDS {{ service.service.id }} {{ route.route.id }} {{ vault.vault.id }} {{ plugin.plugin.id }}"
    },
}


def ids(run):
    return run.output.partition("IDS ")[2].partition('"')[0]


@pytest.mark.exhaustive
@pytest.mark.parametrize("fork", ["true", "false"])
def test_a_play_in_check_mode_predicts_the_run(konnect, fork, tmp_path):
    cache = {"ANSIBLE_CACHE_PLUGIN": "jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tmp_path)}
    environment = {**konnect.environment, **cache, "KONNECT_FORK": fork}

    def play(*arguments, state="present"):
        rows = tasks(PRESENT) + [SHOW] if state == "present" else tasks(ABSENT, state="absent")
        run = run_play(*arguments, environment=environment, vars=INTERPRETER, tasks=rows)
        assert run.code == 0, run.output
        assert "[WARNING]: " not in run.output.replace("[WARNING]: No inventory", "").replace("[WARNING]: provided", "")
        return run

    checked = play("--check")
    assert (checked.changed, konnect.writes()) == (6, [])
    done = play()
    assert (done.changed, ids(done)) == (6, ids(checked))
    konnect.writes()
    assert play("--check").changed == 0
    assert play("--check", state="absent").changed == 6
    assert konnect.writes() == []
    assert play(state="absent").changed == 6


@pytest.mark.exhaustive
def test_two_hosts_in_two_forks_share_what_they_predict(konnect):
    """Each host goes on from what the other one would make, also where Ansible starts the modules."""
    hosts = {"hosts": "one,two", "connection": "local", "vars": INTERPRETER, "tasks": tasks(ON_EACH_HOST)}

    def play(*arguments, fork):
        environment = {**konnect.environment, "KONNECT_FORK": fork}
        run = run_play("-i", "one,two,", "--forks", "2", *arguments, environment=environment, **hosts)
        assert (run.code, run.changed) == (0, 6), run.output
        assert "check mode assumes" not in run.output
        return run

    play("--check", fork="false")
    assert konnect.writes() == []
    play(fork="true")


@pytest.mark.exhaustive
def test_the_role_rotates_a_secret_that_the_play_would_make(konnect):
    rotation = {"rotate_secret_config_store": "my-store", "rotate_secret_key": "my-key"}
    rotate = use_role(**rotation, rotate_secret_value=NEW_VALUE, rotate_secret_proxy_url=konnect.proxy_url)
    (again,) = tasks([("secret", {**SECRET, "value": NEW_VALUE}, "again")])
    rows = [*tasks(PRESENT), rotate, again]
    run = run_play("--check", environment=konnect.environment, vars=INTERPRETER, tasks=rows)
    assert run.code == 0, run.output
    # The six tasks, and the phases prepare, try and commit.
    assert (run.changed, konnect.writes()) == (9, [])


def test_an_id_of_check_mode_is_refused_in_a_run(konnect):
    store = {"name": "Store", "community.konnect.konnect_config_store": STORE, "register": "store", "check_mode": True}
    secret = {
        "name": "Secret",
        "community.konnect.konnect_secret": {
            **SECRET,
            "config_store": "{{ store.config_store.id }}",
            "value": OLD_VALUE,
        },
    }
    run = run_play(environment=konnect.environment, vars=INTERPRETER, tasks=[store, secret])
    assert "The id in config_store comes from check mode" in " ".join(run.output.split())
    assert konnect.writes() == []
