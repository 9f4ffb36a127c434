# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests of Kong's Terraform provider that live Konnect takes: a task that asks for the same changes nothing.

Skips where these files are not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

import json

import pytest

from support.shared import ACCEPTED_REQUESTS, OFFICIAL_SCHEMAS, needs

REQUESTS = (
    [json.loads(line) for line in ACCEPTED_REQUESTS.read_text(encoding="utf-8").splitlines()]
    if ACCEPTED_REQUESTS.is_file()
    else []
)
PARTIALS = {
    "config.redis": {"type": "redis-ee", "config": {"host": "redis.example.com"}},
    "config.embeddings": {"type": "embeddings", "config": {"model": {"provider": "openai", "name": "ada"}}},
}
OPTIONS = ("enabled", "instance_name", "ordering", "protocols", "tags", "condition")
PLUGINS, ROUTES, MEMBERS, KEYS = (
    [row["body"] for row in REQUESTS if row["path"] == path]
    for path in ("plugins", "routes", "consumer_groups/ID/consumers", "consumers/ID/key-auth")
)
UNCHANGED = "Requests of Terraform that live Konnect takes, unchanged for a module"

pytestmark = [
    needs(ACCEPTED_REQUESTS),
    pytest.mark.emulator("--plugin-schemas", str(OFFICIAL_SCHEMAS), "--set", "empty_table=list"),
    pytest.mark.xdist_group("official plugins"),
]


def with_partials(konnect, links):
    """Links to partials that exist."""
    return [
        {
            **link,
            "id": konnect.call("POST", "core-entities/partials", {"name": link["path"], **PARTIALS[link["path"]]})[
                "id"
            ],
        }
        for link in links or ()
    ]


@pytest.mark.parametrize("mode", ["replace", "merge"])
@pytest.mark.parametrize("body", PLUGINS, ids=lambda body: body["name"])
def test_a_plugin_that_terraform_made_is_unchanged(konnect, body, mode, record_property):
    links = with_partials(konnect, body["partials"])
    konnect.call("POST", "core-entities/plugins", {**body, "partials": links or None})
    given = {name: body[name] for name in OPTIONS if body.get(name) is not None}
    partials = [{"name": link["id"], "path": link["path"]} for link in links] or None
    options = {"name": body["name"], "config": body["config"], "config_mode": mode, "partials": partials, **given}
    run = konnect.run_handler("plugin", options)
    assert not run["changed"], run["diff"]
    record_property("tally", [UNCHANGED, int(mode == "replace"), int(mode == "replace")])


@pytest.mark.parametrize("body", ROUTES, ids=lambda body: body["name"])
def test_a_route_that_terraform_made_is_unchanged(konnect, body, record_property):
    konnect.call("POST", "core-entities/routes", body)
    given = {name: value for name, value in body.items() if value is not None}
    assert not konnect.run_handler("route", given)["changed"]
    record_property("tally", [UNCHANGED, 1, 1])


@pytest.mark.parametrize("body", MEMBERS, ids=lambda body: "member")
def test_a_member_that_terraform_added_is_unchanged(konnect, body, record_property):
    group = konnect.call("POST", "core-entities/consumer_groups", {"name": "gold"})
    consumer = konnect.call("POST", "core-entities/consumers", {"username": "alice"})
    konnect.call("POST", f"core-entities/consumer_groups/{group['id']}/consumers", {**body, "consumer": consumer["id"]})
    run = konnect.run_handler("consumer_group", {"name": "gold", "consumers": ["alice"]})
    assert not run["changed"], run["diff"]
    record_property("tally", [UNCHANGED, 1, 1])


@pytest.mark.parametrize("body", KEYS, ids=lambda body: body["key"])
def test_a_key_auth_credential_that_terraform_made_is_unchanged(konnect, body, record_property):
    consumer = konnect.call("POST", "core-entities/consumers", {"username": "alice"})
    konnect.call("POST", f"core-entities/consumers/{consumer['id']}/key-auth", body)
    run = konnect.run_handler("key_auth", {"consumer": "alice", **body})
    assert not run["changed"], run["diff"]
    record_property("tally", [UNCHANGED, 1, 1])


def test_every_request_is_tried():
    assert len(REQUESTS) == len([*PLUGINS, *ROUTES, *MEMBERS, *KEYS]) == 17
