# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks over many control planes, each with what its host says instead of the environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, TOKEN, Emulator, emulator
from support.inventory import write_inventory
from support.playbook import Run, ansible_playbook
from support.tutorial import everything

# What a developer or a job has set for another control plane.
FOREIGN = {
    "KONNECT_TOKEN": "kpat_fake_of_another_account",
    "KONNECT_SERVER_URL": "http://127.0.0.1:1",
    "KONNECT_CONTROL_PLANE": "nowhere",
    "KONNECT_PROXY_URL": "http://127.0.0.1:1",
}


# One worker runs the play for all of these tests.
pytestmark = pytest.mark.xdist_group("many_control_planes")


@pytest.fixture(scope="module")
def konnect() -> Iterator[Emulator]:
    """An emulator whose first control plane has a data plane."""
    with emulator() as running:
        yield running


@pytest.fixture(scope="module")
def planes(konnect: Emulator) -> dict[str, ControlPlaneHarness]:
    """Two control planes without a data plane. In one of them, two stores have the name that site.yml uses."""
    made = {name: ControlPlaneHarness.create(konnect) for name in ("broken", "empty")}
    for _time in range(2):
        made["broken"].call("POST", "config-stores", {"name": "my-config-store"})
    return made


@pytest.fixture(scope="module")
def site(konnect: Emulator, planes: dict[str, ControlPlaneHarness], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run site.yml once over all control planes."""
    source = {"konnect_url": konnect.konnect_url, "konnect_token_env": "TOKEN_OF_SHOP"}
    inventory = write_inventory(
        tmp_path_factory.mktemp("inventory"),
        {"sources": [{**source, "proxy_urls": {"quickstart": konnect.proxy_url}}]},
    )
    return ansible_playbook(
        "playbooks/site.yml",
        *("--inventory", str(inventory)),
        environment={**FOREIGN, "TOKEN_OF_SHOP": TOKEN, "MISTRAL_API_KEY": API_KEY},
        extra_vars={**konnect.extra_vars, "konnect_hosts": "konnect", "probe_delay": 0.2},
    )


def recap(run: Run, host: str) -> str:
    """The line of a host in the recap."""
    return next(line for line in run.output.splitlines() if line.startswith(f"{host} ") and "failed=" in line)


def test_a_host_that_fails_is_named_and_the_others_are_done(konnect, planes, site):
    assert site.code != 0
    broken = planes["broken"].name
    assert re.search(rf"\[{broken}\]: FAILED", site.output), site.output
    assert "means 2 config stores" in site.output
    assert "failed=1" in recap(site, broken)
    for done in ("quickstart", planes["empty"].name):
        assert "failed=0" in recap(site, done), site.output
    for control_plane in (konnect, planes["empty"]):
        assert everything(control_plane)["plugins"] == ["ai-proxy"]
    assert everything(planes["broken"])["plugins"] == []


def test_each_control_plane_is_tested_through_its_own_proxy_alone(planes, site):
    told = " ".join(site.output.split())
    assert "1 + 1 equals 2." in told
    assert "No chat request was sent, because konnect_proxy_url is not set." in told
    assert "127.0.0.1:1/" not in told


def test_one_without_a_data_plane_is_told_apart(planes, site):
    assert f"control plane {planes['empty'].name} has 0 live data plane nodes" in " ".join(site.output.split())


@pytest.mark.exhaustive
@pytest.mark.parametrize("playbook", ["site", "preflight", "rotate", "teardown"])
def test_a_url_of_the_role_stands_instead_of_the_region_of_the_host(konnect, site, playbook):
    run = ansible_playbook(
        f"playbooks/{playbook}.yml",
        "--check",
        environment={"KONNECT_TOKEN": TOKEN, "MISTRAL_API_KEY": API_KEY, "KONNECT_PROXY_URL": konnect.proxy_url},
        extra_vars={
            **konnect.extra_vars,
            "konnect_control_plane": "quickstart",
            "konnect_region": "eu",
            "ai_proxy_konnect_url": konnect.konnect_url,
        },
    )
    assert run.code == 0, run.output


def test_no_token_is_shown(site):
    assert TOKEN not in site.output
    assert FOREIGN["KONNECT_TOKEN"] not in site.output
