# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._report.graph import Graph, Node, build_graph
from ansible_collections.community.konnect.plugins.plugin_utils._report.layout import order_columns, vertical_positions
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import read_reports
from ansible_collections.community.konnect.tests.unit import report_samples as samples


def graph_of(result: dict) -> Graph:
    return build_graph(read_reports([result])[0])


def two_columns(left: str, right: str, edges: list[str]) -> Graph:
    """A graph whose nodes are letters; an edge is a pair of them."""
    graph = Graph()
    for column, letters in enumerate((left, right)):
        for letter in letters:
            graph.add_node((letter,), Node(column, letter, "", "ok"))
    for start, end in edges:
        graph.add_edge((start,), (end,), "ok")
    return graph


def test_edges_that_can_avoid_it_do_not_cross():
    graph = two_columns("abcdef", "UVWXYZ", ["aZ", "bY", "cX", "dW", "eV", "fU"])
    left, right, *_empty = order_columns(graph)
    pairs = dict([*graph.edges])
    assert [pairs[key] for key in left] == right


def test_an_order_that_is_best_already_stays():
    graph = two_columns("ab", "XY", ["aX", "aY", "bY"])
    assert order_columns(graph)[:2] == [[("a",), ("b",)], [("X",), ("Y",)]]


def test_a_graph_without_nodes_has_empty_columns():
    assert order_columns(Graph()) == [[], [], [], []]
    assert vertical_positions(Graph()) == {}


def test_one_path_is_a_straight_line():
    assert set(vertical_positions(graph_of(samples.quickstart())).values()) == {0.0}


def test_a_node_stands_in_the_middle_of_its_neighbors():
    positions = vertical_positions(two_columns("abc", "X", ["aX", "bX", "cX"]))
    assert positions["X",] == 1.0


def test_a_node_without_neighbors_stands_below_the_one_before():
    positions = vertical_positions(two_columns("abc", "XY", ["cX"]))
    assert (positions["X",], positions["Y",]) == (2.0, 3.0)


def test_nodes_that_want_the_same_place_share_it_evenly():
    positions = vertical_positions(two_columns("abc", "XY", ["bX", "bY"]))
    assert sorted((positions["X",], positions["Y",])) == [0.5, 1.5]


@pytest.fixture(scope="module")
def large() -> Graph:
    return graph_of(samples.large())


def test_the_first_node_is_at_the_top(large):
    assert min(vertical_positions(large).values()) == 0


def test_nodes_do_not_overlap(large):
    positions = vertical_positions(large)
    for column in order_columns(large):
        assert all(positions[below] - positions[above] > 0.999 for above, below in itertools.pairwise(column))


def test_the_map_is_hardly_longer_than_its_longest_column(large):
    longest = max(len(column) for column in order_columns(large))
    assert max(vertical_positions(large).values()) < longest * 1.2
