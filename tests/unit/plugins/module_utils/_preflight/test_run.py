# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a preflight asks where there is no way to the control plane."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._preflight.checks import CONTROL_PLANE
from ansible_collections.community.konnect.plugins.module_utils._preflight.run import Needs, run_checks

NO_TOKEN = KonnectError("No access token.", code=ErrorCode.NO_TOKEN)


def outcomes(**needs):
    return {check.check: check.outcome for check in run_checks(NO_TOKEN, Needs(**needs), CONTROL_PLANE)}


def test_the_provider_is_asked_with_the_key(server):
    server.routes = {"GET /v1/models": (200, {"data": []})}
    found = outcomes(models_url=f"{server.url}/v1/models", provider_key="fake-provider-key")
    ((method, path, headers, _body),) = server.requests
    assert (method, path, headers["Authorization"]) == ("GET", "/v1/models", "Bearer fake-provider-key")
    assert (found["token"], found["provider_key"]) == ("failed", "ok")


@pytest.mark.parametrize("needs", [{"provider_key": "fake-provider-key"}, {"models_url": "/v1/models"}])
def test_without_a_key_or_a_url_the_provider_is_not_asked(server, needs):
    if "models_url" in needs:
        needs = {"models_url": server.url + needs["models_url"]}
    assert outcomes(**needs)["provider_key"] != "ok"
    assert server.requests == []


def test_the_data_plane_is_asked_where_its_url_is_known(server):
    assert outcomes(proxy_url=f"{server.url}/")["proxy"] != "skipped"
    assert server.sent() == ["GET /"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:80@provider.example.com/v1/models", "HTTP://provider.example.com/v1/models"]
)
def test_a_key_is_not_sent_in_clear_text_however_the_url_is_written(url):
    (check,) = [
        each
        for each in run_checks(NO_TOKEN, Needs(models_url=url, provider_key="fake-provider-key"), CONTROL_PLANE)
        if each.check == "provider_key"
    ]
    assert "the key would be sent in clear text" in check.message
