# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Control planes, which alone are changed by PATCH. Source: Konnect's OpenAPI document of the control planes API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._compare import as_set, plain
from ansible_collections.community.konnect.plugins.module_utils._entities import (
    CONTROL_PLANE,
    HELD_BY_CONTROL_PLANE,
    Entity,
    Kind,
)
from ansible_collections.community.konnect.plugins.module_utils._errors import ApiError, InvalidInput, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._lookup import UUID, matching, only
from ansible_collections.community.konnect.plugins.module_utils._reconcile import Outcome

PATH = ("control-planes",)
FIXED = ("cluster_type", "cloud_gateway")
DEFAULTS = {"auth_type": "pinned_client_certs", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE", "cloud_gateway": False}


def control_plane_if_there(client: KonnectClient, name_or_id: str) -> Entity | None:
    """The control plane of that name or id, or None."""
    return only(client, CONTROL_PLANE, PATH, name_or_id, matching(client, CONTROL_PLANE, PATH, name_or_id))


def ensure_control_plane(client: KonnectClient, options: Mapping[str, Any], *, check_mode: bool) -> Outcome:
    """Create the control plane, or change what differs.

    :param options: name (or id), description, labels, auth_type, proxy_urls, cluster_type, cloud_gateway; None was
        not given. What cannot be changed later is an error when it differs.
    """
    name = options["name"]
    current = control_plane_if_there(client, name)
    given = {field: value for field, value in options.items() if value is not None and field != "name"}
    if "labels" in given:
        given["labels"] = {label: _label(label, value) for label, value in given["labels"].items()}
    if current is None:
        if UUID.fullmatch(name):
            raise KonnectError(f"There is no control plane with the id {name}.", code="not_found")
        return _create(client, {"name": name, **given}, check_mode)
    before = flat(current)
    changes = {field: value for field, value in given.items() if _comparable(value) != _comparable(before.get(field))}
    for field in FIXED:
        if field in changes:
            raise InvalidInput(
                f"Control plane {name} has {field} {before.get(field)}, which Konnect cannot change to {given[field]}. "
                "Create another control plane.",
                code="immutable",
            )
    shown = {"before": _for_people(before), "after": _for_people({**before, **changes})}
    if not changes:
        return Outcome(False, current, current, shown)
    if check_mode:
        return Outcome(True, current, _predicted(current, changes), shown)
    return Outcome(True, current, _change(client, current, changes), shown)


def read_control_planes(
    client: KonnectClient, name_or_id: str | None, labels: Mapping[str, Any], cluster_type: str | None
) -> list[Entity]:
    """The control planes that fit, by name; None and no labels fit all."""
    if name_or_id is not None:
        found = matching(client, CONTROL_PLANE, PATH, name_or_id)
    else:
        query = {"labels": ",".join(f"{name}:{value}" for name, value in labels.items())} if labels else {}
        found = list(client.list(PATH, CONTROL_PLANE.paging, query))
    wanted = {name: str(value) for name, value in labels.items()}
    fitting = [
        control_plane
        for control_plane in found
        if wanted.items() <= (control_plane.get("labels") or {}).items()
        and cluster_type in (None, control_plane["config"]["cluster_type"])
    ]
    return sorted(fitting, key=lambda control_plane: str(control_plane["name"]))


def remove_control_plane(client: KonnectClient, name_or_id: str, *, force: bool, check_mode: bool) -> Outcome:
    """Remove a control plane; one that holds anything is refused, with how much of what, unless forced."""
    current = control_plane_if_there(client, name_or_id)
    if current is None:
        return Outcome(False, None, None)
    held = {}
    for kind in () if force else HELD_BY_CONTROL_PLANE:
        count = _count(client, kind, current["id"])
        if count:
            held[f"{kind.label}s"] = count
    if held:
        raise KonnectError(
            f"Control plane {current['name']} was not removed: it holds "
            + ", ".join(f"{count} {label}" for label, count in held.items())
            + ". Remove these first, or set force to remove all with it.",
            code="not_empty",
            holds=held,
        )
    if not check_mode:
        client.delete((*PATH, current["id"]))
    return Outcome(True, current, None, {"before": _for_people(flat(current)), "after": {}})


def flat(control_plane: Entity) -> Entity:
    """The fields as they are given, out of the answer, which keeps some of them below C(config)."""
    config = control_plane.get("config") or {}
    fields = {**{field: control_plane.get(field) for field in ("name", "description", "labels")}, **config}
    return plain({field: value for field, value in fields.items() if not field.endswith("_endpoint")})


def _count(client: KonnectClient, kind: Kind, control_plane_id: str) -> int:
    try:
        return sum(1 for _item in client.list(kind.path(control_plane_id), kind.paging))
    except ApiError as error:
        if error.status == 404:  # a control plane of a type that has no such kind
            return 0
        raise


def _create(client: KonnectClient, body: Entity, check_mode: bool) -> Outcome:
    shown = {"before": {}, "after": _for_people(body)}
    if check_mode:
        return Outcome(True, None, body, shown)
    try:
        created = client.persist(
            lambda: client.request("POST", PATH, body=body), lambda: control_plane_if_there(client, body["name"])
        )
    except ApiError as error:
        if not error.is_unique_violation:
            raise
        raise KonnectError(
            f"Somebody else created control plane {body['name']} at the same time. Run the task again.",
            code="concurrent_change",
        ) from None
    return Outcome(True, None, created, shown)


def _predicted(current: Entity, changes: Entity) -> Entity:
    below_config = {field: value for field, value in changes.items() if field in current["config"]}
    others = {field: value for field, value in changes.items() if field not in below_config}
    return {**current, **others, "config": {**current["config"], **below_config}}


def _change(client: KonnectClient, current: Entity, changes: Entity) -> Entity:
    path = (*PATH, current["id"])

    def patch(body: Entity) -> Entity:
        # A PATCH with these fields may be sent any number of times, so a lost answer is simply asked for again.
        return client.persist(lambda: client.request("PATCH", path, body=body), lambda: None)

    changed = patch(changes)
    surplus = [label for label in changed.get("labels") or {} if label not in changes.get("labels", {label})]
    if surplus:
        # The API does not say whether labels are replaced or merged. They were merged: a null takes one out.
        changed = patch({"labels": {**changes["labels"], **dict.fromkeys(surplus)}})
    wrong = [field for field, value in changes.items() if _comparable(flat(changed).get(field)) != _comparable(value)]
    if wrong:
        raise KonnectError(
            f"Konnect took the change of control plane {current['name']} but did not apply {', '.join(wrong)}.",
            code="not_applied",
        )
    return changed


def _label(name: str, value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        raise InvalidInput(f"The label {name} must be a text. To remove a label, leave it out of labels.")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _comparable(value: Any) -> Any:
    value = plain(value)
    return (as_set(value) if isinstance(value, list) else value) or None


def _for_people(control_plane: Entity) -> Entity:
    return {
        field: value
        for field, value in control_plane.items()
        if value not in (None, "", [], {}) and DEFAULTS.get(field) != value
    }
