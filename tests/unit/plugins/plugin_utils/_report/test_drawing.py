# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._report.drawing import draw_map, shorten
from ansible_collections.community.konnect.plugins.plugin_utils._report.graph import build_graph
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import read_reports
from ansible_collections.community.konnect.tests.unit import report_samples as samples

RESULTS = [samples.production(), samples.hostile(), samples.result("empty", [], [], [])]


@pytest.mark.parametrize("result", RESULTS)
def test_there_is_a_box_for_each_node(result):
    (report,) = read_reports([result])
    assert draw_map(report).count('<g class="node ') == len(build_graph(report).nodes)


@pytest.mark.parametrize("result", RESULTS)
def test_there_is_a_line_for_each_edge(result):
    (report,) = read_reports([result])
    assert draw_map(report).count("<path") == len(build_graph(report).edges)


def test_problems_are_drawn_last():
    tones = re.findall(r'class="edge (\w+)"', draw_map(read_reports([samples.production()])[0]))
    assert list(dict.fromkeys(tones)) == ["unused", "other", "ok", "problem"]


def test_only_columns_with_nodes_have_a_title():
    unused = samples.result("p", [], [], [samples.vault("v", None, 0)])
    assert re.findall(r'class="column"[^>]*>([^<]*)<', draw_map(read_reports([unused])[0])) == ["Vault"]


def test_a_box_names_the_references_that_pass_through():
    rows = [samples.reference("{vault://v/k}", name=name) for name in ("a", "b")]
    drawn = draw_map(read_reports([samples.result("p", rows, [], [])])[0])
    assert sorted(re.findall(r'<g class="node[^>]*data-rows="([^"]*)"', drawn)) == ["0", "0 1", "0 1", "0 1", "1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("short", "short"), ("exactly-10", "exactly-10"), ("eleven-char", "eleven-ch…"), ("秘" * 6, "秘秘秘秘…")],
)
def test_labels_are_cut_to_fit(text, expected):
    assert shorten(text, 10) == expected
