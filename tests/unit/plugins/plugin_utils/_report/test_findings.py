# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._certificates import parsed
from ansible_collections.community.konnect.plugins.plugin_utils._report.findings import FINDINGS, list_findings
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import read_reports
from ansible_collections.community.konnect.tests.unit import report_samples as samples


def messages(result, kind, maximum_age_days=None):
    return [each["message"] for each in list_findings(read_reports([result]), [kind], maximum_age_days)]


def one_reference(**fields):
    row = samples.reference("{vault://ai-vault/key}", "dangling", "unknown_secret", **fields)
    return samples.result("production", [row], [], [])


def aged(*days):
    store = samples.thing("ai-keys")
    secrets = [samples.secret(f"key-{age}", store, [], 0, age * 86400) for age in days]
    return samples.result("production", [], secrets, [])


def test_every_kind_is_found():
    found = list_findings(read_reports([samples.production()]), FINDINGS, 100)
    assert list(dict.fromkeys(each["finding"] for each in found)) == list(FINDINGS)


def test_a_control_plane_without_problems_has_no_findings():
    assert list_findings(read_reports([samples.quickstart()]), FINDINGS, 100) == []


def test_no_kind_finds_nothing():
    assert list_findings(read_reports([samples.production()]), []) == []


def test_findings_are_in_the_order_of_the_kinds():
    found = list_findings(read_reports(samples.all_results()), ["unused_vaults", "dangling"])
    assert list(dict.fromkeys(each["finding"] for each in found)) == ["unused_vaults", "dangling"]


def test_a_kind_that_is_given_twice_counts_once():
    reports = read_reports([samples.production()])
    assert list_findings(reports, ["dangling", "dangling"]) == list_findings(reports, ["dangling"])


def test_a_finding_names_its_control_plane():
    found = list_findings(read_reports([samples.quickstart(), samples.production()]), ["dangling"])
    assert {each["control_plane"] for each in found} == {"production"}


def test_a_reference_is_described_by_where_it_is_and_what_is_wrong():
    result = one_reference(instance_name="chat", service=samples.thing("billing"), message="The key is missing.")
    assert messages(result, "dangling") == [
        "production: plugin ai-proxy (chat), service billing, config.auth.header_value, {vault://ai-vault/key}: "
        "The key is missing."
    ]


def test_a_reference_is_not_described_twice():
    reason = "config.auth.header_value refers to {vault://ai-vault/key}, which does not exist."
    assert messages(one_reference(message=reason), "dangling") == [f"production: plugin ai-proxy: {reason}"]


def test_without_a_message_the_state_is_the_reason():
    assert messages(one_reference(message=None), "dangling")[0].endswith("{vault://ai-vault/key}: Dangling.")


def test_unused_secrets_are_named_with_their_config_store():
    assert messages(samples.production(), "unused_secrets") == [
        "production: secret anthropic-key-2026 in Config Store ai-keys is not used.",
        f"production: secret forgotten in Config Store {samples.thing(None)['id']} is not used.",
    ]


def test_unused_vaults_are_named():
    assert messages(samples.production(), "unused_vaults") == ["production: vault platform-copy is not used."]


def test_old_secrets_are_named_with_their_age():
    assert messages(aged(2), "old_secrets", 1) == [
        "production: secret key-2 in Config Store ai-keys was last written 2 days ago."
    ]


def test_a_secret_is_old_when_it_is_older_than_the_maximum():
    assert len(messages(aged(99, 100, 100.5, 101), "old_secrets", 100)) == 2


def test_a_secret_of_unknown_age_is_not_old():
    result = aged(1)
    result["secrets"][0]["age"] = None
    assert messages(result, "old_secrets", 0) == []


def test_a_message_is_one_line():
    found = list_findings(read_reports([samples.hostile()]), FINDINGS, 100)
    assert found
    assert all(each["message"].isprintable() for each in found)


def test_an_unknown_kind_fails_with_those_that_there_are():
    with pytest.raises(InvalidInput, match=r"Unknown finding unused\..*dangling, not_referenceable, malformed"):
        list_findings([], ["unused"])


def test_old_secrets_without_a_maximum_age_fail():
    with pytest.raises(InvalidInput, match="needs a maximum age in days"):
        list_findings([], ["old_secrets"])


def expiring(*certificates, **more):
    result = samples.result("production", [], [], [], certificates)
    found = list_findings(read_reports([result]), ["expiring_certificates"], **more)
    return [each["message"] for each in found]


def test_certificates_that_expire_soon_or_have_expired_are_found():
    found = expiring(*samples.production()["certificates"])
    assert [message.partition(", at ")[0] for message in found] == [
        "production: certificate api.example.com, cert: It expires in 12 days",
        "production: certificate old.example.com, cert: It expired 3 days ago",
    ]


@pytest.mark.parametrize(("days", "number"), [(12, 1), (13, 2), (401, 3), (0, 1)])
def test_how_soon_is_an_option(days, number):
    assert len(expiring(*samples.production()["certificates"], expiry_days=days)) == number


def test_a_certificate_of_another_workspace_is_told_with_it():
    row = {**samples.production()["certificates"][0], "workspace": "team-a"}
    (message,) = expiring(row)
    assert "certificate api.example.com in workspace team-a, cert: It expires" in message


def test_a_certificate_that_cannot_be_read_is_no_finding():
    assert expiring(samples.certificate("broken", "-----BEGIN CERTIFICATE-----")) == []


def test_without_the_library_expiring_certificates_are_an_error_that_says_what_to_install(monkeypatch):
    monkeypatch.setattr(parsed, "HAS_CRYPTOGRAPHY", False)
    with pytest.raises(InvalidInput, match="expiring_certificates needs .* Install the Python library cryptography"):
        expiring(*samples.production()["certificates"])
    assert expiring(samples.certificate("secret", "{vault://platform/pair/certificate}")) == []
