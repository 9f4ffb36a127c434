# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Read the variables of the role ai_proxy, and find what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._errors import InvalidInput
from .providers import PROVIDERS
from .variables import check_rows, check_types, connection_options, mapping, one_of, only_set

ROLE = "ai_proxy"
# The options of konnect_service and konnect_route that the dicts may hold.
TAKES = {
    "service": (
        *("name", "url", "protocol", "host", "port", "path", "retries", "connect_timeout", "write_timeout"),
        *("read_timeout", "tls_verify", "tls_verify_depth", "ca_certificates", "client_certificate", "enabled", "tags"),
    ),
    "route": (
        *("name", "service", "protocols", "methods", "hosts", "paths", "expression", "priority", "headers", "snis"),
        *("sources", "destinations", "strip_path", "preserve_host", "regex_priority", "path_handling"),
        *("https_redirect_status_code", "request_buffering", "response_buffering", "tags"),
    ),
}
# What konnect_secret does with another value of a secret in use, where it can be tried first, and where it cannot.
ON_NEW_VALUE = {"trial": ("keep", "warn"), "overwrite": ("warn", "warn"), "fail": ("fail", "fail")}
# Printable ASCII without blanks, and without the braces of a reference.
API_KEY = re.compile(r"(Bearer )?[!-z|~]+")


def read_settings(variables: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what the tasks of the role need to know, with the API key in it.

    :param variables: by their names without ``ai_proxy_``. Null and the empty text mean that one is not set. ``host``
        is the name of the control plane that the host is for the inventory plugin.
    :param environment: of the process, for what no variable sets.

    Raises InvalidInput with a sentence that says what to set.
    """
    given = only_set(variables)
    state = one_of(given, ROLE, "state", ("present", "absent"))
    check_types(given, f"{ROLE}_", {"take_over": "bool"})
    check_rows(given, ROLE, "probes")
    route, service = _name_or_options(given, "route"), _name_or_options(given, "service")
    if not _name(route):
        raise InvalidInput("ai_proxy_route must be a name or a dict with a name.")
    if isinstance(service, Mapping) and not _name(service):
        raise InvalidInput("ai_proxy_service must be a name or a dict with a name, unless it is empty.")
    return {
        "state": state,
        "connection": connection_options(given),
        **_entity(given, "service", service),
        **_entity(given, "route", route, service=_service_name(route, service)),
        **_trial(given, environment, _name(route)),
        **_secret(given, environment, state == "present"),
    }


def _trial(given: Mapping[str, Any], environment: Mapping[str, str], route: str) -> dict[str, Any]:
    """How a new key for a secret in use is tried, if it is."""
    new_key = one_of(given, ROLE, "new_key", tuple(ON_NEW_VALUE))
    # A host of the inventory plugin names the proxy of its control plane; that of the environment is another's.
    proxy_url = given.get("proxy_url") or ("" if "host" in given else environment.get("KONNECT_PROXY_URL", ""))
    probes = given.get("probes") or []
    return {
        "on_new_value": ON_NEW_VALUE[new_key][0 if proxy_url or probes else 1],
        "proxy_url": proxy_url,
        "probes": probes or [{"url": _chat_url(str(proxy_url), given.get("live_routes", [])), "route": route}],
    }


def _secret(given: Mapping[str, Any], environment: Mapping[str, str], needed: bool) -> dict[str, Any]:
    """The secret, and the plugin's options that go with it. ``needed``: the model and the key must be set."""
    name = one_of(given, ROLE, "provider", tuple(PROVIDERS), default="mistral")
    provider = PROVIDERS[name]
    secret_key, vault_prefix = _names_of_the_secret(given)
    model_options = {**provider.options, **mapping(given, ROLE, "model_options")}
    key = given.get("api_key") or environment.get(provider.environment, "")
    key_id = given.get("aws_access_key_id") or environment.get("AWS_ACCESS_KEY_ID", "")
    if needed:
        _check_model(given, name, model_options)
        _check_key(name, key, key_id, secret_key)
    return {
        "provider": name,
        "key": str(key),
        "secret_value": provider.secret_value(str(key), str(key_id)),
        "auth": provider.auth(vault_prefix, secret_key),
        "model_options": model_options,
    }


def _names_of_the_secret(given: Mapping[str, Any]) -> tuple[str, str]:
    """The key of the secret and the prefix of its vault, both of the form that a reference can hold."""
    if not str(given.get("config_store", "")).strip():
        raise InvalidInput("ai_proxy_config_store must not be empty.")
    secret_key, vault_prefix = str(given.get("secret_key", "")), str(given.get("vault_prefix", ""))
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", secret_key):
        raise InvalidInput(
            "ai_proxy_secret_key may contain letters, digits, dots, dashes and underscores. It begins with a letter or "
            "a digit."
        )
    if not re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]", vault_prefix):
        raise InvalidInput(
            "ai_proxy_vault_prefix may contain lower-case letters, digits and dashes. It begins with a letter and ends "
            "with a letter or a digit."
        )
    return secret_key, vault_prefix


def _name_or_options(given: Mapping[str, Any], kind: str) -> str | Mapping[str, Any]:
    """The name of an entity that exists, or the options of one to create. Raises InvalidInput for unknown options."""
    value = given.get(kind, "")
    if isinstance(value, str) and not value.lstrip().startswith("{"):
        return value
    options = mapping(given, ROLE, kind)
    unknown = [f"ai_proxy_{kind}.{name}" for name in options if name not in TAKES[kind]]
    if unknown:
        raise InvalidInput(
            f"There is no {', '.join(unknown)}. ai_proxy_{kind} takes the options {', '.join(TAKES[kind])} of "
            f"konnect_{kind}."
        )
    return options


def _name(entity: str | Mapping[str, Any]) -> str:
    name = entity.get("name") if isinstance(entity, Mapping) else entity
    return name if isinstance(name, str) and name.strip() else ""


def _service_name(route: str | Mapping[str, Any], service: str | Mapping[str, Any]) -> str:
    """The service behind the route. Raises InvalidInput where the variables name two."""
    of_the_route = (route.get("service") or "") if isinstance(route, Mapping) else ""
    if of_the_route and _name(service) and of_the_route != _name(service):
        raise InvalidInput("ai_proxy_route.service and ai_proxy_service are two services. Set one of them.")
    return _name(service)


def _entity(given: Mapping[str, Any], kind: str, entity: str | Mapping[str, Any], **more: str) -> dict[str, Any]:
    """The name of an entity, and the options of its module, which are none where it is only used."""
    options = {"tags": given.get("tags"), **more, **entity} if isinstance(entity, Mapping) else {}
    return {kind: _name(entity), f"{kind}_options": options}


def _check_model(given: Mapping[str, Any], provider: str, options: Mapping[str, Any]) -> None:
    if not given.get("model"):
        raise InvalidInput("Set ai_proxy_model, for example mistral-tiny.")
    missing = [name for name in PROVIDERS[provider].required if name not in options]
    if missing:
        raise InvalidInput(f"Set {', '.join(missing)} in ai_proxy_model_options. The provider {provider} requires it.")


def _check_key(name: str, key: Any, key_id: Any, secret_key: str) -> None:
    provider = PROVIDERS[name]
    if not isinstance(key, str) or not key or (provider.aws and not key_id):
        pair = ", and ai_proxy_aws_access_key_id (or AWS_ACCESS_KEY_ID) to its id" if provider.aws else ""
        raise InvalidInput(
            f"Set ai_proxy_api_key (or {provider.environment} in the environment) to your API key for {name}{pair}."
        )
    if key == secret_key or not API_KEY.fullmatch(key):
        raise InvalidInput(
            "ai_proxy_api_key must be the provider's key itself. It equals ai_proxy_secret_key (the name under which "
            "the key is stored), or it is a secret reference, or it contains white space, often a line end from a file."
        )


def _chat_url(proxy_url: str, routes: Sequence[Mapping[str, Any]]) -> str:
    """The URL of the first path of these routes that is no regular expression."""
    paths = [path for route in routes for path in route.get("paths") or [] if not path.startswith("~")]
    return proxy_url.rstrip("/") + (paths[0] if paths else "/")
