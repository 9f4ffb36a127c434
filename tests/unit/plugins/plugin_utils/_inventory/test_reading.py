# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._client.connection import Connection
from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.plugin_utils._inventory import reading
from ansible_collections.community.konnect.plugins.plugin_utils._inventory.options import (
    Filters,
    InventoryOptions,
    Source,
)
from ansible_collections.community.konnect.plugins.plugin_utils._inventory.reading import (
    group_of,
    host_variables,
    read_hosts,
)
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID, ScriptedServer
from ansible_collections.community.konnect.tests.unit.data_plane_nodes import node, nodes_page

PLANES = "GET /v2/control-planes"
GROUP, OTHER_ID = "CLUSTER_TYPE_CONTROL_PLANE_GROUP", "0d2f8a44-3c3b-4b57-9a2c-6a5e5b7d1c11"


def control_plane(name="orders", plane_id=PLANE_ID, *, labels=None, **config):
    config = {"cluster_type": "CLUSTER_TYPE_CONTROL_PLANE", "proxy_urls": [], **config}
    return {"id": plane_id, "name": name, "labels": labels or {}, "config": config}


def page(*entities):
    return 200, {"data": [*entities]}


@pytest.fixture
def other():
    scripted = ScriptedServer()
    yield scripted
    scripted.close()


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def read(server, warnings):
    """Read the hosts of these servers, by default one, with a token of its own for each."""

    def run(*servers, filters=None, count_nodes=False, proxy_urls=None, ai_gateways=False):
        sources = [
            Source(Connection(each.url, f"kpat_fake_{number}", retries=0), f"TOKEN_{number}", proxy_urls or {})
            for number, each in enumerate(servers or (server,))
        ]
        options = InventoryOptions(tuple(sources), filters or Filters(), count_nodes, ai_gateways)
        return read_hosts(options, warnings.append)

    return run


def names(hosts):
    return [host["konnect_control_plane_name"] for host in hosts]


# The variables of a host


def test_a_host_has_what_leads_to_its_control_plane_and_no_token(server, read):
    server.routes = {PLANES: page(control_plane(labels={"env": "test"}))}
    assert read() == [
        {
            "ansible_connection": "local",
            "konnect_control_plane": PLANE_ID,
            "konnect_control_plane_name": "orders",
            "konnect_url": server.url,
            "konnect_token_env": "TOKEN_0",
            "konnect_labels": {"env": "test"},
            "konnect_cluster_type": "CLUSTER_TYPE_CONTROL_PLANE",
        }
    ]


KONNECT_URLS = [
    {"host": "", "port": 0, "protocol": ""},
    {"host": "a.example.com", "port": 8443, "protocol": "https"},
    {"host": "b.example.com", "port": 443, "protocol": "https"},
]


@pytest.mark.parametrize(
    ("mapped", "in_konnect", "proxy_url"),
    [
        ({"orders": "https://orders.example.com"}, KONNECT_URLS, "https://orders.example.com"),
        ({PLANE_ID: "https://by-id.example.com", "orders": "https://x"}, [], "https://by-id.example.com"),
        ({"billing": "https://billing.example.com"}, KONNECT_URLS, "https://a.example.com:8443"),
        ({}, [], None),
        ({}, [{"host": "tcp.example.com", "port": 9000, "protocol": "tcp"}], None),
    ],
)
def test_the_proxy_url_is_that_of_the_file_or_else_of_konnect(mapped, in_konnect, proxy_url):
    source = Source(Connection("https://eu.api.konghq.com", "kpat_fake"), "TOKEN", mapped)
    assert host_variables(source, control_plane(proxy_urls=in_konnect)).get("konnect_proxy_url") == proxy_url


def test_the_workspace_is_that_of_the_source():
    source = Source(Connection("https://eu.api.konghq.com", "kpat_fake"), "TOKEN", {}, "team")
    assert host_variables(source, control_plane())["konnect_workspace"] == "team"


# Several sources


def test_every_source_is_read_with_its_own_token(server, other, read):
    server.routes, other.routes = {PLANES: page(control_plane())}, {PLANES: page(control_plane("billing", OTHER_ID))}
    hosts = read(server, other)
    assert [(host["konnect_url"], host["konnect_token_env"]) for host in hosts] == [
        (server.url, "TOKEN_0"),
        (other.url, "TOKEN_1"),
    ]
    sent = [each.requests[0][2]["Authorization"] for each in (server, other)]
    assert sent == ["Bearer kpat_fake_0", "Bearer kpat_fake_1"]


def test_a_control_plane_that_two_sources_show_is_one_host(server, read):
    server.routes = {PLANES: page(control_plane())}
    assert [host["konnect_token_env"] for host in read(server, server)] == ["TOKEN_0"]


def test_a_source_that_cannot_be_read_is_named_and_leaves_no_partial_inventory(server, other, read):
    server.routes, other.routes = {PLANES: page(control_plane())}, {PLANES: (401, {"message": "Unauthorized"})}
    with pytest.raises(KonnectError, match="with TOKEN_1: .*401") as caught:
        read(server, other)
    assert caught.value.code == ErrorCode.UNAUTHORIZED
    assert "kpat_fake" not in caught.value.message


def test_missing_requests_is_one_error(monkeypatch, read):
    monkeypatch.setattr(reading, "REQUESTS_IMPORT_ERROR", "Traceback ...")
    with pytest.raises(InvalidInput, match="has no requests"):
        read()


# Filters


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), ["billing", "orders-eu", "orders-us"]),
        (Filters(names=("orders-*",)), ["orders-eu", "orders-us"]),
        (Filters(names=("*-us", "billing")), ["billing", "orders-us"]),
        (Filters(names=("orders",)), []),
        (Filters(cluster_types=(GROUP,)), ["billing"]),
        (Filters(labels={"env": "test"}), ["orders-eu"]),
        (Filters(names=("billing",), labels={"env": "test"}), []),
    ],
)
def test_only_control_planes_that_fit_become_hosts(server, read, filters, found):
    server.routes = {
        PLANES: page(
            control_plane("orders-us"),
            control_plane("orders-eu", OTHER_ID, labels={"env": "test", "team": "a"}),
            control_plane("billing", "1" + OTHER_ID[1:], cluster_type=GROUP),
        )
    }
    assert names(read(filters=filters)) == found


def test_konnect_is_asked_for_the_labels(server, read):
    server.routes = {PLANES: page()}
    read(filters=Filters(labels={"env": "test"}))
    assert "labels=env%3Atest" in server.sent()[0]


# AI Gateways

GATEWAYS = "GET /v1/ai-gateways"


def ai_gateway(name="chats", gateway_id=OTHER_ID, **more):
    return {"id": gateway_id, "name": name, "display_name": name, **more}


def gateways(*rows):
    return 200, {"data": [*rows], "meta": {"page": {"number": 1, "size": 100, "total": len(rows)}}}


def test_ai_gateways_are_hosts_when_asked_for(server, read):
    urls = [{"host": "ai.example.com", "port": 443, "protocol": "https"}]
    server.routes = {
        PLANES: page(control_plane()),
        GATEWAYS: gateways(ai_gateway(labels={"env": "test"}, proxy_urls=urls)),
    }
    assert names_of(read()) == ["orders"]
    plane, gateway = read(ai_gateways=True)
    assert (group_of(plane), group_of(gateway)) == ("konnect", "konnect_ai_gateways")
    assert gateway == {
        "ansible_connection": "local",
        "konnect_ai_gateway": OTHER_ID,
        "konnect_ai_gateway_name": "chats",
        "konnect_url": server.url,
        "konnect_token_env": "TOKEN_0",
        "konnect_labels": {"env": "test"},
        "konnect_ai_gateway_url": "https://ai.example.com:443",
    }


def names_of(hosts):
    return [host.get("konnect_control_plane_name") or host["konnect_ai_gateway_name"] for host in hosts]


def test_only_ai_gateways_that_fit_become_hosts(server, read):
    server.routes = {PLANES: page(), GATEWAYS: gateways(ai_gateway(), ai_gateway("other", PLANE_ID))}
    assert names_of(read(ai_gateways=True, filters=Filters(names=("ch*",), cluster_types=(GROUP,)))) == ["chats"]
    assert read(ai_gateways=True, filters=Filters(labels={"env": "test"})) == []


def test_a_region_without_ai_gateways_is_told_and_one_that_forbids_them_is_an_error(server, read, warnings):
    server.routes = {PLANES: page(control_plane()), GATEWAYS: (404, "404 page not found")}
    assert names_of(read(ai_gateways=True)) == ["orders"]
    assert "has no AI Gateways" in warnings[0]
    server.routes = {PLANES: page(control_plane()), GATEWAYS: (403, {"message": "Forbidden"})}
    with pytest.raises(KonnectError, match="has no AI Gateways, or the token may not see them"):
        read(ai_gateways=True)


# Counting nodes


def nodes_of(plane_id):
    return f"GET /v2/control-planes/{plane_id}/nodes"


def test_nodes_are_not_read_unless_asked_for(server, read):
    server.routes = {PLANES: page(control_plane())}
    assert "konnect_live_nodes" not in read()[0]
    assert len(server.requests) == 1


def test_live_nodes_are_counted(server, read, warnings):
    server.routes = {
        PLANES: page(control_plane("none", OTHER_ID), control_plane("some")),
        nodes_of(PLANE_ID): nodes_page(node("a"), node("b"), node("c", age=1000)),
        nodes_of(OTHER_ID): nodes_page(),
    }
    assert [host["konnect_live_nodes"] for host in read(count_nodes=True)] == [0, 2]
    assert warnings == []


def test_the_nodes_of_a_group_member_cannot_be_counted(server, read, warnings):
    server.routes = {
        PLANES: page(control_plane()),
        nodes_of(PLANE_ID): nodes_page(),
        f"GET /v2/control-planes/{PLANE_ID}/group-member-status": (200, {"is_member": True}),
    }
    assert read(count_nodes=True)[0]["konnect_live_nodes"] is None
    assert "nodes of orders cannot be counted" in warnings[0]


def test_nodes_that_the_token_may_not_read_cannot_be_counted(server, read, warnings):
    server.routes = {PLANES: page(control_plane()), nodes_of(PLANE_ID): (403, {"message": "Forbidden"})}
    assert read(count_nodes=True)[0]["konnect_live_nodes"] is None
    assert len(warnings) == 1
