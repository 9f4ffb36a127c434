# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""How a host is reached, from its variables: what the playbooks hand to their modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._errors import InvalidInput
from .variables import SERVER, only_set


def read_host(variables: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return ``{options, proxy_url, environment}`` of a host.

    The options are those of the modules, with the token; what nothing sets is left to their environment variables.

    :param variables: ``options``, those that the user set for the run, which win over the host's; and by the names that
        the inventory plugin gives them, ``konnect_token_env``, ``konnect_region``, ``konnect_url``,
        ``konnect_workspace``, ``konnect_proxy_url`` and ``konnect_control_plane_name``. Null and the empty text mean
        that one is not set.
    :param environment: of the process.

    Raises InvalidInput with a sentence that says what to set.
    """
    given = only_set(variables)
    options = only_set(given.get("options", {}))
    if not any(name in options for name in SERVER):
        options.update({name: given[name] for name in SERVER if name in given})
    token_variable = given.get("konnect_token_env")
    if token_variable and "konnect_token" not in options:
        options["konnect_token"] = environment.get(token_variable)
        if not options["konnect_token"]:
            raise InvalidInput(
                f"The environment variable {token_variable} is not set, in which {given.get('host')} has its Konnect "
                "access token (konnect_token_env)."
            )
    of_the_plugin = "konnect_control_plane_name" in given
    # That in the environment is no proxy of a control plane from the inventory plugin, which names its own.
    proxy_url = given.get("konnect_proxy_url", "" if of_the_plugin else environment.get("KONNECT_PROXY_URL", ""))
    own = of_the_plugin or "konnect_proxy_url" in given
    return {
        "options": options,
        "proxy_url": proxy_url,
        # For the modules, which read the same variables when they are given no option.
        "environment": {
            **({"KONNECT_PROXY_URL": proxy_url} if own else {}),
            **({"KONNECT_WORKSPACE": given["konnect_workspace"]} if "konnect_workspace" in given else {}),
        },
    }
