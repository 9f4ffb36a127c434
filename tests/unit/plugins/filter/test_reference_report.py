# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.reference_findings import FilterModule as FindingsModule
from ansible_collections.community.konnect.plugins.filter.reference_report import FilterModule as ReportModule
from ansible_collections.community.konnect.tests.unit import report_samples as samples

reference_report = ReportModule().filters()["reference_report"]
reference_findings = FindingsModule().filters()["reference_findings"]
MOMENT = datetime.datetime(2026, 11, 25, 2, 5)


@pytest.mark.parametrize(("form", "start"), [("html", "<!DOCTYPE html>"), ("markdown", "# Secret"), ("json", "{")])
def test_each_form(form, start):
    assert reference_report(samples.all_results(), form, MOMENT).startswith(start)


def test_json_is_read_back():
    assert json.loads(reference_report([], "json", "2026-11-25T02:05:00Z"))["control_planes"] == []


@pytest.mark.parametrize(
    "arguments",
    [([], "pdf", MOMENT), ([], None, MOMENT), ("text", "html", MOMENT), ([{}], "html", MOMENT), ([], "json", "x")],
)
def test_bad_input_is_told(arguments):
    with pytest.raises(AnsibleFilterError, match="reference_report: "):
        reference_report(*arguments)


def test_findings():
    results = samples.all_results()
    assert len(reference_findings(results)) == 10
    assert len(reference_findings(results, "unused_vaults, old_secrets", "100")) == 2 + 3
    assert reference_findings(results, []) == []


@pytest.mark.parametrize(
    "arguments", [("text",), ([], ["broken"]), ([], 7), ([], ["old_secrets"]), ([], ["old_secrets"], "ten")]
)
def test_findings_tell_of_bad_input(arguments):
    with pytest.raises(AnsibleFilterError, match="reference_findings: "):
        reference_findings(*arguments)
