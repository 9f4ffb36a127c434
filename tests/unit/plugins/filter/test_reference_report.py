# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.reference_report import FilterModule
from ansible_collections.community.konnect.tests.unit import report_samples as samples

reference_report = FilterModule().filters()["reference_report"]
TIME = datetime.datetime(2026, 11, 25, 2, 5)


@pytest.mark.parametrize(("form", "start"), [("html", "<!DOCTYPE html>"), ("markdown", "# Secret"), ("json", "{")])
def test_each_form(form, start):
    assert reference_report(samples.all_results(), form, TIME).startswith(start)


def test_the_time_may_be_text():
    assert json.loads(reference_report([], "json", "2026-11-25T02:05:00Z"))["generated_at"] == "2026-11-25T02:05:00Z"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (([], "pdf", TIME), "must be one of html, markdown, json, not 'pdf'"),
        (([], None, TIME), "must be one of html, markdown, json, not None"),
        (("text", "html", TIME), "must be a list of results"),
        (([{}], "html", TIME), "Item 1 is not a result"),
        (([], "json", "x"), "not an ISO 8601 time"),
    ],
)
def test_invalid_input_fails_with_the_reason(arguments, reason):
    with pytest.raises(AnsibleFilterError, match=f"reference_report: .*{reason}"):
        reference_report(*arguments)
