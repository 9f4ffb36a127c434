# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import json

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.plugin_utils._report.markdown import code, markdown, text
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import (
    FINDINGS,
    findings,
    read_moment,
    read_reports,
    references,
    to_json,
    totals,
    visible,
)
from ansible_collections.community.konnect.tests.unit import report_samples as samples

MOMENT = datetime.datetime(2026, 11, 25, 2, 5, tzinfo=datetime.timezone.utc)


def test_the_totals_are_the_sums_of_the_summaries():
    results = samples.all_results()
    expected: dict[str, int] = {}
    for result in results:
        for name, number in result["summary"].items():
            expected[name] = expected.get(name, 0) + number
    assert totals(read_reports(results)) == expected
    assert all(expected.values())


def test_the_worst_references_come_first():
    states = [row["state"] for _report, row in references(read_reports(samples.all_results()))]
    assert states[0] == "dangling"
    assert states[-1] == "ok"
    assert len(states) == 20


def test_json_is_the_results_and_nothing_that_ansible_added():
    results = [{**samples.production(), "invocation": {"module_args": {}}, "item": "production"}]
    data = json.loads(to_json(read_reports(results), MOMENT))
    assert data["generated_at"] == "2026-11-25T02:05:00Z"
    (report,) = data["control_planes"]
    assert report == {name: results[0][name] for name in report}
    assert set(report) == {"control_plane", "references", "secrets", "vaults", "summary"}
    assert data["summary"] == results[0]["summary"]


def test_json_holds_whatever_a_name_holds():
    report = read_reports([samples.hostile()])
    assert json.loads(to_json(report, MOMENT).encode())["control_planes"] == report


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ("text", "must be a list"),
        (samples.quickstart(), "must be a list"),
        ([samples.quickstart(), "text"], "Result 2 .* no dictionary"),
        ([{"changed": False, "control_planes": []}], "has no control_plane, references, secrets, vaults, summary"),
        ([{**samples.quickstart(), "vaults": [{"id": "x"}]}], "entry of its vaults has no prefix"),
        ([{**samples.quickstart(), "references": [samples.reference("{vault://a/b}", "new")]}], "unknown state new"),
    ],
)
def test_what_is_no_result_is_refused(results, reason):
    with pytest.raises(InvalidInput, match=reason):
        read_reports(results)


def test_findings_name_where_the_problem_is():
    reports = read_reports(samples.all_results())
    (first, *_rest) = findings(reports, ["dangling"])
    assert first["finding"] == "dangling"
    assert first["control_plane"] == "production"
    for part in ("ai-proxy (summaries)", "config.auth.header_value", "{vault://ai-vault/anthropic-key}", "correct"):
        assert part in first["message"]
    assert {each["finding"] for each in findings(reports, FINDINGS, 100)} == set(FINDINGS)
    assert findings(reports, []) == []
    assert findings(read_reports([samples.quickstart()]), FINDINGS, 100) == []


def test_findings_are_one_line_each():
    messages = [each["message"] for each in findings(read_reports([samples.hostile()]), FINDINGS, 100)]
    assert messages
    assert all(message.isprintable() for message in messages)


@pytest.mark.parametrize(("maximum", "number"), [(100, 3), (191, 2), (1000, 0)])
def test_old_secrets(maximum, number):
    assert len(findings(read_reports([samples.production()]), ["old_secrets"], maximum)) == number


def test_unknown_findings_are_refused_and_those_known_listed():
    with pytest.raises(InvalidInput, match=r"no such finding as unused\..*dangling, not_referenceable, malformed"):
        findings([], ["unused"])
    with pytest.raises(InvalidInput, match="needs a maximum age"):
        findings([], ["old_secrets"])


@pytest.mark.parametrize(
    "value",
    [MOMENT, MOMENT.replace(tzinfo=None), "2026-11-25T02:05:00Z", "2026-11-25 02:05:00", "2026-11-25T03:05:00+01:00"],
)
def test_times(value):
    assert read_moment(value) == MOMENT


@pytest.mark.parametrize("value", ["yesterday", 7, None])
def test_what_is_no_time_is_refused(value):
    with pytest.raises(InvalidInput, match="generated_at"):
        read_moment(value)


def test_what_does_not_print_becomes_visible():
    assert visible("a\nb\u202e\x1b\ud800é秘") == "a\\nb\\u202e\\x1b\\ud800é秘"


def test_markdown_has_every_row_in_one_line():
    written = markdown(read_reports(samples.all_results()), MOMENT)
    lines = written.splitlines()
    assert sum(line.startswith("| OK | ") for line in lines) == 8 + 1
    assert sum(line.startswith("| Dangling | ") for line in lines) == 2 * 5 + 1
    width = 0
    for line in lines:
        width = (width or line.count("|")) if line.startswith("|") else 0
        assert line.count("|") == width, line
    for harm in ("[link](", "https://evil", "*line*"):
        assert harm not in written


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("config.header_value", "config.header_value"),
        ("_a_ *b*", "&#95;a&#95; &#42;b&#42;"),
        ("<b>&amp;", "&#60;b&#62;&#38;amp;"),
        ("a|b\nc", "a&#124;b&#92;nc"),
        ("https://x www.y @z {vault://a/b}", "https&#58;//x www&#46;y &#64;z {vault://a/b}"),
    ],
)
def test_markdown_text_stands_for_itself(given, written):
    assert text(given) == written


@pytest.mark.parametrize(
    ("given", "written"),
    [(None, ""), ("", ""), ("<script>", "`<script>`"), ("a`b", "a&#96;b"), ("a|b", "a&#124;b"), (" a", "a")],
)
def test_markdown_code(given, written):
    assert code(given) == written
