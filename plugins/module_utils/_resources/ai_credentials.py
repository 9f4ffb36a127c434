# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The keys of a consumer of an AI Gateway. Konnect never returns one and cannot change it: a new key is a new
credential.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from .._entities.ai_gateways import OWN
from .._entities.ai_kinds import AI_CONSUMER, AI_CREDENTIAL
from .._entities.ai_secrets import ENTRY, UNRECORDED
from .._entities.control_plane import ControlPlane
from .._entities.endpoint import Endpoint
from .._entities.kind import Entity
from .._entities.lookup import first_named, is_id
from .._entities.reconcile import Outcome, Target
from .._errors import InvalidInput, KonnectError, with_done
from .._predictions import is_stand_in, stand_in_id
from .ai_types import check_identifiers
from .write_only import secrets_entry

Options = Mapping[str, Any]


def check_credentials(options: Options) -> None:
    """Refuse credentials that cannot be told apart, before any request."""
    names = [row["name"] for row in options["credentials"] or ()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(f"credentials lists {', '.join(twice)} more than once.")
    check_identifiers("credentials", names)


def ensure_credentials(parent: ControlPlane, consumer: Outcome, options: Options) -> tuple[Outcome, list[Entity]]:
    """Let a consumer have these credentials and no others. Returns the outcome of both, and the credentials.

    A credential with another key is removed and made again, so that its old key ends with the task.
    """
    after = consumer.after or {}
    endpoint = parent.endpoint(AI_CONSUMER).below(after["id"], AI_CREDENTIAL)
    held = {row["name"]: row for row in (() if is_stand_in(after["id"]) else endpoint.list())}
    wanted = {row["name"]: _body(parent, after, row, options) for row in options["credentials"]}
    stale = [row for name, row in held.items() if name not in wanted or _differs(row, wanted[name], options)]
    missing = {name: body for name, body in wanted.items() if name not in held or held[name] in stale}
    kept = [row for row in held.values() if row not in stale]
    diff = {
        "before": {**consumer.diff["before"], **_names(held)},
        "after": {**consumer.diff["after"], **_names(wanted, missing.keys() & held.keys())},
    }
    outcome = replace(consumer, changed=bool(consumer.changed or stale or missing), diff=diff)
    return outcome, [*kept, *_write(parent, endpoint, stale, missing, outcome)]


def _write(
    parent: ControlPlane, endpoint: Endpoint, stale: list[Entity], missing: Mapping[str, Entity], outcome: Outcome
) -> list[Entity]:
    done: list[str] = []
    made: list[Entity] = []
    try:
        for row in stale:
            endpoint.delete(row["id"], name=row["name"])
            done.append(f"credential {row['name']} was removed")
        for name, body in missing.items():
            if parent.check_mode:
                made.append({**body, "id": stand_in_id(endpoint.path, name)})
                continue
            made.append(endpoint.create(body, partial(first_named, endpoint, name)))
            done.append(f"credential {name} was created")
    except KonnectError as error:
        raise with_done(done, error, outcome.result("ai_consumer")) from error
    return made


def _body(parent: ControlPlane, consumer: Entity, row: Options, options: Options) -> Entity:
    target = Target(parent, AI_CREDENTIAL, f"{consumer.get('name')}/{row['name']}", lambda entity: False)
    policy = options["update_secret"]
    given = {("api_key",): row["api_key"]}
    entry = secrets_entry(target, given, options) if policy == "on_change" else UNRECORDED
    times = {} if row.get("ttl") is None else {"ttl": row["ttl"]}
    owner = {**OWN["managed_by"], ENTRY: entry}
    body = {"name": row["name"], "type": "api-key", "api_key": row["api_key"], "managed_by": owner, **times}
    return {**body, "display_name": row.get("display_name") or row["name"]}


def _differs(held: Entity, wanted: Entity, options: Options) -> bool:
    if options["update_secret"] == "always":
        return True
    entry = (held.get("managed_by") or {}).get(ENTRY)
    if options["update_secret"] == "on_change" and entry != wanted["managed_by"][ENTRY]:
        return True
    return held.get("ttl", 0) != wanted.get("ttl", held.get("ttl", 0))


def _names(rows: Mapping[str, Entity], replaced: Any = ()) -> dict[str, list[str]]:
    names = [f"{name} (another key)" if name in replaced else name for name in sorted(rows)]
    return {"credentials": names} if names else {}


def credential_row(row: Entity) -> Entity:
    """A credential for a result, without its key."""
    return {name: row[name] for name in ("id", "name", "display_name", "ttl") if row.get(name) is not None}


def list_credentials(parent: ControlPlane, consumer_id: str) -> list[Entity]:
    """The credentials of a consumer."""
    if not is_id(consumer_id) or is_stand_in(consumer_id):
        return []
    endpoint = parent.endpoint(AI_CONSUMER).below(consumer_id, AI_CREDENTIAL)
    return sorted(map(credential_row, endpoint.list()), key=lambda row: str(row.get("name")))
