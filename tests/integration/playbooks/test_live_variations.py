# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What live Konnect was seen to do in more than one way: the playbooks work whichever it is, and only once."""

from __future__ import annotations

from dataclasses import fields

import pytest

from konnect_emulator.switches import Switches
from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, emulator
from support.playbook import ansible_playbook
from support.rotation import KNOWN_KEYS, NEW_KEY, rotate

# All that exclude no other.
COMBINED = (
    "core_duplicate=409",
    "delete_missing=404",
    "empty_table=list",
    "error_family=status",
    "expand_partials=true",
    "expected_hash_updated_at=hash",
    "route_protocols_default=http,https",
    "router_flavor=traditional_compatible",
    "service_delete=cascade",
    "store_name_unique=true",
    "store_not_empty_wording=live",
    "strict_config_store_id=true",
    "top_level_nulls=true",
    "vault_login_paths=true",
    "workspaces=false",
)
OTHERS = (
    "error_family=problem",
    "hash_of=writes",
    "old_names=false",
    "plugin_schema_list=false",
    "put_by_name=false",
    # By default here the emulator shows the values of secrets.
    "secret_echo=false",
    "sync=incremental",
    "sync=incremental_decimal",
    "unauthorized=e1",
    "unauthorized=e3",
    "validate_endpoint=404",
    "validate_endpoint=501",
)
# What the playbooks do not meet: a request that no module sends, AI Gateways, credentials, a limit, and the time,
# number and failures of data planes and their providers, which the tests of the proof of sync and of rotations vary.
ELSEWHERE = {
    "ai_gateways",
    "ai_next",
    "ai_put_secrets",
    "ai_references",
    "ai_secret_null",
    "ai_version_of",
    "basic_auth_password",
    "cached_responses",
    "core_patch",
    "echo_keys",
    "error_nodes",
    "expected_hash_lag_ms",
    "group_member",
    "hash_replica_lag_ms",
    "hash_store_delay_ms",
    "hmac_auth_secret",
    "jwt_secret",
    "key_auth_key",
    "max_tags",
    "node_count",
    "node_error",
    "node_heartbeat_ms",
    "other_writer_ms",
    "partial_nulls",
    "ping_interval_ms",
    "secret_list_time_skew_ms",
    "stale_nodes",
    "stuck_nodes",
    "worker_lag_ms",
    "workers",
}
SECRETS = [{"key": f"key-{number}", "value": "fake-value-of-many"} for number in range(3)]


@pytest.fixture
def switched(request):
    switches = (word for switch in request.param for word in ("--set", switch))
    with emulator(*KNOWN_KEYS, *switches) as running:
        yield running


def is_unchanged(konnect, key):
    """Run site.yml again, and see that it changes and writes nothing."""
    konnect.requests()
    run = rotate(konnect, key, playbook="site").run
    assert run.code == 0, run.output
    return run.changed == 0 and konnect.writes() == []


EACH = [pytest.param((switch,), id=switch) for switch in (*COMBINED, *OTHERS)]


def test_every_switch_is_a_variation_or_tested_elsewhere():
    varied = {switch.partition("=")[0] for switch in (*COMBINED, *OTHERS)}
    assert not varied & ELSEWHERE
    assert varied | ELSEWHERE == {switch.name for switch in fields(Switches)}


@pytest.mark.exhaustive
@pytest.mark.parametrize("switched", [pytest.param(COMBINED, id="combined"), *EACH], indirect=True)
def test_a_life_from_the_first_key_to_the_second(switched, tmp_path, record_property):
    first = rotate(switched, API_KEY, playbook="site").run
    assert first.code == 0, first.output
    assert is_unchanged(switched, API_KEY)
    audit = ansible_playbook(
        "playbooks/audit.yml", environment=switched.environment, extra_vars={"audit_directory": str(tmp_path)}
    )
    assert audit.code == 0, audit.output
    assert rotate(switched, NEW_KEY).outcome == "rotated"
    assert is_unchanged(switched, NEW_KEY)
    konnect = ControlPlaneHarness.first(switched)
    runs = [konnect.run("secrets", {"config_store": "my-config-store", "secrets": SECRETS}) for _run in range(2)]
    assert [run.changed for run in runs] == [True, False]
    assert runs[1].writes == []
    record_property("tally", ["Variations of live Konnect in which the playbooks change nothing twice", 1, 1])
