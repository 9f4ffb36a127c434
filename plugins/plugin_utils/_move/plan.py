# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""What carries Config Stores, vaults and AI Proxy of a control plane over to an AI Gateway: the whole plan.

Only what the gateway lacks is created. What it has by the same name stays as it is, so that a value that was changed
there since is never written over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._errors import InvalidInput
from ...module_utils._masking import PLACEHOLDER
from ...module_utils._vault_reference import RESERVED_PREFIXES, is_reference, references_in, texts
from .ai_proxy import PLUGINS, NoCounterpart, Served
from .models import Model, plan_model, routes_of
from .stores import is_hidden, label, store_names, vault_options

Entity = Mapping[str, Any]

SKIPPED = "move_skip names it."


@dataclass(frozen=True)
class Side:
    """What a control plane or an AI Gateway has, as the info modules return it.

    :param keys: by the id of a Config Store, the keys of its secrets.
    """

    stores: list[Entity] = field(default_factory=list)
    keys: Mapping[str, list[str]] = field(default_factory=dict)
    vaults: list[Entity] = field(default_factory=list)
    plugins: list[Entity] = field(default_factory=list)
    routes: list[Entity] = field(default_factory=list)
    providers: list[Entity] = field(default_factory=list)
    models: list[Entity] = field(default_factory=list)

    def store(self, name: str) -> Entity | None:
        return next((row for row in self.stores if row.get("name") == name), None)

    def keys_of(self, name: str) -> list[str]:
        return list(self.keys.get((self.store(name) or {}).get("id", ""), ()))


class Plan:
    """The plan as it grows.

    :param values: secrets, by the names in C(needs).
    :param skip: names of needed values, or of Config Stores, that are not wanted.
    """

    def __init__(self, source: Side, gateway: Side, values: Mapping[str, str], skip: Iterable[str]) -> None:
        self.source, self.gateway, self.values, self.skip = source, gateway, values, frozenset(skip)
        self.known: set[str] = set()
        self.needs: list[str] = []
        self.stores: list[str] = []
        self.secrets: dict[str, list[dict[str, str]]] = {}
        self.vaults: dict[str, dict[str, Any]] = {}
        self.providers: dict[str, dict[str, Any]] = {}
        self.models: dict[str, dict[str, Any]] = {}
        self.kept: list[str] = []
        self.left: list[dict[str, str]] = []
        self.notes: list[str] = []
        # By the name of a vault on the gateway, the keys behind it; None where nothing here tells them.
        self.behind: dict[str, list[str] | None] = {}

    def leave(self, what: str, reason: str) -> None:
        row = {"what": what, "reason": reason}
        if row not in self.left:
            self.left.append(row)

    def value(self, name: str, *, is_needed: bool = True) -> str | None:
        """The secret of a name, which is needed from now on; None where it is not given."""
        self.known.add(name)
        if is_needed and name not in self.values and name not in self.needs:
            self.needs.append(name)
        return self.values.get(name)

    def filled(self, data: Any, owner: str, *, is_needed: bool = True) -> Any:
        """The data with given secrets in the place of those that are not shown.

        :param owner: of the data, with which the names of its secrets begin.
        """
        if isinstance(data, Mapping):
            return {
                name: self.value(f"{owner}/{data.get('name') or name}", is_needed=is_needed)
                if is_hidden(value)
                else self.filled(value, owner, is_needed=is_needed)
                for name, value in data.items()
            }
        return [self.filled(item, owner, is_needed=is_needed) for item in data] if isinstance(data, list) else data

    def result(self) -> dict[str, Any]:
        names = ("needs", "stores", "secrets", "vaults", "providers", "models", "kept", "left", "notes")
        return {name: getattr(self, name) for name in names}


def make_plan(source: Side, gateway: Side, values: Mapping[str, str], skip: Iterable[str] = ()) -> dict[str, Any]:
    """``{"needs", "stores", "secrets", "vaults", "providers", "models", "kept", "left", "notes"}``.

    C(needs) are the names of values that are secret and not given, C(stores) names. By store, C(secrets) have C(key)
    and C(value); by name, the others the options of their modules. C(kept) is what the gateway has already, C(left)
    what has no counterpart there, each with C(what) and C(reason).

    Raises InvalidInput where the gateway has something else of the same name.
    """
    plan = Plan(source, gateway, values, skip)
    names = _plan_stores(plan)
    _plan_vaults(plan, names)
    _plan_models(plan)
    for variable, given in (("move_values", set(values)), ("move_skip", plan.skip)):
        unknown = sorted(given - plan.known)
        if unknown:
            raise InvalidInput(f"{variable} has {', '.join(unknown)}, which names nothing of the control plane.")
    return plan.result()


def _plan_stores(plan: Plan) -> dict[str, str]:
    stores = plan.source.stores
    plan.known |= {str(store.get("name") or store["id"]) for store in stores}
    names, refused = store_names(store for store in stores if str(store.get("name") or store["id"]) not in plan.skip)
    for what, reason in refused:
        plan.leave(what, reason)
    for store in stores:
        name = names.get(store["id"])
        if name is None:
            own = str(store.get("name") or store["id"])
            plan.known |= {f"{own}/{key}" for key in plan.source.keys.get(store["id"], ())}
            if own in plan.skip:
                plan.leave(label(store), SKIPPED)
            continue
        if name != store.get("name"):
            plan.notes.append(f"{label(store)} is called {name} on the AI Gateway.")
        if plan.gateway.store(name):
            plan.kept.append(f"Config Store {name}")
        else:
            plan.stores.append(name)
        _plan_secrets(plan, store, name)
    return names


def _plan_secrets(plan: Plan, store: Entity, name: str) -> None:
    held = plan.gateway.keys_of(name)
    for key in plan.source.keys.get(store["id"], ()):
        needed = f"{store.get('name') or store['id']}/{key}"
        plan.known.add(needed)
        if key in held:
            plan.kept.append(f"secret {name}/{key}")
        elif needed in plan.skip:
            plan.leave(f"secret {needed}", SKIPPED)
        else:
            plan.secrets.setdefault(name, []).append({"key": key, "value": plan.value(needed) or ""})


def _plan_vaults(plan: Plan, names: Mapping[str, str]) -> None:
    there = {vault["prefix"]: vault for vault in plan.gateway.vaults}
    for vault in plan.source.vaults:
        prefix = vault["prefix"]
        try:
            options = vault_options(vault, names)
        except NoCounterpart as reason:
            plan.leave(f"vault {prefix}", str(reason))
            continue
        if vault.get("tags"):
            plan.leave(f"tags of vault {prefix}", "Vaults of AI Gateways have none.")
        if prefix in there:
            _check_same(plan, there[prefix], options)
            plan.kept.append(f"vault {prefix}")
            plan.filled(options["config"], f"vault:{prefix}", is_needed=False)
        else:
            plan.vaults[prefix] = {**options, "config": plan.filled(options["config"], f"vault:{prefix}")}
        store = options.get("config_store")
        new = [row["key"] for row in plan.secrets.get(str(store), ())]
        plan.behind[prefix] = [*plan.gateway.keys_of(store), *new] if store else None
    for prefix, vault in there.items():
        store_id = (vault.get("config") or {}).get("config_store_id")
        plan.behind.setdefault(prefix, list(plan.gateway.keys.get(store_id, ())) if store_id else None)


def _check_same(plan: Plan, held: Entity, options: Entity) -> None:
    store = plan.gateway.store(str(options.get("config_store"))) or {}
    exposed = (held.get("config") or {}).get("config_store_id")
    if held["name"] != options["backend"] or (options.get("config_store") and exposed != store.get("id")):
        raise InvalidInput(
            f"The AI Gateway has another vault {held['prefix']}, and what refers to it would get other secrets than on "
            "the control plane. Name another AI Gateway, or remove that vault."
        )


def _plan_models(plan: Plan) -> None:
    held = {model["name"] for model in plan.gateway.models}
    planned = list(_models(plan))
    of_type: dict[str, dict[str, str]] = {}
    for _what, model in planned:
        for at, served in enumerate(model.served):
            of_type.setdefault(served.type, {}).setdefault(_group(served, model, at), model.name)
    for what, model in planned:
        is_new = model.name not in held
        providers = []
        for at, served in enumerate(model.served):
            groups = of_type[served.type]
            name = served.type if len(groups) == 1 else f"{served.type}-{groups[_group(served, model, at)]}"
            _plan_provider(plan, name, served, is_new=is_new)
            providers.append(name)
        for setting in model.lost:
            plan.leave(f"{setting} of {what}", "AI Gateways have no such setting.")
        if not is_new:
            plan.kept.append(f"model {model.name}")
            continue
        targets = [{**served.target, "provider": name} for served, name in zip(model.served, providers, strict=True)]
        plan.models[model.name] = {**model.options, "targets": targets}
        plan.notes += _notes(model)


def _models(plan: Plan) -> Iterator[tuple[str, Model]]:
    """The models that stand for plugins, each with the name of its plugin for people."""
    names: set[str] = set()
    plugins = plan.source.plugins
    for plugin in plugins:
        what = _label(plan, plugin)
        try:
            if plugin["name"] not in PLUGINS:
                raise NoCounterpart("An AI Gateway has policies, access and identity providers in place of plugins.")
            for route in routes_of(plugin, plugins, plan.source.routes):
                model = plan_model(plugin, route, plugins)
                _check_texts(plan, model)
                if model.name in names:
                    raise NoCounterpart(f"Another model is called {model.name}.")
                names.add(model.name)
                yield what, model
        except NoCounterpart as reason:
            plan.leave(what, str(reason))


def _label(plan: Plan, plugin: Entity) -> str:
    own = f" {plugin['instance_name']}" if plugin.get("instance_name") else ""
    for scope in ("route", "service", "consumer", "consumer_group"):
        if plugin.get(scope):
            rows = plan.source.routes if scope == "route" else ()
            names = [row.get("name") for row in rows if row["id"] == plugin[scope]["id"]]
            return f"plugin {plugin['name']}{own} on {scope.replace('_', ' ')} {next(iter(names), plugin[scope]['id'])}"
    return f"plugin {plugin['name']}{own}"


def _group(served: Served, model: Model, at: int) -> str:
    """Equal for targets that one provider serves. Secrets that are not shown may be different ones."""
    text = json.dumps(served.config, sort_keys=True)
    return f"{text} {model.name} {at}" if PLACEHOLDER.search(text) else text


def _plan_provider(plan: Plan, name: str, served: Served, *, is_new: bool) -> None:
    held = next((row for row in plan.gateway.providers if row["name"] == name), None)
    if name in plan.providers:
        return
    if held is None and is_new:
        config = plan.filled(served.config, f"provider:{name}")
        plan.providers[name] = {"type": served.type, "config": config}
        return
    plan.filled(served.config, f"provider:{name}", is_needed=False)
    if held is None or f"provider {name}" in plan.kept:
        return
    if held["type"] != served.type:
        raise InvalidInput(
            f"The AI Gateway has a provider {name} of type {held['type']}. Name another AI Gateway, or remove it."
        )
    plan.kept.append(f"provider {name}")
    shown = {text for _path, text in texts(held.get("config"))}
    others = sorted({text for _path, text in texts(served.config) if is_reference(text)} - shown)
    if others and is_new:
        plan.notes.append(f"Provider {name} exists already and does not show {', '.join(others)}. Check its key.")


def _check_texts(plan: Plan, model: Model) -> None:
    """Refuse references that lead to nothing on the AI Gateway, and parts of secrets. Raises NoCounterpart."""
    for path, text in texts([model.options, *(served.target for served in model.served)]):
        if PLACEHOLDER.search(text):
            raise NoCounterpart(f"{path.partition('.')[2]} holds a secret, of which not all is shown.")
    for served in model.served:
        for path, found in references_in(served.config):
            if found.prefix in RESERVED_PREFIXES:
                continue
            if found.prefix not in plan.behind:
                raise NoCounterpart(f"{path} refers to vault {found.prefix}, which is not carried over.")
            keys = plan.behind[found.prefix]
            if keys is not None and found.resource not in keys:
                raise NoCounterpart(f"{path} refers to the secret {found.resource}, which is not carried over.")


def _notes(model: Model) -> Iterator[str]:
    yield f"Model {model.name}: {model.note}"
    if model.guards:
        yield (
            f"Model {model.name} is not enabled, because requests to its route pass {', '.join(model.guards)} too. "
            "Enable it when policies, access or identity providers do the same on the AI Gateway."
        )
