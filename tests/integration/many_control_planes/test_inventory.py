# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin as the real ansible-inventory runs it, and plays over its hosts."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

import pytest
import yaml

from support.emulator import TOKEN, Emulator, emulator, send
from support.inventory import list_inventory, write_inventory
from support.playbook import run_play

PLUGIN = "ansible_collections.community.konnect.plugins.inventory.konnect"
HARMFUL = "{{ lookup('ansible.builtin.pipe', 'id') }}"


@pytest.fixture(scope="module")
def konnect() -> Iterator[Emulator]:
    """An emulator whose lists have several pages, with control planes of several labels and types."""
    with emulator("--page-size", "2") as running:
        for name, labels, more in (
            ("orders", {"env": "production", "team": "shop"}, {}),
            ("orders-eu", {"env": "production"}, {"cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"}),
            ("payments-eu", {"env": "test"}, {}),
            (HARMFUL, {"env": "test"}, {}),
        ):
            send(running.konnect_url, "POST", "control-planes", {"name": name, "labels": labels, **more})
        yield running


def test_neither_the_list_nor_the_cache_has_the_token_and_the_cache_spares_the_requests(konnect, tmp_path):
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    file = write_inventory(tmp_path, {**cache, "sources": [{"konnect_url": konnect.konnect_url}]})
    konnect.requests()
    first = list_inventory(file, environment={"KONNECT_TOKEN": TOKEN})
    assert len(konnect.requests()) == 3, first.errors
    again = list_inventory(file, environment={"KONNECT_TOKEN": TOKEN})
    assert konnect.requests() == []
    assert again.output == first.output
    assert set(first.hosts["quickstart"]) == {
        "ansible_connection",
        "konnect_control_plane",
        "konnect_control_plane_name",
        "konnect_url",
        "konnect_token_env",
        "konnect_labels",
        "konnect_cluster_type",
    }
    assert first.group("konnect") == sorted(first.hosts)
    cached = [path.read_text() for path in (tmp_path / "cache").iterdir()]
    assert "quickstart" in "".join(cached)
    assert not any(TOKEN in text for text in (first.output, first.errors, again.output, *cached))


def example(number: int) -> str:
    """One of the inventory files in the documentation of the plugin."""
    return str(importlib.import_module(PLUGIN).EXAMPLES.split("\n---\n")[number])


def against(konnect: Emulator, text: str) -> str:
    """The text with the emulator in the place of each region."""
    return re.sub(r"konnect_region: \w+$", f"konnect_url: {konnect.konnect_url}", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("number", "proxy_urls", "groups"),
    [
        pytest.param(0, {"orders": None, "quickstart": None}, {}, marks=pytest.mark.exhaustive),
        (
            1,
            {"orders": "https://orders.example.com"},
            {"env_production": ["orders"], "team_shop": ["orders"], "without_data_planes": ["orders"]},
        ),
        pytest.param(
            2,
            {"orders-eu": "https://orders-eu.example.com", "payments-eu": "https://payments-eu.example.com"},
            {},
            marks=pytest.mark.exhaustive,
        ),
    ],
)
def test_the_examples_of_the_documentation(konnect, tmp_path, number, proxy_urls, groups):
    """Each lists these hosts, with these proxy URLs, in these groups."""
    file = tmp_path / "konnect.yml"
    file.write_text(against(konnect, example(number)))
    tokens = dict.fromkeys(("KONNECT_TOKEN", "KONNECT_TOKEN_PRODUCTION", "KONNECT_TOKEN_TEST"), TOKEN)
    environment = {**tokens, "KONNECT_SERVER_URL": konnect.konnect_url, "HOME": str(tmp_path)}
    found = list_inventory(file, environment=environment)
    assert found.output, found.errors
    assert {host: found.hosts[host].get("konnect_proxy_url") for host in proxy_urls} == proxy_urls
    assert {group: found.group(group) for group in groups} == groups


def test_every_example_is_tried():
    assert len(list(yaml.safe_load_all(importlib.import_module(PLUGIN).EXAMPLES))) == 3


def test_missing_requests_is_one_clear_error(konnect, tmp_path):
    broken = tmp_path / "broken" / "requests"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('No module named requests')")
    file = write_inventory(tmp_path, {"sources": [{"konnect_url": konnect.konnect_url}]})
    found = list_inventory(file, environment={"KONNECT_TOKEN": TOKEN, "PYTHONPATH": str(broken.parent)})
    assert found.output == ""
    assert "has no requests. Install requests 2.28 or newer for it." in found.errors
    assert "Traceback" not in found.errors


def test_a_name_with_a_template_is_a_text_in_a_play(konnect, tmp_path):
    file = write_inventory(tmp_path, {"sources": [{"konnect_url": konnect.konnect_url}], "filters": {"names": ["{{*"]}})
    run = run_play(
        "--inventory",
        str(file),
        environment={"KONNECT_TOKEN": TOKEN},
        hosts="konnect",
        tasks=[{"ansible.builtin.debug": {"msg": "Name: {{ konnect_control_plane_name }}"}}],
    )
    assert run.code == 0, run.output
    assert f"Name: {HARMFUL}" in run.output
