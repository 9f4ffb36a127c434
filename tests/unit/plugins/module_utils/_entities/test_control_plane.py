# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import uuid

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
    ID_NAMESPACE,
    ControlPlane,
    Organization,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CONFIG_STORE,
    CONSUMER,
    ROUTE,
    SERVICE,
    VAULT,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, held, page

PLANE = {"id": PLANE_ID, "name": "quickstart"}
SERVICE_ID = "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d"
DATE = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
SOME_SECONDS_AGO, AN_HOUR_AGO = 1_795_428_000 - 10, 1_795_428_000 - 3600
VALIDATE = f"POST {PLANE_PATH}/core-entities/schemas/route/validate"


@pytest.fixture
def named(connect):
    """Make a control plane that is not looked up yet."""
    return lambda name: ControlPlane(Organization(connect(), Task()), name)


# The control plane itself


def test_it_is_looked_up_when_it_is_needed_and_once(server, named):
    server.script = [page(PLANE)]
    control_plane = named("quickstart")
    assert server.requests == []
    assert control_plane.id == PLANE_ID
    assert control_plane.path("core-entities") == ("control-planes", PLANE_ID, "core-entities")
    assert control_plane.label == "Control plane quickstart"
    assert server.sent() == [
        "GET /v2/control-planes?filter%5Bname%5D%5Beq%5D=quickstart&page%5Bsize%5D=100&page%5Bnumber%5D=1"
    ]


def test_it_may_be_given_by_id(server, named):
    server.script = [page(), (200, PLANE)]
    assert named(PLANE_ID).entity == PLANE


def test_one_that_is_known_is_not_looked_up(server, plane):
    assert plane().id == PLANE_ID
    assert server.requests == []


def test_one_that_does_not_exist_is_an_error_with_the_names_that_exist(server, named):
    server.script = [page(), page(PLANE)]
    with pytest.raises(KonnectError) as caught:
        str(named("quickstar").id)
    assert caught.value.message == (
        "Konnect has no control plane quickstar. Did you mean quickstart? It has: quickstart."
    )
    assert caught.value.code == "not_found"


@pytest.mark.parametrize("name", [None, ""])
def test_one_that_is_not_given_is_an_error_when_it_is_needed(server, named, name):
    with pytest.raises(InvalidInput) as caught:
        named(name).path()
    assert caught.value.code == "no_control_plane"
    assert "KONNECT_CONTROL_PLANE" in caught.value.message
    assert server.requests == []


@pytest.mark.parametrize("check_mode", [False, True])
def test_it_knows_whether_the_task_is_in_check_mode(plane, check_mode):
    assert plane(check_mode=check_mode).check_mode is check_mode


def test_below_a_new_control_plane_a_refusal_is_retried(server, named, pauses):
    created = {**PLANE, "created_at": "2026-11-23T09:59:50.000Z"}
    server.script = [(200, {"data": [created]}, DATE), (404, {}, DATE), (200, {"data": []}, DATE)]
    assert list(named("quickstart").list(ROUTE)) == []
    assert len(pauses) == 1


def test_below_an_older_control_plane_a_refusal_counts(server, named, pauses):
    created = {**PLANE, "created_at": "2026-11-23T09:00:00.000Z"}
    server.script = [(200, {"data": [created]}, DATE), (404, {}, DATE)]
    with pytest.raises(ApiError):
        list(named("quickstart").list(ROUTE))
    assert pauses == []


# Ids


def test_the_id_of_a_new_entity_follows_from_control_plane_kind_and_key(plane):
    expected = str(uuid.uuid5(uuid.UUID("6f7d8e52-3f0c-5c0b-9d5e-0a4d1c6b8f27"), f"{PLANE_ID}/route/orders"))
    assert plane().deterministic_id(ROUTE, "orders") == expected
    assert uuid.UUID("6f7d8e52-3f0c-5c0b-9d5e-0a4d1c6b8f27") == ID_NAMESPACE


# Reading


def test_a_path_below_it_is_read(server, plane):
    server.script = [(200, {"id": "1"})]
    assert plane().get("nodes", "1") == {"id": "1"}
    assert server.sent() == [f"GET {PLANE_PATH}/nodes/1"]


def test_a_path_below_it_that_does_not_exist_is_none(server, plane):
    assert plane().get("nodes", "1") is None


def test_a_list_takes_a_query(server, plane):
    server.script = [page({"id": "1"})]
    assert list(plane().list(ROUTE, {"tags": "a"})) == [{"id": "1"}]
    assert server.sent() == [f"GET {PLANE_PATH}/core-entities/routes?tags=a&size=1000"]


def test_a_kind_that_is_supported_is_listed(server, plane):
    server.routes = held(CONSUMER, {"id": "1"}, {"id": "2"})
    assert plane().list_if_supported(CONSUMER) == [{"id": "1"}, {"id": "2"}]


def test_a_kind_that_is_not_supported_has_no_entities(server, plane):
    server.script = [(404, {})]
    assert plane().list_if_supported(CONSUMER) == []


def test_another_failure_of_a_list_is_an_error(server, plane):
    server.script = [(403, {})]
    with pytest.raises(ApiError):
        plane().list_if_supported(CONSUMER)


def test_a_schema_is_read(server, plane):
    server.script = [(200, {"fields": []})]
    assert plane().schema("plugins", "ai-proxy") == {"fields": []}
    assert server.sent() == [f"GET {PLANE_PATH}/core-entities/schemas/plugins/ai-proxy"]


# The validate endpoint


def test_a_body_is_validated_without_what_only_the_server_sets(server, plane):
    server.script = [(200, {})]
    plane(check_mode=True).validate(ROUTE, {"id": "1", "created_at": 1, "updated_at": 1, "name": "orders"})
    assert server.sent() == [VALIDATE]
    assert server.requests[0][3] == {"name": "orders"}


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_without_the_validate_endpoint_is_assumed_to_accept_the_body(server, plane, status):
    server.script = [(status, {})]
    assert plane().validate(ROUTE, {"name": "orders"}) is None


@pytest.mark.parametrize("status", [400, 403, 409])
def test_a_body_that_the_server_refuses_is_an_error(server, plane, status):
    server.script = [(status, {})]
    with pytest.raises(ApiError) as caught:
        plane().validate(ROUTE, {"name": "orders"})
    assert caught.value.status == status


def test_a_kind_without_a_schema_is_not_validated(server, plane):
    plane().validate(CONFIG_STORE, {"name": "my-store"})
    assert server.requests == []


# Names


def test_a_name_is_resolved_to_its_entity(server, plane):
    server.routes = held(SERVICE, {"id": SERVICE_ID, "name": "orders"})
    resolved = plane().resolve(SERVICE, "orders")
    assert (resolved.id, resolved.predicted) == (SERVICE_ID, False)


@pytest.mark.parametrize("name_or_id", ["orders", SERVICE_ID])
def test_a_name_that_means_nothing_is_an_error(server, plane, name_or_id):
    server.routes = held(SERVICE)
    with pytest.raises(KonnectError) as caught:
        plane().resolve(SERVICE, name_or_id)
    assert caught.value.message == (f"Control plane quickstart has no service {name_or_id}. It has no services.")
    assert caught.value.code == "not_found"


def test_in_check_mode_a_name_that_means_nothing_is_predicted_with_a_warning(server, plane):
    server.routes = held(VAULT)
    control_plane = plane(check_mode=True)
    resolved = control_plane.resolve(VAULT, "my-vault")
    assert resolved.entity == {"id": control_plane.deterministic_id(VAULT, "my-vault"), "prefix": "my-vault"}
    assert resolved.predicted is True
    assert control_plane.task.warnings == [
        "Control plane quickstart has no vault my-vault yet; check mode assumes that an earlier task creates it."
    ]


def test_in_check_mode_an_id_that_means_nothing_is_an_error_all_the_same(server, plane):
    server.routes = held(SERVICE)
    control_plane = plane(check_mode=True)
    with pytest.raises(KonnectError):
        control_plane.resolve(SERVICE, SERVICE_ID)
    assert control_plane.task.warnings == []


def test_what_exists_is_resolved_without_a_warning_in_check_mode(server, plane):
    server.routes = held(SERVICE, {"id": SERVICE_ID, "name": "orders"})
    control_plane = plane(check_mode=True)
    assert control_plane.resolve(SERVICE, "orders").predicted is False
    assert control_plane.task.warnings == []


def test_what_may_be_missing_is_none(server, plane):
    server.routes = held(SERVICE)
    assert plane().resolve_if_exists(SERVICE, "orders") is None


def test_an_empty_name_is_an_error(server, plane):
    with pytest.raises(InvalidInput, match="The name of a service must not be empty"):
        plane().resolve_if_exists(SERVICE, "")
    assert server.requests == []


@pytest.mark.parametrize(("created_at", "retries"), [(SOME_SECONDS_AGO, 1), (AN_HOUR_AGO, 0)])
def test_below_a_new_entity_a_missing_one_is_retried(server, plane, pauses, created_at, retries):
    service = {"id": SERVICE_ID, "name": "orders", "created_at": created_at}
    server.script = [(200, {"data": [service]}, DATE), (404, {}, DATE), (200, {"data": []}, DATE)]
    control_plane = plane()
    control_plane.resolve(SERVICE, "orders")
    assert control_plane.list_if_supported(ROUTE) == []
    assert len(pauses) == retries
