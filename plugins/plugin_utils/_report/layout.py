# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Where each node of the map stands: in which order within its column, and how far down."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence

from .graph import COLUMNS, Graph, Key

PASSES = 12


def order_columns(graph: Graph) -> list[list[Key]]:
    """Return the keys of each column from top to bottom, in an order in which few edges cross.

    Each pass sorts the columns, one after the other, by the mean position of their neighbors in the column before. The
    best of a few passes wins.
    """
    order: list[list[Key]] = [[] for _column in COLUMNS]
    for key, node in graph.nodes.items():
        order[node.column].append(key)
    neighbors = graph.neighbors()
    best, fewest = [*order], _count_crossings(graph, order)
    for number in range(PASSES):
        # From left to right, then back.
        step = 1 if number % 2 == 0 else -1
        for column in range(len(order))[::step]:
            if 0 <= column - step < len(order):
                order[column] = _sort_by_neighbors(order[column], order[column - step], neighbors)
        crossings = _count_crossings(graph, order)
        if crossings < fewest:
            best, fewest = [*order], crossings
    return best


def vertical_positions(graph: Graph) -> dict[Key, float]:
    """Return how far down each node stands: 0 is the top, 1 is the distance of two nodes that touch.

    The longest column has no gaps. In the others each node is as close to the middle of its neighbors as it fits.
    """
    order = order_columns(graph)
    neighbors = graph.neighbors()
    longest = max(range(len(order)), key=lambda column: len(order[column]))
    position = {key: float(number) for number, key in enumerate(order[longest])}
    for column in [*range(longest - 1, -1, -1), *range(longest + 1, len(order))]:
        wanted: list[float] = []
        for key in order[column]:
            placed = [position[other] for other in neighbors.get(key, ()) if other in position]
            below_last = wanted[-1] + 1 if wanted else 0.0
            wanted.append(sum(placed) / len(placed) if placed else below_last)
        position.update(zip(order[column], _spread(wanted), strict=True))
    top = min(position.values(), default=0.0)
    return {key: value - top for key, value in position.items()}


def _sort_by_neighbors(
    column: Sequence[Key], before: Sequence[Key], neighbors: Mapping[Key, Sequence[Key]]
) -> list[Key]:
    rank = {key: number for number, key in enumerate(before)}

    def mean_rank(pair: tuple[int, Key]) -> float:
        number, key = pair
        ranks = [rank[other] for other in neighbors.get(key, ()) if other in rank]
        return sum(ranks) / len(ranks) if ranks else number * len(before) / len(column)

    return [key for _number, key in sorted(enumerate(column), key=mean_rank)]


def _count_crossings(graph: Graph, order: Sequence[Sequence[Key]]) -> int:
    rank = {key: number for keys in order for number, key in enumerate(keys)}
    crossings = 0
    for column in range(len(order)):
        edges = [(rank[start], rank[end]) for start, end in graph.edges if graph.nodes[start].column == column]
        # Two edges cross when the one that starts higher ends lower.
        ends: list[int] = []
        for _start, end in sorted(edges):
            crossings += len(ends) - bisect_right(ends, end)
            insort(ends, end)
    return crossings


def _spread(wanted: Sequence[float]) -> list[float]:
    """Return the positions closest to those wanted (least squares) that keep the order and are at least 1 apart."""
    # Take 1 off for each position before, and the condition is that no value is lower than the one before it. Values
    # that break it are merged into a block at their mean (pool adjacent violators).
    blocks: list[list[float]] = []
    for number, value in enumerate(wanted):
        blocks.append([value - number, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            mean_before, size_before = blocks[-1]
            both = size_before + size
            blocks[-1] = [(mean_before * size_before + mean * size) / both, both]
    level = [mean for mean, size in blocks for _position in range(int(size))]
    return [value + number for number, value in enumerate(level)]
