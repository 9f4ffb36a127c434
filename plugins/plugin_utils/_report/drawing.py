# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The map of one control plane as an SVG drawing. Its colours are in the style sheet of the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from ansible_collections.community.konnect.plugins.plugin_utils._report.graph import COLUMNS, Edge, Node, graph, places
from ansible_collections.community.konnect.plugins.plugin_utils._report.html import Markup, element
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import Report, title, visible

# Pixels at the drawing's own size.
WIDTH, HEIGHT = 220, 40
ACROSS, DOWN = 306, 52
HEAD = 34
# How many narrow letters fit into a box.
LABEL, DETAIL = 24, 29


def drawing(report: Report) -> Markup:
    """The drawing; each box and line names in C(data-rows) the references that pass through it."""
    made = graph(report)
    place = places(made)
    corner = {key: (made.nodes[key].column * ACROSS, HEAD + place[key] * DOWN) for key in made.nodes}
    width = (len(COLUMNS) - 1) * ACROSS + WIDTH
    height = HEAD + max(place.values(), default=0.0) * DOWN + HEIGHT
    # Those that matter most are drawn last, on top.
    edges = sorted(made.edges.values(), key=lambda edge: ("unused", "other", "ok", "problem").index(edge.tone))
    return element(
        "svg",
        element("title", f"Map of the secret references in control plane {title(report['control_plane'])}"),
        element("desc", "The tables of this page say the same in words."),
        (
            element("text", label, class_="column", x=number * ACROSS, y=14)
            for number, label in enumerate(COLUMNS)
            if any(node.column == number for node in made.nodes.values())
        ),
        element("g", (_line(edge, corner[edge.start], corner[edge.end]) for edge in edges), class_="edges"),
        (_box(node, *corner[key]) for key, node in made.nodes.items()),
        xmlns="http://www.w3.org/2000/svg",
        class_="map",
        role="img",
        viewBox=f"-2 0 {width + 4} {height + 4:.0f}",
        width=width + 4,
        height=f"{height + 4:.0f}",
    )


def shortened(text: str, width: int) -> str:
    """The text, cut with an ellipsis so that it is no wider than so many narrow letters; East Asian ones are wide."""
    text = visible(text)
    left = width
    for number, character in enumerate(text):
        left -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if left < 0:
            return text[: max(number - 1, 0)] + "…"
    return text


def _line(edge: Edge, start: tuple[float, float], end: tuple[float, float]) -> Markup:
    left, right = start[0] + WIDTH, end[0]
    from_y, to_y = start[1] + HEIGHT / 2, end[1] + HEIGHT / 2
    bend = (right - left) * 0.55
    path = f"M{left} {from_y:.1f}C{left + bend:.1f} {from_y:.1f} {right - bend:.1f} {to_y:.1f} {right} {to_y:.1f}"
    return element("path", d=path, class_=f"edge {edge.tone}", data_rows=_numbers(edge.rows))


def _box(node: Node, x: float, y: float) -> Markup:
    return element(
        "g",
        element("title", f"{node.label} ({node.detail})" if node.detail else node.label),
        element("rect", class_="box", width=WIDTH, height=HEIGHT, rx=7),
        element("rect", class_="mark", x=0, y=8, width=3, height=HEIGHT - 16, rx=1.5),
        element("text", shortened(node.label, LABEL), class_="label", x=13, y=17),
        element("text", shortened(node.detail, DETAIL), class_="detail", x=13, y=31),
        class_=f"node {node.tone}",
        transform=f"translate({x} {y:.1f})",
        data_rows=_numbers(node.rows),
    )


def _numbers(rows: Iterable[int]) -> str:
    return " ".join(map(str, sorted(rows)))
