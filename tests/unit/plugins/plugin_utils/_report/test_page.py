# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import datetime
import hashlib
import re
from html.parser import HTMLParser

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._report.html import Markup, element
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import read_reports
from ansible_collections.community.konnect.plugins.plugin_utils._report.page import DOCUMENTATION, page
from ansible_collections.community.konnect.tests.unit import report_samples as samples

MOMENT = datetime.datetime(2026, 11, 25, 2, 5, tzinfo=datetime.timezone.utc)


class Reader(HTMLParser):
    """Every element of a page with its attributes, and the text of the whole; fails when elements do not nest."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open and self._open[-1] not in ("style", "script"):
            self.text.append(data)

    def count(self, tag: str, class_: str = "") -> int:
        return sum(name == tag and class_ in (attributes.get("class") or "") for name, attributes in self.elements)


def written(*results: dict) -> str:
    return page(read_reports(list(results)), MOMENT)


def test_everything_is_in_the_page():
    source = written(*samples.all_results())
    reader = Reader(source)
    text = " ".join(reader.text)
    for result in samples.all_results()[:2]:
        for row in result["references"]:
            assert row["reference"] in text
            assert row["field"] in text
            assert row["message"] is None or row["message"] in text
        for secret in result["secrets"]:
            assert secret["key"] in text
        for vault in result["vaults"]:
            assert vault["prefix"] in text
    assert source.count("<li>") == 10
    assert reader.count("tr") == sum((3 + 1, 20 + 1, 10 + 1, 8 + 1))
    assert reader.count("svg") == 3
    assert "2026-11-25 02:05 UTC" in text


def test_names_have_no_effect():
    reader = Reader(written(samples.hostile()))
    assert reader.count("script") == 1
    assert reader.count("img") == reader.count("b") == reader.count("i") == 0
    text = "".join(reader.text)
    for name in (samples.HOSTILE, samples.QUOTES, samples.TEMPLATE, "</svg></table>", "a|b`c\\d\\nnext *line*"):
        assert name in text
    assert "\u202e" not in text
    assert not any(name.startswith("on") for _tag, attributes in reader.elements for name in attributes)
    written(samples.hostile()).encode()


def test_the_page_loads_nothing_and_allows_nothing_else():
    source = written(*samples.all_results())
    reader = Reader(source)
    policy = next(
        attributes["content"] or ""
        for tag, attributes in reader.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (block,) = re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    for _tag, attributes in reader.elements:
        assert "style" not in attributes
        assert "src" not in attributes
        assert attributes.get("href", DOCUMENTATION) == DOCUMENTATION or (attributes["href"] or "").startswith("#")


def test_clean_and_empty():
    clean = written(samples.quickstart())
    assert "No problems" in clean
    assert "1 reference to a secret in a Config Store" in clean
    assert 'id="plane"' not in clean
    assert Reader(clean).count("p", "verdict ok") == 1
    nothing = written()
    assert "None." in nothing
    assert Reader(nothing).count("table") == 0
    assert "No references, no secrets and no vaults." in written(samples.result("empty", [], [], []))


def test_what_is_not_known_is_left_out():
    result = samples.production()
    for secret in result["secrets"]:
        secret.update(created_at=None, updated_at=None, age=None)
    for row in result["references"]:
        row.update(name=None, enabled=None, message=None)
    assert ">None<" not in written(result)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (element("p", "<&\"'", None, ["a", Markup("<b>")]), "<p>&lt;&amp;&quot;&#x27;a<b></p>"),
        (element("input", class_='"', data_x=0, hidden=True, id=None), '<input class="&quot;" data-x="0" hidden>'),
    ],
)
def test_elements(made, expected):
    assert made == expected
