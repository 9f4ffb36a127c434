# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait until data planes serve a certificate."""

from __future__ import annotations

import pytest

from support.certificates import issue
from support.control_plane import ControlPlaneHarness

OTHER = "ab" * 32


@pytest.fixture
def serving(emulators):
    """The control plane with a data plane, a certificate that it serves, and options to wait for that."""
    shared = emulators("--tls")
    konnect, issued = ControlPlaneHarness.first(shared), issue("a.example.com")
    body = {"cert": issued.cert, "key": issued.key, "snis": ["a.example.com"]}
    certificate = konnect.call("POST", "core-entities/certificates", body)
    options = {
        "addresses": shared.tls_proxy_url,
        "server_names": ["a.example.com"],
        "fingerprint": issued.fingerprint,
        "timeout": 0,
    }
    yield konnect, options
    konnect.call("DELETE", f"core-entities/certificates/{certificate['id']}")


def test_a_certificate_that_is_served_needs_no_request_to_konnect(serving):
    konnect, options = serving
    run = konnect.run("wait_for_certificate", options)
    assert (run.changed, run["is_served"], run.requests) == (False, True, [])
    assert run["served"][0]["matches"]


def test_another_one_is_an_error_with_what_is_served(serving):
    konnect, options = serving
    run = konnect.run("wait_for_certificate", {**options, "fingerprint": OTHER})
    assert run.code == "certificate_not_served"
    assert run.result["failure"]["served"][0]["fingerprint"] == options["fingerprint"]


def test_check_mode_neither_waits_nor_fails(serving):
    konnect, options = serving
    run = konnect.run("wait_for_certificate", {**options, "fingerprint": OTHER, "timeout": 600}, check=True)
    assert (run.changed, run["is_served"]) == (False, False)
