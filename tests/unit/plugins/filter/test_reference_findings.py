# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.reference_findings import DOCUMENTATION, FilterModule
from ansible_collections.community.konnect.plugins.plugin_utils._report.findings import FINDINGS
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import PROBLEMS
from ansible_collections.community.konnect.tests.unit import report_samples as samples

reference_findings = FilterModule().filters()["reference_findings"]


def test_the_documentation_lists_every_kind():
    assert yaml.safe_load(DOCUMENTATION)["options"]["kinds"]["choices"] == [*FINDINGS, "none"]


def test_the_documented_default_is_the_default():
    assert yaml.safe_load(DOCUMENTATION)["options"]["kinds"]["default"] == list(PROBLEMS)
    assert {each["finding"] for each in reference_findings(samples.all_results())} == set(PROBLEMS)


def test_the_kinds_may_be_text():
    results = samples.all_results()
    assert reference_findings(results, "unused_vaults, dangling") == reference_findings(
        results, ["unused_vaults", "dangling"]
    )


@pytest.mark.parametrize("kinds", [None, "", []])
def test_kinds_that_are_not_given_are_the_default(kinds):
    results = samples.all_results()
    assert reference_findings(results, kinds) == reference_findings(results)


@pytest.mark.parametrize("kinds", [["none"], "none"])
def test_none_lists_nothing(kinds):
    assert reference_findings(samples.all_results(), kinds) == []


def test_the_maximum_age_may_be_text():
    assert len(reference_findings(samples.all_results(), ["old_secrets"], "100")) == 3


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("text",), "must be a list of results"),
        (([], ["broken"]), "Unknown finding broken"),
        (([], 7), "kinds must be a list of names"),
        (([], ["old_secrets"]), "needs a maximum age"),
        (([], ["old_secrets"], ""), "needs a maximum age"),
        (([], ["old_secrets"], "ten"), "maximum_age_days must be a whole number"),
        (([], ["expiring_certificates"], None, "ten"), "expiry_days must be a whole number"),
    ],
)
def test_invalid_input_fails_with_the_reason(arguments, reason):
    with pytest.raises(AnsibleFilterError, match=f"reference_findings: .*{reason}"):
        reference_findings(*arguments)
