# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Whether a secret reference leads anywhere. Konnect takes any without a word, and the gateway then sends nothing.

Source: Kong's documentation of secrets management and of the Config Store, and the parser of Kong Gateway
(pdk/vault.lua).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ansible_collections.community.konnect.plugins.module_utils import _schemas as schemas
from ansible_collections.community.konnect.plugins.module_utils._client import KonnectClient
from ansible_collections.community.konnect.plugins.module_utils._entities import CONFIG_STORE, Entity
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput
from ansible_collections.community.konnect.plugins.module_utils._redact import is_literal
from ansible_collections.community.konnect.plugins.module_utils._reference_targets import ReferenceTargets
from ansible_collections.community.konnect.plugins.module_utils._references import (
    RESERVED_PREFIXES,
    Reference,
    is_reference,
    mentions,
    parse,
)
from ansible_collections.community.konnect.plugins.module_utils._referrers import exposed_store_id

State = Literal["ok", "other_backend", "dangling", "not_referenceable", "malformed"]

STATES: tuple[State, ...] = ("ok", "other_backend", "dangling", "not_referenceable", "malformed")
# Plugins that run code of their user's, which may ask a vault by itself.
FUNCTIONS = ("pre-function", "post-function")
NAMES_SHOWN = 10


@dataclass(frozen=True)
class Site:
    """A text in an entity that is or mentions a secret reference.

    :param field: its path, such as C(config.auth.header_value).
    :param referenceable: whether the gateway resolves references there.
    :param function: the plugin whose code the text is, or None.
    """

    field: str
    text: str
    referenceable: bool = True
    function: str | None = None


@dataclass(frozen=True)
class Finding:
    """What became of one reference.

    :param problem: embedded, malformed, not_referenceable, in_function, unknown_vault, unknown_store, unknown_secret;
        None when the state is ok or other_backend.
    :param message: what is wrong and what to do.
    :param parsed, vault: how far the reference could be followed.
    """

    field: str
    reference: str
    state: State
    problem: str | None = None
    message: str | None = None
    parsed: Reference | None = None
    vault: Entity | None = None


def sites(spec: schemas.Spec, data: Any, path: str, function: str | None = None) -> Iterator[Site]:
    """Each text in nested data that mentions a reference. What the schema does not know may be referenceable."""
    for field, field_spec, value in schemas.leaves(spec, data, path):
        if mentions(value):
            referenceable = bool(field_spec.get("referenceable") or field_spec.get("unknown"))
            yield Site(field, value, referenceable, function)


def plugin_sites(spec: schemas.Spec, name: str, config: Any) -> Iterator[Site]:
    """The same for the configuration of a plugin."""
    return sites(spec, config, "config", name if name in FUNCTIONS else None)


def findings(targets: ReferenceTargets, places: Iterable[Site]) -> Iterator[Finding]:
    """One for each reference that is mentioned."""
    for site in places:
        if site.function:
            # Code may also put references together; what is not one as it stands cannot be followed.
            for mention in filter(is_reference, mentions(site.text)):
                yield _in_function(targets, site, mention)
        elif is_reference(site.text):
            yield _whole(targets, site)
        else:
            yield _not_whole(site)


def refuse_broken(client: KonnectClient, found: Iterable[Finding], severity: str, *, check_mode: bool) -> None:
    """Raise InvalidInput with the code broken_reference when a reference leads nowhere, or only warn.

    In check mode a vault or a secret that is missing is a warning: an earlier task may be about to create it.

    :param severity: fail, warn or ignore.
    """
    if severity == "ignore":
        return
    broken = [finding for finding in found if finding.problem]
    tolerated = [finding for finding in broken if severity == "warn" or (check_mode and finding.state == "dangling")]
    client.warnings += [str(finding.message) for finding in tolerated]
    serious = [finding for finding in broken if finding not in tolerated]
    if serious:
        raise InvalidInput(
            " ".join(str(finding.message) for finding in serious) + " (check_references=warn writes it all the same.)",
            code="broken_reference",
            references=[
                {name: getattr(finding, name) for name in ("field", "reference", "state", "problem", "message")}
                for finding in serious
            ],
        )


def check_literals(client: KonnectClient, spec: schemas.Spec, config: Any, severity: str) -> None:
    """Warn of literals where secrets belong, or raise InvalidInput with the code literal_secret, as literal_secrets
    says: fields that the schema calls both encrypted and referenceable.
    """
    found = [
        path
        for path, field, value in schemas.leaves(spec, config)
        if field.get("encrypted") and field.get("referenceable") and is_literal(value) and not mentions(value)
    ]
    if not found or severity == "allow":
        return
    message = (
        f"{', '.join(found)} holds a secret itself, which everybody can read who may read the control plane. Store it "
        "with konnect_secret and refer to it, for example with the filter community.konnect.vault_reference."
    )
    if severity == "warn":
        client.warnings.append(message)
        return
    fields = [{"field": path, "reason": "a literal where a secret reference belongs"} for path in found]
    raise InvalidInput(message, code="literal_secret", fields=fields)


def _whole(targets: ReferenceTargets, site: Site) -> Finding:
    text = site.text
    try:
        parsed = parse(text)
    except InvalidInput as error:
        return Finding(site.field, mentions(text)[0], "malformed", "malformed", f"{site.field}: {error.message}")
    if not site.referenceable:
        message = (
            f"{site.field} holds {text}, but the gateway resolves no references in that field and would take it as "
            "text. Put the value itself there, or the reference into a field that takes one."
        )
        vault = targets.vaults.get(parsed.prefix)
        return Finding(site.field, text, "not_referenceable", "not_referenceable", message, parsed, vault)
    return _followed(targets, site.field, text, parsed)


def _followed(targets: ReferenceTargets, field: str, text: str, parsed: Reference) -> Finding:
    vault = targets.vaults.get(parsed.prefix)
    if vault is None:
        if parsed.prefix in RESERVED_PREFIXES:
            return Finding(field, text, "other_backend", parsed=parsed)
        message = (
            f"{field} refers to {text}, but there is no vault with the prefix {parsed.prefix}."
            f"{_instead(parsed.prefix, targets.vaults)} Create it first, or mend the reference."
        )
        return Finding(field, text, "dangling", "unknown_vault", message, parsed)
    if vault["name"] != "konnect":
        return Finding(field, text, "other_backend", parsed=parsed, vault=vault)
    store_id = exposed_store_id(vault) or ""
    if targets.has_secret(store_id, parsed.resource):
        return Finding(field, text, "ok", parsed=parsed, vault=vault)
    store = targets.store_behind(vault)
    if store is None:
        message = (
            f"{field} refers to {text}, but the config store behind vault {parsed.prefix} does not exist. "
            "Give the vault another one with config_store."
        )
        return Finding(field, text, "dangling", "unknown_store", message, parsed, vault)
    message = (
        f"{field} refers to {text}, but config store {CONFIG_STORE.display(store)} behind vault {parsed.prefix} has no "
        f"secret {parsed.resource}.{_instead(parsed.resource, targets.secrets(store['id']) or {})} Store it first, or "
        "mend the reference."
    )
    return Finding(field, text, "dangling", "unknown_secret", message, parsed, vault)


def _not_whole(site: Site) -> Finding:
    mention = mentions(site.text)[0]
    if site.text.startswith(mention) and not mention.endswith("}"):
        message = f"{site.field} begins like a secret reference ({mention}) but has no closing brace."
        return Finding(site.field, mention, "malformed", "malformed", message)
    message = (
        f"{site.field} holds {mention} inside a longer text, where the gateway does not resolve it. A reference must "
        "be the whole value: store the whole text, such as Bearer and the key, as the secret."
    )
    return Finding(site.field, mention, "malformed", "embedded", message)


def _in_function(targets: ReferenceTargets, site: Site, mention: str) -> Finding:
    try:
        found = _followed(targets, site.field, mention, parse(mention))
    except InvalidInput as error:
        return Finding(site.field, mention, "malformed", "malformed", f"{site.field}: {error.message}")
    if found.vault is None or found.vault["name"] != "konnect":
        return found
    message = (
        f"{site.field} refers to {mention} in the code of {site.function}. Konnect resolves references to a Config "
        "Store before the configuration reaches the data planes, so code cannot ask for them. Use a vault of another "
        "backend there, such as env."
    )
    return Finding(site.field, mention, "not_referenceable", "in_function", message, found.parsed, found.vault)


def _instead(name: str, names: Iterable[str]) -> str:
    known = sorted(names)
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f" Did you mean {close[0]}?"
    more = f" and {len(known) - NAMES_SHOWN} more" if len(known) > NAMES_SHOWN else ""
    return f" There are {', '.join(known[:NAMES_SHOWN])}{more}." if known else " There is none at all."
