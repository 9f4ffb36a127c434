# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The map of one control plane as a graph of secrets, vaults, entities that refer to them, and what these apply to.

Every edge leads from one column to the next. The same report always gives the same graph, whatever the order of its
rows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from .model import (
    PROBLEMS,
    SCOPES,
    Report,
    Row,
    display_name,
    store_name,
)

COLUMNS = ("Secret", "Vault", "Used by", "Applies to")
SECRET, VAULT, ENTITY, SCOPE = range(len(COLUMNS))
# Of the tones of the references that pass through a node or an edge, the first of these counts.
TONES = ("problem", "ok", "other", "unused")

Key = tuple[Hashable, ...]


@dataclass
class Node:
    """A box of the map.

    :param column: its index in COLUMNS.
    :param label: its name.
    :param detail: a few words on what it is.
    :param tone: one of TONES.
    :param rows: the indexes of the references that pass through it.
    """

    column: int
    label: str
    detail: str
    tone: str
    rows: set[int] = field(default_factory=set)


@dataclass
class Edge:
    """A line of the map; tone and rows as in Node."""

    start: Key
    end: Key
    tone: str
    rows: set[int] = field(default_factory=set)


@dataclass
class Graph:
    """The nodes and edges of one control plane, each once."""

    nodes: dict[Key, Node] = field(default_factory=dict)
    edges: dict[tuple[Key, Key], Edge] = field(default_factory=dict)

    def add_node(self, key: Key, node: Node, row: int | None = None) -> Key:
        """Add a node, or merge it into the one with this key. Returns the key."""
        known = self.nodes.setdefault(key, node)
        if _stronger(known.tone, node.tone) != known.tone:
            known.tone, known.detail = node.tone, node.detail
        known.rows |= set() if row is None else {row}
        return key

    def add_edge(self, start: Key, end: Key, tone: str, row: int | None = None) -> None:
        """Add an edge, or merge it into the one between these nodes."""
        edge = self.edges.setdefault((start, end), Edge(start, end, tone))
        edge.tone = _stronger(edge.tone, tone)
        edge.rows |= set() if row is None else {row}

    def neighbors(self) -> dict[Key, list[Key]]:
        """Return the keys of the nodes that share an edge with each node that has any."""
        found: dict[Key, list[Key]] = {}
        for start, end in self.edges:
            found.setdefault(start, []).append(end)
            found.setdefault(end, []).append(start)
        return found


def build_graph(report: Report) -> Graph:
    """Return the graph of one control plane."""
    graph = Graph()
    for index, row in sorted(enumerate(report["references"]), key=lambda pair: _sort_key(pair[1])):
        _add_reference(graph, index, row)
    for vault in sorted(report["vaults"], key=lambda vault: str(vault["prefix"])):
        _add_vault(graph, vault)
    for secret in sorted(report["secrets"], key=lambda secret: (store_name(secret), secret["key"])):
        _add_secret(graph, secret)
    return graph


def _add_reference(graph: Graph, index: int, row: Row) -> None:
    # The secret and the vault are right when only the field does not accept references.
    right = "other" if row["state"] == "other_backend" else "ok"
    no_vault = row["vault"] is None or row["problem"] in ("unknown_vault", "unknown_store")
    vault_tone = "problem" if no_vault else right
    secret_tone = "problem" if no_vault or row["state"] == "dangling" else right
    broken = row["state"] in PROBLEMS

    secret = graph.add_node(_secret_key(row), _secret_node(row, secret_tone), index)
    vault = graph.add_node(("vault", row["vault"]), _vault_node(row, vault_tone), index)
    entity = graph.add_node(
        ("entity", row["entity"], row["id"]), _entity_node(row, "problem" if broken else "ok"), index
    )
    graph.add_edge(secret, vault, secret_tone, index)
    graph.add_edge(vault, entity, "problem" if broken else vault_tone, index)
    for key, node in _scope_nodes(row):
        graph.add_edge(entity, graph.add_node(key, node, index), "ok", index)


def _add_vault(graph: Graph, vault: Row) -> None:
    tone = "unused" if not vault["in_use"] else "ok" if vault["backend"] == "konnect" else "other"
    graph.add_node(("vault", vault["prefix"]), Node(VAULT, vault["prefix"], _backend(vault), tone))


def _add_secret(graph: Graph, secret: Row) -> None:
    tone = "ok" if secret["in_use"] else "unused"
    key = ("secret", secret["config_store"]["id"], secret["key"])
    graph.add_node(key, Node(SECRET, secret["key"], store_name(secret), tone))
    # A vault exposes each secret of its Config Store, used or not.
    for prefix in secret["vaults"]:
        if ("vault", prefix) in graph.nodes:
            graph.add_edge(key, ("vault", prefix), "unused")


def _secret_key(row: Row) -> Key:
    if row["state"] == "malformed":
        return ("malformed", row["reference"])
    store = row["config_store"]["id"] if row["config_store"] else row["vault"]
    return ("secret", store, row["secret"] or row["reference"])


def _secret_node(row: Row, tone: str) -> Node:
    if row["state"] == "malformed":
        return Node(SECRET, row["reference"], "malformed reference", tone)
    detail = store_name(row) or row["backend"] or ""
    if row["state"] == "dangling":
        detail = f"not found in {store_name(row)}" if row["config_store"] else "not found"
    return Node(SECRET, row["secret"] or row["reference"], detail, tone)


def _vault_node(row: Row, tone: str) -> Node:
    if row["vault"] is None:
        return Node(VAULT, "no vault", "malformed reference", tone)
    details = {"unknown_vault": "vault not found", "unknown_store": "Config Store not found"}
    return Node(VAULT, row["vault"], details.get(row["problem"]) or _backend(row), tone)


def _entity_node(row: Row, tone: str) -> Node:
    kind = f"{row['entity']} {display_name(row)}" if row["instance_name"] else row["entity"]
    detail = kind + (", disabled" if row["enabled"] is False else "")
    return Node(ENTITY, row["instance_name"] or display_name(row), detail, tone)


def _scope_nodes(row: Row) -> Iterator[tuple[Key, Node]]:
    scopes = [scope for scope in SCOPES if row[scope]]
    for scope in scopes:
        # The service of a route only describes the route: the plugin does not apply to its other routes.
        if scope == "service" and row["route"]:
            continue
        of_service = f" of {display_name(row['service'])}" if scope == "route" and row["service"] else ""
        detail = scope.replace("_", " ") + of_service
        yield (scope, row[scope]["id"]), Node(SCOPE, display_name(row[scope]), detail, "ok")
    if row["entity"] == "plugin" and not scopes:
        yield ("global",), Node(SCOPE, "all requests", "global", "ok")


def _backend(row: Row) -> str:
    return " · ".join(filter(None, [row["backend"], store_name(row)]))


def _stronger(one: str, other: str) -> str:
    return min(one, other, key=TONES.index)


def _sort_key(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in ("vault", "secret", "reference", "entity", "name", "id", "field"))
