# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import http.client
import importlib.util
import sys

import pytest
import requests

from ansible_collections.community.konnect.plugins.module_utils._client import session
from ansible_collections.community.konnect.plugins.module_utils._client.client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._client.connection import Connection
from ansible_collections.community.konnect.plugins.module_utils._client.session import (
    Request,
    root_cause,
    transport_failure,
    unexpected_response,
    url_path,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import (
    InvalidInput,
    Retryable,
    TransportError,
    UnknownOutcome,
)
from ansible_collections.community.konnect.plugins.module_utils._version import VERSION

PATH = ("control-planes", "1")
READ = Request("GET", PATH, {}, None, writes=False)
WRITE = Request("PUT", PATH, {}, {}, writes=True)
CONNECTION = Connection("https://konnect.example.com", "kpat_fake")
UNREACHABLE = (
    "GET /v2/control-planes/1: https://konnect.example.com cannot be reached: refused. Check konnect_url or "
    "konnect_region, the network and the proxy settings."
)
ERRORS = requests.exceptions


def test_without_the_library_requests_the_module_can_be_imported_to_report_it(monkeypatch):
    assert session.REQUESTS_IMPORT_ERROR is None
    monkeypatch.setitem(sys.modules, "requests", None)
    spec = importlib.util.find_spec(session.__name__)
    imported = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(imported)
    assert "ModuleNotFoundError" in imported.REQUESTS_IMPORT_ERROR


# What is sent


def test_each_request_carries_the_token_and_names_the_collection(server, connect):
    server.script = [(200, {})]
    connect().get(PATH)
    headers = server.requests[0][2]
    assert headers["Authorization"] == "Bearer kpat_test"
    assert headers["Accept"] == "application/json"
    assert headers["User-Agent"] == f"community.konnect/{VERSION}"


def test_netrc_does_not_replace_the_token(server, connect, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login alice password fake\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.script = [(200, {})]
    connect().get(PATH)
    assert server.requests[0][2]["Authorization"] == "Bearer kpat_test"


def test_no_cookie_is_sent_back(server, connect):
    server.script = [(200, {}, {"Set-Cookie": "session=1"}), (200, {})]
    client = connect()
    client.get(PATH)
    client.get(PATH)
    assert "Cookie" not in server.requests[1][2]


def test_a_proxy_is_not_used_for_this_machine(server, connect, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.script = [(200, {"id": "1"})]
    assert connect().get(PATH) == {"id": "1"}


def test_a_proxy_of_the_environment_is_used_for_another_machine(server, monkeypatch):
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    client = KonnectClient(Connection("https://konnect.invalid", "kpat_fake", retries=0))
    with pytest.raises(TransportError) as caught:
        client.request("POST", PATH, body={})
    assert caught.value.code == "unreachable"
    assert "Unsupported method ('CONNECT')" in caught.value.message


# Paths


def test_a_path_begins_with_the_version_of_the_api():
    assert url_path(("control-planes", "1")) == "/v2/control-planes/1"


def test_segments_are_quoted():
    assert url_path(("control-planes", "a/b?c#d%e")) == "/v2/control-planes/a%2Fb%3Fc%23d%25e"


def test_quoted_segments_are_sent_as_they_are(server, connect):
    server.script = [(200, {})]
    connect().get(("control-planes", "a/b?c#d%e"))
    assert server.requests[0][1] == "/v2/control-planes/a%2Fb%3Fc%23d%25e"


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_a_segment_that_leads_elsewhere_is_refused(server, connect, segment):
    with pytest.raises(InvalidInput) as caught:
        connect().delete(("control-planes", "1", "config-stores", "2", "secrets", segment))
    assert caught.value.message == f"{segment!r} cannot be part of a path of Konnect's API."
    assert server.requests == []


@pytest.mark.parametrize("segment", ["...", ".a", "a.", "a..b"])
def test_dots_in_a_segment_lead_nowhere_else(segment):
    assert url_path((segment,)) == f"/v2/{segment}"


def test_a_request_is_named_by_method_and_path():
    assert str(READ) == "GET /v2/control-planes/1"


# What a failure means


def test_a_failure_of_tls_names_the_option_for_a_ca():
    failure = transport_failure(READ, CONNECTION, ERRORS.SSLError("self-signed certificate"))
    assert isinstance(failure, TransportError)
    assert failure.code == "tls"
    assert failure.message == (
        "GET /v2/control-planes/1: the TLS connection to https://konnect.example.com failed: self-signed certificate. "
        "For a CA of your own set ca_path."
    )


@pytest.mark.parametrize("request_", [READ, WRITE], ids=str)
@pytest.mark.parametrize(
    "error",
    [
        ERRORS.ConnectTimeout("timed out"),
        ERRORS.ConnectionError("NewConnectionError: refused"),
        ERRORS.ConnectionError("NameResolutionError: unknown"),
        ERRORS.ConnectionError("ConnectTimeoutError: timed out"),
        ERRORS.ProxyError("Tunnel connection failed: 403"),
    ],
    ids=str,
)
def test_what_was_never_sent_may_be_sent_again(request_, error):
    failure = transport_failure(request_, CONNECTION, error)
    assert isinstance(failure, Retryable)
    assert failure.error.code == "unreachable"
    assert "cannot be reached" in failure.error.message


def test_a_server_that_cannot_be_reached_is_named_with_what_to_check():
    error = ERRORS.ConnectionError("NewConnectionError: refused")
    assert transport_failure(READ, CONNECTION, error).error.message == UNREACHABLE


@pytest.mark.parametrize("error", [ERRORS.ConnectionError, ERRORS.ReadTimeout, ERRORS.ChunkedEncodingError])
def test_a_response_that_broke_off_is_retried_only_by_a_read(error):
    read, write = (transport_failure(request, CONNECTION, error("broken")) for request in (READ, WRITE))
    assert isinstance(read, Retryable)
    assert read.error.message == (
        "GET /v2/control-planes/1: https://konnect.example.com sent no complete response: broken."
    )
    assert isinstance(write, UnknownOutcome)


def test_another_failure_is_named_as_it_is():
    failure = transport_failure(READ, CONNECTION, ERRORS.InvalidURL("bad URL"))
    assert isinstance(failure, TransportError)
    assert failure.message == "GET /v2/control-planes/1: InvalidURL: bad URL"


@pytest.mark.parametrize(
    "error", [ERRORS.ContentDecodingError, ERRORS.InvalidHeader, http.client.HTTPException, UnicodeDecodeError, OSError]
)
def test_what_is_no_http_is_an_unexpected_response(error):
    made = error("utf-8", b"x", 0, 1, "broken") if error is UnicodeDecodeError else error("broken")
    failure = transport_failure(READ, CONNECTION, made)
    assert failure.error.code == "unexpected_response"
    assert failure.error.message.startswith(
        "GET /v2/control-planes/1: https://konnect.example.com sent what is no HTTP response: "
    )


def test_an_unexpected_response_to_a_read_may_be_asked_for_again():
    failure = unexpected_response(READ, CONNECTION, "nothing")
    assert isinstance(failure, Retryable)
    assert failure.error.code == "unexpected_response"
    assert failure.error.message == "GET /v2/control-planes/1: https://konnect.example.com sent nothing."


def test_after_an_unexpected_response_to_a_write_its_outcome_is_unknown():
    failure = unexpected_response(WRITE, CONNECTION, "nothing", 200)
    assert isinstance(failure, UnknownOutcome)
    assert failure.to_fail_json()["failure"]["code"] == "unexpected_response"
    assert failure.to_fail_json()["failure"]["status"] == 200
    assert failure.message.startswith("PUT /v2/control-planes/1: https://konnect.example.com sent nothing. Whether")


class WithReason(Exception):
    """An error with the cause in an attribute, as urllib3 makes them."""

    def __init__(self, message, reason):
        super().__init__(message)
        self.reason = reason


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError("refused"), "refused"),
        (OSError(111, "refused"), "[Errno 111] refused"),
        (ValueError(ValueError("refused")), "refused"),
        (ValueError("HTTPSConnectionPool: Max retries: refused"), "refused"),
        (WithReason("wrapped", OSError("refused")), "refused"),
        (ValueError(ValueError(WithReason("wrapped", OSError("refused")))), "refused"),
        (WithReason("not wrapped", "a text"), "not wrapped"),
        (ValueError("Connection aborted.", OSError("reset by peer")), "reset by peer"),
        (ValueError(), "ValueError"),
        (OSError("[SSL: WRONG_VERSION_NUMBER] wrong version (_ssl.c:1)"), "wrong version (_ssl.c:1)"),
        (
            OSError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] verify failed: self-signed (_ssl.c:1)"),
            "self-signed (_ssl.c:1)",
        ),
    ],
)
def test_the_root_cause_is_named_without_its_wrappers(error, expected):
    assert root_cause(error) == expected
