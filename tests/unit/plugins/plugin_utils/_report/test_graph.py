# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import random

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils._report.graph import (
    ENTITY,
    SCOPE,
    SECRET,
    VAULT,
    Graph,
    Node,
    build_graph,
)
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import read_reports
from ansible_collections.community.konnect.tests.unit import report_samples as samples


def graph_of(result: dict) -> Graph:
    return build_graph(read_reports([result])[0])


def graph_of_reference(*arguments, **fields) -> Graph:
    return graph_of(samples.result("production", [samples.reference(*arguments, **fields)], [], []))


def labels(graph: Graph, column: int, tone: str | None = None) -> list[str]:
    return [node.label for node in graph.nodes.values() if node.column == column and tone in (None, node.tone)]


def details(graph: Graph, column: int) -> list[str]:
    return [node.detail for node in graph.nodes.values() if node.column == column]


def lines(graph: Graph, tone: str) -> set[tuple[str, str]]:
    return {
        (graph.nodes[start].label, graph.nodes[end].label)
        for (start, end), edge in graph.edges.items()
        if edge.tone == tone
    }


def test_a_reference_leads_from_the_secret_to_what_the_plugin_applies_to():
    graph = graph_of(samples.quickstart())
    assert [node.label for node in graph.nodes.values()] == [
        "mistral-key",
        "mysecretvault",
        "ai-proxy",
        "example-route",
    ]
    assert lines(graph, "ok") == {
        ("mistral-key", "mysecretvault"),
        ("mysecretvault", "ai-proxy"),
        ("ai-proxy", "example-route"),
    }


def test_every_edge_leads_to_the_next_column():
    for result in (samples.production(), samples.hostile(), samples.large()):
        graph = graph_of(result)
        assert all(graph.nodes[end].column == graph.nodes[start].column + 1 for start, end in graph.edges)


def test_the_order_of_the_rows_does_not_matter():
    result = samples.large(100)
    expected = [*graph_of(result).nodes]
    for seed, part in enumerate(("references", "secrets", "vaults")):
        random.Random(seed).shuffle(result[part])
    assert [*graph_of(result).nodes] == expected


def test_a_route_is_described_with_its_service():
    assert details(graph_of(samples.quickstart()), SCOPE) == ["route of example-service"]


def test_a_service_without_a_route_is_a_scope():
    graph = graph_of_reference("{vault://v/k}", service=samples.thing("billing"))
    assert (labels(graph, SCOPE), details(graph, SCOPE)) == (["billing"], ["service"])


def test_a_plugin_without_a_scope_applies_to_all_requests():
    graph = graph_of_reference("{vault://v/k}")
    assert (labels(graph, SCOPE), details(graph, SCOPE)) == (["all requests"], ["global"])


def test_another_entity_without_a_scope_applies_to_nothing():
    assert labels(graph_of_reference("{vault://v/k}", entity="certificate"), SCOPE) == []


@pytest.mark.parametrize(
    ("fields", "label", "detail"),
    [
        ({}, "ai-proxy", "plugin"),
        ({"instance_name": "chat"}, "chat", "plugin ai-proxy"),
        ({"enabled": False}, "ai-proxy", "plugin, disabled"),
    ],
)
def test_an_entity_is_described_by_its_kind(fields, label, detail):
    graph = graph_of_reference("{vault://v/k}", **fields)
    assert (labels(graph, ENTITY), details(graph, ENTITY)) == ([label], [detail])


@pytest.mark.parametrize(
    ("problem", "store", "secret", "vault"),
    [
        ("unknown_vault", None, "not found", "vault not found"),
        ("unknown_store", None, "not found", "Config Store not found"),
        ("unknown_secret", samples.thing("ai-keys"), "not found in ai-keys", "konnect · ai-keys"),
    ],
)
def test_what_is_missing_is_described(problem, store, secret, vault):
    graph = graph_of_reference("{vault://v/k}", "dangling", problem, backend="konnect", config_store=store)
    assert (details(graph, SECRET), details(graph, VAULT)) == ([secret], [vault])


def test_a_malformed_reference_has_no_vault():
    graph = graph_of_reference("{vault://}", "malformed", "malformed")
    assert (labels(graph, SECRET), labels(graph, VAULT)) == (["{vault://}"], ["no vault"])


def test_secrets_that_are_missing_are_problems():
    assert set(labels(graph_of(samples.production()), SECRET, "problem")) == {
        *("anthropic-key", "hmac", "session"),
        *("Bearer {vault://ai-vault/openai-key}", "{vault://}"),
    }


def test_vaults_that_are_missing_are_problems():
    assert set(labels(graph_of(samples.production()), VAULT, "problem")) == {"old-vault", "gone", "no vault"}


def test_entities_with_a_broken_reference_are_problems():
    problems = labels(graph_of(samples.production()), ENTITY, "problem")
    assert {"summaries", "http-log", "pre-function", "jwk-2026"} < set(problems)


def test_a_broken_reference_is_a_problem_where_it_breaks():
    broken = lines(graph_of(samples.production()), "problem")
    assert {("anthropic-key", "ai-vault"), ("ai-vault", "summaries"), ("ai-vault", "http-log")} < broken


def test_a_field_that_takes_no_reference_is_no_problem_of_the_secret():
    graph = graph_of_reference("{vault://v/k}", "not_referenceable", "not_referenceable")
    assert lines(graph, "ok") == {("k", "v"), ("ai-proxy", "all requests")}


def test_unused_secrets_are_marked():
    assert set(labels(graph_of(samples.production()), SECRET, "unused")) == {"anthropic-key-2026", "forgotten"}


def test_unused_vaults_are_marked():
    assert labels(graph_of(samples.production()), VAULT, "unused") == ["platform-copy"]


def test_a_vault_exposes_unused_secrets_too():
    assert ("anthropic-key-2026", "ai-vault") in lines(graph_of(samples.production()), "unused")


def test_a_vault_that_is_not_in_the_report_exposes_nothing():
    secret = samples.secret("key", samples.thing("ai-keys"), ["missing"], 0)
    assert graph_of(samples.result("production", [], [secret], [])).edges == {}


def test_other_backends_are_marked():
    assert labels(graph_of(samples.production()), VAULT, "other") == ["env", "hashi"]


def test_the_worst_tone_of_a_node_wins():
    graph = Graph()
    for tone in ("unused", "problem", "ok"):
        graph.add_node(("k",), Node(SECRET, "k", tone, tone))
    node = graph.nodes[("k",)]
    assert (node.tone, node.detail) == ("problem", "problem")


def test_the_worst_tone_of_an_edge_wins():
    graph = Graph()
    for tone in ("unused", "problem", "ok"):
        graph.add_edge(("a",), ("b",), tone)
    assert graph.edges[("a",), ("b",)].tone == "problem"


def test_nodes_and_edges_hold_the_references_that_pass_through():
    rows = [samples.reference("{vault://v/k}", name=name) for name in ("a", "b")]
    graph = graph_of(samples.result("production", rows, [], []))
    assert graph.nodes["vault", "v"].rows == {0, 1}
    assert sorted(edge.rows for edge in graph.edges.values() if edge.start == ("vault", "v")) == [{0}, {1}]
