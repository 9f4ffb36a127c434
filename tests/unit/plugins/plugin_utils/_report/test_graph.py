# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
import random
import re

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._report.drawing import drawing, shortened
from ansible_collections.community.konnect.plugins.plugin_utils._report.graph import (
    Edge,
    Graph,
    Node,
    columns,
    graph,
    places,
)
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import read_reports
from ansible_collections.community.konnect.tests.unit import report_samples as samples


def of(result: dict) -> Graph:
    return graph(read_reports([result])[0])


def labels(made: Graph, tone: str, column: int) -> set[str]:
    return {node.label for node in made.nodes.values() if node.tone == tone and node.column == column}


def lines(made: Graph, tone: str) -> set[tuple[str, str]]:
    return {(made.nodes[a].label, made.nodes[b].label) for (a, b), edge in made.edges.items() if edge.tone == tone}


def test_the_map_of_the_tutorial():
    made = of(samples.quickstart())
    assert [node.label for node in made.nodes.values()] == ["mysecretvault", "mistral-key", "ai-proxy", "example-route"]
    assert {node.tone for node in made.nodes.values()} == {"ok"}
    assert [*made.nodes.values()][-1].detail == "route of example-service"
    assert lines(made, "ok") == {
        ("mistral-key", "mysecretvault"),
        ("mysecretvault", "ai-proxy"),
        ("ai-proxy", "example-route"),
    }
    assert set(places(made).values()) == {0.0}


def test_what_is_wrong_unused_or_elsewhere_is_marked():
    made = of(samples.production())
    assert labels(made, "problem", 0) == {
        *("anthropic-key", "hmac", "session"),
        *("Bearer {vault://ai-vault/openai-key}", "{vault://}"),
    }
    assert labels(made, "problem", 1) == {"old-vault", "gone", "no vault"}
    assert {"summaries", "http-log", "pre-function", "jwk-2026"} < labels(made, "problem", 2)
    assert labels(made, "unused", 0) == {"anthropic-key-2026", "forgotten"}
    assert labels(made, "unused", 1) == {"platform-copy"}
    assert labels(made, "other", 1) == {"env", "hashi"}
    broken = lines(made, "problem")
    assert {("anthropic-key", "ai-vault"), ("ai-vault", "summaries"), ("ai-vault", "http-log")} < broken
    # The field is at fault, not the secret.
    assert ("mistral-key", "ai-vault") in lines(made, "ok")
    assert ("anthropic-key-2026", "ai-vault") in lines(made, "unused")
    assert {node.label for node in made.nodes.values() if node.detail == "global"} == {"every request"}


def test_every_edge_leads_to_the_next_column():
    for result in (samples.production(), samples.hostile(), samples.large()):
        made = of(result)
        assert all(made.nodes[end].column == made.nodes[start].column + 1 for start, end in made.edges)


def test_the_order_of_the_rows_does_not_matter():
    result = samples.large(100)
    place = places(of(result))
    random.Random(1).shuffle(result["references"])
    random.Random(2).shuffle(result["secrets"])
    assert places(of(result)) == place


def test_edges_that_need_not_cross_do_not():
    made = Graph()
    for name in "abcdef":
        made.add((name, 0), Node(0, name, "", "ok"))
    for name in "fedcba":
        made.add((name, 1), Node(1, name, "", "ok"))
        made.edges[(name, 0), (name, 1)] = Edge((name, 0), (name, 1), "ok")
    first, second, *_others = columns(made)
    assert [key[0] for key in first] == [key[0] for key in second]


def test_no_two_boxes_overlap():
    made = of(samples.large())
    place = places(made)
    assert min(place.values()) == 0
    for column in columns(made):
        downwards = [place[key] for key in column]
        assert all(after - before > 0.999 for before, after in itertools.pairwise(downwards))
    longest = max(len(column) for column in columns(made))
    assert max(place.values()) < longest * 1.2


def test_the_drawing_has_a_box_for_each_node_and_a_line_for_each_edge():
    for result in (samples.production(), samples.hostile(), samples.result("empty", [], [], [])):
        made, drawn = of(result), drawing(read_reports([result])[0])
        assert len(re.findall(r'<g class="node|class="node', drawn)) == len(made.nodes)
        assert drawn.count("<path") == len(made.edges)


@pytest.mark.parametrize(
    ("given", "written"),
    [("short", "short"), ("exactly-10", "exactly-10"), ("eleven-char", "eleven-ch…"), ("秘" * 6, "秘秘秘秘…")],
)
def test_labels_are_cut_to_fit(given, written):
    assert shortened(given, 10) == written
