# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import datetime
import hashlib
import re

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._report.model import read_reports
from ansible_collections.community.konnect.plugins.plugin_utils._report.page import (
    DOCUMENTATION,
    SCRIPT,
    SECTIONS,
    STYLE,
    render_page,
)
from ansible_collections.community.konnect.tests.unit import report_samples as samples
from ansible_collections.community.konnect.tests.unit.html_page import Page

TIME = datetime.datetime(2026, 11, 25, 2, 5, tzinfo=datetime.timezone.utc)


def render(*results: dict) -> str:
    return render_page(read_reports(list(results)), TIME)


@pytest.fixture(scope="module")
def source() -> str:
    return render(*samples.all_results())


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def header(*results: dict) -> str:
    text = "".join(Page(render(*results)).text)
    return text[text.rindex("2026-11-25 02:05 UTC") : text.index("Problems")]


def test_the_header_names_the_time_and_the_control_planes():
    assert header(samples.quickstart(), samples.production()) == "2026-11-25 02:05 UTC · quickstart, production"


def test_the_header_counts_control_planes_when_they_are_many():
    assert header(*[samples.quickstart()] * 5).endswith("quickstart, quickstart")
    assert header(*[samples.quickstart()] * 6) == "2026-11-25 02:05 UTC · 6 control planes"


def test_the_header_of_an_empty_report_has_only_the_time():
    assert header() == "2026-11-25 02:05 UTC"


def test_every_link_of_the_navigation_leads_to_a_section(page):
    ids = {attributes.get("id") for attributes in page.find("section")}
    links = [attributes["href"] for attributes in page.find("a") if attributes["href"] != DOCUMENTATION]
    assert links == [f"#{name}" for name in SECTIONS]
    assert {link.removeprefix("#") for link in links} == ids - {"summary"}


def test_ids_are_unique(page):
    ids = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_names_make_no_elements():
    hostile = Page(render(samples.hostile()))
    assert len(hostile.find("script")) == 1
    assert [tag for tag in ("img", "b", "i") if hostile.find(tag)] == []


def test_names_make_no_attributes():
    def attributes(result: dict) -> set[str]:
        return {name for _tag, attributes in Page(render(result)).elements for name in attributes}

    assert attributes(samples.hostile()) <= attributes(samples.production())


@pytest.mark.parametrize(
    "name", [samples.HOSTILE, samples.QUOTES, samples.TEMPLATE, "</svg></table>", "a|b`c\\d\\nnext *line*"]
)
def test_names_are_shown_as_they_are(name):
    assert name in "".join(Page(render(samples.hostile())).text)


def test_names_cannot_change_the_writing_direction(source):
    assert "\u202e" not in source


def test_every_name_can_be_written_as_utf_8():
    assert render(samples.hostile()).encode()


def test_the_policy_allows_nothing_by_default(page):
    assert policy(page).startswith("default-src 'none'; ")
    assert "unsafe" not in policy(page)


@pytest.mark.parametrize(("tag", "directive"), [("style", "style-src"), ("script", "script-src")])
def test_the_policy_allows_the_block_of_the_page(page, source, tag, directive):
    (block,) = re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
    assert f"{directive} 'sha256-{digest}'" in policy(page)


def policy(page: Page) -> str:
    (content,) = [each["content"] for each in page.find("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    return content or ""


def test_the_page_loads_nothing(page):
    assert [attributes for _tag, attributes in page.elements if {"src", "style"} & attributes.keys()] == []
    assert page.find("link") == []


def test_every_class_of_the_style_sheet_is_used(source):
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", STYLE, flags=re.DOTALL)
    elements = Page(source).elements + Page(render()).elements
    used = {name for _tag, attributes in elements for name in (attributes.get("class") or "").split()}
    used |= set(re.findall(r"classList\.toggle\('([a-z]+)'", SCRIPT))
    assert set(re.findall(r"\.([a-z]+)", selectors)) - used == set()


def test_every_id_that_the_script_asks_for_is_in_the_page(page):
    ids = {attributes["id"] for _tag, attributes in page.elements if "id" in attributes}
    assert set(re.findall(r"getElementById\('([a-z]+)'\)", SCRIPT)) <= ids
