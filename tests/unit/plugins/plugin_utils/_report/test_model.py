# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import json

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities import kinds
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._references import validation
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import (
    SCOPES,
    STATES,
    age_in_days,
    display_name,
    parse_time,
    pluralize,
    printable,
    read_reports,
    referrer_name,
    scopes,
    sorted_references,
    store_name,
    to_json,
    totals,
)
from ansible_collections.community.konnect.tests.unit import report_samples as samples

TIME = datetime.datetime(2026, 11, 25, 2, 5, tzinfo=datetime.timezone.utc)


class Tagged(str):
    """A string like those of Ansible."""


def test_the_states_are_those_of_the_engine():
    assert set(STATES) == set(validation.STATES)


def test_the_scopes_are_those_of_a_plugin():
    assert set(SCOPES) == set(kinds.PLUGIN.parents)


def test_reading_leaves_out_what_ansible_adds():
    (report,) = read_reports([{**samples.production(), "invocation": {"module_args": {}}, "item": "production"}])
    assert set(report) == {"control_plane", "references", "secrets", "vaults", "certificates", "summary"}


def test_reading_keeps_every_row():
    result = samples.production()
    (report,) = read_reports([result])
    assert {**report, "certificates": []} == {**{name: result[name] for name in report}, "certificates": []}
    assert [row["name"] for row in report["certificates"]] == [row["name"] for row in result["certificates"]]


def test_reading_turns_tagged_strings_into_strings():
    result = samples.quickstart()
    result["control_plane"] = {Tagged("id"): Tagged("1"), Tagged("name"): Tagged("quickstart")}
    (report,) = read_reports((result,))
    assert {type(text) for pair in report["control_plane"].items() for text in pair} == {str}


@pytest.mark.parametrize("results", ["text", b"bytes", samples.quickstart(), None])
def test_reading_anything_but_a_list_fails(results):
    with pytest.raises(InvalidInput, match="must be a list of results"):
        read_reports(results)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("text", "it is not a dictionary"),
        (
            {"changed": False, "control_planes": []},
            "not contain control_plane, references, secrets, vaults, certificates, summary",
        ),
        ({**samples.quickstart(), "vaults": [{"id": "x"}]}, "an entry of vaults does not contain prefix, backend"),
        ({**samples.quickstart(), "references": [samples.reference("{vault://a/b}", "new")]}, "unknown state new"),
    ],
)
def test_reading_another_result_fails_with_its_number_and_the_reason(item, reason):
    with pytest.raises(InvalidInput, match=f"Item 2 is not a result of .*: .*{reason}"):
        read_reports([samples.quickstart(), item])


@pytest.mark.parametrize(
    "value",
    [TIME, TIME.replace(tzinfo=None), "2026-11-25T02:05:00Z", "2026-11-25 02:05:00", "2026-11-25T03:05:00+01:00"],
)
def test_times_are_read_in_utc(value):
    time = parse_time(value)
    assert (time, time.utcoffset()) == (TIME, datetime.timedelta())


@pytest.mark.parametrize("value", ["yesterday", 7, None])
def test_reading_another_value_as_a_time_fails(value):
    with pytest.raises(InvalidInput, match="generated_at"):
        parse_time(value)


def test_the_totals_are_the_sums_of_the_summaries():
    results = samples.all_results()
    expected: dict[str, int] = {}
    for result in results:
        for name, number in result["summary"].items():
            expected[name] = expected.get(name, 0) + number
    assert totals(read_reports(results)) == expected
    assert all(expected.values())


def test_references_come_with_the_worst_states_first():
    found = [row["state"] for _report, row in sorted_references(read_reports(samples.all_results()))]
    assert list(dict.fromkeys(found)) == ["dangling", "not_referenceable", "malformed", "other_backend", "ok"]
    assert len(found) == 20


def test_references_come_with_their_report():
    first, second = read_reports([samples.quickstart(), samples.production()])
    pairs = sorted_references([first, second])
    assert all(row in report["references"] for report, row in pairs)


def test_json_has_the_time_the_results_and_their_totals():
    reports = read_reports(samples.all_results())
    assert json.loads(to_json(reports, TIME)) == {
        "generated_at": "2026-11-25T02:05:00Z",
        "control_planes": reports,
        "summary": totals(reports),
    }


def test_json_is_ascii():
    assert to_json(read_reports([samples.hostile()]), TIME).isascii()


def test_characters_that_do_not_print_become_escapes():
    assert printable("a\nb\u202e\x1b\ud800é秘") == "a\\nb\\u202e\\x1b\\ud800é秘"


def test_an_entity_without_a_name_is_shown_by_its_id():
    assert display_name({"id": "1", "name": None}) == "1"


@pytest.mark.parametrize(("instance", "expected"), [(None, "plugin ai-proxy"), ("chat", "plugin ai-proxy (chat)")])
def test_a_referrer_is_shown_with_its_instance_name(instance, expected):
    assert referrer_name(samples.reference("{vault://a/b}", instance_name=instance)) == expected


@pytest.mark.parametrize(("store", "expected"), [(None, ""), (samples.thing("ai-keys"), "ai-keys")])
def test_a_row_without_a_config_store_has_no_store_name(store, expected):
    assert store_name(samples.vault("v", store, 0)) == expected


def test_scopes_are_pairs_of_kind_and_name():
    row = samples.reference("{vault://a/b}", service=samples.thing("billing"), consumer_group=samples.thing("gold"))
    assert scopes(row) == [("service", "billing"), ("consumer group", "gold")]


@pytest.mark.parametrize(("seconds", "days"), [(0, 0), (86399, 0), (86400, 1), (190.4 * 86400, 190), (None, None)])
def test_an_age_is_counted_in_whole_days(seconds, days):
    assert age_in_days({"age": seconds}) == days


@pytest.mark.parametrize(("number", "expected"), [(0, "0 secrets"), (1, "1 secret"), (2, "2 secrets")])
def test_only_one_is_singular(number, expected):
    assert pluralize(number, "secret") == expected
