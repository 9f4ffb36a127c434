# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module prints and logs of the secrets that it is given, and of those that it reads."""

from __future__ import annotations

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._module.argument_spec import CONNECTION, ArgumentSpec

SECRET = "fake-secret-value"


def returning(**result):
    return lambda parent, options: {"changed": False, **result}


@pytest.fixture
def log(monkeypatch):
    """The messages that modules write to the log of the system."""
    messages = []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, msg, log_args=None: messages.append((msg, log_args)))
    return messages


# Options in the result


def test_an_option_that_is_secret_is_not_shown(run):
    shown = run(value=SECRET)["invocation"]["module_args"]
    assert (shown["value"], shown["konnect_token"]) == ("(not shown)", "(not shown)")


def test_an_option_that_is_not_given_is_shown_as_such(run):
    shown = run()["invocation"]["module_args"]
    assert (shown["value"], shown["rows"]) == (None, None)


def test_other_options_are_shown(run):
    shown = run(text="some text", names=["a"], config={"host": "example.com"})["invocation"]["module_args"]
    assert (shown["text"], shown["names"], shown["config"]) == ("some text", ["a"], {"host": "example.com"})


def test_a_list_that_holds_secrets_is_shown_by_its_length(run):
    rows = [{"key": "a", "value": SECRET}, {"key": "b", "value": SECRET}]
    assert run(rows=rows)["invocation"]["module_args"]["rows"] == "(2 items, not shown)"


# Values in the result


@pytest.mark.parametrize(
    "options",
    [
        {"value": SECRET},
        {"value": f"Bearer {SECRET}"},
        {"value": f'{{"password": "{SECRET}"}}'},
        {"konnect_token": SECRET},
        {"fingerprint_key": SECRET},
        {"rows": [{"key": "a", "value": SECRET}]},
        {"row": {"key": "a", "value": SECRET}},
        {"config": {"auth": {"password": SECRET}}},
        {"text": f"https://user:{SECRET}@example.com"},
    ],
)
def test_a_secret_of_the_options_is_masked_in_free_text(run, options):
    def handler(parent, options):
        raise KonnectError(f"It was {SECRET}.", code=ErrorCode.INVALID, fields=[{"field": "x", "reason": SECRET}])

    result = run(handler, **options)
    assert SECRET not in str(result)
    assert result["msg"] == "It was (not shown)."
    assert result["failure"]["fields"] == [{"field": "x", "reason": "(not shown)"}]


@pytest.mark.parametrize("value", ["chat", SECRET])
def test_data_with_fields_is_not_searched_for_secrets(run, value):
    data = {"name": f"my-{value}", "tags": [value], "route_type": value}
    assert run(returning(plugin=data), value=value)["plugin"] == data


@pytest.mark.parametrize(
    "options", [{"text": SECRET}, {"names": [SECRET]}, {"config": {"host": SECRET}}, {"row": {"key": SECRET}}]
)
def test_what_is_no_secret_is_not_masked(run, options):
    assert run(returning(message=f"It was {SECRET}."), **options)["message"] == f"It was {SECRET}."


@pytest.mark.parametrize("variable", ["KONNECT_TOKEN", "KONNECT_FINGERPRINT_KEY"])
def test_a_secret_of_the_environment_is_masked(run, monkeypatch, variable):
    monkeypatch.setenv(variable, SECRET)
    options = {"konnect_token": None} if variable == "KONNECT_TOKEN" else {}
    result = run(returning(message=f"It was {SECRET}."), **options)
    assert (result["rc"], SECRET in str(result)) == (0, False)


@pytest.mark.parametrize("fails", [False, True])
def test_a_secret_that_a_task_read_is_masked(run, fails):
    def handler(parent, options):
        parent.task.hide([SECRET])
        if fails:
            raise ValueError(SECRET)
        return {"changed": False, "message": f"It was {SECRET}."}

    result = run(handler)
    assert (result["rc"], SECRET in str(result)) == (int(fails), False)


def test_a_secret_in_a_warning_is_masked(run):
    def handler(parent, options):
        parent.task.warn(f"It was {SECRET}.")
        return {"changed": False}

    assert SECRET not in str(run(handler, value=SECRET))


# Options that Ansible refuses


@pytest.mark.parametrize(
    "options",
    [
        {"vaule": SECRET},
        {"vaule": {"password": SECRET}},
        {"config": SECRET},
        {"rows": [{"key": "a", "vaule": SECRET}]},
        {"rows": [SECRET]},
        {"row": {"key": "a", "vaule": SECRET}},
        {"request_timeout": "soon", "config": {"token": SECRET}},
        {"request_timeout": "soon", "value": SECRET},
    ],
)
def test_a_secret_in_options_that_are_refused_is_masked(run, options):
    result = run(**options)
    assert (result["rc"], SECRET in str(result)) == (1, False)


def test_a_short_value_of_a_misspelt_option_leaves_the_message_readable(run):
    message = run(vaule="konnect")["msg"]
    assert message.startswith("Unsupported parameters for (")
    assert "***" not in message
    assert "konnect_token" in message


def test_a_text_in_place_of_a_version_is_masked(run):
    spec = ArgumentSpec(options={"value_version": {"type": "int", "no_log": True}}).merge(CONNECTION)
    result = run(spec=spec, value_version=SECRET)
    assert (result["rc"], SECRET in str(result)) == (1, False)


@pytest.mark.parametrize("placeholder", ["********", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "(not shown)"])
def test_a_placeholder_is_refused_before_anything_is_done(run, placeholder):
    result = run(lambda parent, options: pytest.fail("it ran"), text=placeholder)
    assert (result["failure"]["code"], result["failure"]["fields"][0]["field"]) == ("placeholder", "text")


# The log of the system


def test_no_secret_is_logged(run, log):
    run(value=SECRET, text="some text", config={"password": SECRET}, rows=[{"key": "a", "value": SECRET}])
    assert "some text" in str(log)
    assert SECRET not in str(log)


def test_nothing_is_logged_of_a_task_with_no_log(run, log):
    run(text="some text", _ansible_no_log=True)
    assert log == []


def test_what_is_logged_is_not_what_a_handler_gets(run, log):
    def handler(parent, options):
        return {"changed": False, "right": options["value"] == SECRET and options["rows"][0]["value"] == SECRET}

    assert run(handler, value=SECRET, rows=[{"key": "a", "value": SECRET}])["right"]


def test_what_the_schema_calls_public_is_logged_and_the_rest_is_not(run, log):
    spec = ArgumentSpec(options={"config": {"type": "dict"}}, by_schema=["config"]).merge(CONNECTION)

    def handler(parent, options):
        parent.task.views["config"] = lambda config: {**config, "client_id": "(not shown)"}
        return {"changed": False}

    run(handler, spec, config={"client_id": "fake-client", "host": "redis.example.com"})
    assert "redis.example.com" in str(log)
    assert "fake-client" not in str(log)
    log.clear()
    run(spec=spec, config={"client_id": "fake-client"}, konnect_token="bad token")
    assert "fake-client" not in str(log)


def test_the_engine_knows_the_secrets_of_the_options(run):
    """So it masks a text before it cuts it."""
    seen = []
    run(lambda parent, options: seen.append(parent.task.secrets) or {"changed": False}, value=SECRET, text="a text")
    assert seen[0] >= {SECRET}
    assert "a text" not in seen[0]
