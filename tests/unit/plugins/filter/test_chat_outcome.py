# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.chat_outcome import FilterModule

chat_outcome = FilterModule().filters()["chat_outcome"]
KONG = {"via": "1.1 kong/3.12.0.0-enterprise-edition", "x_kong_request_id": "1"}


def completion(content):
    return {"choices": [{"message": {"role": "assistant", "content": content}}]}


def response(data=None, status=200, **more):
    return {"status": status, **({} if data is None else {"json": data}), **more}


def test_a_chat_completion_is_ok():
    found = chat_outcome(response(completion("1+1 is 2.")))
    assert (found["ok"], found["final"], found["text"]) == (True, True, "1+1 is 2.")


def test_a_chat_completion_may_come_as_another_type_of_content():
    assert chat_outcome(response(content='{"choices": [{"message": {"content": "2"}}]}'))["text"] == "2"


WITHOUT_TEXT = [
    {"choices": []},
    {"choices": None},
    {"choices": {}},
    {"choices": [None]},
    {"choices": [{}]},
    {"choices": [{"message": None}]},
    completion(None),
    completion(""),
    completion(" \n"),
    completion([{"type": "text"}]),
]


@pytest.mark.parametrize("data", WITHOUT_TEXT)
def test_a_chat_completion_without_a_text_does_not_get_one_by_waiting(data):
    found = chat_outcome(response(data, **KONG))
    assert (found["ok"], found["final"]) == (False, True)
    assert "chat completion without a text" in found["message"]


@pytest.mark.parametrize(
    "given",
    [
        response(content="<html>Welcome</html>"),
        response([1, 2]),
        response({"status": "ok"}),
        response("text"),
        response(content="[" * 200_000),
        response(),
    ],
)
def test_what_is_no_data_plane_is_told_at_once(given):
    found = chat_outcome({**given, "server": "nginx"})
    assert (found["ok"], found["final"]) == (False, True)
    assert "no data plane" in found["message"]


@pytest.mark.parametrize("header", [{"via": "kong/3.4"}, {"server": "kong/3.12"}, {"x_kong_upstream_latency": "1"}])
def test_a_data_plane_without_the_plugin_may_get_it(header):
    assert chat_outcome(response({"headers": {}}, **header))["final"] is False


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"status": -1}, "Nothing listens there"),
        ({"failed": True}, "Nothing listens there"),
        ({"status": 404, **KONG}, "does not have this route yet"),
        ({"status": 404, "server": "nginx"}, "no header says that it comes from Kong"),
        ({"status": 503, **KONG}, "See the log of the data plane"),
    ],
)
def test_what_may_change_is_waited_for(given, message):
    found = chat_outcome(given)
    assert (found["ok"], found["final"]) == (False, False)
    assert message in found["message"]


@pytest.mark.parametrize(("attempts", "final"), [(1, False), (4, False), (5, True)])
def test_a_rejected_key_is_tried_a_few_times(attempts, final):
    assert chat_outcome({"status": 401, "attempts": attempts, **KONG})["final"] is final


def test_a_redirect_is_told_at_once():
    assert chat_outcome({"status": 302})["final"] is True


def test_secrets_are_left_out_of_the_text():
    text = "Your headers: Authorization: Bearer fake-key-number-one!"
    found = chat_outcome(response(completion(text)), ["Bearer fake-key-number-one", ""])
    assert found["text"] == "Your headers: Authorization: (not shown)!"


def test_control_characters_of_the_text_are_visible():
    assert chat_outcome(response(completion("\x1b[2Jone\ntwo")))["text"] == "\\u001b[2Jone\ntwo"


@pytest.mark.parametrize("arguments", [("text",), ({}, "secret"), ({}, 5)])
def test_other_input_is_refused(arguments):
    with pytest.raises(AnsibleFilterError, match="chat_outcome: "):
        chat_outcome(*arguments)
