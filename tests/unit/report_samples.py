# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results of konnect_reference_info for tests of the report: every state, and hostile names."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from ansible_collections.community.konnect.tests.support.certificates import issue

HOSTILE = "<script>alert(1)</script>"
QUOTES = "\"><img src=x onerror='alert(2)'>"
PIPES = "a|b`c\\d\nnext *line* [link](https://evil.example)"
RIGHT_TO_LEFT = "שלום \u202eevil"
TEMPLATE = "{{ 1 + 1 }}"
SUMMARY = ("ok", "other_backend", "dangling", "not_referenceable", "malformed")


def thing(name: str | None) -> dict[str, Any]:
    return {"id": identifier(str(name)), "name": name}


def identifier(text: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, text))


def reference(text: str, state: str = "ok", problem: str | None = None, **fields: Any) -> dict[str, Any]:
    """Return one row of the references; fields that are not given follow from the reference."""
    prefix, _slash, secret = text.removeprefix("{vault://").removesuffix("}").partition("/")
    row = {
        "reference": text,
        "state": state,
        "problem": problem,
        "message": f"It does not work: {problem}. Do something about it." if problem else None,
        "entity": "plugin",
        "name": "ai-proxy",
        "instance_name": None,
        "enabled": True,
        "verified": True,
        "field": "config.auth.header_value",
        **dict.fromkeys(("route", "service", "consumer", "consumer_group")),
        "vault": prefix if state != "malformed" else None,
        "backend": "konnect" if state in ("ok", "not_referenceable") else None,
        "config_store": None,
        "secret": secret if state != "malformed" else None,
        "property": None,
        **fields,
    }
    shown = (row["entity"], row["name"], row["instance_name"], row["route"], row["service"])
    return {"id": identifier(str(shown)), **row}


def secret(key: str, store: dict[str, Any], vaults: list[str], references: int, age: float = 86400) -> dict[str, Any]:
    moment = "2026-11-23T10:00:00.000Z"
    return {
        "key": key,
        "config_store": store,
        "created_at": moment,
        "updated_at": moment,
        "age": age,
        "vaults": vaults,
        "references": references,
        "in_use": references > 0,
    }


def vault(prefix: str, store: dict[str, Any] | None, references: int, backend: str = "konnect") -> dict[str, Any]:
    return {
        "id": identifier(prefix),
        "prefix": prefix,
        "backend": backend,
        "config_store": store,
        "references": references,
        "in_use": references > 0,
    }


def certificate(name: str, cert: str, entity: str = "certificate", field: str = "cert") -> dict[str, Any]:
    return {"entity": entity, "id": identifier(f"{entity} {name}"), "name": name, "field": field, "cert": cert}


def result(
    name: str, references: list[Any], secrets: list[Any], vaults: list[Any], certificates: Sequence[Any] = ()
) -> dict[str, Any]:
    """Return what the module returns for one control plane."""
    summary = {state: sum(row["state"] == state for row in references) for state in SUMMARY}
    return {
        "changed": False,
        "control_plane": thing(name),
        "references": references,
        "secrets": secrets,
        "vaults": vaults,
        "certificates": list(certificates),
        "summary": {
            **summary,
            "unused_secrets": sum(not each["in_use"] for each in secrets),
            "unused_vaults": sum(not each["in_use"] for each in vaults),
        },
    }


def quickstart() -> dict[str, Any]:
    """Return the control plane of the tutorial, which has no problems."""
    store = thing("my-config-store")
    where = {"route": thing("example-route"), "service": thing("example-service")}
    row = reference("{vault://mysecretvault/mistral-key}", config_store=store, **where)
    return result(
        "quickstart", [row], [secret("mistral-key", store, ["mysecretvault"], 1)], [vault("mysecretvault", store, 1)]
    )


def production() -> dict[str, Any]:
    """Return a control plane with every state and every problem."""
    ai, nameless, shared = thing("ai-keys"), thing(None), thing("shared-platform-credentials")
    chat, billing = thing("chat"), thing("billing")
    rows = [
        reference("{vault://ai-vault/mistral-key}", config_store=ai, route=chat, instance_name="chat-mistral"),
        reference("{vault://ai-vault/openai-key}", config_store=ai, route=thing("assist"), instance_name="assist"),
        reference("{vault://ai-vault/openai-key}", config_store=ai, route=thing("search"), instance_name="search"),
        reference(
            "{vault://ai-vault/anthropic-key}",
            *("dangling", "unknown_secret"),
            backend="konnect",
            config_store=ai,
            route=thing("summaries"),
            instance_name="summaries",
            message="Config Store ai-keys has no secret anthropic-key. Write it with konnect_secret, or correct the "
            "reference. The nearest key is anthropic-key-2026.",
        ),
        reference(
            "{vault://old-vault/hmac}",
            "dangling",
            "unknown_vault",
            name="hmac-auth",
            field="config.secret",
            service=billing,
        ),
        reference(
            "{vault://gone/session}",
            *("dangling", "unknown_store"),
            backend="konnect",
            name="session",
            field="config.secret",
            consumer=thing("mobile-app"),
        ),
        reference(
            "{vault://ai-vault/mistral-key}",
            *("not_referenceable", "not_referenceable"),
            config_store=ai,
            name="http-log",
            field="config.http_endpoint",
            enabled=False,
        ),
        reference(
            "{vault://ai-vault/openai-key}",
            *("not_referenceable", "in_function"),
            config_store=ai,
            name="pre-function",
            field="config.access.0",
            service=billing,
        ),
        reference(
            "Bearer {vault://ai-vault/openai-key}",
            *("malformed", "embedded"),
            name="request-transformer",
            field="config.add.headers.0",
            route=chat,
        ),
        reference("{vault://}", "malformed", "malformed", entity="key", name="jwk-2026", field="jwk"),
        reference(
            "{vault://platform/redis/password}",
            config_store=shared,
            secret="redis",
            property="password",
            name="rate-limiting-advanced",
            field="config.redis.password",
            consumer_group=thing("gold"),
        ),
        reference(
            "{vault://platform/tls-key}", config_store=shared, entity="certificate", name="api.example.com", field="key"
        ),
        reference(
            "{vault://env/proxy-password}", "other_backend", backend="env", name="forward-proxy", field="config.p"
        ),
        reference("{vault://hashi/ldap/bind}", "other_backend", backend="hcv", name="ldap-auth", field="config.bind"),
    ]
    secrets = [
        secret("mistral-key", ai, ["ai-vault"], 2, 3 * 86400),
        secret("openai-key", ai, ["ai-vault"], 3, 190.4 * 86400),
        secret("anthropic-key-2026", ai, ["ai-vault"], 0, 12 * 86400),
        secret("redis", shared, ["platform", "platform-copy"], 1, 800 * 86400),
        secret("tls-key", shared, ["platform", "platform-copy"], 1, 45 * 86400),
        secret("forgotten", nameless, [], 0, 1000 * 86400),
    ]
    vaults = [
        vault("ai-vault", ai, 6),
        vault("platform", shared, 2),
        vault("platform-copy", shared, 0),
        vault("gone", None, 1),
        vault("hashi", None, 1, "hcv"),
    ]
    certificates = [
        certificate("api.example.com", issue("api.example.com", days=12.5).cert),
        certificate("old.example.com", issue("old.example.com", days=-2.5).cert),
        certificate("secret.example.com", "{vault://platform/pair/certificate}"),
        certificate("mobile", issue(ca=True, days=400).cert, "ca_certificate"),
    ]
    return result("production", rows, secrets, vaults, certificates)


def hostile() -> dict[str, Any]:
    """Return names that would run a script, break out of an attribute, a table or a line, or run as a template."""
    stores = [thing(HOSTILE), thing(PIPES)]
    rows = [
        reference("{vault://v/a}", config_store=stores[0], name="<script>", instance_name=HOSTILE, route=thing(QUOTES)),
        reference(
            "{vault://v/b|c}", config_store=stores[1], instance_name=PIPES, service=thing(TEMPLATE), secret="b|c"
        ),
        reference("{vault://v/d}", "dangling", "unknown_secret", name=RIGHT_TO_LEFT, message=f"{HOSTILE} {PIPES}"),
        reference(f"{{vault://{QUOTES}}}", "malformed", "malformed", name="</svg></table>", field=f"config.{QUOTES}"),
        reference("{vault://v/e}", "dangling", "unknown_secret", name="\ud800\x1b[31m", instance_name="秘密" * 30),
    ]
    secrets = [secret("a", stores[0], ["v"], 1), secret("b|c", stores[1], ["v"], 1), secret(HOSTILE, stores[1], [], 0)]
    return result("<b>&amp; 'hostile'", rows, secrets, [vault("v", stores[0], 4), vault("w'\"<i>", None, 0)])


def all_results() -> list[dict[str, Any]]:
    return [quickstart(), production(), hostile()]


def large(number: int = 300) -> dict[str, Any]:
    """Return a control plane with this number of references."""
    stores = [thing(f"team-{team}-keys") for team in range(6)]
    rows = []
    for each in range(number):
        team = each * 7 % 6
        key = f"provider-key-{each * 13 % 40:02}"
        where = (
            {"route": thing(f"route-{each * 11 % 90:02}")}
            if each % 3
            else {"service": thing(f"service-{each % 20:02}")}
        )
        rows.append(
            reference(
                f"{{vault://team-{team}-vault/{key}}}",
                *(("dangling", "unknown_secret") if each % 41 == 0 else ("ok", None)),
                **{"backend": "konnect", "config_store": stores[team], "instance_name": f"proxy-{each:03}", **where},
            )
        )
    used = {(row["config_store"]["name"], row["secret"]) for row in rows if row["state"] == "ok"}
    secrets = [
        secret(key, thing(store), [store.replace("keys", "vault")], 1, 86400.0 * (len(key) + place))
        for place, (store, key) in enumerate(sorted(used))
    ]
    vaults = [vault(f"team-{team}-vault", stores[team], number // 6) for team in range(6)]
    return result("large", rows, secrets, vaults)
