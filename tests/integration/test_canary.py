# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A canary in every text field of Kong's published plugin schemas, one after the other, counted both ways.

A result, a diff, a warning and a line of the log show it in no field that is secret, and in every field that is not.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from konnect_emulator.plugins.published_schemas import load_schema
from support import engine
from support.emulator import ROOT

SCHEMAS = Path(os.environ.get("KONNECT_SHARED") or ROOT.parent / "shared") / "openapi" / "plugins-3.15"
CANARY = "canary-value-in-this-field"
# Fields that no schema calls encrypted and whose names look secret, each looked at by a person.
NAMED = {
    *("access_token_introspection_authorization", "access_token_introspection_body_args", "actor_token"),
    *("cache_tokens_salt", "channel_token_introspection_authorization", "channel_token_introspection_body_args"),
    *("discovery_headers_values", "http_proxy_authorization", "https_proxy_authorization", "jwt_session_cookie"),
    *("ssl_cert_key", "tls_client_auth_key", "token_headers_values", "token_post_args", "token_post_args_values"),
    "userinfo_headers_values",
}

pytestmark = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="Kong's published plugin schemas are not at hand")


# The canary as a value of its own, as the password in a URL, and as an entry of a list of headers.
PLAIN, URL, ENTRY = CANARY, f"https://user:{CANARY}@host.example.com/x", f"Authorization: Bearer {CANARY}"


def text_fields(spec: dict[str, Any], text: str, *, secret: bool = False, name: str = "") -> Iterator[tuple[Any, bool]]:
    """Each configuration with a text in one text field of a specification, and whether the canary in it is secret."""
    secret = secret or bool(spec.get("encrypted"))
    kind = spec.get("type")
    if kind == "record":
        for field in spec["fields"]:
            for inner, inner_spec in field.items():
                found = text_fields(inner_spec, text, secret=secret, name=inner)
                yield from (({inner: value}, hidden) for value, hidden in found)
    elif kind in ("array", "set"):
        entry = text is ENTRY and spec["elements"]["type"] == "string"
        found = text_fields(spec["elements"], text, secret=secret or entry, name=name)
        yield from (([value], hidden) for value, hidden in found)
    elif kind == "map":
        found = text_fields(spec["values"], text, secret=secret, name=name)
        yield from (({"entry": value}, hidden) for value, hidden in found)
    elif kind == "string":
        yield text, secret or name in NAMED or text is URL


def count(text: str, every: int) -> tuple[dict[bool, int], list[str], list[str]]:
    """How many fields were tried that are secret, and that are not; where a secret was shown; what else was hidden."""
    fields = (
        (schema, config, secret)
        for schema in map(load_schema, sorted(SCHEMAS.glob("*.json")))
        for spec in (next(field["config"] for field in schema.fields if "config" in field),)
        for config, secret in text_fields(spec, text)
    )
    tried = list(itertools.islice(fields, 0, None, every))
    leaks, needless = [], []
    for schema, config, secret in tried:
        for place, shown in engine.shown_of_config(schema.name, {"fields": schema.fields}, config).items():
            if (CANARY in shown) == secret:
                (leaks if secret else needless).append(f"{schema.name} {config}: {place}")
    return Counter(secret for _schema, _config, secret in tried), leaks, needless


@pytest.mark.parametrize("text", [PLAIN, URL, ENTRY], ids=["plain", "url", "entry"])
def test_in_a_tenth_of_all_text_fields_the_canary_is_shown_where_it_is_no_secret_and_nowhere_else(text):
    tried, leaks, needless = count(text, 10)
    assert (leaks, needless) == ([], [])
    assert sum(tried.values()) >= 250


@pytest.mark.exhaustive
@pytest.mark.parametrize("text", [PLAIN, URL, ENTRY], ids=["plain", "url", "entry"])
def test_in_every_text_field_the_canary_is_shown_where_it_is_no_secret_and_nowhere_else(text, record_property):
    tried, leaks, needless = count(text, 1)
    record_property("tally", ["Secrets in text fields of plugins, hidden", tried[True], tried[True] - len(leaks)])
    record_property("tally", ["Other texts in these fields, shown", tried[False], tried[False] - len(needless)])
    assert (leaks, needless) == ([], [])
    assert sum(tried.values()) >= 2500


LIMIT = {"name": "rate-limiting", "config": {"minute": 5, "policy": "redis", "redis": {"host": "h", "port": 6379}}}
LOG = {"name": "http-log", "config": {"http_endpoint": "https://logs.example.com", "method": "PUT"}}


@pytest.mark.parametrize("outcome", ["written", "refused", "misspelt"])
@pytest.mark.parametrize(
    ("task", "config", "secret"),
    [
        (LIMIT, {"redis": {"host": CANARY}}, False),
        (LIMIT, {"redis": {"host": "h", "password": CANARY}}, True),
        (LOG, {"http_endpoint": f"https://logs.example.com/{CANARY}"}, True),
        (LOG, {"headers": {"X-Api-Key": CANARY}}, True),
        (LOG, {"headers": {"X-Region": CANARY}}, False),
    ],
)
def test_the_module_shows_the_canary_where_it_is_no_secret(konnect, task, config, secret, outcome):
    wrong = {"refused": {"tags": ["not, allowed"]}, "misspelt": {"enabeld": CANARY}}.get(outcome, {})
    run = konnect.run("plugin", {**task, "config": {**task["config"], **config}, **wrong})
    assert run.failed == bool(wrong)
    shown = {name: value for name, value in run.result.items() if name != "invocation"}
    if outcome == "written":
        assert all((CANARY in str(part)) is not secret for part in (shown["plugin"], shown["diff"]))
    # Before the schema is read, nobody knows what is secret.
    expected = not secret and outcome != "misspelt"
    assert (CANARY in str(run["invocation"])) is expected
    assert not (secret and CANARY in str(shown))
