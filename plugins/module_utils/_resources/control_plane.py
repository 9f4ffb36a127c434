# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Control planes, which alone are changed by PATCH. Source: Konnect's OpenAPI document of the control planes API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._entities import lookup
from .._entities.comparison import as_set, without_nulls
from .._entities.control_plane import ControlPlane, Organization
from .._entities.kind import Entity
from .._entities.kinds import CHILD_KINDS
from .._entities.listing import read_lists
from .._entities.reconcile import ABSENT, Outcome
from .._entities.usage import OnInUse, Usage, check_usage
from .._errors import ApiError, ErrorCode, InvalidInput, KonnectError, with_done
from .._predictions import stand_in_id

FIXED = ("cluster_type", "cloud_gateway")
# The other fields are those of the control plane itself.
BELOW_CONFIG = (*FIXED, "auth_type", "proxy_urls")
DEFAULTS = {"auth_type": "pinned_client_certs", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE", "cloud_gateway": False}


def ensure_control_plane(organization: Organization, options: Mapping[str, Any]) -> Outcome:
    """Create the control plane, or change what differs.

    :param options: name (or id), description, labels, auth_type, proxy_urls, cluster_type, cloud_gateway; None was
        not given. What cannot be changed later is an error when it differs.
    """
    name = options["name"]
    current = lookup.find_one(organization.control_planes, name)
    given = {field: value for field, value in options.items() if value is not None and field != "name"}
    if "labels" in given:
        given["labels"] = {label: _label(label, value) for label, value in given["labels"].items()}
    if current is None:
        if lookup.is_id(name):
            raise KonnectError(f"There is no control plane with the id {name}.", code=ErrorCode.NOT_FOUND)
        return _create(organization, {"name": name, **given})
    before = _fields(current)
    changes = {field: value for field, value in given.items() if _normalize(value) != _normalize(before.get(field))}
    for field in FIXED:
        if field in changes:
            raise InvalidInput(
                f"Control plane {name} has {field} {before.get(field)}, which Konnect cannot change to {given[field]}. "
                "Create another control plane.",
                code=ErrorCode.IMMUTABLE,
            )
    diff = {"before": _diff_view(before), "after": _diff_view({**before, **changes})}
    if not changes:
        return Outcome(False, current, current, diff)
    if organization.task.check_mode:
        return Outcome(True, current, _predict(organization, current, changes), diff)
    return Outcome(True, current, _change(organization, current, changes), diff)


def read_control_planes(
    organization: Organization, name_or_id: str | None, labels: Mapping[str, Any], cluster_type: str | None
) -> list[Entity]:
    """The control planes that fit, by name; None and no labels fit all."""
    endpoint = organization.control_planes
    wanted = {name: _label(name, value) for name, value in labels.items()}
    if name_or_id is not None:
        found = lookup.matching(endpoint, name_or_id)
    else:
        query = {"labels": ",".join(f"{name}:{value}" for name, value in wanted.items())} if wanted else {}
        found = list(endpoint.list(query))
    fitting = [
        control_plane
        for control_plane in found
        if has_labels(control_plane, labels)
        and cluster_type in (None, (control_plane.get("config") or {}).get("cluster_type"))
    ]
    return sorted(fitting, key=lambda control_plane: str(control_plane["name"]))


def remove_control_plane(organization: Organization, name_or_id: str, on_in_use: OnInUse) -> Outcome:
    """Remove a control plane if it holds nothing, or with all that it holds."""
    current = lookup.find_one(organization.control_planes, name_or_id)
    if current is None:
        return ABSENT
    view = _diff_view(_fields(current))
    usage = check_usage(on_in_use, lambda: _usage(ControlPlane(organization, current["id"], current)))
    if usage:
        return Outcome(False, current, current, {"before": view, "after": view}, usage)
    organization.control_planes.delete(current["id"], name=current["name"])
    return Outcome(True, current, None, {"before": view, "after": {}})


def _usage(control_plane: ControlPlane) -> Usage | None:
    """The number of entities of each kind in a control plane; None when it is empty."""
    first, *others = control_plane.everywhere()
    in_workspaces = [kind for kind in CHILD_KINDS if not kind.shared]
    lists = [read_lists(first, CHILD_KINDS), *(read_lists(view, in_workspaces) for view in others)]
    counts = {kind.label: sum(len(each.get(kind.name, ())) for each in lists) for kind in CHILD_KINDS}
    held = {f"{label}s": count for label, count in counts.items() if count}
    if not held:
        return None
    return Usage(
        control_plane.label,
        "holds " + ", ".join(f"{count} {label}{'s' if count > 1 else ''}" for label, count in counts.items() if count),
        ErrorCode.NOT_EMPTY,
        "Remove these first, or set on_in_use to remove all with it.",
        {"holds": held},
    )


def _fields(control_plane: Entity) -> Entity:
    """The fields as they are given, out of the response, which keeps some of them below C(config)."""
    config = control_plane.get("config") or {}
    fields = {**{field: control_plane.get(field) for field in ("name", "description", "labels")}, **config}
    return dict(without_nulls({field: value for field, value in fields.items() if not field.endswith("_endpoint")}))


def _create(organization: Organization, body: Entity) -> Outcome:
    endpoint = organization.control_planes
    diff = {"before": {}, "after": _diff_view(body)}
    if organization.task.check_mode:
        return Outcome(True, None, _predict(organization, None, body), diff)
    try:
        created = endpoint.create(body, lambda: lookup.find_one(endpoint, body["name"]))
    except ApiError as error:
        if not error.is_unique_violation:
            raise
        raise KonnectError(
            f"Another client created control plane {body['name']} at the same time. Run the task again.",
            code=ErrorCode.CONCURRENT_CHANGE,
        ) from None
    return Outcome(True, None, created, diff)


def _predict(organization: Organization, current: Entity | None, changes: Entity) -> Entity:
    """The control plane as Konnect would return it."""
    endpoint = organization.control_planes
    if current is None:
        current = {"id": stand_in_id(endpoint.path, changes["name"]), "config": DEFAULTS}
    others = {field: value for field, value in changes.items() if field not in BELOW_CONFIG}
    below_config = {field: value for field, value in changes.items() if field in BELOW_CONFIG}
    after = {**current, **others, "config": {**(current.get("config") or {}), **below_config}}
    endpoint.predict(after)
    return after


def _change(organization: Organization, current: Entity, changes: Entity) -> Entity:
    endpoint = organization.control_planes
    changed = endpoint.patch(current["id"], changes)
    surplus = [label for label in changed.get("labels") or {} if label not in changes.get("labels", {label})]
    if surplus:
        # The API does not say whether labels are replaced or merged. They were merged: a null takes one out.
        try:
            changed = endpoint.patch(current["id"], {"labels": {**changes["labels"], **dict.fromkeys(surplus)}})
        except KonnectError as error:
            done = [f"control plane {current['name']} was changed in {', '.join(sorted(changes))}"]
            raise with_done(done, error, {"changed": True, "control_plane": changed}) from error
    actual = _fields(changed)
    wrong = [field for field, value in changes.items() if _normalize(actual.get(field)) != _normalize(value)]
    if wrong:
        raise KonnectError(
            f"Konnect accepted the change of control plane {current['name']} but did not apply {', '.join(wrong)}.",
            code=ErrorCode.NOT_APPLIED,
        )
    return changed


def has_labels(entity: Entity, labels: Mapping[str, Any]) -> bool:
    """True if an entity has all of these labels."""
    wanted = {name: _label(name, value) for name, value in labels.items()}
    return wanted.items() <= (entity.get("labels") or {}).items()


def _label(name: str, value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        raise InvalidInput(f"The label {name} must be a text. To remove a label, leave it out of labels.")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _normalize(value: Any) -> Any:
    value = without_nulls(value)
    return (as_set(value) if isinstance(value, list) else value) or None


def _diff_view(control_plane: Entity) -> Entity:
    return {
        field: value
        for field, value in control_plane.items()
        if value not in (None, "", [], {}) and DEFAULTS.get(field) != value
    }
