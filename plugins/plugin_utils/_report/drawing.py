# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The map of one control plane as an SVG drawing. The style sheet of the page colors it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from .graph import COLUMNS, Edge, Node, build_graph
from .html import Markup, element
from .layout import vertical_positions
from .model import Report, parent_label, printable

# Sizes in pixels, at the drawing's own scale: a box, the distance from one box to the next, the column titles.
BOX_WIDTH, BOX_HEIGHT = 220, 40
COLUMN_STEP, ROW_STEP = 306, 52
TITLE_HEIGHT = 34
# The number of narrow letters that fit into a box.
LABEL_LENGTH, DETAIL_LENGTH = 24, 29

Point = tuple[float, float]


def draw_map(report: Report) -> Markup:
    """Return the drawing. ``data-rows`` of each box and line holds the indexes of the references that pass through."""
    graph = build_graph(report)
    positions = vertical_positions(graph)
    corners = {
        key: (node.column * COLUMN_STEP, TITLE_HEIGHT + positions[key] * ROW_STEP) for key, node in graph.nodes.items()
    }
    # With room for the outlines of the outermost boxes.
    width = (len(COLUMNS) - 1) * COLUMN_STEP + BOX_WIDTH + 4
    height = TITLE_HEIGHT + max(positions.values(), default=0.0) * ROW_STEP + BOX_HEIGHT + 4
    # What matters most is drawn last, on top.
    edges = sorted(graph.edges.values(), key=lambda edge: ("unused", "other", "ok", "problem").index(edge.tone))
    return element(
        "svg",
        element("title", f"Map of the secret references in {parent_label(report)}"),
        element("desc", "The tables on this page contain the same information."),
        (
            element("text", title, class_="column", x=column * COLUMN_STEP, y=14)
            for column, title in enumerate(COLUMNS)
            if any(node.column == column for node in graph.nodes.values())
        ),
        element("g", (_line(edge, corners[edge.start], corners[edge.end]) for edge in edges), class_="edges"),
        (_box(node, *corners[key]) for key, node in graph.nodes.items()),
        xmlns="http://www.w3.org/2000/svg",
        class_="map",
        role="img",
        viewBox=f"-2 0 {width} {height:.0f}",
        width=width,
        height=f"{height:.0f}",
    )


def shorten(text: str, length: int) -> str:
    """Return the text, cut with an ellipsis if it is wider than so many narrow letters; wide ones count twice."""
    text = printable(text)
    left = length
    for number, character in enumerate(text):
        left -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if left < 0:
            return text[: max(number - 1, 0)] + "…"
    return text


def _line(edge: Edge, start_corner: Point, end_corner: Point) -> Markup:
    left, right = start_corner[0] + BOX_WIDTH, end_corner[0]
    start_y, end_y = start_corner[1] + BOX_HEIGHT / 2, end_corner[1] + BOX_HEIGHT / 2
    # The control points of a curve that leaves and arrives horizontally.
    bend = (right - left) * 0.55
    path = f"M{left} {start_y:.1f}C{left + bend:.1f} {start_y:.1f} {right - bend:.1f} {end_y:.1f} {right} {end_y:.1f}"
    return element("path", d=path, class_=f"edge {edge.tone}", data_rows=_join(edge.rows))


def _box(node: Node, x: float, y: float) -> Markup:
    return element(
        "g",
        element("title", f"{node.label} ({node.detail})" if node.detail else node.label),
        element("rect", class_="box", width=BOX_WIDTH, height=BOX_HEIGHT, rx=7),
        element("rect", class_="mark", x=0, y=8, width=3, height=BOX_HEIGHT - 16, rx=1.5),
        element("text", shorten(node.label, LABEL_LENGTH), class_="label", x=13, y=17),
        element("text", shorten(node.detail, DETAIL_LENGTH), class_="detail", x=13, y=31),
        class_=f"node {node.tone}",
        transform=f"translate({x} {y:.1f})",
        data_rows=_join(node.rows),
    )


def _join(rows: Iterable[int]) -> str:
    return " ".join(map(str, sorted(rows)))
