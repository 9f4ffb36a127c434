# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._report.markdown import code, escape, render_markdown
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import read_reports
from ansible_collections.community.konnect.tests.support.certificates import issue
from ansible_collections.community.konnect.tests.unit import report_samples as samples

TIME = datetime.datetime(2026, 11, 25, 2, 5, tzinfo=datetime.timezone.utc)


def lines(*results: dict) -> list[str]:
    return render_markdown(read_reports(results), TIME).splitlines()


def section(heading: str, *results: dict) -> list[str]:
    text = render_markdown(read_reports(results), TIME)
    return text.partition(f"## {heading}\n\n")[2].partition("\n\n")[0].splitlines()


def test_the_report_begins_with_its_time_and_the_control_planes():
    assert lines(samples.quickstart(), samples.production())[2] == (
        "Generated at 2026-11-25T02:05:00Z. Control planes: `quickstart`, `production`."
    )


def test_a_report_on_nothing_says_so():
    assert lines()[2].endswith("Control planes: none.")
    assert section("References") == ["None."]


def test_the_summary_has_every_total():
    assert section("Summary", samples.production()) == [
        "|  | Number |",
        "| --- | --- |",
        "| Dangling | 3 |",
        "| Not referenceable | 2 |",
        "| Malformed | 2 |",
        "| Other backend | 2 |",
        "| OK | 5 |",
        "| Unused secrets | 2 |",
        "| Unused vaults | 1 |",
    ]


def test_problems_are_listed_with_their_message():
    row = samples.reference(
        *("{vault://v/k}", "dangling", "unknown_secret"), route=samples.thing("chat"), enabled=False, message="Why."
    )
    assert section("Problems", samples.result("p", [row], [], []))[2:] == [
        "| Dangling | `p` | `plugin ai-proxy` (disabled) | route `chat` | `config.auth.header_value` "
        "| `{vault://v/k}` | Why. |"
    ]


def test_references_are_listed():
    assert section("References", samples.quickstart())[2:] == [
        "| OK | `{vault://mysecretvault/mistral-key}` | `plugin ai-proxy` | `config.auth.header_value` "
        "| route `example-route`, service `example-service` | `mysecretvault` | `my-config-store` | `quickstart` |"
    ]


def test_secrets_are_listed():
    secrets = [samples.secret("k", samples.thing("s"), ["v", "w"], 2, 86400 * 3.5)]
    assert section("Secrets", samples.result("p", [], secrets, []))[2:] == [
        "| `k` | `s` | `v`, `w` | 2 | 2026-11-23T10:00:00.000Z | 3 | yes | `p` |"
    ]


def test_vaults_are_listed():
    assert section("Vaults", samples.result("p", [], [], [samples.vault("v", None, 0, "hcv")]))[2:] == [
        "| `v` | `hcv` |  | 0 | **no** | `p` |"
    ]


def test_an_unknown_age_is_an_empty_cell():
    secret = {**samples.secret("k", samples.thing("s"), [], 0), "updated_at": None, "age": None}
    rows = section("Secrets", samples.result("p", [], [secret], []))[2:]
    assert rows == ["| `k` | `s` |  | 0 |  |  | **no** | `p` |"]


def test_every_row_of_a_table_has_as_many_cells_as_its_head():
    width = 0
    for line in lines(*samples.all_results()):
        width = (width or line.count("|")) if line.startswith("|") else 0
        assert line.count("|") == width, line


@pytest.mark.parametrize("harm", ["[link](", "https://evil", "*line*", "\u202e"])
def test_names_have_no_effect(harm):
    assert harm not in render_markdown(read_reports([samples.hostile()]), TIME)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("config.header_value", "config.header_value"),
        ("_a_ *b*", "&#95;a&#95; &#42;b&#42;"),
        ("<b>&amp;", "&#60;b&#62;&#38;amp;"),
        ("a|b\nc", "a&#124;b&#92;nc"),
        ("https://x www.y @z {vault://a/b}", "https&#58;//x www&#46;y &#64;z {vault://a/b}"),
    ],
)
def test_markup_is_escaped(text, expected):
    assert escape(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [(None, ""), ("", ""), ("<script>", "`<script>`"), ("a`b", "a&#96;b"), ("a|b", "a&#124;b"), (" a", "a")],
)
def test_a_name_is_code_where_a_cell_can_hold_it(name, expected):
    assert code(name) == expected


def test_certificates_are_listed_with_their_dates():
    certificates = [
        samples.certificate("late", issue("late", days=90.5).cert, "data_plane_certificate"),
        samples.certificate("secret.example.com", "{vault://platform/pair/certificate}"),
        samples.certificate("soon.example.com", issue("soon.example.com", days=3.5).cert),
    ]
    lines = section("Certificates", samples.result("p", [], [], [], certificates))[2:]
    shown = [[each.strip() for each in line.split("|")[1:6]] for line in lines]
    assert [(name, kind, left) for name, kind, _field, _date, left in shown] == [
        ("`soon.example.com`", "certificate", "3"),
        ("`late`", "data plane certificate", "90"),
        ("`secret.example.com`", "certificate", ""),
    ]
    assert shown[2][3] == "in a secret"
