# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Secrets in fields that Konnect never returns: how a change of one is told, and that none is lost.

Konnect is not known to keep a secret that a PUT leaves out, so every write carries all of them, and one that cannot is
refused. What was written last is told by an entry of C(managed_by): a MAC over every secret of the entity, or where all
of them are references, which anybody may read, a digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._entities.ai_secrets import ENTRY, NONE, SECRET_BESIDE, UNRECORDED, UNVERIFIED, reference_entry
from .._entities.kind import Entity
from .._entities.reconcile import Target
from .._errors import ErrorCode, InvalidInput
from .._hidden_fields import HiddenFields, Node
from .._masking import PLACEHOLDER
from .._secrets.fingerprint import check_fingerprint_key, derive
from .._secrets.secret import SHORTEST_VALUE_UNDER_TOKEN
from .._vault_reference import is_reference

# What the entry begins with where all secrets are references.
REFERENCES = ("reference.", "digest.")
# With one of these, no secret is held beside the field that else tells of one.
_WITHOUT_SECRET = ("use_managed_identity", "use_gcp_service_account")

Place = tuple[Any, ...]
MayHold = Callable[[Entity], bool]


@dataclass(frozen=True)
class WriteOnly:
    """The write-only fields of one entity, as its task gives them.

    :param rules: what is secret, by field.
    :param token: the entry of managed_by that stands for them; None where the task gives none.
    :param compares: whether that entry tells that a secret changed.
    :param may_hold_secrets: whether Konnect may hold secrets of an entity that nothing tells of.
    :param has_slots: whether fields beside a secret say that there is one.
    """

    target: Target
    rules: Mapping[str, HiddenFields]
    given: Mapping[Place, Any]
    token: str | None
    compares: bool
    may_hold_secrets: MayHold | None
    has_slots: bool

    def compose(self, current: Entity | None) -> Entity:
        body = self.target.compose(current)
        token = self.token or (NONE if current is None and self.has_slots else None)
        return {**body, "managed_by": {**(body.get("managed_by") or {}), ENTRY: token}} if token else body

    def normalize(self, entity: Entity) -> Entity:
        """Without the secrets that are the given ones as far as Konnect shows."""
        found = {
            name: self._field(name, value, (name,))
            for name, value in entity.items()
            if not (name in self.rules and self.rules[name].root.secret and self._is_given(value, (name,)))
        }
        entries = found.get("managed_by")
        if not self.compares and isinstance(entries, Mapping):
            found["managed_by"] = {name: value for name, value in entries.items() if name != ENTRY}
        return self.target.normalize(found)

    def _field(self, name: str, value: Any, place: Place) -> Any:
        rule = self.rules.get(name)
        return value if rule is None else self._kept(rule, rule.root, value, place)

    def _kept(self, rule: HiddenFields, node: Node, value: Any, place: Place) -> Any:
        if isinstance(value, Mapping):
            found = {key: (rule.below(node, str(key)), item) for key, item in value.items()}
            return {
                key: self._kept(rule, inner, item, (*place, key))
                for key, (inner, item) in found.items()
                if not (inner.secret and self._is_given(item, (*place, key)))
            }
        if isinstance(value, list):
            inner = rule.below(node, None)
            return [
                self._kept(rule, inner, item, (*place, at))
                for at, item in enumerate(value)
                if not (inner.secret and self._is_given(item, (*place, at)))
            ]
        return value

    def _is_given(self, value: Any, place: Place) -> bool:
        if isinstance(value, (Mapping, list)):
            return False
        given = self.given.get(place)
        seal = self.target.control_plane.task.predictions.seal
        return value is None or (given is not None and value in (given, seal(str(given))))

    def before_write(self, body: Entity, current: Entity | None) -> None:
        self.target.before_write(body, current)
        if current is None:
            return
        missing = [*self._missing(body)]
        held = (current.get("managed_by") or {}).get(ENTRY)
        if missing and held != NONE and not (self.compares and held == self.token):
            raise InvalidInput(
                f"Give {', '.join(missing)}, too. Konnect does not show {'it' if len(missing) == 1 else 'them'}, and a "
                f"change of {self.target.label} without could remove what it holds. Nothing was written.",
                code=ErrorCode.INVALID_INPUT,
            )
        is_unclear = held is None and self.compares and bool(self.may_hold_secrets and self.may_hold_secrets(current))
        if not self.given and not self._are_at_hand(body, held) and (is_unclear or held not in (None, NONE)):
            raise InvalidInput(
                f"{self.target.label} {'may hold' if is_unclear else 'holds'} secrets that Konnect does not show, and "
                "a change without them could remove them. Give them, too"
                f"{', or set update_secret to on_create if there are none' if is_unclear else ''}. Nothing was written."
            )

    def _are_at_hand(self, body: Entity, held: Any) -> bool:
        """True if Konnect shows what it holds: references alone, in the body that was made of them."""
        if UNVERIFIED in body or not str(held).startswith(REFERENCES):
            return False
        return any(True for name, rule in self.rules.items() for _secret in secrets_in(rule, body.get(name), name))

    def _missing(self, body: Entity) -> Iterator[str]:
        return missing_secrets(self.rules if self.has_slots else {}, body)


def with_write_only(
    target: Target,
    rules: Mapping[str, HiddenFields],
    options: Mapping[str, Any],
    *,
    may_hold_secrets: MayHold | None = None,
    has_slots: bool = True,
) -> Target:
    """The target with the secrets in fields that Konnect never returns.

    :param rules: what is secret, by field.
    :param options: of the module, with C(update_secret), C(fingerprint_key) and C(konnect_token).
    """
    given = {place: value for name, rule in rules.items() for place, value in secrets_in(rule, options.get(name), name)}
    policy = options["update_secret"]
    token = (secrets_entry(target, given, options) if policy == "on_change" else UNRECORDED) if given else None
    secrets = WriteOnly(target, rules, given, token, policy == "on_change", may_hold_secrets, has_slots)
    return replace(
        target,
        compose=secrets.compose,
        normalizer=secrets.normalize,
        before_write=secrets.before_write,
        rewrite=policy == "always" and bool(given),
    )


def secrets_in(rule: HiddenFields, data: Any, name: str) -> Iterator[tuple[Place, Any]]:
    """Each value in a field that is secret, with its place."""
    yield from _leaves(rule, rule.root, data, (name,))


def missing_secrets(rules: Mapping[str, HiddenFields], body: Entity) -> Iterator[str]:
    """The paths of secrets that Konnect must hold and a body lacks.

    :param rules: what is secret, by field.
    """
    for name, rule in rules.items():
        yield from _missing_in(rule, rule.root, body.get(name), name)


def _leaves(rule: HiddenFields, node: Node, data: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(rule, rule.below(node, str(key)), value, (*place, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from _leaves(rule, rule.below(node, None), value, (*place, at))
    elif node.secret and data not in (None, "") and not PLACEHOLDER.search(str(data)):
        yield place, data


def _missing_in(rule: HiddenFields, node: Node, data: Any, path: str) -> Iterator[str]:
    """The paths of secrets that Konnect must hold, by what is beside them, and that a body lacks."""
    if isinstance(data, list):
        for at, item in enumerate(data):
            yield from _missing_in(rule, rule.below(node, None), item, f"{path}.{at}")
    elif isinstance(data, Mapping):
        if any(data.get(name) for name in _WITHOUT_SECRET):
            return
        secret = "value" if "name" in data and rule.below(node, "value").secret else None
        beside = [other for name, other in SECRET_BESIDE.items() if data.get(name) and other not in data]
        if secret and data.get(secret) is None:
            beside.append(secret)
        yield from (f"{path}.{name}" for name in beside)
        for name, value in data.items():
            yield from _missing_in(rule, rule.below(node, str(name)), value, f"{path}.{name}")


def secrets_entry(target: Target, given: Mapping[Place, Any], options: Mapping[str, Any]) -> str:
    """The entry of managed_by for these secrets of an entity."""
    alone = next(iter(given.values()))
    if len(given) == 1 and is_reference(alone) and reference_entry(alone):
        return str(reference_entry(alone))
    parts = [text for place, value in sorted(given.items(), key=str) for text in (json.dumps(place), str(value))]
    identity = [target.control_plane.id, target.kind.name, target.natural_key]
    if all(map(is_reference, given.values())):
        digest = hashlib.sha256(json.dumps([*identity, *parts]).encode()).hexdigest()
        return f"digest.{digest[:32]}"
    own = options["fingerprint_key"]
    if own:
        check_fingerprint_key(own)
    elif min(len(str(value).encode()) for value in given.values()) < SHORTEST_VALUE_UNDER_TOKEN:
        raise InvalidInput(
            f"A secret of {target.label} has fewer than {SHORTEST_VALUE_UNDER_TOKEN} bytes, too few to keep a "
            "fingerprint of it under the access token. Set fingerprint_key (or KONNECT_FINGERPRINT_KEY), "
            "or update_secret to on_create or always.",
            code=ErrorCode.SHORT_VALUE,
        )
    key = derive(own or options["konnect_token"], target.control_plane.id, stretches=not own)
    name = "/".join(identity)
    covered = [key.covered(target.control_plane.id, name, part) for part in parts]
    return f"{key.id}.{key.mac('1', *identity, *covered)}"
