# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import json

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._roles.certificate_secret import read_settings
from ansible_collections.community.konnect.tests.support.certificates import chain, issue

NOW = datetime.datetime.now(datetime.timezone.utc)
CA = issue(ca=True)
SERVER = issue("a.example.com", "b.example.com", issuer=CA)
VARIABLES = {
    "config_store": "certificates",
    "vault_prefix": "tls",
    "entry": "example-key",
    "certificate": SERVER.cert,
    "private_key": SERVER.key,
    "snis": ["a.example.com"],
}
ENTRY = f"example-key-{SERVER.fingerprint[:16]}"
REFERENCE = f"{{vault://tls/{ENTRY}}}"


def settings(**variables):
    return read_settings({**VARIABLES, **variables}, NOW)


def held(**fields):
    """A certificate as Konnect holds it."""
    certificate = {"id": "one", "cert": SERVER.cert.strip(), "key": REFERENCE, "snis": ["a.example.com"]}
    return {**certificate, **fields}


def test_the_key_is_behind_a_reference_to_an_entry_that_the_certificate_names():
    found = settings()
    assert (found["entry"], found["key"]) == (ENTRY, REFERENCE)
    assert (found["cert"], found["value"]) == (SERVER.cert.strip(), SERVER.key.strip())
    assert found["fingerprint"] == SERVER.fingerprint


def test_combined_both_are_pieces_of_one_entry():
    found = settings(layout="combined", certificate=chain(SERVER, CA))
    assert json.loads(found["value"]) == {"certificate": chain(SERVER, CA).strip(), "key": SERVER.key.strip()}
    assert found["cert"] == f"{{vault://tls/{found['entry']}/certificate}}"
    assert found["key"] == f"{{vault://tls/{found['entry']}/key}}"


def test_another_chain_is_another_combined_entry_and_no_layout_shares_an_entry_with_the_other():
    names = {
        settings(layout=layout, certificate=certificate)["entry"]
        for layout in ("separate", "combined")
        for certificate in (SERVER.cert, chain(SERVER, CA))
    }
    assert len(names) == 3


def test_what_expires_first_in_the_chain_counts():
    middle = issue(ca=True, days=3, issuer=CA)
    server = issue("a.example.com", issuer=middle)
    found = settings(certificate=chain(server, middle), private_key=server.key)
    assert found["expires_at"].startswith(f"{NOW + datetime.timedelta(days=3):%Y-%m-%d}")


def test_a_pair_that_is_too_large_for_one_entry_is_refused_with_the_limit():
    server = issue(*(f"{number}-{'x' * 40}.example.com" for number in range(60)), "a.example.com")
    large = {"certificate": server.cert, "private_key": server.key}
    assert settings(**large)["entry"]
    with pytest.raises(InvalidInput, match=r"together have \d+ bytes. An entry .* takes 5120. Use .* separate"):
        settings(layout="combined", **large)


@pytest.mark.parametrize(
    "certificate",
    [
        held(),
        held(cert=SERVER.cert.replace("\n", "\r\n") + "\n"),
    ],
    ids=["same", "other line ends"],
)
def test_what_is_in_place_stays_as_it_is(certificate):
    found = settings(certificates=[held(id="other", key="", snis=["x.example.com"]), certificate])
    assert (found["certificate_id"], found["is_current"], found["cert"]) == ("one", True, certificate["cert"])


@pytest.mark.parametrize(
    "certificate",
    [
        held(cert="-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"),
        held(key="{vault://tls/example-key-0123456789abcdef}"),
        held(key="HIDDEN"),
        held(snis=["b.example.com"], cert="{vault://tls/example-key-0123456789abcdef.pair/certificate}"),
    ],
    ids=["certificate", "entry", "literal", "names"],
)
def test_what_differs_is_to_be_changed(certificate):
    found = settings(certificates=[certificate])
    assert (found["certificate_id"], found["is_current"]) == ("one", False)


def test_a_certificate_with_other_names_is_known_by_its_entry():
    found = settings(certificates=[held(snis=["old.example.com"], key="{vault://tls/example-key-0123456789abcdef}")])
    assert found["certificate_id"] == "one"


def test_an_entry_of_another_vault_or_name_is_another_one():
    keys = ("{vault://other/example-key-0123456789abcdef}", "{vault://tls/example-key-other}", "HIDDEN", None)
    found = settings(certificates=[held(snis=["old.example.com"], key=key) for key in keys])
    assert found["certificate_id"] is None


def test_names_of_two_certificates_are_an_error_that_lists_both():
    two = [held(), held(id="two", key="", snis=["b.example.com"])]
    with pytest.raises(InvalidInput, match=r"one \(a.example.com\), two \(b.example.com\)"):
        settings(snis=["a.example.com", "b.example.com"], certificates=two)


def test_what_a_trial_left_is_known_and_is_not_the_certificate():
    trial_sni = settings()["trial_sni"]
    found = settings(certificates=[held(snis=[trial_sni])])
    assert (found["trial_is_left"], found["certificate_id"]) == (True, None)


def test_the_other_entries_of_the_role_are_superseded_and_those_of_others_are_not():
    old = ["example-key-0123456789abcdef", "example-key-0123456789abcdef.pair"]
    others = ["example-key", "example-key-2026", "example-key-0123456789ABCDEF", "my-example-key-0123456789abcdef"]
    found = settings(entries=[{"key": key} for key in (*others, ENTRY, *old)])
    assert found["superseded"] == old


def test_to_remove_everything_needs_no_certificate_and_no_key():
    given = {name: VARIABLES[name] for name in ("config_store", "vault_prefix", "entry", "snis")}
    found = read_settings({**given, "state": "absent", "entries": [{"key": ENTRY}], "certificates": [held()]}, NOW)
    assert (found["certificate_id"], found["superseded"]) == ("one", [ENTRY])


def test_variables_may_be_texts_and_names_are_in_lower_case():
    found = settings(snis="A.example.com, b.example.com,a.example.com", addresses="gateway.example.com:8443")
    assert found["snis"] == ["a.example.com", "b.example.com"]
    assert found["addresses"] == ["gateway.example.com:8443"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"state": "gone"}, "certificate_secret_state must be one of present, absent"),
        ({"layout": "both"}, "certificate_secret_layout must be one of separate, combined"),
        ({"config_store": ""}, "Set certificate_secret_config_store"),
        ({"entry": None}, "Set certificate_secret_entry"),
        ({"entry": "a/b"}, "certificate_secret_entry may contain"),
        ({"vault_prefix": "TLS"}, "TLS"),
        ({"snis": []}, "at least one host"),
        ({"snis": 5}, "certificate_secret_snis must be a list of names"),
        ({"trial_sni": "a.example.com"}, "certificate_secret_trial_sni must be a name that is not in"),
        ({"certificate": ""}, "Set certificate_secret_certificate to a text in PEM"),
        ({"certificate": "{vault://tls/a}"}, "must be the text itself in PEM"),
        ({"private_key": "{vault://tls/a}"}, "must be the text itself in PEM"),
        ({"private_key": CA.key}, "does not belong to"),
        ({"node_certificates": [{"cert": SERVER.cert + "\n"}]}, "with which data plane nodes connect"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(variables, message):
    with pytest.raises(InvalidInput, match=message):
        settings(**variables)


@pytest.mark.parametrize("name", ["handshake_timeout", "sync_timeout", "hash_change_timeout"])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_wait_that_is_no_number_is_refused_before_anything_is_written(name, state):
    assert settings(state=state, **{name: "60"})["state"] == state
    with pytest.raises(InvalidInput, match=f"certificate_secret_{name} must be a whole number."):
        settings(state=state, **{name: "abc"})
