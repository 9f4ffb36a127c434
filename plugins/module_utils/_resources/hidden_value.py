# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Values that Konnect hashes or hides, such as a password: how a change of one is told.

A password that comes back as its hash is compared with the hash of the wanted one. Of a value that does not come back,
a tag of the entity carries a fingerprint, but only under a fingerprint_key, because everybody can read tags. Without
one, an entity that exists is taken for having the value.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._entities.entity_view import FINGERPRINT_TAG, without_fingerprints
from .._entities.kind import Entity
from .._entities.reconcile import Target
from .._errors import InvalidInput
from .._masking import HIDDEN, PLACEHOLDER
from .._secrets.fingerprint import check_fingerprint_key, derive


def with_hidden_value(target: Target, field: str, options: Mapping[str, Any]) -> Target:
    """The target with a value that is compared as far as Konnect lets it.

    :param field: that holds the value.
    :param options: of the module, with C(update_secret) and C(fingerprint_key).
    """
    value, policy = options[field], options["update_secret"]
    if value is None or PLACEHOLDER.fullmatch(value):
        return _with_kept_value(target, field)
    tag = _tag(target, value, options["fingerprint_key"]) if policy == "on_change" else None
    hidden = _HiddenValue(target, field, value, policy, tag)
    return replace(
        target,
        compose=hidden.compose,
        normalizer=hidden.normalize,
        before_write=hidden.before_write,
        rewrite=policy == "always",
    )


@dataclass
class _HiddenValue:
    """One value that the response may lack.

    :param tag: that carries its fingerprint; None for none.
    :param replaced: what was there before the write. Whatever comes after it has the value.
    """

    target: Target
    field: str
    value: str
    policy: str
    tag: str | None
    replaced: list[Entity | None] = dataclasses.field(default_factory=list)

    def compose(self, current: Entity | None) -> Entity:
        body = self.target.compose(current)
        tags = without_fingerprints(body.get("tags") or [])
        tags += [self.tag] if self.tag else []
        rest = {name: item for name, item in body.items() if name != "tags"}
        return {**rest, self.field: self.value, **({"tags": tags} if tags else {})}

    def normalize(self, entity: Entity) -> Entity:
        own = {**entity, "tags": without_fingerprints(entity.get("tags") or [])}
        return {**self.target.normalize(own), self.field: "the value" if self.is_in(entity) else "another value"}

    def is_in(self, entity: Entity) -> bool:
        held = entity.get(self.field)
        before = self.replaced[-1] if self.replaced else None
        is_written = bool(self.replaced) and (before is None or entity not in (before, self.target.sealed(before)))
        seal, hashed = self.target.control_plane.task.predictions.seal, _hash(self.value, entity)
        same = (self.value, hashed, seal(self.value), seal(hashed))
        if self.policy == "on_create" or is_written or held in same:
            return True
        return self.tag in (entity.get("tags") or ()) if self.tag or held is not None else True

    def before_write(self, body: Entity, current: Entity | None) -> None:
        self.target.before_write(body, current)
        self.replaced.append(current)
        if current is not None and current.get(self.field) is None and not self.tag and self.policy == "on_change":
            self.target.control_plane.task.warn(
                f"Konnect does not show {self.field}, so that a change of it alone is not noticed. Set "
                "fingerprint_key, or update_secret to always in the run that changes it."
            )


def _tag(target: Target, value: str, fingerprint_key: str | None) -> str | None:
    if not fingerprint_key:
        return None
    check_fingerprint_key(fingerprint_key)
    key = derive(fingerprint_key, target.control_plane.id)
    return FINGERPRINT_TAG.format(key.id, key.mac("1", target.kind.name, target.natural_key, value))


def _hash(password: str, entity: Entity) -> str:
    """The hash that Kong stores of a password (kong/plugins/basic-auth/crypto.lua in Kong Gateway 3.10)."""
    consumer_id = (entity.get("consumer") or {}).get("id")
    return hashlib.sha1(f"{password}{consumer_id}".encode()).hexdigest()


def _with_kept_value(target: Target, field: str) -> Target:
    """The target that leaves the value as it is. What is shown in its place must never become the value."""

    def compose(current: Entity | None) -> Entity:
        held = None if current is None else {field: HIDDEN, **current}
        return {name: item for name, item in target.compose(held).items() if name != field}

    def normalize(entity: Entity) -> Entity:
        own = {name: item for name, item in entity.items() if name != field}
        return target.normalize({**own, "tags": without_fingerprints(own.get("tags") or [])})

    def before_write(body: Entity, current: Entity | None) -> None:
        target.before_write(body, current)
        if current is not None:
            raise InvalidInput(
                f"Give {field}, too. Konnect takes no change of {target.label} without it, and does not show it."
            )

    return replace(target, compose=compose, normalizer=normalize, before_write=before_write)
