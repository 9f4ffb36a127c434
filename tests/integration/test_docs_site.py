# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation site in a real browser, as `make docs` has built it: wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.browser import CHROMIUM, DRIVER, Browser, browser
from support.emulator import ROOT

HTML = ROOT / "docs" / "build" / "html"
PAGES = [
    "index.html",
    "error_codes.html",
    "konnect_secret_module.html",
    *(f"docsite/{path.stem}.html" for path in sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))),
]
WIDER_THAN_WINDOW = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
# The text of a drawing has to stand out from the page as much as WCAG asks of normal text.
CONTRAST = """
const light = (color) => {
  const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const page = light(getComputedStyle(document.body).backgroundColor);
return [...document.querySelectorAll('.drawing text')].map((text) => {
  const [low, high] = [light(getComputedStyle(text).fill), page].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
})"""

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="no Chromium with its driver (Debian: apt install chromium chromium-driver)"
    ),
    pytest.mark.skipif(not HTML.exists(), reason="make docs has not built the site"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_its_window_and_its_drawings_can_be_read(chromium, page, width, scheme):
    chromium.show_as(width=width, scheme=scheme)
    chromium.open(HTML / page)
    assert not chromium.run(WIDER_THAN_WINDOW)
    # The theme has an own one, and shows an error beside another.
    assert not chromium.run("return document.querySelector('.contents')")
    assert [contrast for contrast in chromium.run(CONTRAST) if contrast < 4.5] == []
    assert chromium.console() == []
