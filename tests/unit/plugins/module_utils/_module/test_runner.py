# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import certifi
import pytest

from ansible_collections.community.konnect.plugins.module_utils import _predictions
from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
    ControlPlane,
    Organization,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import SERVICE
from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._module import runner
from ansible_collections.community.konnect.plugins.module_utils._module.argument_spec import CONNECTION
from ansible_collections.community.konnect.tests.unit.conftest import PLANE_ID
from ansible_collections.community.konnect.tests.unit.served import PLANE_PATH, held, page

TOKEN = "kpat_fake_token"
BUNDLE = certifi.where()


@pytest.fixture
def given(run):
    """The parent and the options that a handler gets."""

    def make(**arguments):
        found = []

        def handler(parent, options):
            found.extend([parent, options])
            return {"changed": False}

        run(handler, **arguments)
        return found

    return make


def returning(**result):
    return lambda parent, options: {"changed": False, **result}


# What a handler gets and what becomes of its result


def test_a_result_is_printed(run):
    result = run(returning(changed=True, secret={"key": "a"}))
    assert (result["changed"], result["secret"], result["rc"]) == (True, {"key": "a"}, 0)


def test_the_parent_is_the_control_plane(given):
    parent, _options = given(control_plane="quickstart")
    assert isinstance(parent, ControlPlane)


def test_the_name_of_the_control_plane_may_come_from_the_environment(given, monkeypatch):
    monkeypatch.setenv("KONNECT_CONTROL_PLANE", "quickstart")
    _parent, options = given()
    assert options["control_plane"] == "quickstart"


def test_without_that_option_the_parent_is_the_organization(given):
    parent, _options = given(spec=CONNECTION)
    assert isinstance(parent, Organization)


@pytest.mark.parametrize("check_mode", [True, False])
def test_in_check_mode_nothing_is_written(run, server, check_mode):
    def handler(parent, options):
        assert parent.task.check_mode == check_mode
        parent.client.request("POST", ("control-planes",), body={})

    result = run(handler, check_mode=check_mode, konnect_url=server.url)
    assert result["failure"]["code"] == ("check_mode" if check_mode else "not_found")
    assert len(server.requests) == (0 if check_mode else 1)


def test_options_become_the_connection(given):
    parent, _options = given(request_timeout=7, request_retries=2, request_deadline=90)
    connection = parent.client.connection
    assert (connection.token, connection.url) == (TOKEN, "https://konnect.example.com")
    assert (connection.timeout, connection.retries, connection.deadline) == (7, 2, 90)
    assert connection.verify is True


def test_a_region_stands_for_a_url(given):
    parent, _options = given(konnect_url=None, konnect_region="eu")
    assert parent.client.connection.url.startswith("https://eu.")


def test_a_missing_token_is_an_error(run):
    assert run(konnect_token=None)["failure"]["code"] == "no_token"


# What was written


PLANES = {"GET /v2/control-planes": (200, {"data": [{"id": PLANE_ID, "name": "quickstart"}]})}
HASH = {f"GET /v2/control-planes/{PLANE_ID}/expected-config-hash": (200, {"expected_hash": "old"})}
WRITE = {f"POST /v2/control-planes/{PLANE_ID}/things": (201, {}, {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"})}


@pytest.mark.parametrize("error", [None, KonnectError("It failed.", code=ErrorCode.IN_USE), ValueError("It failed.")])
def test_a_task_that_wrote_something_says_so_also_when_it_fails(run, server, error):
    def handler(parent, options):
        parent.client.request("POST", parent.path("things"), body={})
        if error:
            raise error
        return {"changed": True}

    server.routes = {**PLANES, **HASH, **WRITE}
    result = run(handler, konnect_url=server.url, control_plane="quickstart")
    assert result["rc"] == (1 if error else 0)
    assert (result["written_at"], result["expected_hashes"]) == ("2026-11-23T10:00:00Z", ["old"])


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_task_that_wrote_nothing_says_nothing_of_it(run, server, check_mode):
    def handler(parent, options):
        return {"changed": False, "id": parent.id}

    server.routes = {**PLANES, **HASH}
    result = run(handler, konnect_url=server.url, control_plane="quickstart", check_mode=check_mode)
    assert not {"written_at", "expected_hashes"} & set(result)
    assert not any("expected-config-hash" in line for line in server.sent())


def test_a_write_beside_control_planes_is_not_for_data_planes(run, server):
    def handler(parent, options):
        parent.client.request("POST", ("control-planes",), body={})
        return {"changed": True}

    server.routes = {"POST /v2/control-planes": (201, {})}
    assert "written_at" not in run(handler, spec=CONNECTION, konnect_url=server.url)
    assert server.sent() == ["POST /v2/control-planes"]


# Certificates


@pytest.mark.parametrize(("text", "verify"), [("false", False), ("no", False), ("true", True), ("", True)])
def test_validation_may_be_switched_by_the_environment(given, monkeypatch, text, verify):
    monkeypatch.setenv("KONNECT_VALIDATE_CERTS", text)
    assert given()[0].client.connection.verify is verify


def test_a_switch_that_is_neither_true_nor_false(run, monkeypatch):
    monkeypatch.setenv("KONNECT_VALIDATE_CERTS", "perhaps")
    result = run()
    assert (result["msg"], result["failure"]["code"]) == (
        "KONNECT_VALIDATE_CERTS must be true or false.",
        "invalid_input",
    )


@pytest.mark.parametrize(("validate", "verifies"), [(None, True), (True, True), (False, False)])
def test_certificates_are_validated_by_the_given_ones(given, validate, verifies):
    parent, _options = given(ca_path=BUNDLE, validate_certs=validate)
    assert parent.client.connection.verify == (BUNDLE if verifies else False)


def test_certificates_that_do_not_exist(run, tmp_path):
    path = str(tmp_path / "missing.pem")
    assert f"ca_path {path} does not exist" in run(ca_path=path)["msg"]
    assert run(ca_path=path, validate_certs=False)["rc"] == 0


# Failures


def test_an_error_is_printed_as_a_failure(run):
    def handler(parent, options):
        raise KonnectError("It failed.", code=ErrorCode.IN_USE, referrers=[])

    result = run(handler)
    assert (result["failed"], result["msg"], result["rc"]) == (True, "It failed.", 1)
    assert result["failure"] == {"status": None, "code": "in_use", "fields": [], "trace": None, "referrers": []}


def test_an_unexpected_error_shows_its_place_and_not_its_text(run):
    def handler(parent, options):
        raise ValueError("fake-secret-text")

    result = run(handler)
    place = f"ValueError at test_runner.py:{handler.__code__.co_firstlineno + 1}"
    assert f"Internal error in community.konnect: {place}. Please report it" in result["msg"]
    assert (result["failure"]["code"], result["rc"]) == ("internal_error", 1)
    assert "fake-secret-text" not in str(result)


def test_the_error_without_requests_names_it(run, monkeypatch):
    monkeypatch.setattr(runner, "REQUESTS_IMPORT_ERROR", "ImportError: No module named requests")
    result = run()
    assert (result["rc"], "requests" in result["msg"]) == (1, True)


# Warnings and progress


@pytest.mark.parametrize("fails", [True, False])
def test_each_warning_is_printed_once(run, fails):
    warning = f"A warning of the test whose task fails: {fails}."

    def handler(parent, options):
        parent.task.warn(warning)
        parent.task.warn(warning)
        if fails:
            raise KonnectError("It failed.", code=ErrorCode.IN_USE)
        return {"changed": False}

    assert str(run(handler)["warnings"]).count(warning) == 1


@pytest.fixture
def outdated(server, tmp_path, monkeypatch):
    """A run whose first task found a service that another client has replaced since; the ids of both."""
    monkeypatch.setenv("KONNECT_KNOWN_IDS_FILE", str(tmp_path / "ids.jsonl"))
    monkeypatch.setenv("KONNECT_RUN_KEY", "fake-run-key")
    server.routes = {"GET /v2/control-planes": page({"id": PLANE_ID, "name": "quickstart"})}
    old, new = "0c5b1d3a-5f0e-4c6d-9b7a-2e1f3a4b5c6d", "2c9a5b1e-7f5e-4d9a-9c39-0f4a1b6d7e21"
    server.routes.update(held(SERVICE, {"id": old, "name": "orders"}))

    def replace():
        del server.routes[f"GET {PLANE_PATH}/core-entities/services/{old}"]
        server.routes.update(held(SERVICE, {"id": new, "name": "orders"}))

    return old, new, replace


@pytest.mark.parametrize("fails", [False, True])
def test_a_task_begins_anew_once_where_a_parent_is_another_one_now(run, server, outdated, fails):
    old, new, replace = outdated
    found = []

    def handler(parent, options):
        service = parent.resolve(SERVICE, "orders").id
        found.append(service)
        parent.task.warn(f"uses {service}")
        if parent.endpoint(SERVICE).find(service) is None and fails:
            raise KonnectError("The service is gone.", code=ErrorCode.NOT_FOUND)
        return {"changed": False}

    at = {"konnect_url": server.url, "control_plane": "quickstart"}
    run(handler, **at)
    replace()
    printed = run(handler, **at)
    assert (found, printed["rc"], len(printed["warnings"])) == ([old, old, new], 0, 1)


def test_progress_goes_to_standard_error_with_a_mark(run):
    def handler(parent, options):
        parent.task.report("3 of 10 secrets")
        return {"changed": False}

    assert run(handler)["stderr"] == "community.konnect: 3 of 10 secrets\n"


# The environment

UNSET = {"konnect_token": None, "konnect_url": None, "konnect_region": None, "validate_certs": None, "ca_path": None}


def test_options_go_before_the_environment():
    filled = runner.with_environment({**UNSET, "konnect_token": "given"}, {"KONNECT_TOKEN": "from the environment"})
    assert filled["konnect_token"] == "given"


@pytest.mark.parametrize("given", [None, ""])
def test_an_empty_option_counts_as_unset(given):
    filled = runner.with_environment({**UNSET, "konnect_token": given}, {"KONNECT_TOKEN": "from the environment"})
    assert filled["konnect_token"] == "from the environment"


def test_a_switch_that_is_off_counts_as_set():
    filled = runner.with_environment({**UNSET, "validate_certs": False}, {"KONNECT_VALIDATE_CERTS": "true"})
    assert filled["validate_certs"] is False


def test_an_empty_variable_counts_as_unset():
    filled = runner.with_environment(UNSET, {"KONNECT_TOKEN": "", "KONNECT_SERVER_URL": "", "KONNECT_REGION": "eu"})
    assert (filled["konnect_token"], filled["konnect_url"], filled["konnect_region"]) == (None, None, "eu")


def test_without_options_and_environment_nothing_is_given():
    assert runner.with_environment(UNSET, {"KONNECT_REGION": ""}) == UNSET


@pytest.mark.parametrize(
    ("given", "url", "region"),
    [
        ({}, "https://env.example.com", None),
        ({"konnect_url": "", "konnect_region": ""}, "https://env.example.com", None),
        ({"konnect_region": "us"}, None, "us"),
        ({"konnect_url": "https://given.example.com"}, "https://given.example.com", None),
    ],
)
def test_the_server_is_one_choice(given, url, region):
    environment = {"KONNECT_SERVER_URL": "https://env.example.com", "KONNECT_REGION": "eu"}
    filled = runner.with_environment({**UNSET, **given}, environment)
    assert (filled["konnect_url"], filled["konnect_region"]) == (url, region)


def test_an_option_that_a_module_lacks_is_not_filled_in():
    assert "control_plane" not in runner.with_environment(UNSET, {"KONNECT_CONTROL_PLANE": "quickstart"})


@pytest.mark.parametrize(("check_mode", "known"), [(True, True), (False, False)])
def test_what_earlier_tasks_would_have_done_counts_in_check_mode_alone(run, monkeypatch, tmp_path, check_mode, known):
    monkeypatch.setenv(_predictions.VARIABLE, str(tmp_path / "predictions"))
    found = []

    def handler(parent, options):
        found.append(parent.task.predictions.file)
        return {"changed": False}

    run(handler, check_mode=check_mode)
    assert found == [str(tmp_path / "predictions") if known else None]
