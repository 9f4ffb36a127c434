# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from ansible_collections.community.konnect.plugins.module_utils._data_plane.options import SyncOptions
from ansible_collections.community.konnect.plugins.module_utils._entities.ai_gateways import AI_GATEWAYS
from ansible_collections.community.konnect.plugins.module_utils._entities.control_plane import (
    ControlPlane,
    Organization,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._rotation.model_trial import (
    LiveModel,
    ModelTrial,
    temporary_model,
)
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import (
    ANY_PROVIDER,
    UPSTREAM_LATENCY,
    Probe,
    ProbeResponse,
)
from ansible_collections.community.konnect.plugins.module_utils._rotation.prober import Patience, Prober, Verification
from ansible_collections.community.konnect.plugins.module_utils._rotation.proof import Proof
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.served import page

GATEWAY = {"id": "9524ec7d-36d9-465d-a8c5-83a3c9390458", "name": "my-gateway"}
BELOW = f"/v1/ai-gateways/{GATEWAY['id']}"
REFERENCE, REWRITTEN = "{vault://my-vault/my-key}", "{vault://my-vault/my-key-next}"
URL = "http://localhost:8000"
CHAT = Probe(f"{URL}/v1/chat/completions")


def provider(name="mistral", value=REFERENCE, **auth):
    header = {"name": "Authorization"} if value is None else {"name": "Authorization", "value": value}
    config = {"auth": {"type": "basic", "headers": [header], **auth}}
    return {"id": f"id-of-{name}", "name": name, "type": "mistral", "config": config, "created_at": "2026-11-23"}


def model(name="chat", *providers, paths=("/v1",), selector=None, **more):
    targets = [{"name": "small", "provider": each, "config": {"type": "mistral"}} for each in providers or ("mistral",)]
    selector = {"body_param": "model", "values": [name]} if selector is None else selector
    config = {"route": {"paths": [*paths], "model": selector}, "balancer": {"algorithm": "priority"}}
    return {
        "id": f"id-of-{name}",
        "name": name,
        "formats": [{"type": "openai"}],
        "capabilities": ["generate"],
        "targets": targets,
        "config": config,
        **more,
    }


def live(found, *providers):
    return LiveModel(found, providers or (provider(),))


@pytest.fixture
def gateway(connect):
    return ControlPlane(Organization(connect(), Task()), "my-gateway", GATEWAY, AI_GATEWAYS)


@pytest.fixture
def trial(gateway):
    return ModelTrial(gateway, "konnect-rotation-1-", "fake-alias")


def holding(*found):
    """Models and providers, by kind."""
    models = [each for each in found if "targets" in each]
    return lambda kind: models if kind.name == "ai_model" else [each for each in found if "targets" not in each]


USING = ("id-of-mistral",)


# The probes


def test_a_proxy_is_asked_for_one_model_of_each_provider_that_uses_the_secret(trial):
    entities = holding(
        provider(),
        provider("other", "literal"),
        model(),
        model("more"),
        model("none", "other"),
        model("a", enabled=False),
    )
    (probe,) = trial.probes([], URL, USING, entities)
    assert (probe.url, probe.chat, probe.route) == (f"{URL}/v1/chat/completions", {"model": "chat"}, "id-of-chat")


@pytest.mark.parametrize(
    ("found", "url", "headers", "chat"),
    [
        (model(paths=["/"]), f"{URL}/chat/completions", {}, {"model": "chat"}),
        (model(selector={"header_param": "X-Model"}), CHAT.url, {"X-Model": "chat"}, {}),
        (model(selector={"values": ["other"]}), CHAT.url, {}, {"model": "other"}),
        (model(selector={"body_param": "which"}), CHAT.url, {}, {"which": "chat"}),
    ],
)
def test_a_chat_asks_for_the_model_as_its_route_says(trial, found, url, headers, chat):
    (probe,) = trial.probes([], URL, USING, holding(provider(), found))
    assert (probe.url, probe.headers, probe.chat) == (url, headers, chat)


@pytest.mark.parametrize(
    "found",
    [
        model(capabilities=["embeddings"]),
        model(formats=[{"type": "anthropic"}]),
        model(selector={"path_param": "which"}),
        model("konnect-rotation-2-a"),
    ],
)
def test_what_takes_no_chat_is_not_asked(trial, found):
    assert trial.probes([], URL, USING, holding(provider(), found)) == []


def test_a_chat_of_the_task_asks_for_the_only_model_at_its_path_that_uses_the_secret(trial):
    entities = holding(provider(), provider("other", "literal"), model(), model("b", paths=["/b"]), model("c", "other"))
    (probe,) = trial.probes([CHAT], "", USING, entities)
    assert probe.chat == {"model": "chat"}


def test_where_several_models_are_meant_the_probe_names_one(trial):
    entities = holding(provider(), model(), model("more"))
    with pytest.raises(InvalidInput, match="Which model the probe .* Possible are: chat, more"):
        trial.probes([CHAT], "", USING, entities)
    (probe,) = trial.probes([replace(CHAT, route="more")], "", USING, entities)
    assert probe.chat == {"model": "more"}


# What the probes reach


def reached(trial, probe, *found, using=USING):
    return [(row.live.model["name"], row.using) for row in trial.tried([probe], using, holding(*found))]


@pytest.mark.parametrize(
    "probe",
    [
        replace(CHAT, route="more"),
        replace(CHAT, body={"model": "more", "input": "x"}),
        replace(CHAT, headers={"x-model": "third"}, route="more"),
    ],
)
def test_a_probe_reaches_the_model_that_it_asks_for(trial, probe):
    found = reached(
        trial, probe, provider(), model(), model("more"), model("third", selector={"header_param": "X-Model"})
    )
    assert found == [("more", frozenset(USING))]


def test_a_model_may_refer_to_the_secret_itself(trial):
    found = reached(trial, CHAT, provider(value="literal"), model(), using=["id-of-chat"])
    assert found == [("chat", {"id-of-chat"})]


def test_where_no_model_uses_the_secret_nothing_is_reached(trial):
    assert reached(trial, CHAT, provider(value="literal"), model(), using=["id-of-a-policy"]) == []


# Why there can be no trial


@pytest.mark.parametrize(
    ("found", "held", "probe", "said"),
    [
        (model(), provider(), CHAT, None),
        (model(), provider(), replace(CHAT, body={"model": "chat"}), None),
        (model(), provider(), replace(CHAT, body='{"model": "chat"}'), "has to be a mapping"),
        (model(selector={"path_param": "which"}), provider(), CHAT, "which a path selects"),
        (model(), provider(params=[{"name": "key", "location": "query"}]), CHAT, "config.auth.params.0.value"),
    ],
)
def test_what_cannot_be_copied_is_said(trial, found, held, probe, said):
    rows = trial.tried([replace(probe, route="chat")], USING, holding(held, found))
    problem = trial.problem(rows)
    assert (said in problem) if said else problem is None


# The model and the provider on trial


def test_the_copy_of_a_model_has_its_own_alias_and_only_what_uses_the_secret():
    held = model("chat", "mistral", "other")
    body = temporary_model(live(held), "fake-alias", {"mistral": "copy"}, dict)
    assert [target["provider"] for target in body["targets"]] == ["copy"]
    assert body["config"] == {"route": {"paths": ["/v1"], "model": {"body_param": "model", "values": ["fake-alias"]}}}
    assert body["managed_by"] == {"owner": "community.konnect"}
    assert "id" not in body
    assert [target["provider"] for target in held["targets"]] == ["mistral", "other"]


def test_a_target_that_refers_to_the_secret_itself_keeps_its_provider():
    body = temporary_model(LiveModel(model(), ()), "fake-alias", {}, lambda entity: {**entity, "labels": {"a": "b"}})
    assert ([target["provider"] for target in body["targets"]], body["labels"]) == (["mistral"], {"a": "b"})


def rewrite(entity):
    return {**entity, "config": {"auth": {"type": "basic", "headers": [{"name": "Authorization", "value": REWRITTEN}]}}}


def sent(server):
    return [
        (method, path.rpartition("/")[2].partition("?")[0], body) for method, path, _headers, body in server.requests
    ]


def rows(trial):
    return trial.tried([CHAT], USING, holding(provider(), model()))


def test_the_provider_is_created_before_the_model_that_names_it(server, trial):
    server.script = [(201, {"id": "a", "name": "a"})] * 2
    trial.create(rows(trial), lambda entity: rewrite(entity) if "targets" not in entity else entity)
    (_post, first, copied), (_again, second, made) = sent(server)
    assert (first, second) == ("model-providers", "models")
    assert copied["config"]["auth"]["headers"][0]["value"] == REWRITTEN
    assert copied["name"].startswith("konnect-rotation-1-")
    assert made["targets"][0]["provider"] == copied["name"]


def test_a_trial_of_what_is_live_is_a_model_alone(server, trial):
    server.script = [(201, {"id": "a", "name": "a"})]
    trial.create(rows(trial), None)
    ((_post, path, made),) = sent(server)
    assert (path, made["targets"][0]["provider"]) == ("models", "mistral")


def test_a_model_is_not_created_twice_after_a_lost_response(server, trial):
    name = f"konnect-rotation-1-{'fake-ali'}-id-of-ch"
    server.script = ["reset", page({"id": "a", "name": name})]
    trial.create(rows(trial), None)
    assert [method for method, _path, _body in sent(server)] == ["POST", "GET"]


def test_models_are_removed_before_the_providers_that_they_name(server, trial):
    ours, others = {"id": "a", "name": "konnect-rotation-1-a"}, {"id": "b", "name": "konnect-rotation-2-b"}
    server.script = [page(ours, others), (204, b""), page(others, {**ours, "id": "c"}), (204, b"")]
    trial.remove()
    assert [(method, path) for method, path, _body in sent(server) if method == "DELETE"] == [
        ("DELETE", "a"),
        ("DELETE", "c"),
    ]


# Requests


@pytest.mark.parametrize(
    ("probe", "selector", "headers", "body"),
    [
        (CHAT, {"body_param": "model"}, {}, None),
        (replace(CHAT, body={"model": "chat", "input": "x"}), {"body_param": "model"}, {}, {"input": "x"}),
        (replace(CHAT, headers={"x-model": "chat", "a": "b"}), {"header_param": "X-Model"}, {"a": "b"}, None),
    ],
)
def test_the_probe_of_a_trial_asks_for_its_alias(trial, probe, selector, headers, body):
    (row,) = trial.tried([probe], USING, holding(provider(), model(selector=selector)))
    alias, found = "fake-alias-id-of-ch", trial.probe(row)
    in_header = "header_param" in selector
    assert found.headers == {**headers, **({"X-Model": alias} if in_header else {})}
    assert found.chat == ({"model": alias} if body is None and not in_header else {})
    assert found.body == (None if body is None else {**body, "model": alias})


def test_what_answers_to_an_alias_that_no_model_has_proves_nothing(server, gateway, trial):
    answer = ProbeResponse(200, {UPSTREAM_LATENCY: "1"}, b'{"choices": [{}]}')
    prober = Prober(lambda: 0.0, lambda seconds: None, lambda probe, number: answer)
    server.script = [page(), page()]
    with pytest.raises(KonnectError, match="an alias that no model has") as caught:
        Proof(gateway, trial, prober, SyncOptions()).trial(rows(trial), Patience())
    assert caught.value.code is ErrorCode.PROBE_INCONCLUSIVE
    assert {method for method, _path, _body in sent(server)} == {"GET"}
    assert trial.mark == ANY_PROVIDER


# The proof


def verification(host, verdict="good"):
    return Verification(Probe(f"http://{host}/v1"), verdict, "got 200 from the provider", 3)


@pytest.mark.parametrize(
    ("nodes", "probes", "doubted"),
    [
        (["a"], [verification("one")], False),
        (["a", "b"], [verification("one")], True),
        (["a", "b"], [verification("one"), verification("one")], True),
        (["a", "b"], [verification("one"), verification("two")], False),
        (["a", "b"], [verification("one"), verification("two", "bad")], True),
        (["a"], [], False),
    ],
)
def test_each_live_node_is_to_be_probed_by_a_url_of_its_own(trial, nodes, probes, doubted):
    listed = [{"hostname": name, "live": True} for name in nodes] + [{"hostname": "lost", "live": False}]
    doubt = trial.doubt(SimpleNamespace(nodes=listed), probes)
    assert (("a, b" in doubt) if doubted else (doubt == "")) and "lost" not in doubt


@pytest.mark.parametrize(
    ("maker", "own"), [({"owner": "community.konnect"}, True), ({"owner": "kongctl"}, False), (None, False)]
)
def test_what_this_collection_made_is_told_by_managed_by(trial, maker, own):
    assert trial.is_own(trial.control_plane, None, {"managed_by": maker}) is own
