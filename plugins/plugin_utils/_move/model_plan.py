# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The providers and models that an AI Gateway lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ...module_utils._errors import InvalidInput
from ...module_utils._masking import PLACEHOLDER
from ...module_utils._vault_reference import RESERVED_PREFIXES, is_reference, references_in, texts
from .ai_proxy import PLUGINS, NoCounterpart, Served
from .models import Model, plan_model, routes_of
from .sides import Entity, Plan


def plan_models(plan: Plan) -> None:
    """Plan providers and models. Raises InvalidInput where the AI Gateway has another provider of the same name."""
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
    visible = {text for _path, text in texts(held.get("config"))}
    others = sorted({text for _path, text in texts(served.config) if is_reference(text)} - visible)
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
