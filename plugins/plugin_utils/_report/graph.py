# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The map of one control plane as a graph: secret, vault, entity, what the entity applies to; and where each goes.

Every edge leads from one column to the next. The same report always gives the same map.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.community.konnect.plugins.plugin_utils._report.model import (
    PROBLEMS,
    SCOPES,
    Report,
    Row,
    title,
)

COLUMNS = ("Secret", "Vault", "Used by", "Applies to")
SECRET, VAULT, ENTITY, SCOPE = range(len(COLUMNS))
# What is wrong, sound, beyond what was checked, and idle: the first wins when a node or an edge is more than one.
TONES = ("problem", "ok", "other", "unused")
SWEEPS = 12

Key = tuple[Hashable, ...]


@dataclass
class Node:
    """A box of the map.

    :param label: its name.
    :param detail: a few words on what it is.
    :param tone: one of TONES.
    :param rows: the numbers of the references that pass through it.
    """

    column: int
    label: str
    detail: str
    tone: str
    rows: set[int] = field(default_factory=set)


@dataclass
class Edge:
    """A line of the map; tone and rows as for Node."""

    start: Key
    end: Key
    tone: str
    rows: set[int] = field(default_factory=set)


@dataclass
class Graph:
    nodes: dict[Key, Node] = field(default_factory=dict)
    edges: dict[tuple[Key, Key], Edge] = field(default_factory=dict)

    def join(self, start: Key, end: Key, tone: str, row: int | None = None) -> None:
        edge = self.edges.setdefault((start, end), Edge(start, end, tone))
        edge.tone = _stronger(edge.tone, tone)
        edge.rows |= set() if row is None else {row}

    def add(self, key: Key, node: Node, row: int | None = None) -> Key:
        known = self.nodes.setdefault(key, node)
        if _stronger(known.tone, node.tone) != known.tone:
            known.tone, known.detail = node.tone, node.detail
        known.rows |= set() if row is None else {row}
        return key


def graph(report: Report) -> Graph:
    """The nodes and edges of one control plane."""
    made = Graph()
    order = sorted(enumerate(report["references"]), key=lambda pair: _sort_key(pair[1]))
    for number, row in order:
        _add_reference(made, number, row)
    for vault in sorted(report["vaults"], key=lambda vault: str(vault["prefix"])):
        _add_vault(made, vault)
    for secret in sorted(report["secrets"], key=lambda secret: (title(secret["config_store"]), secret["key"])):
        _add_secret(made, secret)
    return made


def columns(made: Graph) -> list[list[Key]]:
    """The keys of each column from top to bottom, so that few edges cross.

    Each column in turn is put into the order of its neighbours' mean places; the best of a few sweeps is kept.
    """
    order: list[list[Key]] = [[] for _title in COLUMNS]
    for key, node in made.nodes.items():
        order[node.column].append(key)
    neighbours = _neighbours(made)
    best, fewest = [*order], _crossings(made, order)
    for sweep in range(SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        for column in range(len(order))[::step]:
            if 0 <= column - step < len(order):
                order[column] = _by_neighbours(order[column], order[column - step], neighbours)
        crossings = _crossings(made, order)
        if crossings < fewest:
            best, fewest = [*order], crossings
    return best


def places(made: Graph) -> dict[Key, float]:
    """How far down each node stands, in units of one node, from 0.

    The longest column is packed; in the others each node stands as near to the middle of its neighbours as fits.
    """
    order = columns(made)
    neighbours = _neighbours(made)
    longest = max(range(len(order)), key=lambda column: len(order[column]))
    place = {key: float(number) for number, key in enumerate(order[longest])}
    for column in [*range(longest - 1, -1, -1), *range(longest + 1, len(order))]:
        wanted: list[float] = []
        for key in order[column]:
            known = [place[other] for other in neighbours.get(key, ()) if other in place]
            wanted.append(sum(known) / len(known) if known else (wanted[-1] + 1 if wanted else 0.0))
        place.update(zip(order[column], _spread(wanted), strict=True))
    top = min(place.values(), default=0.0)
    return {key: value - top for key, value in place.items()}


def _add_reference(made: Graph, number: int, row: Row) -> None:
    sound = "other" if row["state"] == "other_backend" else "ok"
    malformed = row["state"] == "malformed"
    no_vault = malformed or row["vault"] is None or row["problem"] in ("unknown_vault", "unknown_store")
    # The secret and its vault are sound when it is only the field that takes no references.
    secret_tone = "problem" if no_vault or row["state"] == "dangling" else sound
    vault_tone = "problem" if no_vault else sound
    broken = row["state"] in PROBLEMS

    prefix = None if malformed else row["vault"]
    vault = made.add(("vault", prefix), Node(VAULT, prefix or "no vault", _vault_detail(row), vault_tone), number)
    label = row["reference"] if malformed else row["secret"] or row["reference"]
    secret = made.add(_secret_key(row, label), Node(SECRET, label, _secret_detail(row), secret_tone), number)
    made.join(secret, vault, secret_tone, number)

    kind = f"{row['entity']} {title(row)}" if row["instance_name"] else row["entity"]
    detail = kind + (", disabled" if row["enabled"] is False else "")
    node = Node(ENTITY, row["instance_name"] or title(row), detail, "problem" if broken else "ok")
    entity = made.add(("entity", row["entity"], row["id"]), node, number)
    made.join(vault, entity, "problem" if broken else vault_tone, number)

    for scope in SCOPES:
        # The service of a route is told with the route: the plugin does not apply to the service's other routes.
        if row[scope] and not (scope == "service" and row["route"]):
            of = f" of {title(row['service'])}" if scope == "route" and row["service"] else ""
            node = Node(SCOPE, title(row[scope]), scope.replace("_", " ") + of, "ok")
            made.join(entity, made.add((scope, row[scope]["id"]), node, number), "ok", number)
    if row["entity"] == "plugin" and not any(row[scope] for scope in SCOPES):
        made.join(entity, made.add(("global",), Node(SCOPE, "every request", "global", "ok"), number), "ok", number)


def _add_vault(made: Graph, vault: Row) -> None:
    detail = " · ".join([vault["backend"] or "", *_store(vault)])
    tone = "unused" if not vault["in_use"] else "ok" if vault["backend"] == "konnect" else "other"
    made.add(("vault", vault["prefix"]), Node(VAULT, vault["prefix"], detail, tone))


def _add_secret(made: Graph, secret: Row) -> None:
    tone = "ok" if secret["in_use"] else "unused"
    key = made.add(
        ("secret", secret["config_store"]["id"], secret["key"]),
        Node(SECRET, secret["key"], title(secret["config_store"]), tone),
    )
    # A vault exposes each secret of its Config Store, whether anything asks for it or not.
    for prefix in secret["vaults"]:
        if ("vault", prefix) in made.nodes:
            made.join(key, ("vault", prefix), "unused")


def _secret_key(row: Row, label: str) -> Key:
    if row["state"] == "malformed":
        return ("malformed", label)
    return ("secret", row["config_store"]["id"] if row["config_store"] else row["vault"], label)


def _secret_detail(row: Row) -> str:
    if row["state"] == "malformed":
        return "not a reference"
    if row["state"] == "dangling":
        return "no such secret" + "".join(f" in {name}" for name in _store(row))
    return "".join(_store(row)) or row["backend"] or ""


def _vault_detail(row: Row) -> str:
    if row["problem"] == "unknown_vault":
        return "no such vault"
    if row["problem"] == "unknown_store":
        return "its Config Store is gone"
    if row["state"] == "malformed":
        return "none that can be read"
    return " · ".join([row["backend"] or "", *_store(row)])


def _store(row: Row) -> list[str]:
    return [title(row["config_store"])] if row["config_store"] else []


def _stronger(one: str, other: str) -> str:
    return min(one, other, key=TONES.index)


def _sort_key(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in ("vault", "secret", "reference", "entity", "name", "id", "field"))


def _neighbours(made: Graph) -> dict[Key, list[Key]]:
    found: dict[Key, list[Key]] = {}
    for start, end in made.edges:
        found.setdefault(start, []).append(end)
        found.setdefault(end, []).append(start)
    return found


def _by_neighbours(keys: Sequence[Key], beside: Sequence[Key], neighbours: Mapping[Key, Sequence[Key]]) -> list[Key]:
    rank = {key: number for number, key in enumerate(beside)}

    def middle(pair: tuple[int, Key]) -> float:
        number, key = pair
        known = [rank[other] for other in neighbours.get(key, ()) if other in rank]
        return sum(known) / len(known) if known else number * len(beside) / len(keys)

    return [key for _number, key in sorted(enumerate(keys), key=middle)]


def _crossings(made: Graph, order: Sequence[Sequence[Key]]) -> int:
    rank = {key: number for keys in order for number, key in enumerate(keys)}
    crossings = 0
    for column in range(len(order)):
        ends: list[int] = []
        lines = [(rank[a], rank[b]) for a, b in made.edges if made.nodes[a].column == column]
        for _start, end in sorted(lines):
            crossings += len(ends) - bisect_right(ends, end)
            insort(ends, end)
    return crossings


def _spread(wanted: Sequence[float]) -> list[float]:
    """The places closest to those wanted (least squares), in the same order and at least 1 apart."""
    # Without the distances the places only must not fall: blocks that do are merged at their mean.
    blocks: list[list[float]] = []
    for number, value in enumerate(wanted):
        blocks.append([value - number, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            before, count = blocks[-1]
            blocks[-1] = [(before * count + mean * size) / (count + size), count + size]
    level = [mean for mean, size in blocks for _each in range(int(size))]
    return [value + number for number, value in enumerate(level)]
