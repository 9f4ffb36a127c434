# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._certificates import parsed
from ansible_collections.community.konnect.plugins.plugin_utils._report import sections
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import STATES, read_reports
from ansible_collections.community.konnect.tests.unit import report_samples as samples
from ansible_collections.community.konnect.tests.unit.html_page import Page

EMPTY = samples.result("empty", [], [], [])
TABLES = [sections.references, sections.secrets, sections.vaults, sections.certificates]


def section(render, *results: dict) -> Page:
    return Page(render(read_reports(list(results))))


def text(render, *results: dict) -> str:
    return "".join(section(render, *results).text)


def references(*states: str) -> dict:
    """A result with one reference in each of these states."""
    problems = {"dangling": "unknown_secret", "malformed": "malformed", "not_referenceable": "not_referenceable"}
    rows = [
        samples.reference(f"{{vault://v/k{number}}}", state, problems.get(state)) for number, state in enumerate(states)
    ]
    return samples.result("production", rows, [], [])


@pytest.mark.parametrize(
    ("states", "verdict"),
    [
        ((), "No problems0 references checked"),
        (("ok",), "No problems1 reference checked"),
        (("ok", "ok", "other_backend"), "No problems2 references checked, 1 to other backends not checked"),
        (("dangling", "ok"), "1 problemin 2 references"),
        (("dangling", "malformed", "not_referenceable", "other_backend"), "3 problemsin 4 references"),
    ],
)
def test_the_summary_begins_with_a_verdict(states, verdict):
    assert text(sections.summary, references(*states)).startswith(verdict)


@pytest.mark.parametrize(("states", "tone"), [(("ok",), "ok"), (("ok", "dangling"), "problem")])
def test_the_verdict_has_the_color_of_its_outcome(states, tone):
    assert section(sections.summary, references(*states)).find("p", tone)


def test_the_summary_counts_every_state():
    assert "Dangling1Not referenceable0Malformed2Other backend0OK1Unused secrets0Unused vaults0" in text(
        sections.summary, references("dangling", "malformed", "malformed", "ok")
    )


def test_the_summary_compares_control_planes_when_there_are_several():
    assert section(sections.summary, samples.quickstart()).find("table") == []
    assert len(section(sections.summary, samples.quickstart(), samples.production()).find("tr")) == 1 + 2


def test_problems_are_shown_with_all_that_is_known():
    row = samples.reference("{vault://v/k}", "dangling", "unknown_secret", route=samples.thing("chat"), message="Why.")
    assert text(sections.problems, samples.result("production", [row], [], [])) == (
        "Dangling{vault://v/k}Why.Entityplugin ai-proxyFieldconfig.auth.header_valueRoutechatControl planeproduction"
    )


def test_only_problems_are_shown_as_such():
    assert len(section(sections.problems, samples.production()).find("li")) == 7


def test_no_problems_are_shown_as_none():
    assert text(sections.problems, samples.quickstart()) == "None."


@pytest.mark.parametrize("render", TABLES)
def test_a_table_has_a_row_for_each_entry(render):
    result = samples.production()
    assert len(section(render, result).find("tr")) == 1 + len(result[render.__name__])


@pytest.mark.parametrize("render", TABLES)
def test_a_table_without_rows_is_none(render):
    assert text(render, EMPTY) == "None."


@pytest.mark.parametrize("render", TABLES)
def test_a_table_names_the_control_plane_when_there_are_several(render):
    assert "Control plane" not in text(render, samples.production())
    assert "Control plane" in text(render, samples.production(), EMPTY)


def test_references_are_shown_with_what_they_apply_to():
    assert text(sections.references, samples.quickstart()).endswith(
        "VaultOK{vault://mysecretvault/mistral-key}plugin ai-proxyconfig.auth.header_value"
        "route example-routeservice example-servicemysecretvaultmy-config-store"
    )


def test_a_disabled_plugin_is_marked():
    result = references("ok")
    result["references"][0]["enabled"] = False
    assert "plugin ai-proxy disabled" in text(sections.references, result)


def test_states_sort_by_how_bad_they_are():
    cells = section(sections.references, references("ok", "malformed", "dangling")).find("td")
    assert [cell["data-sort"] for cell in cells if "data-sort" in cell] == ["0", "2", "4"]


def test_the_filter_offers_every_state():
    options = section(sections.references, references("ok")).find("option")
    assert [option["value"] for option in options] == ["", *STATES]


def test_the_filter_offers_control_planes_when_there_are_several():
    several = section(sections.references, samples.quickstart(), samples.production())
    assert [option["value"] for option in several.find("option")][-3:] == ["", "0", "1"]
    assert {row["data-plane"] for row in several.find("tr") if "data-plane" in row} == {"0", "1"}


def test_the_filter_is_hidden_until_the_script_shows_it():
    assert "hidden" in section(sections.references, references("ok")).find("div", "filter")[0]


def test_secrets_are_shown_with_their_vaults_and_age():
    secrets = [samples.secret("k", samples.thing("s"), ["v", "w"], 2, 86400 * 3.5)]
    assert text(sections.secrets, samples.result("p", [], secrets, [])).endswith("ksv, w22026-11-233in use")


def test_vaults_are_shown_with_their_backend():
    vaults = [samples.vault("v", None, 0, "hcv")]
    assert text(sections.vaults, samples.result("p", [], [], vaults)).endswith("vhcv0unused")


def test_what_is_not_known_is_left_out():
    result = samples.production()
    for secret in result["secrets"]:
        secret.update(created_at=None, updated_at=None, age=None)
    for row in result["references"]:
        row.update(name=None, enabled=None, message=None)
    renders = (sections.problems, *TABLES, sections.maps)
    assert [render for render in renders if "None" in section(render, result).text] == []


def test_there_is_a_map_for_each_control_plane():
    maps = section(sections.maps, samples.quickstart(), samples.production())
    assert (len(maps.find("svg")), len(maps.find("h3"))) == (2, 2)


def test_one_map_needs_no_heading():
    assert section(sections.maps, samples.quickstart()).find("h3") == []


def test_an_empty_control_plane_has_no_map():
    maps = section(sections.maps, EMPTY)
    assert maps.find("svg") == []
    assert maps.text[-1] == "No references, secrets or vaults."


def test_every_state_is_explained():
    assert len(section(sections.states).find("dd")) == len(STATES)


def test_certificates_that_expire_first_are_on_top():
    names = ["old.example.com", "api.example.com", "mobile", "secret.example.com"]
    shown = text(sections.certificates, samples.production())
    assert sorted(names, key=shown.index) == names
    assert "in a secret" in shown


def test_where_dates_cannot_be_read_it_is_said_once(monkeypatch):
    monkeypatch.setattr(parsed, "HAS_CRYPTOGRAPHY", False)
    assert text(sections.certificates, samples.production()).count(parsed.MISSING) == 1
