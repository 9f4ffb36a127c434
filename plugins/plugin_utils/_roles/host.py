# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""How a host is reached, from its variables: what the playbooks hand to their modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._errors import InvalidInput
from ...module_utils._loopback import is_loopback
from .variables import SERVER, check_types, only_set

# By environment variable with the URL at which data planes accept requests, the variable of the host.
URLS = {"KONNECT_PROXY_URL": "konnect_proxy_url", "KONNECT_AI_GATEWAY_URL": "konnect_ai_gateway_url"}
# The variables of the playbooks that no role reads.
PLAYBOOK_TYPES = {"probe_retries": "int", "probe_delay": "float", "sync_timeout": "int"}
OF_THE_PLUGIN = ("konnect_control_plane_name", "konnect_ai_gateway_name")


def read_host(variables: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return ``{options, proxy_url, ai_gateway_url, parent, environment, chat}`` of a host.

    The options are those of the modules, with the token; what nothing sets is left to their environment variables. The
    parent has the options that name it, ``control_plane`` and ``ai_gateway``, one of them empty, the ``proxy_url`` of
    its data planes, and its ``name`` for people. The chat has the ``retries`` of the request that tests a URL, the
    ``delay`` between them in seconds, and by the name of the URL whether to ``use_proxy``.

    :param variables: ``options``, those that the user set for the run, which win over the host's; ``control_plane``,
        which is ``default_control_plane`` where nothing names one; ``ai_gateway``, only where the user set it; those
        of the playbooks in PLAYBOOK_TYPES; and those of the host, by the names that the inventory plugin gives them.
        Null and the empty text mean that one is not set.
    :param environment: of the process.

    Raises InvalidInput with a sentence that says what to set.
    """
    given = only_set(variables)
    options = only_set(given.get("options", {}))
    check_types(options, "ai_proxy_", {})
    check_types(given, "", PLAYBOOK_TYPES)
    if not any(name in options for name in SERVER):
        options.update({name: given[name] for name in SERVER if name in given})
    if "konnect_token_env" in given and "konnect_token" not in options:
        options["konnect_token"] = _token(given, environment)
    urls = {variable: _url(given, environment, variable) for variable in URLS}
    own = {variable: urls[variable] for variable in URLS if _is_own(given, variable)}
    workspace = {"KONNECT_WORKSPACE": given["konnect_workspace"]} if "konnect_workspace" in given else {}
    proxy_url, ai_gateway_url = urls.values()
    return {
        "options": options,
        "proxy_url": proxy_url,
        "ai_gateway_url": ai_gateway_url,
        "parent": _parent(given, environment, proxy_url, ai_gateway_url),
        # For the modules, which read the same variables when they are given no option.
        "environment": {**own, **workspace},
        "chat": _chat(given, proxy_url=proxy_url, ai_gateway_url=ai_gateway_url),
    }


def _chat(given: Mapping[str, Any], **urls: str) -> dict[str, Any]:
    return {
        "retries": int(given.get("probe_retries", 60)),
        "delay": float(given.get("probe_delay", 1)),
        # As the modules do, which ask no proxy for this machine.
        "use_proxy": {name: not is_loopback(url) for name, url in urls.items()},
    }


def _token(given: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    variable = given["konnect_token_env"]
    if not environment.get(variable):
        raise InvalidInput(
            f"The environment variable {variable} is not set, in which {given.get('host')} has its Konnect access "
            "token (konnect_token_env)."
        )
    return environment[variable]


def secret_of(
    parent: Mapping[str, str], control_plane: Mapping[str, Any], ai_gateway: Mapping[str, Any]
) -> dict[str, Any]:
    """The names of the tutorial's secret below a parent: those of an AI Gateway are the same unless others are set.

    :param parent: as ``read_host`` returns it.
    :param control_plane, ai_gateway: the names on each of them.
    """
    return {**control_plane, **only_set(ai_gateway if parent.get("ai_gateway") else {})}


def _is_own(given: Mapping[str, Any], variable: str) -> bool:
    """True where the URL in the environment is not meant: a host of the inventory plugin names its own."""
    return URLS[variable] in given or any(name in given for name in OF_THE_PLUGIN)


def _url(given: Mapping[str, Any], environment: Mapping[str, str], variable: str) -> str:
    return str(given.get(URLS[variable], "" if _is_own(given, variable) else environment.get(variable, "")))


def _parent(
    given: Mapping[str, Any], environment: Mapping[str, str], proxy_url: str, ai_gateway_url: str
) -> dict[str, str]:
    """An AI Gateway where the user or the host names one, or else the environment and nothing a control plane."""
    plane = given.get("control_plane", "")
    is_named = plane != given.get("default_control_plane", "") or "konnect_control_plane" in given
    named = given.get("ai_gateway") or given.get("konnect_ai_gateway")
    gateway = named or (
        "" if is_named or environment.get("KONNECT_CONTROL_PLANE") else environment.get("KONNECT_AI_GATEWAY", "")
    )
    if gateway:
        name = given.get("konnect_ai_gateway_name", gateway) if gateway == given.get("konnect_ai_gateway") else gateway
        return {"control_plane": "", "ai_gateway": gateway, "proxy_url": ai_gateway_url, "name": name}
    name = given.get("konnect_control_plane_name", plane)
    return {"control_plane": plane, "ai_gateway": "", "proxy_url": proxy_url, "name": name}
