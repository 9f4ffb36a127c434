# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role rotate_secret in playbooks that are not ours."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest

from support.emulator import API_KEY, Emulator
from support.rotation import BAD_KEY, BLUE_GREEN, NEW_KEY, chat, ready_to_rotate, referred, rotate, rotate_in

ROLE = "community.konnect.rotate_secret"
OLD = {"rotate_secret_old_value": f"Bearer {API_KEY}"}


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    with ready_to_rotate() as running:
        yield running


def in_a_role(konnect: Emulator, value: object, *, keywords: dict | None = None, defaults: dict | None = None, **more):
    variables = {"rotate_secret_value": f"Bearer {value}" if isinstance(value, str) else value, **more}
    defaults = {"module_defaults": defaults} if defaults else {}
    return rotate_in(konnect, roles=[{"role": ROLE, **(keywords or {})}], vars=variables, **defaults)


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", ["in_place", "blue_green"])
def test_errors_that_the_caller_ignores(konnect, strategy):
    """A value that fails is taken back all the same, and does not count as proved."""
    given = {"rotate_secret_strategy": strategy, **OLD}
    done = in_a_role(konnect, BAD_KEY, keywords={"ignore_errors": True}, **given)
    assert "which works." in done.output or "is live again, and works." in done.output
    assert chat(konnect) == 200
    again = in_a_role(konnect, BAD_KEY, **given)
    assert again.code != 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", ["in_place", "blue_green"])
def test_check_mode_as_a_keyword(konnect, strategy):
    done = in_a_role(konnect, NEW_KEY, keywords={"check_mode": True}, rotate_secret_strategy=strategy)
    assert (done.code, done.changed > 0) == (0, True), done.output
    assert konnect.writes() == []


@pytest.mark.exhaustive
def test_a_mapping_with_numbers_is_taken_back(konnect):
    year = datetime.datetime.now(datetime.UTC).year
    done = in_a_role(konnect, {"password": BAD_KEY, "port": year, "number": 1}, **OLD)
    assert "The old value of mistral-key is live again, and works." in done.output
    assert chat(konnect) == 200


@pytest.mark.exhaustive
def test_defaults_of_the_callers_for_secrets(konnect):
    done = in_a_role(konnect, NEW_KEY, defaults={"community.konnect.konnect_secret": {"update_secret": "on_create"}})
    assert done.code == 0, done.output


@pytest.mark.exhaustive
@pytest.mark.parametrize("status", ["200,201", [200, 201], "200", 200])
def test_the_statuses_that_prove_a_value(konnect, status):
    done = in_a_role(
        konnect, NEW_KEY, rotate_secret_probe={"status_code": status}, rotate_secret_proxy_url=konnect.proxy_url
    )
    assert done.code == 0, done.output


@pytest.mark.exhaustive
def test_what_a_url_holds_of_secrets_is_not_told(konnect):
    url = konnect.proxy_url.replace("//", "//user:fake-probe-password@") + "/anything?apikey=fake-query-key"
    probe = {"url": url, "method": "POST", "body": {"messages": []}, "body_format": "json"}
    done = in_a_role(konnect, BAD_KEY, rotate_secret_probe=probe, **OLD)
    assert f"The probe of {konnect.proxy_url}/anything returned" in done.output
    assert "fake-probe-password" not in done.output
    assert "fake-query-key" not in done.output


@pytest.mark.exhaustive
@pytest.mark.parametrize(("url", "words"), [("http://", "Say how"), ("http://127.0.0.1:9/", "got no response")])
def test_a_probe_that_nobody_answers(konnect, url, words):
    done = in_a_role(konnect, NEW_KEY, rotate_secret_probe={"url": url, "timeout": 1}, **OLD)
    assert done.code != 0
    assert words in done.output
    assert chat(konnect) == 200


@pytest.mark.exhaustive
def test_what_the_gateway_does_not_resolve_uses_no_secret(konnect):
    code = "-- {vault://mysecretvault/mistral-key}"
    konnect.call("POST", "core-entities/plugins", {"name": "pre-function", "config": {"access": [code]}})
    assert rotate(konnect, **BLUE_GREEN).code == 0
    assert referred(konnect) == "mistral-key-blue"
    konnect.writes()
    unused = rotate(konnect, BAD_KEY)
    assert "Nothing refers to mistral-key" in unused.output
    assert konnect.writes() == []


@pytest.mark.exhaustive
def test_in_a_loop_of_the_callers(konnect):
    value = {"rotate_secret_value": "Bearer {{ item }}", **BLUE_GREEN}
    role = {"ansible.builtin.include_role": {"name": ROLE}, "vars": value}
    done = rotate_in(konnect, tasks=[{"name": "Rotate", **role, "loop": [NEW_KEY, BAD_KEY]}])
    assert "The references are back at mistral-key-blue, which works." in done.output
    assert "loop_var" not in done.output
    assert referred(konnect) == "mistral-key-blue"
    assert chat(konnect) == 200
