# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import VAULT
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._references.targets import ReferenceTargets
from ansible_collections.community.konnect.plugins.module_utils._references.validation import (
    Finding,
    Site,
    check_findings,
    follow,
)
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.gateway import Gateway, vault

NO_STORE = "00000000-0000-4000-8000-000000000000"
ENV = {"id": "e", "name": "env", "prefix": "my-env", "config": {}}


@pytest.fixture
def gateway(server):
    gateway = Gateway(server)
    gateway.has_store("my-key", "json")
    gateway.has(VAULT, vault("my-vault"), vault("empty", NO_STORE), ENV)
    return gateway


@pytest.fixture
def one(gateway, plane):
    """The one finding of a text in the field f."""

    def find(text, referenceable=True, function=None):
        [finding] = follow(ReferenceTargets(plane()), [Site("f", text, referenceable, function)])
        return finding

    return find


# Whole references


@pytest.mark.parametrize("text", ["{vault://my-vault/my-key}", "{vault://my-vault/json/user}"])
def test_a_reference_that_leads_to_a_secret_is_ok(one, text):
    finding = one(text)
    assert (finding.state, finding.problem, finding.message) == ("ok", None, None)
    assert (finding.field, finding.reference, finding.vault["prefix"]) == ("f", text, "my-vault")
    assert finding.parsed.resource in ("my-key", "json")
    assert finding.is_dangling is False


@pytest.mark.parametrize("prefix", ["aws", "azure", "env", "gcp", "hcv"])
def test_a_reference_to_a_backend_is_not_followed(one, prefix):
    finding = one(f"{{vault://{prefix}/my-key}}")
    assert (finding.state, finding.problem, finding.vault) == ("other_backend", None, None)
    assert finding.parsed.prefix == prefix


def test_a_reference_to_a_vault_of_another_backend_is_not_followed(one):
    finding = one("{vault://my-env/my-key}")
    assert (finding.state, finding.problem, finding.vault, finding.parsed.prefix) == (
        "other_backend",
        None,
        ENV,
        "my-env",
    )


def test_a_vault_may_be_named_like_a_backend(gateway, one):
    gateway.has(VAULT, vault("env"))
    assert one("{vault://env/none}").problem == "unknown_secret"


def test_a_vault_that_does_not_exist(one):
    finding = one("{vault://my-vaults/my-key}")
    assert (finding.state, finding.problem, finding.vault) == ("dangling", "unknown_vault", None)
    assert finding.parsed.prefix == "my-vaults"
    assert finding.is_dangling is True
    assert finding.message == (
        "f refers to {vault://my-vaults/my-key}, but there is no vault with the prefix my-vaults. Did you mean "
        "my-vault? Create it first, or fix the reference."
    )


def test_without_a_close_name_the_vaults_are_listed(one):
    assert "prefix zzzz. There are empty, my-env, my-vault. Create" in one("{vault://zzzz/k}").message


def test_without_any_vault_the_message_says_so(gateway, one):
    gateway.has(VAULT)
    assert "prefix zzzz. No vault exists in this control plane. Create" in one("{vault://zzzz/k}").message


@pytest.mark.parametrize(("count", "end"), [(10, ", key-09. Store"), (11, ", key-09 and 1 more. Store")])
def test_of_many_names_ten_are_shown(gateway, one, count, end):
    gateway.has_store(*(f"key-{number:02}" for number in reversed(range(count))))
    message = one("{vault://my-vault/zzzz}").message
    assert "There are key-00, key-01, " in message
    assert end in message


def test_a_config_store_that_does_not_exist(one):
    finding = one("{vault://empty/my-key}")
    assert (finding.state, finding.problem, finding.vault["prefix"]) == ("dangling", "unknown_store", "empty")
    assert finding.parsed.resource == "my-key"
    assert finding.message == (
        "f refers to {vault://empty/my-key}, but the config store behind vault empty does not exist. Give the vault "
        "another one with config_store."
    )


def test_a_secret_that_does_not_exist(one):
    finding = one("{vault://my-vault/my-kay}")
    assert (finding.state, finding.problem, finding.vault["prefix"]) == ("dangling", "unknown_secret", "my-vault")
    assert finding.parsed.resource == "my-kay"
    assert finding.message == (
        "f refers to {vault://my-vault/my-kay}, but config store my-store behind vault my-vault has no secret my-kay. "
        "Did you mean my-key? Store it first, or fix the reference."
    )


def test_an_empty_config_store(gateway, one):
    gateway.has_store()
    assert "has no secret my-key. It holds no secret. Store" in one("{vault://my-vault/my-key}").message


@pytest.mark.parametrize(("prefix", "known"), [("my-vault", True), ("none", False)])
def test_a_field_in_which_the_gateway_resolves_nothing(one, prefix, known):
    finding = one(f"{{vault://{prefix}/my-key}}", referenceable=False)
    assert finding.state == finding.problem == "not_referenceable"
    assert "the gateway resolves no references in that field" in finding.message
    assert (finding.reference, finding.parsed.prefix) == (f"{{vault://{prefix}/my-key}}", prefix)
    assert bool(finding.vault) is known


@pytest.mark.parametrize("referenceable", [True, False])
def test_a_reference_that_is_not_well_formed(one, referenceable):
    finding = one("{vault://my-vault}", referenceable)
    assert (finding.state, finding.problem, finding.parsed) == ("malformed", "malformed", None)
    assert finding.reference == "{vault://my-vault}"
    assert finding.message == "f: {vault://my-vault} names no secret."


# Texts around references


def test_a_reference_without_a_closing_brace(one):
    finding = one("{vault://my-vault/my-key")
    assert (finding.state, finding.problem) == ("malformed", "malformed")
    assert finding.reference == "{vault://my-vault/my-key"
    assert finding.message.startswith("f means to be a secret reference and is none: it has no closing brace.")


@pytest.mark.parametrize(
    "text", ["Bearer {vault://my-vault/my-key}", "{vault://my-vault/my-key} x", "x {vault://my-vault/my-key"]
)
def test_a_reference_inside_a_longer_text(one, text):
    finding = one(text)
    assert (finding.state, finding.problem) == ("malformed", "embedded")
    assert finding.reference in text
    assert finding.message.startswith(f"f holds {finding.reference} inside a longer text")
    assert "store the whole text" in finding.message


# Code


def test_code_can_not_refer_to_a_config_store(one):
    finding = one("x = get('{vault://my-vault/my-key}')", function="pre-function")
    assert finding.state == "not_referenceable"
    assert finding.problem == "in_function"
    assert (finding.reference, finding.parsed.resource) == ("{vault://my-vault/my-key}", "my-key")
    assert finding.vault["prefix"] == "my-vault"
    assert "f refers to {vault://my-vault/my-key} in the code of pre-function." in finding.message
    assert "another backend there, such as env" in finding.message


def test_also_not_when_the_secret_is_missing(one):
    assert one("{vault://my-vault/none}", function="pre-function").problem == "in_function"


@pytest.mark.parametrize(
    ("reference", "state", "problem"),
    [
        ("{vault://my-env/k}", "other_backend", None),
        ("{vault://env/k}", "other_backend", None),
        ("{vault://none/k}", "dangling", "unknown_vault"),
        ("{vault://env}", "malformed", "malformed"),
    ],
)
def test_code_can_refer_to_another_backend(one, reference, state, problem):
    finding = one(f"get('{reference}')", function="post-function")
    assert (finding.field, finding.reference, finding.state, finding.problem) == ("f", reference, state, problem)
    assert problem != "malformed" or finding.message == "f: {vault://env} names no secret."


def test_every_whole_reference_in_code_is_followed(gateway, plane):
    code = "a('{vault://env/a}'); b('{vault://' .. name .. '}'); c('{vault://env/c}')"
    found = follow(ReferenceTargets(plane()), [Site("f", code, True, "pre-function"), Site("g", "{vault://env/d}")])
    assert [(finding.field, finding.reference, finding.state) for finding in found] == [
        ("f", "{vault://env/a}", "other_backend"),
        ("f", "{vault://env/c}", "other_backend"),
        ("g", "{vault://env/d}", "other_backend"),
    ]


# What becomes of findings

OK = Finding("a", "{vault://v/a}", "ok")
DANGLING = Finding("b", "{vault://v/b}", "dangling", "unknown_secret", "b leads nowhere.")
MALFORMED = Finding("c", "{vault://v}", "malformed", "malformed", "c is malformed.")


def row(finding):
    return {name: getattr(finding, name) for name in ("field", "reference", "state", "problem", "message")}


def test_what_cannot_be_resolved_is_refused():
    task = Task()
    with pytest.raises(InvalidInput) as caught:
        check_findings(task, [OK, DANGLING, MALFORMED], "fail")
    assert caught.value.code == "broken_reference"
    assert caught.value.message == ("b leads nowhere. c is malformed. (check_references=warn writes it all the same.)")
    assert caught.value.facts["references"] == [row(DANGLING), row(MALFORMED)]
    assert task.warnings == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_or_it_is_a_warning(check_mode):
    task = Task(check_mode)
    check_findings(task, [OK, DANGLING, MALFORMED], "warn")
    assert task.warnings == ["b leads nowhere.", "c is malformed."]


def test_or_it_is_not_followed_at_all():
    followed = []
    task = Task()
    check_findings(task, (followed.append(finding) or finding for finding in [MALFORMED]), "ignore")
    assert followed == []
    assert task.warnings == []


def test_in_check_mode_what_is_missing_is_a_warning_and_the_rest_is_refused():
    task = Task(check_mode=True)
    with pytest.raises(InvalidInput) as caught:
        check_findings(task, [DANGLING, MALFORMED], "fail")
    assert caught.value.facts["references"] == [row(MALFORMED)]
    assert task.warnings == ["b leads nowhere."]
    check_findings(Task(check_mode=True), [OK, DANGLING], "fail")


@pytest.mark.parametrize("severity", ["fail", "warn", "ignore"])
def test_what_can_be_resolved_passes(severity):
    task = Task()
    check_findings(task, [OK, Finding("a", "{vault://env/a}", "other_backend")], severity)
    assert task.warnings == []


@pytest.mark.parametrize(
    "text",
    ["vault://my-vault/my-key", "{vault:/my-vault/my-key}", "{Vault://my-vault/my-key}", "{vault://my-vault/my-key} "],
)
def test_a_text_that_means_to_be_a_reference_is_malformed(one, text):
    finding = one(text)
    assert (finding.state, finding.problem, finding.reference) == ("malformed", "malformed", text)
    assert "Write {vault://PREFIX/KEY}" in finding.message
