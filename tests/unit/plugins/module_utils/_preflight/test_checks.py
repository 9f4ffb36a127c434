# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each observation of a preflight means. Every check that does not pass says what to do."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.proof import Node
from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._preflight.checks import (
    AI_GATEWAY,
    CONTROL_PLANE,
    SUBJECTS,
    Check,
    check_control_plane,
    check_error,
    check_fingerprint_key,
    check_nodes,
    check_permissions,
    check_provider,
    check_proxy,
    check_versions,
    is_ready,
)
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import ProbeResponse

URL = "http://localhost:8000"
PLAIN = "CLUSTER_TYPE_CONTROL_PLANE"


def node(version="3.15.0.0", is_live=True, hostname="one", issues=None):
    return Node(
        id=f"id-{hostname}",
        hostname=hostname,
        version=version,
        config_hash="hash",
        config_version=None,
        sync_state=None,
        last_ping=0.0,
        is_live=is_live,
        errors=(),
        issues=issues,
    )


def outcomes(checks):
    return {check.check: check.outcome for check in checks}


@pytest.mark.parametrize(
    ("code", "failed", "passed"),
    [
        (ErrorCode.NO_TOKEN, "token", []),
        (ErrorCode.BAD_TOKEN, "token", []),
        (ErrorCode.UNAUTHORIZED, "token", ["region"]),
        (ErrorCode.NO_SERVER, "region", []),
        (ErrorCode.UNREACHABLE, "region", []),
        (ErrorCode.TLS, "region", []),
        (ErrorCode.NO_CONTROL_PLANE, "control_plane", ["token", "region"]),
        (ErrorCode.NOT_FOUND, "control_plane", ["token", "region"]),
        (ErrorCode.FORBIDDEN, "permissions", ["token", "region"]),
    ],
)
def test_an_error_on_the_way_is_that_of_one_check(code, failed, passed):
    checks = check_error(KonnectError("It did not work.", code=code), CONTROL_PLANE)
    found = outcomes(checks)
    assert [name for name, outcome in found.items() if outcome == "failed"] == [failed]
    assert sorted(name for name, outcome in found.items() if outcome == "ok") == sorted(passed)
    assert set(found) == {"token", "region", "control_plane", "permissions", "data_planes", "gateway_version"}
    (check,) = [check for check in checks if check.outcome == "failed"]
    assert (check.message, bool(check.remedy)) == ("It did not work.", True)


@pytest.mark.parametrize(
    ("cluster_type", "outcome"),
    [
        (PLAIN, "ok"),
        ("CLUSTER_TYPE_SERVERLESS", "ok"),
        ("CLUSTER_TYPE_CONTROL_PLANE_GROUP", "failed"),
        ("CLUSTER_TYPE_K8S_INGRESS_CONTROLLER", "failed"),
        ("CLUSTER_TYPE_KAFKA_NATIVE_EVENT_PROXY", "failed"),
    ],
)
def test_a_control_plane_has_to_take_entities(cluster_type, outcome):
    check = check_control_plane(
        "control_plane", {"id": "some-id", "name": "quickstart", "config": {"cluster_type": cluster_type}}
    )
    assert (check.outcome, bool(check.remedy)) == (outcome, outcome == "failed")


# AI Gateways


@pytest.mark.parametrize("code", [ErrorCode.NOT_FOUND, ErrorCode.NO_AI_GATEWAY])
def test_an_ai_gateway_that_is_missing_is_a_check_of_its_own(code):
    checks = check_error(KonnectError("There is none.", code=code), AI_GATEWAY)
    (check,) = [check for check in checks if check.outcome == "failed"]
    assert (check.check, "KONNECT_AI_GATEWAY" in check.remedy, "beta" in check.remedy) == ("ai_gateway", True, True)
    assert "control_plane" not in outcomes(checks)


def test_an_ai_gateway_has_data_planes_of_its_own():
    assert "open the AI Gateway" in check_nodes([], "", False, AI_GATEWAY).remedy
    assert "KONNECT_AI_GATEWAY_URL" in check_proxy(None, None, AI_GATEWAY).remedy
    old = check_versions([node("1.9.0")], AI_GATEWAY)
    assert (old.outcome, "need Kong AI Gateway 2.0 or newer" in old.remedy) == ("failed", True)
    assert check_versions([node("2.0.1")], AI_GATEWAY).outcome == "ok"


def test_every_product_has_its_checks():
    assert [*SUBJECTS] == ["control_plane", "ai_gateway"]


def test_what_cannot_be_read_is_named():
    check = check_permissions({"Config Stores": KonnectError("Konnect sent 403.", code=ErrorCode.FORBIDDEN)})
    assert check.outcome == "failed"
    assert "cannot read Config Stores. Konnect sent 403." in check.message
    assert check_permissions({}).outcome == "ok"


@pytest.mark.parametrize(
    ("nodes", "cluster_type", "in_group", "outcome", "words"),
    [
        ([node()], PLAIN, False, "ok", "1 of 1 data plane nodes are live"),
        ([node(), node(hostname="two", issues="P101: no plugin")], PLAIN, False, "warning", "problems: two"),
        ([node(is_live=False)], PLAIN, False, "failed", "None of 1"),
        ([], PLAIN, False, "failed", "has ever connected"),
        ([], PLAIN, True, "warning", "member of a control plane group"),
        ([], "CLUSTER_TYPE_SERVERLESS_V1", False, "ok", "serverless"),
    ],
    ids=["live", "problem", "lost", "none", "group", "serverless"],
)
def test_data_planes_are_its_own_or_a_groups_or_serverless(nodes, cluster_type, in_group, outcome, words):
    check = check_nodes(nodes, cluster_type, in_group, CONTROL_PLANE)
    assert check.outcome == outcome
    assert words in check.message
    assert bool(check.remedy) == (outcome != "ok")


@pytest.mark.parametrize(
    ("versions", "outcome", "words"),
    [
        (["3.15.0.0"], "ok", ""),
        (["3.6.0.0"], "ok", ""),
        (["3.10.0.0", "3.5.0.7"], "failed", "AI Proxy needs Kong Gateway 3.6"),
        (["3.3.1.0"], "failed", "Config Stores need Kong Gateway 3.4"),
        ([None], "skipped", ""),
        ([], "skipped", ""),
    ],
)
def test_the_oldest_data_plane_decides(versions, outcome, words):
    nodes = [node(version, hostname=f"node-{number}") for number, version in enumerate(versions)]
    check = check_versions(nodes, CONTROL_PLANE)
    assert check.outcome == outcome
    assert words in check.remedy


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (ProbeResponse(404, {"Server": "kong/3.15.0"}), "ok"),
        (ProbeResponse(404, {"X-Kong-Response-Latency": "0"}), "ok"),
        (ProbeResponse(200, {"Server": "nginx"}), "warning"),
        (ProbeResponse(None, error="Connection refused"), "failed"),
    ],
)
def test_the_proxy_has_to_be_a_data_plane(response, outcome):
    assert check_proxy(URL, response, CONTROL_PLANE).outcome == outcome


def test_a_proxy_has_to_be_set():
    assert check_proxy(None, None, CONTROL_PLANE).outcome == "failed"


@pytest.mark.parametrize(
    ("has_key", "response", "outcome"),
    [
        (False, None, "failed"),
        (True, None, "skipped"),
        (True, ProbeResponse(200), "ok"),
        (True, ProbeResponse(401), "failed"),
        (True, ProbeResponse(403), "failed"),
        (True, ProbeResponse(429), "warning"),
        (True, ProbeResponse(None, error="no route to host"), "warning"),
    ],
)
def test_the_provider_decides_about_its_key(has_key, response, outcome):
    assert check_provider(has_key, "https://api.example.com/v1/models", response).outcome == outcome


@pytest.mark.parametrize(("key", "outcome"), [(None, "warning"), ("short", "failed"), ("k" * 32, "ok")])
def test_a_fingerprint_key_is_long(key, outcome):
    assert check_fingerprint_key(key).outcome == outcome


def test_only_a_failed_check_stands_in_the_way():
    assert is_ready([Check("token", "ok", ""), Check("proxy", "warning", ""), Check("x", "skipped", "")])
    assert not is_ready([Check("token", "failed", "")])
