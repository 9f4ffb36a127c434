# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Checks of what single kinds need, before any request."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .._errors import InvalidInput
from .._secret_text import PEM, PRIVATE_KEY
from .._vault_reference import mentions, mistake

# Of OpenSSL, for a certificate and the key of another one, of the same type or of another.
_MISMATCH = ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED")
_HOST_AND_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:/]+):(?P<port>[0-9]{1,5})")


def check_target(options: Mapping[str, Any]) -> None:
    """Refuse a target without a port, which Konnect would give one that nobody asked for."""
    found = _HOST_AND_PORT.fullmatch(options["target"])
    if found is None or not 0 < int(found["port"]) <= 65535:
        raise InvalidInput(f"target must be a host with a port, such as 192.0.2.10:8080, not {options['target']!r}.")


def check_no_private_keys(fields: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any], path: str = "") -> None:
    """Refuse a private key where results and diffs would show it, such as a file with certificate and key in cert.

    :param fields: of the argument specification.
    """
    for name, spec in fields.items():
        value = options.get(name)
        if isinstance(value, Mapping) and spec.get("options"):
            check_no_private_keys(spec["options"], value, f"{path}{name}.")
        elif isinstance(value, str) and not spec.get("no_log") and PRIVATE_KEY in value:
            raise InvalidInput(
                f"{path}{name} contains a private key, and is no place for one. Give the public part alone."
            )


def check_node_certificate(options: Mapping[str, Any]) -> None:
    """Refuse a reference in place of the certificate by which data plane nodes are known."""
    _check_certificate(options, "Nodes connect with it before they have any configuration.")


def check_ca_certificate(options: Mapping[str, Any]) -> None:
    """Refuse a reference in place of a CA certificate."""
    _check_certificate(options, "It is public, and the gateway resolves no references in it.")


def _check_certificate(options: Mapping[str, Any], reason: str) -> None:
    if mentions(options["cert"]) or mistake(options["cert"]):
        raise InvalidInput(f"cert must be the certificate itself, not a secret reference. {reason}")
    if not options["cert"].lstrip().startswith(PEM):
        raise InvalidInput("cert must be a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.")


def check_pairs(options: Mapping[str, Any]) -> None:
    """Refuse a certificate with the private key of another one. What is behind a reference, nobody here can compare."""
    for cert, key in (("cert", "key"), ("cert_alt", "key_alt")):
        given = [str(options[name] or "") for name in (cert, key)]
        if all(text.lstrip().startswith("-----BEGIN") for text in given) and _is_mismatch(*given):
            raise InvalidInput(f"{key} does not belong to {cert}. Give the private key of that certificate.")


def _is_mismatch(cert: str, key: str) -> bool:
    """True if OpenSSL says so. What it cannot read is left to Konnect, as is everything where there is no Linux."""
    if not hasattr(os, "memfd_create"):
        return False
    with _in_memory(cert) as cert_path, _in_memory(key) as key_path:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert_path, key_path, password=lambda: "")
        except (OSError, ValueError) as error:
            return getattr(error, "reason", None) in _MISMATCH
    return False


@contextmanager
def _in_memory(text: str) -> Iterator[str]:
    """The path of a file that is on no disk, where a private key must not be written."""
    with os.fdopen(os.memfd_create("pem"), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        yield f"/proc/self/fd/{file.fileno()}"
