# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Switches for behaviour of Konnect that nobody outside Kong can be sure of (``--set NAME=VALUE``)."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any


class InvalidSwitch(ValueError):
    """A ``--set`` argument that names no switch, or a value that the switch does not have."""


def _describe(text: str, *choices: Any) -> dict[str, Any]:
    """Return the metadata of a switch: its line in ``--help``, and its values if it has a fixed set of them."""
    return {"about": text, "choices": choices or None}


@dataclass(frozen=True)
class Switches:
    """One attribute per switch; the default is what the API description or the best evidence says."""

    ai_gateways: str = field(
        default="present", metadata=_describe("whether the account has AI Gateways", "present", "missing", "forbidden")
    )
    ai_next: str = field(
        default="cursor",
        metadata=_describe("the next page of a list below an AI Gateway: a bare cursor, or a URL", "cursor", "url"),
    )
    ai_put_secrets: str = field(
        default="replace",
        metadata=_describe("what a PUT below an AI Gateway does to a secret that it leaves out", "replace", "keep"),
    )
    ai_references: str = field(
        default="shown",
        metadata=_describe("what an AI Gateway shows of a reference in a write-only field", "shown", "hidden"),
    )
    ai_secret_null: bool = field(
        default=False,
        metadata=_describe("what an AI Gateway hides is null instead of absent", False, True),
    )
    ai_version_of: str = field(
        default="entities",
        metadata=_describe("what moves the version of an AI Gateway: new values of secrets too", "entities", "secrets"),
    )
    basic_auth_password: str = field(
        default="hashed", metadata=_describe("what responses show of the password of basic-auth", "hashed", "hidden")
    )
    cached_responses: bool = field(
        default=False,
        metadata=_describe("a cache in front of AI Proxy gives an equal request the first good response", False, True),
    )
    core_duplicate: int = field(default=400, metadata=_describe("status of a duplicate core entity", 400, 409))
    core_patch: int = field(default=405, metadata=_describe("status of PATCH on a core entity", 405, 501))
    delete_missing: int = field(
        default=204, metadata=_describe("status of DELETE on a core entity that does not exist", 204, 404)
    )
    echo_keys: bool = field(
        default=False, metadata=_describe("the chat upstream shows a part of the key that it got", False, True)
    )
    empty_table: str = field(
        default="object",
        metadata=_describe("how a plugin's config shows a map or record without anything in it", "object", "list"),
    )
    error_family: str = field(
        default="own",
        metadata=_describe(
            "form of errors: each path its own, problem+json, or the gRPC status of core entities",
            *("own", "problem", "status"),
        ),
    )
    error_nodes: int = field(default=0, metadata=_describe("this many nodes, the last ones, report an error"))
    expand_partials: bool = field(
        default=False,
        metadata=_describe("plugins show the values of their partials without expand_partials", False, True),
    )
    expected_hash_lag_ms: int = field(
        default=0,
        metadata=_describe("delay from a write to the new expected hash; data planes get nothing before it"),
    )
    expected_hash_updated_at: str = field(
        default="configuration",
        metadata=_describe(
            "what moves updated_at of the expected hash: every write, or its own change", "configuration", "hash"
        ),
    )
    group_member: bool = field(
        default=False,
        metadata=_describe(
            "the first control plane is a member of a control plane group, which has the nodes", False, True
        ),
    )
    hash_of: str = field(
        default="content",
        metadata=_describe(
            "what a config hash is made of: equal content gives an equal one, or every write moves it",
            *("content", "writes"),
        ),
    )
    hash_replica_lag_ms: int = field(
        default=0,
        metadata=_describe("in every other second the expected hash is that of a configuration this much older"),
    )
    hash_store_delay_ms: int = field(
        default=0,
        metadata=_describe("age of the configuration whose hash is the expected one; data planes get it without delay"),
    )
    hmac_auth_secret: str = field(
        default="shown", metadata=_describe("what responses show of the secret of hmac-auth", "shown", "hidden")
    )
    jwt_secret: str = field(
        default="shown", metadata=_describe("what responses show of the secret of jwt", "shown", "hidden")
    )
    key_auth_key: str = field(
        default="shown", metadata=_describe("what responses show of the key of key-auth", "shown", "hidden")
    )
    max_tags: int = field(default=20, metadata=_describe("maximum number of tags of an entity"))
    node_count: int = field(
        default=1,
        metadata=_describe("data plane nodes of the connected control plane; 0 also removes the expected hash"),
    )
    node_heartbeat_ms: int = field(
        default=0, metadata=_describe("delay from a change of the data plane to the node's report of its hash")
    )
    node_error: str = field(
        default="issue",
        metadata=_describe(
            "what error_nodes report: an issue in compatibility_status, or errors as nodes of AI Gateways do",
            *("issue", "errors"),
        ),
    )
    old_names: bool = field(
        default=True,
        metadata=_describe("responses show a plugin's deprecated fields too, with the values of new ones", False, True),
    )
    other_writer_ms: int = field(
        default=0,
        metadata=_describe("another client changes a service of its own in the first control plane this often"),
    )
    partial_nulls: bool = field(
        default=False,
        metadata=_describe("what is not set in the config of a partial is null instead of absent", False, True),
    )
    ping_interval_ms: int = field(
        default=0,
        metadata=_describe("time between the pings of a node, at which alone it reports; 0: it pings all the time"),
    )
    plugin_schema_list: bool = field(
        default=True,
        metadata=_describe("schemas of custom plugins exist", False, True),
    )
    put_by_name: bool = field(
        default=True,
        metadata=_describe(
            "PUT and DELETE on a core entity accept a name (a vault's prefix), not only an id", False, True
        ),
    )
    route_protocols_default: str = field(
        default="https", metadata=_describe("protocols of a route created without any", "https", "http,https")
    )
    router_flavor: str = field(
        default="expressions",
        metadata=_describe(
            "router of the data planes: that of Konnect's quick start, or Kong's default, which knows no expressions",
            *("expressions", "traditional_compatible"),
        ),
    )
    secret_echo: bool = field(
        default=False,
        metadata=_describe("responses show a secret's value, as examples in the API description do", False, True),
    )
    secret_list_time_skew_ms: int = field(
        default=0, metadata=_describe("reads of a secret show an updated_at this much later than the write did")
    )
    service_delete: str = field(
        default="restrict", metadata=_describe("DELETE on a service that has routes", "restrict", "cascade")
    )
    stale_nodes: int = field(default=0, metadata=_describe("this many nodes, the last ones, stopped an hour ago"))
    store_name_unique: bool = field(
        default=False, metadata=_describe("a second config store with the same name is rejected (409)", False, True)
    )
    store_not_empty_wording: str = field(
        default="spec", metadata=_describe("message when a config store with secrets is deleted", "spec", "live")
    )
    strict_config_store_id: bool = field(
        default=False, metadata=_describe("a konnect vault must name a config store that exists", False, True)
    )
    stuck_nodes: int = field(
        default=0, metadata=_describe("this many nodes, the last ones, keep their initial configuration")
    )
    sync: str = field(
        default="full",
        metadata=_describe(
            "how nodes get changes; incremental ones report versions (v02_ and 28 hex digits, or 32 decimal digits)",
            *("full", "incremental", "incremental_decimal"),
        ),
    )
    top_level_nulls: bool = field(
        default=False, metadata=_describe("unset fields of core entities are null instead of absent", False, True)
    )
    unauthorized: str = field(
        default="mixed",
        metadata=_describe(
            "form of a 401: problem+json (e1), the gateway's (e3), by path (mixed)", "mixed", "e1", "e3"
        ),
    )
    validate_endpoint: int = field(
        default=200,
        metadata=_describe("status of schemas/.../validate for a valid entity, or for all of them", 200, 404, 501),
    )
    vault_login_paths: bool = field(
        default=False,
        metadata=_describe("vaults of aws, azure and hcv get the login paths of Gateway 3.14", False, True),
    )
    worker_lag_ms: int = field(
        default=0, metadata=_describe("delay from the first worker of a node to its last until it runs a change")
    )
    workers: int = field(default=1, metadata=_describe("workers of a node, which take requests in turn"))
    workspaces: bool = field(
        default=True, metadata=_describe("control planes have workspaces; without, their list is 404", True, False)
    )


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def parse_switches(assignments: list[str]) -> Switches:
    """Parse ``["name=value", ...]``; raises InvalidSwitch."""
    known = {item.name: item for item in fields(Switches)}
    chosen: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, word = assignment.partition("=")
        if not equals or name not in known:
            raise InvalidSwitch(f"unknown switch {name!r}; known: {', '.join(known)}")
        choices = known[name].metadata["choices"]
        if choices is not None:
            found = [choice for choice in choices if _word(choice) == word]
            if not found:
                raise InvalidSwitch(f"{name} must be one of {', '.join(map(_word, choices))}, not {word!r}")
            chosen[name] = found[0]
        elif word.isascii() and word.isdigit():
            chosen[name] = int(word)
        else:
            raise InvalidSwitch(f"{name} must be a whole number, not {word!r}")
    return Switches(**chosen)


def describe_switches() -> str:
    """Return the switches as lines for ``--help``."""
    lines = []
    for item in fields(Switches):
        assert item.default is not MISSING
        choices = item.metadata["choices"]
        values = "|".join(map(_word, choices)) if choices else "N"
        lines.append(f"  {item.name}={values}\n      {item.metadata['about']} (default {_word(item.default)})")
    return "\n".join(lines)
