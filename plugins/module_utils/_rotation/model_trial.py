# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The trial on an AI Gateway: models under a random alias beside live ones, with copies of their providers.

A copy of a provider refers to the new value, and a copy of a model has only the targets that use the secret. Whoever
does not know the alias cannot ask for the copy, and nothing else responds to the alias, which a request before the
trial shows.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlsplit

from .._data_plane.wait import SyncResult
from .._entities.ai_gateways import OWN, made_by_collection
from .._entities.ai_kinds import AI_MODEL, AI_MODEL_PROVIDER
from .._entities.comparison import without_nulls
from .._entities.control_plane import ControlPlane
from .._entities.endpoint import Endpoint
from .._entities.kind import READ_ONLY, Entity, Kind
from .._entities.lookup import first_named
from .._resources.ai_fields import PROVIDER
from .._resources.write_only import missing_secrets
from .probe import ANY_PROVIDER, Marker, Probe
from .prober import Verification
from .trial import TAG, ListEntities, Rewrite, Tried, reached_by, temporary_prefix

# Source: ai-deck-converter 0.15.0, internal/aimap/endpoints.go.
CHAT_PATH = "/chat/completions"
# A provider of one of these formats is asked for a model in the body; others name it in the path.
BODY_PARAM = "model"
OTHERS = "Choose a probe of another model, or another strategy by name."


@dataclass(frozen=True)
class LiveModel:
    """A model that a probe reaches, with those of its providers that use the secret."""

    model: Entity
    providers: tuple[Entity, ...]

    @property
    def used_by(self) -> frozenset[str]:
        return frozenset(name for provider in self.providers for name in (provider["id"], provider["name"]))


@dataclass(frozen=True)
class ModelTrial:
    """The temporary models and providers of one secret's rotation, and the alias that leads to them."""

    kinds: ClassVar[tuple[Kind, ...]] = (AI_MODEL_PROVIDER, AI_MODEL)
    reached: ClassVar[str] = "a model that uses it, by itself or by the provider of a target"
    proves_live: ClassVar[bool] = True

    control_plane: ControlPlane
    prefix: str
    alias: str

    @classmethod
    def of(cls, control_plane: ControlPlane, store_id: str, key: str) -> ModelTrial:
        """With a new random alias."""
        return cls(control_plane, temporary_prefix(control_plane, store_id, key), secrets.token_hex(16))

    @property
    def mark(self) -> Marker:
        """Nothing else responds to the alias."""
        return ANY_PROVIDER

    def is_temporary(self, entity: Entity) -> bool:
        return str(entity.get("name") or "").startswith(f"{TAG}-")

    def temporary(self) -> list[Entity]:
        """The temporary models, and then the temporary providers, also those of an earlier run."""
        return [entity for _endpoint, entity in self._temporary()]

    def remove(self) -> None:
        for endpoint, entity in self._temporary():
            endpoint.delete(entity["id"])

    def _temporary(self) -> Iterator[tuple[Endpoint, Entity]]:
        """Models first: a provider that is in use stays."""
        for kind in (AI_MODEL, AI_MODEL_PROVIDER):
            endpoint = self.control_plane.endpoint(kind)
            for entity in [*endpoint.list()]:
                if str(entity.get("name")).startswith(self.prefix):
                    yield endpoint, entity

    # What the probes reach

    def probes(
        self, given: Sequence[Probe], proxy_url: str, using: Collection[str], entities: ListEntities
    ) -> list[Probe]:
        """For the URL of a proxy, a chat for each provider and each model that refers to the secret."""
        models = self._models(entities)
        if given:
            return [_asking(probe, self._model_of(probe, models, using)) if probe.is_chat else probe for probe in given]
        chats: list[Probe] = []
        covered: frozenset[str] = frozenset()
        for live in sorted(models, key=lambda live: str(live.model["name"])) if proxy_url else ():
            more = _uses(live, using) - covered
            if more and _can_chat(live.model):
                covered |= more
                base = str((_route(live.model).get("paths") or ["/"])[0]).rstrip("/")
                chats.append(_asking(Probe(f"{proxy_url}{base}{CHAT_PATH}"), live))
        return chats

    def tried(self, probes: Sequence[Probe], using: Collection[str], entities: ListEntities) -> list[Tried]:
        models = self._models(entities)
        if not any(_uses(live, using) for live in models):
            return []
        rows = [(probe, self._model_of(probe, models, using)) for probe in probes]
        return [
            Tried(probe, replace(live, providers=_only(live.providers, using)), _uses(live, using))
            for probe, live in rows
        ]

    def problem(self, tried: Sequence[Tried]) -> str | None:
        for row in tried:
            name, selector = row.live.model["name"], _selector(row.live.model)
            if "path_param" in selector:
                return f"The strategy trial cannot ask for another model than {name}, which a path selects. {OTHERS}"
            if "body_param" in selector and not (row.probe.is_chat or isinstance(row.probe.body, Mapping)):
                return (
                    f"The strategy trial asks for another model than {name} in the body of the probe of "
                    f"{row.probe.safe_url}, so the body has to be a mapping."
                )
            for provider in row.live.providers:
                missing = [*missing_secrets(PROVIDER.rules, provider)]
                if missing:
                    return (
                        f"The strategy trial needs a copy of model provider {provider['name']}, and Konnect does not "
                        f"show its {', '.join(missing)}. Let it refer to a secret, too. {OTHERS}"
                    )
        return None

    def probe(self, tried: Tried) -> Probe:
        return _selecting(tried.probe, _selector(tried.live.model), self._alias(tried.live.model))

    def is_own(self, control_plane: ControlPlane, kind: Kind, entity: Entity) -> bool:
        return made_by_collection(entity) is True

    def doubt(self, sync: SyncResult, probes: Sequence[Verification]) -> str:
        """A new value need not move the version, so each node has to be probed, by a URL that leads to it alone."""
        live = [str(node["hostname"]) for node in sync.nodes if node["live"]]
        reached = {urlsplit(each.probe.url).netloc for each in probes if each.verdict == "good"}
        if len(live) <= 1 or len(reached) >= len(live):
            return ""
        return (
            f"{len(live)} data plane nodes are live ({', '.join(live[:10])}), and only a probe shows which value one "
            "uses. Give a probe with a URL of its own for each."
        )

    def _models(self, entities: ListEntities) -> list[LiveModel]:
        """The live models that are served, each with all its providers."""
        providers = {name: each for each in entities(AI_MODEL_PROVIDER) for name in (each["id"], each["name"])}
        found = []
        for model in entities(AI_MODEL):
            if model.get("enabled", True) and not self.is_temporary(model):
                named = [providers.get(target.get("provider")) for target in model.get("targets") or ()]
                own = {provider["id"]: provider for provider in named if provider}
                found.append(LiveModel(model, tuple(own.values())))
        return found

    def _model_of(self, probe: Probe, models: Sequence[LiveModel], using: Collection[str]) -> LiveModel:
        """The model that a probe reaches: the one that it asks for, or one whose path it has."""
        asked = [live for live in models if _asks_for(probe, live.model)]
        candidates = [live.model["id"] for live in asked or models if asked or _uses(live, using)]
        found = reached_by(probe, [(live.model, _route(live.model)) for live in models], candidates, "model")
        return next(live for live in models if live.model["id"] == found["id"])

    # Creation

    def create(self, tried: Sequence[Tried], rewrite: Rewrite | None) -> None:
        lives = {row.live.model["id"]: row.live for row in tried}
        copies: dict[str, str] = {}
        for live in lives.values() if rewrite else ():
            for provider in live.providers:
                if rewrite and provider["id"] not in copies:
                    name = self._name(provider)
                    self._create(AI_MODEL_PROVIDER, {**_copy(rewrite(provider)), "name": name})
                    copies |= {provider["id"]: name, provider["name"]: name}
        for live in lives.values():
            body = temporary_model(live, self._alias(live.model), copies, rewrite or dict)
            self._create(AI_MODEL, {**body, "name": self._name(live.model)})

    def _create(self, kind: Kind, body: Entity) -> None:
        endpoint = self.control_plane.endpoint(kind)
        endpoint.create({**body, "display_name": "Trial of a secret"}, partial(first_named, endpoint, body["name"]))

    def _name(self, live: Entity) -> str:
        """The name of a copy. That of an earlier run has another one."""
        return f"{self.prefix}{self.alias[:8]}-{str(live['id'])[:8]}"

    def _alias(self, live: Entity) -> str:
        return f"{self.alias}-{str(live['id'])[:8]}"


def temporary_model(live: LiveModel, alias: str, copies: Mapping[str, str], rewrite: Rewrite) -> Entity:
    """The body of the model beside a live one.

    :param copies: the names of the temporary providers, by the names and ids of the live ones.
    """
    model = _copy(rewrite(live.model))
    targets = [target for target in model["targets"] if target.get("provider") in live.used_by] or model["targets"]
    model["targets"] = [
        {**target, "provider": copies.get(target["provider"], target["provider"])} for target in targets
    ]
    # Where to: it could fail over to what does not use the secret, and may hold secrets of its own.
    config = {name: value for name, value in model["config"].items() if name != "balancer"}
    route = {**config["route"], "model": {**_selector(live.model), "values": [alias]}}
    return {**model, "config": {**config, "route": route}}


def _copy(entity: Entity) -> Entity:
    body = {name: value for name, value in without_nulls(entity).items() if name not in READ_ONLY}
    return {**body, "managed_by": {**(body.get("managed_by") or {}), **OWN["managed_by"]}}


def _route(model: Entity) -> Entity:
    return (model.get("config") or {}).get("route") or {}


def _selector(model: Entity) -> dict[str, Any]:
    """By what a request asks for a model: one of C(body_param), C(header_param) and C(path_param)."""
    given = _route(model).get("model") or {}
    places = {name: given[name] for name in ("header_param", "path_param", "body_param") if given.get(name)}
    return dict([next(iter(places.items()))] if places else [("body_param", BODY_PARAM)])


def _own_alias(model: Entity) -> str:
    return str(((_route(model).get("model") or {}).get("values") or [model["name"]])[0])


def _asking(probe: Probe, live: LiveModel) -> Probe:
    """A chat that asks for a model, which it is known to reach."""
    named = replace(probe, route=live.model["id"])
    return _selecting(named, _selector(live.model), _own_alias(live.model))


def _selecting(probe: Probe, selector: Mapping[str, Any], alias: str) -> Probe:
    """A probe that asks for this alias."""
    if "header_param" in selector:
        name = selector["header_param"]
        rest = {header: value for header, value in probe.headers.items() if header.lower() != name.lower()}
        return replace(probe, headers={**rest, name: alias})
    if "body_param" not in selector:
        return probe
    field = selector["body_param"]
    return replace(probe, chat={**probe.chat, field: alias}) if probe.is_chat else _with_field(probe, field, alias)


def _with_field(probe: Probe, field: str, alias: str) -> Probe:
    return replace(probe, body={**probe.body, field: alias}) if isinstance(probe.body, Mapping) else probe


def _asks_for(probe: Probe, model: Entity) -> bool:
    ((place, name),) = _selector(model).items()
    if place == "header_param":
        return _own_alias(model) in [value for header, value in probe.headers.items() if header.lower() == name.lower()]
    return place == "body_param" and isinstance(probe.body, Mapping) and probe.body.get(name) == _own_alias(model)


def _uses(live: LiveModel, using: Collection[str]) -> frozenset[str]:
    return frozenset(entity["id"] for entity in (live.model, *live.providers) if entity["id"] in using)


def _only(entities: Sequence[Entity], using: Collection[str]) -> tuple[Entity, ...]:
    return tuple(entity for entity in entities if entity["id"] in using)


def _can_chat(model: Entity) -> bool:
    is_openai = [row.get("type", "openai") for row in model.get("formats") or ()] == ["openai"]
    return is_openai and "generate" in (model.get("capabilities") or ()) and "path_param" not in _selector(model)
