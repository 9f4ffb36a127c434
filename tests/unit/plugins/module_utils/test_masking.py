# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Free text loses secrets in every form; data with fields stays as it is."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import visible
from ansible_collections.community.konnect.plugins.module_utils._masking import (
    ANSIBLE_PLACEHOLDER,
    PLACEHOLDER,
    mask_free_text,
    mask_text,
    placeholders,
    secret_parts,
)

PEM = "-----BEGIN FAKE KEY-----\nfakefakefakefake0123\nshortline\nfakefakefakefake4567\n-----END FAKE KEY-----\n"


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("fake-key", {"fake-key"}),
        ("Bearer fake-key", {"Bearer fake-key", "fake-key"}),
        ("Basic   fake-key", {"Basic   fake-key", "fake-key"}),
        ("Bearerfake-key", {"Bearerfake-key"}),
        ('{"user": "admin-user", "n": ["fake-pass", 12345]}', {"admin-user", "fake-pass"}),
        ('"fake-pass"', {"fake-pass"}),
        ("fake-ke", set()),
        ("", set()),
        ("ключ", {"ключ"}),
        (PEM, {"fakefakefakefake0123", "fakefakefakefake4567"}),
        ("Bearer {vault://v/k}", set()),
        ("{vault://v/k", set()),
    ],
)
def test_the_parts_of_a_secret(value, parts):
    whole = {value} if len(value.encode()) >= 8 and not value.startswith("{vault") else set()
    assert secret_parts(value) == parts | whole


SECRETS = [
    "fake-key",
    'fake "key\nof\ttwo lines',
    "fake key\n",
    "fake\tkey with  two blanks",
    'fake"key\\back',
    "fäké/key+&=",
    PEM,
]


@pytest.mark.parametrize(
    "form",
    [
        str,
        lambda secret: " ".join(secret.split()),
        str.strip,
        json.dumps,
        lambda secret: json.dumps(secret, ensure_ascii=False),
        lambda secret: json.dumps(json.dumps(secret)),
        repr,
        visible,
        quote,
        lambda secret: quote(secret, safe=""),
        quote_plus,
        lambda secret: re.sub("%..", lambda code: code[0].lower(), quote(secret, safe="")),
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
    ],
)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_masked_in_every_form(secret, form):
    masked = mask_text(f"value {form(secret)} is wrong", [secret])
    assert form(secret).strip('"') not in masked
    assert masked.startswith("value ")
    assert masked.endswith(" is wrong")
    assert "(not shown)" in masked


def test_a_single_line_of_a_pem_is_masked():
    assert mask_text("bad line fakefakefakefake4567!", [PEM]) == "bad line (not shown)!"


def test_a_short_secret_does_not_garble_a_text():
    assert mask_text("chat: no such route", ["chat"]) == "chat: no such route"


def test_a_secret_within_another_leaves_nothing_of_it():
    assert mask_text("fake-key-long", ["fake-key", "fake-key-long"]) == "(not shown)"


def test_only_free_text_is_searched():
    data = {
        "msg": "not fake-key!",
        "errors": ["no fake-key"],
        "old_key_reason": "a fake-key",
        "name": "fake-key",
        "rows": [{"reason": "fake-key", "key": "fake-key"}],
        "n": 1,
    }
    assert mask_free_text(data, ["fake-key"]) == {
        "msg": "not (not shown)!",
        "errors": ["no (not shown)"],
        "old_key_reason": "a (not shown)",
        "name": "fake-key",
        "rows": [{"reason": "(not shown)", "key": "fake-key"}],
        "n": 1,
    }


@pytest.mark.parametrize(
    "text", ["(not shown)", "(not shown, changed)", "(not shown, written: value_changed)", "https://u:(not shown)@h"]
)
def test_placeholders_of_this_collection(text):
    assert list(placeholders({"a": [text]}, PLACEHOLDER, "config")) == ["config.a.0"]
    assert list(placeholders({text: 1}, PLACEHOLDER, "config")) == ["config"]


@pytest.mark.parametrize("text", ["VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "********", "https://u:********@h"])
def test_placeholders_of_ansible(text):
    assert list(placeholders([text], ANSIBLE_PLACEHOLDER, "config")) == ["config.0"]


@pytest.mark.parametrize("text", ["shown", "*" * 9, "(not)", 7, None])
def test_what_is_no_placeholder(text):
    assert list(placeholders(text, PLACEHOLDER, "a")) == list(placeholders(text, ANSIBLE_PLACEHOLDER, "a")) == []
