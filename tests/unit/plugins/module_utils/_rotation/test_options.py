# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from requests import certs

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._rotation.options import rotation_options
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import Probe
from ansible_collections.community.konnect.plugins.modules.konnect_secret_rotation import SPEC

DEFAULTS = {name: option.get("default") for name, option in SPEC.options.items()}


def options(**given):
    return rotation_options({**DEFAULTS, **given})


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize(
    ("phase", "strategy"), [("prepare", "trial"), ("commit", "trial"), ("commit", "in_place"), ("switch", "in_place")]
)
def test_a_phase_that_writes_the_value_needs_it(phase, strategy, value):
    with pytest.raises(InvalidInput, match=f"The phase {phase} needs value"):
        options(phase=phase, strategy=strategy, value=value)


@pytest.mark.parametrize(
    ("phase", "strategy"), [("try", "trial"), ("switch", "blue_green"), ("rollback", "trial"), ("rollback", "in_place")]
)
def test_the_others_do_not(phase, strategy):
    assert options(phase=phase, strategy=strategy, value="").phase == phase


@pytest.mark.parametrize("name", ["probe_duration", "max_age_days"])
def test_what_is_negative_is_refused(name):
    with pytest.raises(InvalidInput, match="must not be negative"):
        options(phase="try", **{name: -1})


@pytest.mark.parametrize("name", ["probe_successes", "probe_deadline"])
def test_at_least_one_probe_is_sent(name):
    with pytest.raises(InvalidInput, match=f"{name} must be at least 1"):
        options(phase="try", **{name: 0})


@pytest.mark.parametrize(("phase", "strategy"), [("try", "blue_green"), ("try", "in_place"), ("switch", "trial")])
def test_a_phase_of_another_strategy_is_refused(phase, strategy):
    with pytest.raises(InvalidInput, match=f"The phase {phase} goes only with"):
        options(phase=phase, strategy=strategy, value="fake-new-value")


def test_the_url_of_a_proxy_is_where_chats_are_sent():
    found = options(phase="try", proxy_url="http://localhost:8000/")
    assert (found.proxy_url, found.probes) == ("http://localhost:8000", [])


@pytest.mark.parametrize("url", ["http://localhost:8000/?a=b", "http://localhost:8000/#a", "localhost:8000"])
def test_what_is_no_url_of_a_proxy_is_refused(url):
    with pytest.raises(InvalidInput):
        options(phase="try", proxy_url=url)


def test_a_probe_of_the_users_own_is_taken_as_it_is_given():
    given = {
        "url": "https://gateway.example.com/chat",
        "method": "put",
        "headers": {"X-Number": 7},
        "body": {"a": 1},
        "route": "chat",
        "good_status": [204],
        "bad_status": [402],
        "timeout": 3.0,
        "ca_path": certs.where(),
        "validate_certs": True,
    }
    (probe,) = options(phase="try", probes=[given], proxy_url="http://localhost:8000").probes
    assert probe == Probe(given["url"], "PUT", {"X-Number": "7"}, {"a": 1}, "chat", (204,), (402,), 3.0, certs.where())
    (unchecked,) = options(phase="try", probes=[{**given, "validate_certs": False, "headers": None}]).probes
    assert (unchecked.verify, unchecked.headers) == (False, {})
