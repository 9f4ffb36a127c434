# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Read the variables of the role certificate_secret, and decide what is to be done about a certificate and its key."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._errors import InvalidInput
from ...module_utils._variables import as_names
from ...module_utils._vault_reference import build_reference, is_reference, parse_reference
from .._certificates.checks import check_no_node, check_pair, check_snis, utc
from .._certificates.parsed import Certificate, PrivateKey, blocks, read_certificates
from .variables import check_types, one_of, only_set

ROLE = "certificate_secret"
LAYOUTS = ("separate", "combined")
STATES = ("present", "absent")
TYPES = dict.fromkeys(("handshake_timeout", "sync_timeout", "hash_change_timeout"), "int")
# Konnect takes so many bytes as the value of a secret.
VALUE_BYTES = 5120
# With the digits and what may follow, a key stays within the 512 bytes that Konnect takes.
ENTRY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,255}")
DIGITS = 16
# What the keys of entries end with that hold both halves of a pair.
PAIR = ".pair"

Entity = Mapping[str, Any]


def read_settings(variables: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """Return what the tasks of the role need to know, with the private key in it.

    :param variables: by their names without ``certificate_secret_``. Null and the empty text mean that one is not set.
        ``certificates`` and ``node_certificates`` are what the control plane holds, ``entries`` the secrets of the
        Config Store once they were read.

    Raises InvalidInput with a sentence that says what to change.
    """
    given = only_set(variables)
    state, layout = one_of(given, ROLE, "state", STATES), one_of(given, ROLE, "layout", LAYOUTS)
    check_types(given, f"{ROLE}_", TYPES)
    for name in ("config_store", "vault_prefix", "entry"):
        if not str(given.get(name, "")).strip():
            raise InvalidInput(f"Set certificate_secret_{name}.")
    entry, vault_prefix = str(given["entry"]), str(given["vault_prefix"])
    if not ENTRY.fullmatch(entry):
        raise InvalidInput(
            "certificate_secret_entry may contain letters, digits, dots, dashes and underscores, 256 at most. It "
            "begins with a letter or a digit."
        )
    snis = list(dict.fromkeys(name.lower() for name in _names(given, "snis")))
    trial_sni = str(given.get("trial_sni") or _trial_sni(vault_prefix, entry)).lower()
    if trial_sni in snis:
        raise InvalidInput("certificate_secret_trial_sni must be a name that is not in certificate_secret_snis.")
    certificates = given.get("certificates", [])
    found = _current(certificates, snis, entry, vault_prefix, trial_sni)
    settings = {
        "state": state,
        "addresses": _names(given, "addresses"),
        "trial_sni": trial_sni,
        "trial_is_left": any(trial_sni in (each.get("snis") or []) for each in certificates),
        "certificate_id": found["id"] if found else None,
        "snis": snis,
    }
    if state == "absent":
        return {**settings, "superseded": _superseded(given, entry, None)}
    return {**settings, **_pair(given, layout, snis, found, now)}


def _pair(
    given: Mapping[str, Any], layout: str, snis: Sequence[str], found: Entity | None, now: datetime.datetime
) -> dict[str, Any]:
    """The certificate and its key as they are to be, after all checks."""
    certificates, key = _read(given)
    check_no_node(certificates[0], [_compact(each["cert"]) for each in given.get("node_certificates", [])])
    check_snis(snis)
    check_pair(certificates, key, snis, now)
    name, value = entry_name(str(given["entry"]), layout, certificates), entry_value(layout, certificates, key)
    _check_size(layout, value)
    pieces = ("certificate", "key") if layout == "combined" else (None, None)
    cert, reference = (build_reference(name, str(given["vault_prefix"]), piece) for piece in pieces)
    if layout == "separate":
        cert = _text(certificates)
    is_current = found is not None and _same(found.get("cert"), cert) and found.get("key") == reference
    return {
        "entry": name,
        "value": value,
        # A text that differs in its line ends alone stays as it is.
        "cert": found["cert"] if found and is_current else cert,
        "key": reference,
        "fingerprint": certificates[0].fingerprint,
        "expires_at": utc(min(each.not_after for each in certificates)),
        "is_current": is_current,
        "superseded": _superseded(given, str(given["entry"]), name),
    }


def entry_name(entry: str, layout: str, certificates: Sequence[Certificate]) -> str:
    """The key of the entry that belongs to a certificate, so that no two certificates share one."""
    if layout == "separate":
        return f"{entry}-{certificates[0].fingerprint[:DIGITS]}"
    # The chain is in the entry too, so that another one is another entry.
    digest = hashlib.sha256("".join(each.fingerprint for each in certificates).encode()).hexdigest()
    return f"{entry}-{digest[:DIGITS]}{PAIR}"


def entry_value(layout: str, certificates: Sequence[Certificate], key: PrivateKey) -> str:
    """The value of that entry."""
    if layout == "separate":
        return key.pem
    return json.dumps({"certificate": _text(certificates), "key": key.pem})


def _read(given: Mapping[str, Any]) -> tuple[list[Certificate], PrivateKey]:
    for name in ("certificate", "private_key"):
        if name not in given:
            raise InvalidInput(f"Set certificate_secret_{name} to a text in PEM, for example with the lookup file.")
        if is_reference(given[name]):
            raise InvalidInput(f"certificate_secret_{name} must be the text itself in PEM, and not a secret reference.")
    certificates = read_certificates(str(given["certificate"]), "certificate_secret_certificate")
    return certificates, PrivateKey.read(str(given["private_key"]), "certificate_secret_private_key")


def _check_size(layout: str, value: str) -> None:
    size = len(value.encode())
    if size > VALUE_BYTES:
        advice = " Use certificate_secret_layout separate." if layout == "combined" else ""
        what = "The certificates and the private key together have" if layout == "combined" else "The private key has"
        raise InvalidInput(f"{what} {size} bytes. An entry of a Config Store takes {VALUE_BYTES}.{advice}")


def _current(
    certificates: Sequence[Entity], snis: Sequence[str], entry: str, vault_prefix: str, trial_sni: str
) -> Entity | None:
    """The certificate entity that the role manages: the one with any of the names, or with a key in one of its entries.

    Raises InvalidInput if these are several.
    """
    found = [
        each
        for each in certificates
        if trial_sni not in (each.get("snis") or [])
        and (_has_any(each, snis) or _is_own_entry(_entry_of(each, vault_prefix), entry))
    ]
    if len(found) > 1:
        rows = [f"{each['id']} ({', '.join(each.get('snis') or []) or 'no names'})" for each in found]
        raise InvalidInput(
            f"The names in certificate_secret_snis, or entries of {entry}, belong to {len(found)} certificates: "
            f"{', '.join(rows)}. Remove the names from one of them, or set another certificate_secret_entry."
        )
    return found[0] if found else None


def _has_any(certificate: Entity, snis: Sequence[str]) -> bool:
    return any(name.lower() in snis for name in certificate.get("snis") or [])


def _entry_of(certificate: Entity, vault_prefix: str) -> str:
    """The entry that the key of a certificate refers to through a vault, empty for another key."""
    try:
        reference = parse_reference(str(certificate.get("key")))
    except InvalidInput:
        return ""
    return reference.resource if reference.prefix == vault_prefix else ""


def _is_own_entry(name: str, entry: str) -> bool:
    return re.fullmatch(rf"{re.escape(entry)}-[0-9a-f]{{{DIGITS}}}({re.escape(PAIR)})?", name) is not None


def _superseded(given: Mapping[str, Any], entry: str, in_use: str | None) -> list[str]:
    """The entries of the role in the Config Store beside the one in use."""
    names = [str(each["key"]) for each in given.get("entries", [])]
    return sorted(name for name in names if name != in_use and _is_own_entry(name, entry))


def _trial_sni(vault_prefix: str, entry: str) -> str:
    """A name that no client asks for; the top-level domain invalid is reserved (RFC 2606)."""
    return f"trial-{hashlib.sha256(f'{vault_prefix}/{entry}'.encode()).hexdigest()[:DIGITS]}.konnect.invalid"


def _text(certificates: Sequence[Certificate]) -> str:
    return "\n".join(each.pem for each in certificates)


def _same(held: Any, wanted: str) -> bool:
    """True for equal texts, line ends and what is around PEM blocks apart."""
    return held == wanted or (bool(blocks(wanted)) and blocks(str(held)) == blocks(wanted))


def _compact(pem: str) -> str:
    return "\n".join(block for _label, block in blocks(pem))


def _names(given: Mapping[str, Any], name: str) -> list[str]:
    try:
        return as_names(given[name]) if given.get(name) else []
    except InvalidInput as error:
        raise InvalidInput(f"certificate_secret_{name} {error.message}.") from None
