# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The plan that carries Config Stores, vaults and AI Proxy of a control plane over to an AI Gateway.

Only what the gateway lacks is created. What it has by the same name stays as it is, so that a value that was changed
there since is never written over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._errors import InvalidInput
from .model_plan import plan_models
from .sides import Plan, Side
from .store_plan import plan_stores, plan_vaults


def make_plan(source: Side, gateway: Side, values: Mapping[str, str], skip: Iterable[str] = ()) -> dict[str, Any]:
    """``{"needs", "stores", "secrets", "vaults", "providers", "models", "kept", "left", "notes"}``.

    C(needs) are the names of values that are secret and not given, C(stores) names. By store, C(secrets) have C(key)
    and C(value); by name, the others the options of their modules. C(kept) is what the gateway has already, C(left)
    what has no counterpart there, each with C(what) and C(reason).

    Raises InvalidInput where the gateway has something else of the same name.
    """
    plan = Plan(source, gateway, values, skip)
    plan_vaults(plan, plan_stores(plan))
    plan_models(plan)
    for variable, given in (("move_values", set(values)), ("move_skip", plan.skip)):
        unknown = sorted(given - plan.known)
        if unknown:
            raise InvalidInput(f"{variable} has {', '.join(unknown)}, which names nothing of the control plane.")
    return plan.result()
