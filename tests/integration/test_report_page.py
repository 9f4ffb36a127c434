# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the reference report in a real browser, with and without scripts."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._report.model import read_reports
from ansible_collections.community.konnect.plugins.plugin_utils._report.page import render_page
from ansible_collections.community.konnect.tests.unit import report_samples as samples
from support.browser import CHROMIUM, DRIVER, Browser, browser

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER),
        reason="no Chromium with its driver (Debian: apt install chromium chromium-driver)",
    ),
    # One worker runs all of them, with one browser.
    pytest.mark.xdist_group("browser"),
]
# Keys, as WebDriver encodes them.
BACKSPACE, ENTER = "\ue003", "\ue007"
TIME = datetime.datetime(2026, 11, 25, 2, 5, tzinfo=datetime.timezone.utc)

VISIBLE = "const rows = [...document.querySelectorAll('#references tbody tr')].filter((row) => row.offsetHeight > 0);"
ROWS = f"{VISIBLE} return rows.length"
COLUMN = f"{VISIBLE} return rows.map((row) => row.cells[arguments[0]].textContent)"
TEXT = "return document.querySelector(arguments[0]).textContent"
COUNT = "return document.querySelectorAll(arguments[0]).length"
NUMBERS = """
return [...document.querySelectorAll(`#secrets td:nth-child(${arguments[0]})`)].map((cell) => +cell.textContent)"""
SORTED = "return document.querySelector(arguments[0]).getAttribute('aria-sort')"
SIZES = """
return [...document.querySelectorAll('svg .box, svg .edge')].map((part) => {
  const box = part.getBoundingClientRect();
  return box.width + box.height;
})"""
OVERFLOWING = """
return [...document.querySelectorAll('svg .node')].filter((node) => {
  const right = node.querySelector('.box').getBoundingClientRect().right;
  return [...node.querySelectorAll('text')].some((text) => text.getBoundingClientRect().right > right);
}).map((node) => node.textContent)"""
WIDER_THAN_WINDOW = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    file = tmp_path_factory.mktemp("report") / "audit.html"
    file.write_text(render_page(read_reports([*samples.all_results(), samples.large()]), TIME))
    return file


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def page(chromium: Browser, report: pathlib.Path) -> Iterator[Browser]:
    """The page as it is when it was just opened; fails if the console shows an error after the test."""
    chromium.open(report)
    yield chromium
    assert chromium.console() == []


@pytest.fixture(scope="module")
def page_without_script(report: pathlib.Path) -> Iterator[Browser]:
    with browser(javascript=False) as started:
        started.open(report)
        yield started


def test_the_style_sheet_is_applied(page):
    assert page.run("return getComputedStyle(document.querySelector('.verdict')).borderLeftStyle") == "solid"


def test_the_page_fits_the_window(page):
    assert page.run(WIDER_THAN_WINDOW) is False


def test_boxes_and_lines_of_the_maps_are_drawn(page):
    sizes = page.run(SIZES)
    assert len(sizes) > 1000
    assert min(sizes) > 10


def test_labels_fit_their_boxes(page):
    assert page.run(OVERFLOWING) == []


def test_hostile_names_are_text(page):
    assert samples.HOSTILE in page.run(TEXT, "#references")
    assert page.run(COUNT, "script, img, b, i") == 1
    assert not page.has_dialog()


def test_every_reference_is_shown_at_first(page):
    assert page.run(ROWS) == 320
    assert page.run(TEXT, "#shown") == "320 of 320 shown"


def test_rows_are_found_by_their_words(page):
    page.type("#search", "MISTRAL chat")
    assert page.run(COLUMN, 2) == ["plugin ai-proxy (chat-mistral)"]
    assert page.run(TEXT, "#shown") == "1 of 320 shown"


def test_rows_come_back_when_the_words_are_deleted(page):
    page.type("#search", "MISTRAL chat")
    page.type("#search", BACKSPACE * len("MISTRAL chat"))
    assert page.run(ROWS) == 320


def test_rows_are_found_by_their_state(page):
    page.click("#state option[value=malformed]")
    assert page.run(COLUMN, 0) == ["Malformed"] * 3


def test_rows_are_found_by_their_control_plane(page):
    page.click("#plane option[value='2']")
    assert page.run(ROWS) == 5


def test_rows_must_match_all_that_is_selected(page):
    page.click("#state option[value=malformed]")
    page.click("#plane option[value='2']")
    assert page.run(COLUMN, 2) == ["plugin </svg></table>"]


def test_a_click_sorts_a_column(page):
    page.click("#secrets th:nth-child(4) button")
    numbers = page.run(NUMBERS, 4)
    assert page.run(SORTED, "#secrets th:nth-child(4)") == "ascending"
    assert numbers == sorted(numbers)


def test_a_second_click_reverses_the_order(page):
    page.click("#secrets th:nth-child(4) button")
    page.click("#secrets th:nth-child(4) button")
    numbers = page.run(NUMBERS, 4)
    assert page.run(SORTED, "#secrets th:nth-child(4)") == "descending"
    assert numbers == sorted(numbers, reverse=True)


def test_one_column_at_a_time_is_sorted(page):
    page.click("#secrets th:nth-child(4) button")
    page.click("#secrets th:nth-child(1) button")
    assert page.run(COUNT, "#secrets th[aria-sort]") == 1


@pytest.mark.parametrize("key", [" ", ENTER])
def test_the_keyboard_sorts(page, key):
    page.run("document.querySelector('#secrets th:nth-child(6) button').focus()")
    page.press(key)
    ages = page.run(NUMBERS, 6)
    assert ages == sorted(ages)


def test_the_map_traces_the_references_under_the_pointer(page):
    page.hover("#map .node.problem .box")
    assert page.run(COUNT, ".map.tracing") == 1
    assert page.run(COUNT, ".map.tracing .node.traced") >= 2


def test_without_the_script_every_row_is_shown(page_without_script):
    assert page_without_script.run(ROWS) == 320


def test_without_the_script_nothing_offers_to_sort_or_filter(page_without_script):
    assert page_without_script.run(COUNT, "th button") == 0, "the script ran"
    assert page_without_script.run("return document.querySelector('.filter').offsetHeight") == 0


def test_without_the_script_the_maps_are_drawn(page_without_script):
    assert min(page_without_script.run(SIZES)) > 10


def test_the_policy_stops_other_scripts(chromium, report, tmp_path):
    changed = tmp_path / "changed.html"
    changed.write_text(report.read_text().replace("</body>", "<script>document.title = 'changed'</script></body>"))
    chromium.open(changed)
    assert chromium.run("return document.title") == "Secret references in Kong Konnect, 2026-11-25T02:05:00Z"
    assert any("Content Security Policy" in message for message in chromium.console())
