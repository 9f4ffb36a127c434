# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Checks of secret references. Konnect accepts one that cannot be resolved, and the gateway then sends no secret.

Source: Kong's documentation of secrets management and of the Config Store, and the parser of Kong Gateway
(pdk/vault.lua).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from .._entities.kind import Entity
from .._entities.kinds import CONFIG_STORE
from .._entities.usage import exposed_store_id
from .._errors import ErrorCode, InvalidInput
from .._task import Task
from .._vault_reference import RESERVED_PREFIXES, Reference, is_reference, mentions, mistake, parse_reference
from .targets import ReferenceTargets

State = Literal["ok", "other_backend", "dangling", "not_referenceable", "malformed"]

STATES: tuple[State, ...] = ("ok", "other_backend", "dangling", "not_referenceable", "malformed")
MAX_NAMES = 10
_STRAY = re.compile(r"[\s{}]")


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
    """Where one reference leads.

    :param problem: embedded, malformed, placeholder, not_referenceable, in_function, unknown_vault, unknown_store,
        unknown_secret; None when the state is ok or other_backend.
    :param message: what is wrong and what to do.
    :param parsed, vault: how far the reference could be followed.
    :param lost: whether an earlier task in check mode would have removed what it led to.
    """

    field: str
    reference: str
    state: State
    problem: str | None = None
    message: str | None = None
    parsed: Reference | None = None
    vault: Entity | None = None
    lost: bool = False

    @property
    def is_dangling(self) -> bool:
        return self.state == "dangling"


def follow(targets: ReferenceTargets, sites: Iterable[Site]) -> Iterator[Finding]:
    """One finding for each reference that is mentioned."""
    for site in sites:
        if site.function:
            # Code may also build references; only complete ones can be followed.
            for mention in filter(is_reference, mentions(site.text)):
                yield _in_function(targets, site, mention)
        elif is_reference(site.text):
            yield _whole(targets, site)
        else:
            yield _not_whole(site)


def check_findings(task: Task, found: Iterable[Finding], severity: str) -> None:
    """Raise InvalidInput with the code broken_reference when a reference cannot be resolved, or only warn.

    In check mode a vault or a secret that is missing is a warning, unless an earlier task would have removed it:
    another one may be about to create it.

    :param severity: the option C(check_references).
    """
    if severity == "ignore":
        return
    problems = [finding for finding in found if finding.problem]
    tolerated = [
        finding
        for finding in problems
        if severity == "warn" or (task.check_mode and finding.is_dangling and not finding.lost)
    ]
    for finding in tolerated:
        task.warn(str(finding.message))
    serious = [finding for finding in problems if finding not in tolerated]
    if serious:
        raise InvalidInput(
            " ".join(str(finding.message) for finding in serious) + " (check_references=warn writes it all the same.)",
            code=ErrorCode.BROKEN_REFERENCE,
            references=[
                {name: getattr(finding, name) for name in ("field", "reference", "state", "problem", "message")}
                for finding in serious
            ],
        )


def _whole(targets: ReferenceTargets, site: Site) -> Finding:
    text = site.text
    try:
        parsed = parse_reference(text)
    except InvalidInput as error:
        return Finding(site.field, mentions(text)[0], "malformed", "malformed", f"{site.field}: {error.message}")
    if not site.referenceable:
        message = (
            f"{site.field} holds {text}, but the gateway resolves no references in that field and would take it as "
            "text. Put the value itself there, or the reference into a field that takes one."
        )
        vault = targets.vaults.get(parsed.prefix)
        return Finding(site.field, text, "not_referenceable", "not_referenceable", message, parsed, vault)
    vault = targets.vaults.get(parsed.prefix)
    if (vault is None or vault["name"] == "konnect") and _STRAY.search(text[1:-1]):
        message = (
            f"{site.field}: {mentions(text)[0]} is followed by white space or another brace inside the reference, "
            "which no key of a secret contains."
        )
        return Finding(site.field, mentions(text)[0], "malformed", "malformed", message, parsed, vault)
    return _followed(targets, site.field, text, parsed)


def _followed(targets: ReferenceTargets, field: str, text: str, parsed: Reference) -> Finding:
    vault = targets.vaults.get(parsed.prefix)
    if vault is None:
        if parsed.prefix in RESERVED_PREFIXES:
            return Finding(field, text, "other_backend", parsed=parsed)
        instead = _instead(parsed.prefix, targets.vaults, "No vault exists in this control plane.")
        message = (
            f"{field} refers to {text}, but there is no vault with the prefix {parsed.prefix}.{instead} Create it "
            "first, or fix the reference."
        )
        lost = targets.would_be_gone(parsed.prefix)
        return Finding(field, text, "dangling", "unknown_vault", message, parsed, lost=lost)
    if vault["name"] != "konnect":
        return Finding(field, text, "other_backend", parsed=parsed, vault=vault)
    store_id = exposed_store_id(vault) or ""
    if targets.has_secret(store_id, parsed.resource):
        return Finding(field, text, "ok", parsed=parsed, vault=vault)
    store = targets.store_behind(vault)
    lost = targets.would_be_gone(parsed.prefix, store_id, parsed.resource)
    if store is None:
        message = (
            f"{field} refers to {text}, but the config store behind vault {parsed.prefix} does not exist. "
            "Give the vault another one with config_store."
        )
        return Finding(field, text, "dangling", "unknown_store", message, parsed, vault, lost)
    instead = _instead(parsed.resource, targets.secrets(store["id"]) or {}, "It holds no secret.")
    message = (
        f"{field} refers to {text}, but config store {CONFIG_STORE.display(store)} behind vault {parsed.prefix} has no "
        f"secret {parsed.resource}.{instead} Store it first, or fix the reference."
    )
    return Finding(field, text, "dangling", "unknown_secret", message, parsed, vault, lost)


def _not_whole(site: Site) -> Finding:
    wrong = mistake(site.text)
    if wrong:
        message = (
            f"{site.field} means to be a secret reference and is none: {wrong}. Write {{vault://PREFIX/KEY}}, with the "
            "braces, and in YAML in quotes."
        )
        return Finding(site.field, site.text, "malformed", "malformed", message)
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
        found = _followed(targets, site.field, mention, parse_reference(mention))
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


def _instead(name: str, names: Iterable[str], none: str) -> str:
    known = sorted(names)
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f" Did you mean {close[0]}?"
    more = f" and {len(known) - MAX_NAMES} more" if len(known) > MAX_NAMES else ""
    return f" There are {', '.join(known[:MAX_NAMES])}{more}." if known else f" {none}"
