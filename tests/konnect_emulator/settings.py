# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the command line decides: ports, names, keys, and the switches for what nobody outside Kong can be sure of."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from .faults import Fault


class BadSwitch(ValueError):
    """A ``--set`` argument that names no switch or no value of one."""


def _about(text: str, *choices: Any) -> dict[str, Any]:
    """What a switch is for, and its values when they are few."""
    return {"about": text, "choices": choices or None}


@dataclass(frozen=True)
class Switches:
    """One attribute a switch; the default is what the API description or the best evidence says."""

    core_duplicate: int = field(default=400, metadata=_about("status of a duplicate core entity", 400, 409))
    core_patch: int = field(default=405, metadata=_about("status of PATCH on a core entity", 405, 501))
    delete_missing: int = field(
        default=204, metadata=_about("status of DELETE on a core entity that does not exist", 204, 404)
    )
    expand_partials: bool = field(
        default=False,
        metadata=_about("plugins show the values of their partials, also to who does not ask for them", False, True),
    )
    expected_hash_lag_ms: int = field(
        default=0,
        metadata=_about("how much later than a write the expected hash moves, and with it all that data planes get"),
    )
    max_tags: int = field(default=20, metadata=_about("how many tags an entity may have"))
    node_count: int = field(
        default=1, metadata=_about("data plane nodes of the first control plane; 0 also hides the expected hash")
    )
    node_heartbeat_ms: int = field(
        default=0, metadata=_about("how much later than the data plane a node reports its hash")
    )
    put_by_name: bool = field(
        default=True,
        metadata=_about(
            "PUT and DELETE on a core entity accept a name (a vault's prefix), not only an id", False, True
        ),
    )
    route_protocols_default: str = field(
        default="https", metadata=_about("what a route without protocols gets", "https", "http,https")
    )
    secret_echo: bool = field(
        default=False,
        metadata=_about("answers about a secret show its value, as the API description's examples do", False, True),
    )
    secret_list_time_skew_ms: int = field(
        default=0, metadata=_about("reads of a secret show an updated_at this much later than the write did")
    )
    service_delete: str = field(
        default="restrict", metadata=_about("DELETE on a service that has routes", "restrict", "cascade")
    )
    stale_nodes: int = field(
        default=0, metadata=_about("this many nodes, the last, pinged an hour ago and never since")
    )
    store_name_unique: bool = field(
        default=False, metadata=_about("a second config store of the same name is refused (409)", False, True)
    )
    store_not_empty_wording: str = field(
        default="spec", metadata=_about("how the refusal to delete a full store is worded", "spec", "live")
    )
    strict_config_store_id: bool = field(
        default=False, metadata=_about("a konnect vault must name a config store that exists", False, True)
    )
    stuck_nodes: int = field(default=0, metadata=_about("this many nodes, the last, keep the config of the start"))
    top_level_nulls: bool = field(
        default=False, metadata=_about("unset fields of core entities are null, not absent", False, True)
    )
    unauthorized: str = field(
        default="mixed", metadata=_about("form of a 401: problem+json, the gateway's, or by path", "mixed", "e1", "e3")
    )
    validate_endpoint: int = field(
        default=200, metadata=_about("status of a good answer of schemas/.../validate, or the refusal", 200, 404, 501)
    )


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def parse_switches(assignments: list[str]) -> Switches:
    """``["name=value", ...]`` -> Switches."""
    known = {item.name: item for item in fields(Switches)}
    chosen: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, word = assignment.partition("=")
        if not equals or name not in known:
            raise BadSwitch(f"unknown switch {name!r}; known: {', '.join(known)}")
        choices = known[name].metadata["choices"]
        if choices is not None:
            found = [choice for choice in choices if _word(choice) == word]
            if not found:
                raise BadSwitch(f"{name} is one of {', '.join(map(_word, choices))}, not {word!r}")
            chosen[name] = found[0]
        elif word.isascii() and word.isdigit():
            chosen[name] = int(word)
        else:
            raise BadSwitch(f"{name} is a whole number, not {word!r}")
    return Switches(**chosen)


def describe_switches() -> str:
    """The switches as lines for ``--help``."""
    lines = []
    for item in fields(Switches):
        assert item.default is not MISSING
        choices = item.metadata["choices"]
        values = "|".join(map(_word, choices)) if choices else "N"
        lines.append(f"  {item.name}={values}\n      {item.metadata['about']} (default {_word(item.default)})")
    return "\n".join(lines)


@dataclass(frozen=True)
class Settings:
    """Everything the command line can say."""

    port: int = 0
    token: str = "kpat_emulator"
    control_plane: str = "quickstart"
    page_size: int | None = None
    latency_ms: int = 0
    request_log: str | None = None
    upstream_keys: tuple[str, ...] = ("mistral-emulator-key",)
    propagation_ms: int = 0
    plugin_schemas: str | None = None
    faults: tuple[Fault, ...] = ()
    rate_limit: int | None = None
    switches: Switches = field(default_factory=Switches)

    @property
    def data_plane_lag_ms(self) -> int:
        """From a write to the moment at which the data plane runs it: first Konnect coalesces, then it pushes."""
        return self.switches.expected_hash_lag_ms + self.propagation_ms

    @property
    def node_lag_ms(self) -> int:
        """From a write to the moment at which a node reports its hash; nothing looks further back than this."""
        return self.data_plane_lag_ms + self.switches.node_heartbeat_ms
