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

    core_duplicate: int = field(default=400, metadata=_describe("status of a duplicate core entity", 400, 409))
    core_patch: int = field(default=405, metadata=_describe("status of PATCH on a core entity", 405, 501))
    delete_missing: int = field(
        default=204, metadata=_describe("status of DELETE on a core entity that does not exist", 204, 404)
    )
    expand_partials: bool = field(
        default=False,
        metadata=_describe("plugins show the values of their partials without expand_partials", False, True),
    )
    expected_hash_lag_ms: int = field(
        default=0,
        metadata=_describe("delay from a write to the new expected hash; data planes get nothing before it"),
    )
    max_tags: int = field(default=20, metadata=_describe("maximum number of tags of an entity"))
    node_count: int = field(
        default=1,
        metadata=_describe("data plane nodes of the connected control plane; 0 also removes the expected hash"),
    )
    node_heartbeat_ms: int = field(
        default=0, metadata=_describe("delay from a change of the data plane to the node's report of its hash")
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
