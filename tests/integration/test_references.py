# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No reference dangles: what would not resolve is refused before any write, and what is there already is found."""

from __future__ import annotations

from running import emulator
from steps import run_tasks, task

STORE = ("config_store", {"name": "my-store"})
SECRET = ("secret", {"config_store": "my-store", "key": "mistral-key", "value": "Bearer fake-key-number-one"})
VAULT = ("vault", {"prefix": "my-vault", "config_store": "my-store"})
ENVIRONMENT = ("vault", {"prefix": "my-env", "backend": "env"})
GOOD = "{vault://my-vault/mistral-key}"
# Each kind of broken reference: the plugin, its configuration, the field, the problem, and words of the remedy.
BROKEN = [
    ("http-log", {"http_endpoint": "Bearer {vault://my-vault/mistral-key}"}, "embedded", "the whole value"),
    ("http-log", {"http_endpoint": "{vault://my-vault/mistral-key"}, "malformed", "no closing brace"),
    ("http-log", {"http_endpoint": "{vault://my-vault}"}, "malformed", "names no secret"),
    ("http-log", {"http_endpoint": "{vault://my-vualt/mistral-key}"}, "unknown_vault", "Did you mean my-vault?"),
    ("http-log", {"http_endpoint": "{vault://my-vault/mistral-kye}"}, "unknown_secret", "Did you mean mistral-key?"),
    ("http-log", {"http_endpoint": "{vault://gone/mistral-key}"}, "unknown_store", "config_store"),
    ("http-log", {"http_endpoint": "http://a.example.com", "method": "POST", "content_type": GOOD}, "", ""),
    ("pre-function", {"access": [f"return kong.vault.get('{GOOD}')"]}, "in_function", "another backend"),
]
NOT_REFERENCEABLE = {"header_name": GOOD}
FINE = [
    ("http-log", {"http_endpoint": GOOD}),
    ("pre-function", {"access": ["return kong.vault.get('{vault://my-env/key}') or '{vault://' .. name .. '}'"]}),
    ("file-log", {"path": "/dev/stdout"}),
]


def plugin(name, config, **more):
    return task("plugin", {"name": name, "config": config, **more})


def broken():
    return [(name, config, problem, remedy) for name, config, problem, remedy in BROKEN if problem] + [
        ("correlation-id", NOT_REFERENCEABLE, "not_referenceable", "a field that takes one")
    ]


def dead_vault(konnect):
    gone = {"name": "konnect", "prefix": "gone", "config": {"config_store_id": "00000000-0000-4000-8000-000000000000"}}
    konnect.call("POST", "core-entities/vaults", gone)


def test_each_kind_of_broken_reference_is_refused(konnect):
    dead_vault(konnect)
    needed = [task(*each) for each in (STORE, SECRET, VAULT, ENVIRONMENT)]
    cases = broken()
    steps = run_tasks(
        konnect,
        *needed,
        *[plugin(name, config) for name, config, _problem, _remedy in cases],
        *[plugin(name, config) for name, config in FINE],
    )
    for (_name, config, problem, remedy), step in zip(cases, steps[len(needed) :], strict=False):
        (field,) = (f"config.{name}" for name, value in config.items() if "{vault" in str(value))
        assert step.code == "broken_reference", step.result
        (row,) = step.result["failure"]["references"]
        assert row["field"].startswith(field)
        assert row["problem"] == problem
        for words in (field, "{vault://", remedy):
            assert words in step.message
        assert step.writes == []
    assert all(step.changed for step in steps[len(needed) + len(cases) :])


def test_a_broken_reference_may_be_written_on_purpose(konnect):
    dangling = {"http_endpoint": "{vault://nowhere/key}"}
    steps = run_tasks(
        konnect,
        task("plugin", {"name": "http-log", "config": dangling}, check=True),
        plugin("http-log", dangling, check_references="warn"),
        plugin("http-log", dangling, check_references="ignore"),
        task("plugin", {"name": "http-log", "config": {"http_endpoint": "Bearer {vault://nowhere/key}"}}, check=True),
        task("plugin", {"name": "http-log", "enabled": False}),
    )
    assert [step.changed for step in steps[:3]] == [True, True, False]
    assert ["no vault with the prefix nowhere" in str(step.result.get("warnings")) for step in steps[:3]] == [
        True,
        True,
        False,
    ]
    assert steps[3].code == "broken_reference"  # no earlier task can mend that
    assert steps[4].changed, "a plugin whose references are not touched can be changed"


def test_a_literal_where_a_secret_belongs(konnect):
    chat = {
        "route_type": "llm/v1/chat",
        "auth": {"header_name": "Authorization", "header_value": "Bearer fake-literal-key"},
        "model": {"provider": "mistral", "name": "mistral-tiny", "options": {"mistral_format": "openai"}},
    }
    steps = run_tasks(
        konnect,
        plugin("ai-proxy", chat, literal_secrets="fail"),
        plugin("ai-proxy", chat),
        plugin("ai-proxy", chat, literal_secrets="allow"),
    )
    assert steps[0].code == "literal_secret"
    assert steps[0].writes == []
    assert "config.auth.header_value" in steps[0].message
    assert "config.auth.header_value" in str(steps[1].result["warnings"])
    assert "warnings" not in steps[2].result
    assert "fake-literal-key" not in str([step.result for step in steps])


def test_a_vault_is_not_moved_to_a_store_that_lacks_what_is_asked_of_it(konnect):
    other = {"prefix": "my-vault", "config_store": "other"}
    steps = run_tasks(
        konnect,
        *[task(*each) for each in (STORE, SECRET, VAULT)],
        plugin("http-log", {"http_endpoint": GOOD}),
        task("config_store", {"name": "other"}),
        task("vault", other),
        task("secret", {**SECRET[1], "config_store": "other"}),
        task("vault", other),
        task("vault", {"prefix": "corporate", "backend": "hcv", "config": {"token": "{vault://nowhere/token}"}}),
    )
    assert steps[5].code == "broken_reference"
    assert "plugin http-log" in steps[5].message
    assert steps[5].writes == []
    assert steps[7].changed
    assert steps[8].code == "broken_reference"


def test_the_map(konnect):
    dead_vault(konnect)
    needed = [task(*each) for each in (STORE, SECRET, VAULT, ENVIRONMENT)]
    needed.append(task("secret", {**SECRET[1], "key": "unused-key"}))
    needed.append(task("vault", {"prefix": "unused", "config_store": "my-store"}))
    needed.append(task("service", {"name": "my-service", "host": "api.example.com"}))
    routes = [task("route", {"name": f"route-{n}", "service": "my-service", "paths": [f"/{n}"]}) for n in range(12)]
    everything = [(name, config) for name, config, _problem, _remedy in broken()] + FINE
    plugins = [
        plugin(name, config, route=f"route-{n}", check_references="ignore")
        for n, (name, config) in enumerate(everything)
    ]
    steps = run_tasks(konnect, *needed, *routes, *plugins, task("reference_info", {}))
    found = steps[-1].result
    assert steps[-1].writes == []
    by_route = {row["route"]["name"]: row for row in found["references"]}
    assert len(by_route) == len(found["references"])
    for number, (_name, _config, problem, _remedy) in enumerate(broken()):
        assert by_route[f"route-{number}"]["problem"] == problem
    fine = {row["state"]: row for row in found["references"] if row["problem"] is None}
    assert set(fine) == {"ok", "other_backend"}
    good = fine["ok"]
    assert (good["name"], good["field"], good["secret"]) == ("http-log", "config.http_endpoint", "mistral-key")
    assert (good["service"]["name"], good["config_store"]["name"]) == ("my-service", "my-store")
    assert fine["other_backend"]["backend"] == "env"
    used = {secret["key"]: (secret["references"], secret["in_use"]) for secret in found["secrets"]}
    assert used == {"mistral-key": (1, True), "unused-key": (0, False)}
    assert all(0 <= secret["age"] < 600 for secret in found["secrets"])
    assert [vault["prefix"] for vault in found["vaults"] if not vault["in_use"]] == ["unused"]
    assert found["summary"] == {
        "ok": 1,
        "other_backend": 1,
        "dangling": 3,
        "not_referenceable": 2,
        "malformed": 3,
        "unused_secrets": 1,
        "unused_vaults": 1,
    }


def test_references_move_to_another_secret_and_nothing_else_changes(konnect):
    move = {"config_store": "my-store", "key": "mistral-key", "new_key": "new-key"}
    log = {
        "http_endpoint": "{vault://my-vault/mistral-key/endpoint?ttl=5}",
        "headers": {"X-Key": "{vault://second/mistral-key}"},
    }
    certificate = {"cert": "{vault://my-vault/mistral-key/cert}", "key": "{vault://my-vault/mistral-key/key}"}
    konnect.call("POST", "core-entities/certificates", certificate)
    partial = {"name": "cache", "type": "redis-ee", "config": {"password": "{vault://my-vault/mistral-key}"}}
    konnect.call("POST", "core-entities/partials", partial)
    steps = run_tasks(
        konnect,
        *[task(*each) for each in (STORE, SECRET, VAULT)],
        task("vault", {"prefix": "second", "config_store": "my-store"}),
        task("config_store", {"name": "other"}),
        task("vault", {"prefix": "other", "config_store": "other"}),
        task("secret", {**SECRET[1], "config_store": "other"}),
        plugin("http-log", log, tags=["kept"]),
        plugin("file-log", {"path": "{vault://other/mistral-key}"}, check_references="ignore"),
        task("reference", move),
        task("reference", move, check=True),
        task("secret", {**SECRET[1], "key": "new-key"}),
        task("reference", {**move, "only": []}),
        task("reference", move, check=True),
        task("reference", move),
        task("reference", move),
        task("reference", {**move, "config_store": "nowhere"}),
    )
    assert steps[9].code == "not_found"
    assert "new-key" in str(steps[10].result["warnings"])
    predicted, real, again = steps[13:16]
    assert [step.changed for step in (steps[12], predicted, real, again)] == [False, True, True, False]
    assert predicted.writes == again.writes == steps[12].writes == []
    assert predicted.result["references"] == real.result["references"]
    assert predicted.result["diff"] == real.result["diff"]
    assert len(real.writes) == 3  # a plugin with two references, a certificate with two, and a partial
    assert len(real.result["references"]) == 5
    plugins = {plugin["name"]: plugin for plugin in konnect.list("core-entities/plugins")}
    assert plugins["http-log"]["config"]["http_endpoint"] == "{vault://my-vault/new-key/endpoint?ttl=5}"
    assert plugins["http-log"]["config"]["headers"] == {"X-Key": "{vault://second/new-key}"}
    assert plugins["http-log"]["tags"] == ["kept"]
    assert plugins["file-log"]["config"]["path"] == "{vault://other/mistral-key}"
    assert steps[16].code == "not_found"


def test_what_a_partial_gives_a_plugin_is_moved_in_the_partial():
    """Where Konnect shows plugins with the values of their partials, the reference still stands in one place."""
    with emulator("--set", "expand_partials=true") as konnect:
        password = {"host": "redis.example.com", "password": "{vault://my-vault/mistral-key}"}
        konnect.call("POST", "core-entities/partials", {"name": "cache", "type": "redis-ce", "config": password})
        move = {"config_store": "my-store", "key": "mistral-key", "new_key": "new-key"}
        limit = {"minute": 5, "policy": "redis"}
        steps = run_tasks(
            konnect,
            *[task(*each) for each in (STORE, SECRET, VAULT)],
            task("secret", {**SECRET[1], "key": "new-key"}),
            plugin("rate-limiting", limit, partials=[{"name": "cache"}]),
            task("reference_info", {}),
            task("reference", move),
            task("reference", move),
        )
        assert [row["entity"] for row in steps[5].result["references"]] == ["partial"]
        assert [row["entity"] for row in steps[6].result["references"]] == ["partial"]
        assert [step.changed for step in steps[6:]] == [True, False]
        (partial,) = konnect.list("core-entities/partials")
        assert partial["config"]["password"] == "{vault://my-vault/new-key}"
