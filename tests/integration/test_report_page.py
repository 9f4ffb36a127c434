# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the reference report in a real browser, with and without scripts."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator

import pytest

from ansible_collections.community.konnect.plugins.module_utils._report import read_reports
from ansible_collections.community.konnect.plugins.module_utils._report_page import page
from ansible_collections.community.konnect.tests.unit import report_samples as samples
from support.browser import CHROMIUM, DRIVER, Browser, browser

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="no Chromium with its driver here (Debian: apt install chromium chromium-driver)"
)
MOMENT = datetime.datetime(2026, 11, 25, 2, 5, tzinfo=datetime.timezone.utc)

VISIBLE = "const rows = [...document.querySelectorAll('#references tbody tr')].filter((row) => row.offsetHeight > 0);"
ROWS = f"{VISIBLE} return rows.length"
COLUMN = f"{VISIBLE} return rows.map((row) => row.cells[arguments[0]].textContent)"
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
    file.write_text(page(read_reports([*samples.all_results(), samples.large()]), MOMENT))
    return file


@pytest.fixture
def opened(report: pathlib.Path) -> Iterator[Browser]:
    with browser() as chromium:
        chromium.open(report)
        yield chromium


@pytest.mark.xdist_group("browser")
def test_the_page_in_a_browser(opened):
    assert opened.run("return document.title") == "Secret references in Kong Konnect, 2026-11-25T02:05:00Z"

    # What is drawn.
    sizes = opened.run(SIZES)
    assert len(sizes) > 1000
    assert min(sizes) > 10
    assert opened.run("return document.querySelectorAll('svg').length") == 4
    assert opened.run("return getComputedStyle(document.querySelector('.verdict')).borderLeftStyle") == "solid"
    assert opened.run(WIDER_THAN_WINDOW) is False
    assert opened.run(OVERFLOWING) == []

    # Hostile names are text.
    assert opened.run("return document.querySelectorAll('script, img, b, i').length") == 1
    assert samples.HOSTILE in opened.run("return document.querySelector('#references').textContent")
    assert not opened.has_dialog()

    # Filtering.
    assert opened.run(ROWS) == 320
    opened.type("#words", "MISTRAL chat")
    assert opened.run(COLUMN, 2) == ["plugin ai-proxy (chat-mistral)"]
    assert opened.run("return document.querySelector('#shown').textContent") == "1 of 320 shown"
    opened.type("#words", "\ue003" * len("MISTRAL chat"))
    opened.click("#state option[value=malformed]")
    assert opened.run(COLUMN, 0) == ["Malformed"] * 3
    opened.click("#plane option[value='2']")
    assert opened.run(COLUMN, 2) == ["plugin </svg></table>"]
    opened.click("#state option[value='']")
    assert opened.run(ROWS) == 5

    # Sorting, with the mouse and with the keyboard.
    opened.click("#references th:nth-child(3) button")
    names = opened.run(COLUMN, 2)
    assert opened.run(SORTED, "#references th:nth-child(3)") == "ascending"
    opened.click("#references th:nth-child(3) button")
    assert opened.run(COLUMN, 2) == names[::-1]
    opened.run("document.querySelector('#secrets th:nth-child(6) button').focus()")
    opened.press(" ")
    opened.press("\ue007")
    assert opened.run(SORTED, "#secrets th:nth-child(6)") == "descending"
    ages = opened.run("return [...document.querySelectorAll('#secrets td:nth-child(6)')].map((td) => +td.textContent)")
    assert ages == sorted(ages, reverse=True)

    # Tracing in the map.
    opened.hover("#map .node.problem .box")
    assert opened.run("return document.querySelectorAll('.map.tracing').length") == 1
    assert opened.run("return document.querySelectorAll('.map.tracing .node.traced').length") >= 2

    assert opened.console() == []


@pytest.mark.xdist_group("browser")
def test_the_page_without_scripts(report):
    with browser(javascript=False) as chromium:
        chromium.open(report)
        assert chromium.run("return document.querySelectorAll('th button').length") == 0, "scripts ran"
        assert chromium.run("return document.querySelector('.filter').offsetHeight") == 0
        assert chromium.run(ROWS) == 320
        assert min(chromium.run(SIZES)) > 10


@pytest.mark.xdist_group("browser")
def test_the_policy_stops_what_is_not_the_page_s_own(report, tmp_path):
    changed = tmp_path / "changed.html"
    changed.write_text(report.read_text().replace("</body>", "<script>document.title = 'changed'</script></body>"))
    with browser() as chromium:
        chromium.open(changed)
        assert chromium.run("return document.title") != "changed"
        assert any("Content Security Policy" in message for message in chromium.console())
