# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The parent that a task names: a control plane, or an AI Gateway where a module takes both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._entities.ai_gateways import AI_GATEWAYS
from .._entities.control_plane import ControlPlane, Organization
from .._entities.kinds import WORKSPACE
from .._entities.product import CONTROL_PLANES, Product
from .._errors import ErrorCode, InvalidInput

# In this order the environment is asked.
PRODUCTS = {product.option: product for product in (CONTROL_PLANES, AI_GATEWAYS)}
VARIABLES = {"control_plane": "KONNECT_CONTROL_PLANE", "ai_gateway": "KONNECT_AI_GATEWAY"}
# With the URL at which the data planes of a parent accept requests.
PROXY_VARIABLES = {"control_plane": "KONNECT_PROXY_URL", "ai_gateway": "KONNECT_AI_GATEWAY_URL"}


def given_parent(params: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The options of a module that name its parent, one of them set: by the task, or else by the environment. With them
    C(workspace), where the module has it and the parent has none.

    Raises InvalidInput where the task sets two.
    """
    options = [option for option in PRODUCTS if option in params]
    given = [option for option in options if params[option] not in (None, "")]
    if len(given) > 1:
        raise InvalidInput(
            "control_plane and ai_gateway are both given, and a task has one parent. Take one out; where a module "
            'default sets it, set it to "" in the task.'
        )
    named = {option: params[option] for option in given} or {
        option: environment[VARIABLES[option]] for option in options if environment.get(VARIABLES[option])
    }
    first = next(iter(named), None)
    chosen = {option: named[option] if option == first else None for option in options}
    if first is None or "workspace" not in params or PRODUCTS[first].has(WORKSPACE):
        return chosen
    # That of the environment is one of a control plane.
    return {**chosen, "workspace": params["workspace"] or None}


def product_of(options: Mapping[str, Any]) -> Product:
    """The product of the parent that options name, after C(given_parent) filled them in; control planes where none."""
    named = [product for option, product in PRODUCTS.items() if options.get(option)]
    return named[0] if named else CONTROL_PLANES


def parent_of(organization: Organization, options: Mapping[str, Any]) -> ControlPlane | Organization:
    """The parent of what a module manages, after C(given_parent) filled its options in."""
    products = [product for option, product in PRODUCTS.items() if option in options]
    named = [product for product in products if options[product.option]]
    if len(products) > 1 and not named:
        raise InvalidInput(
            "Neither a control plane nor an AI Gateway is given. Set control_plane or ai_gateway, or "
            "KONNECT_CONTROL_PLANE or KONNECT_AI_GATEWAY in the environment of the host that runs the module.",
            code=ErrorCode.NO_CONTROL_PLANE,
        )
    for product in named or products:
        if options.get("workspace") and not product.has(WORKSPACE):
            raise InvalidInput(f'An {product.kind.label} has no workspaces. Leave workspace out, or set it to "".')
        return ControlPlane(organization, options[product.option], product=product, workspace=options.get("workspace"))
    return organization
