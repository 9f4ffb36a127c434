# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The checks of a certificate and its key before anything is written.

Konnect cannot check a pair of which one half is behind a reference, and Kong Gateway completes no handshake with a
wrong one, so nothing else would notice in time.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from ...module_utils._errors import InvalidInput
from .parsed import Certificate, PrivateKey

HOST = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*(\.\*)?")


def check_pair(
    certificates: Sequence[Certificate], key: PrivateKey, snis: Sequence[str], now: datetime.datetime
) -> None:
    """Refuse what clients or the gateway would not take, with a sentence that says what to change.

    :param certificates: that of the server first, then those that issued it.
    :param snis: in lower case.
    """
    served = certificates[0]
    _check_purpose(served)
    _check_key(certificates, key)
    for each, issuer in pairwise(certificates):
        if not each.is_issued_by(issuer):
            raise InvalidInput(
                f"In certificate_secret_certificate, {issuer.subject} comes after {each.subject} and did not issue it. "
                "Put the certificate of the server first, and after each one the one that issued it."
            )
    for certificate in certificates:
        _check_time(certificate, now)
    missing = [sni for sni in snis if not fits(sni, served.names)]
    if missing:
        raise InvalidInput(
            f"The certificate is for {', '.join(served.names) or 'no name'} (subjectAltName), and not for "
            f"{', '.join(missing)} of certificate_secret_snis."
        )


def check_snis(snis: Sequence[str]) -> None:
    """Refuse names for which no certificate could be served; they are in lower case."""
    if not snis:
        raise InvalidInput("certificate_secret_snis must name at least one host for which the certificate is served.")
    wrong = [sni for sni in snis if not HOST.fullmatch(sni) or sni.count("*") > 1]
    if wrong:
        raise InvalidInput(
            f"{', '.join(wrong)} of certificate_secret_snis is no host name, such as example.com or *.example.com."
        )


def check_no_node(certificate: Certificate, nodes: Collection[str]) -> None:
    """Refuse the certificate of a data plane node.

    :param nodes: the certificates, in PEM, with which nodes connect to the control plane.
    """
    if certificate.pem in nodes:
        raise InvalidInput(
            "The certificate is one with which data plane nodes connect to Konnect. A node needs it and its key before "
            "it has any configuration, so that they cannot be in a Config Store. They belong on the host of the node."
        )


def fits(sni: str, names: Collection[str]) -> bool:
    """True if a certificate for these names may be served for an SNI."""
    if sni.endswith(".*"):
        return any(re.fullmatch(re.escape(sni[:-1]) + r"[^.*]+", name) for name in names)
    _label, _dot, rest = sni.partition(".")
    return sni in names or f"*.{rest}" in names


def _check_purpose(served: Certificate) -> None:
    if served.is_ca and not served.names:
        raise InvalidInput(
            f"{served.subject} is the certificate of a CA, and no name is in it (subjectAltName). The certificate of "
            "the server comes first. A CA certificate has no key in Konnect and takes no reference: use "
            "konnect_ca_certificate."
        )
    if not served.is_for_servers:
        raise InvalidInput(
            f"{served.subject} is a certificate for clients alone, by its extended key usage. Nodes that connect with "
            "one need it before they have any configuration, so that it cannot be in a Config Store."
        )


def _check_key(certificates: Sequence[Certificate], key: PrivateKey) -> None:
    served, *issuers = certificates
    if served.public_key == key.public_key:
        return
    owner = next((each.subject for each in issuers if each.public_key == key.public_key), None)
    hint = f" It is that of {owner}, which has to come first." if owner else ""
    raise InvalidInput(
        f"certificate_secret_private_key does not belong to {served.subject}, the first certificate of "
        f"certificate_secret_certificate.{hint}"
    )


def _check_time(certificate: Certificate, now: datetime.datetime) -> None:
    if certificate.not_after <= now:
        raise InvalidInput(f"The certificate of {certificate.subject} expired at {utc(certificate.not_after)}.")
    if certificate.not_before > now:
        raise InvalidInput(
            f"The certificate of {certificate.subject} is valid from {utc(certificate.not_before)} on, and not yet."
        )


def utc(time: datetime.datetime) -> str:
    """The time as ``2026-12-24T10:00:00Z``."""
    return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
