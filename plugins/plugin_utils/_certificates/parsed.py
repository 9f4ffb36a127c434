# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Certificates and private keys in PEM, read with the Python library cryptography, which only the controller needs."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from ...module_utils._errors import InvalidInput

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization

    HAS_CRYPTOGRAPHY = True
except ImportError:
    HAS_CRYPTOGRAPHY = False

MISSING = "Install the Python library cryptography where ansible-playbook runs. It is what reads certificates."
BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s.*?-----END \1-----", re.DOTALL)
# What openssl writes before the key of an elliptic curve.
PARAMETERS = "EC PARAMETERS"


@dataclass(frozen=True)
class Certificate:
    """A certificate.

    :param pem: its text, without anything around it.
    :param fingerprint: SHA-256, in hex.
    :param subject: of the form ``CN=example.com``.
    :param names: the DNS names that it is for, in lower case.
    :param is_ca: whether it may issue others.
    :param is_for_servers: whether its extended key usage allows a TLS server.
    :param public_key: in DER.
    """

    pem: str
    fingerprint: str
    subject: str
    names: tuple[str, ...]
    not_before: datetime.datetime
    not_after: datetime.datetime
    is_ca: bool
    is_for_servers: bool
    public_key: bytes
    _x509: Any

    @classmethod
    def of(cls, pem: str) -> Certificate:
        """Raises ValueError for a text that is no certificate."""
        read = x509.load_pem_x509_certificate(pem.encode())
        constraints = _extension(read, x509.BasicConstraints)
        usage = _extension(read, x509.ExtendedKeyUsage)
        names = _extension(read, x509.SubjectAlternativeName)
        return cls(
            pem=pem,
            fingerprint=read.fingerprint(hashes.SHA256()).hex(),
            subject=read.subject.rfc4514_string(),
            names=tuple(name.lower() for name in names.get_values_for_type(x509.DNSName)) if names else (),
            not_before=_time(read, "not_valid_before"),
            not_after=_time(read, "not_valid_after"),
            is_ca=bool(constraints and constraints.ca),
            is_for_servers=usage is None or x509.oid.ExtendedKeyUsageOID.SERVER_AUTH in usage,
            public_key=_der(read.public_key()),
            _x509=read,
        )

    def is_issued_by(self, other: Certificate) -> bool:
        """True if the other one signed it."""
        if self._x509.issuer != other._x509.subject:
            return False
        if not hasattr(self._x509, "verify_directly_issued_by"):  # before cryptography 40
            return True
        try:
            self._x509.verify_directly_issued_by(other._x509)
        except (InvalidSignature, TypeError, ValueError, UnsupportedAlgorithm):
            return False
        return True


def blocks(text: str) -> list[tuple[str, str]]:
    """Each PEM block of a text as its label and the block itself, with line ends alone and no blanks around lines."""
    return [
        (found[1], "\n".join(line.strip() for line in found[0].splitlines())) for found in BLOCK.finditer(text or "")
    ]


def read_certificates(text: str, name: str) -> list[Certificate]:
    """The certificates of a text in their order, at least one.

    :param name: of the variable, for the message of InvalidInput.
    """
    _check_library()
    found = blocks(text)
    if any("PRIVATE KEY" in label for label, _block in found):
        raise InvalidInput(f"{name} contains a private key, which everybody who reads the certificate would see.")
    if not found or any(label != "CERTIFICATE" for label, _block in found):
        raise InvalidInput(f"{name} must be certificates in PEM; each begins with -----BEGIN CERTIFICATE-----.")
    certificates = []
    for number, (_label, block) in enumerate(found, 1):
        try:
            certificates.append(Certificate.of(block))
        except (ValueError, UnsupportedAlgorithm):
            raise InvalidInput(f"Certificate {number} in {name} cannot be read.") from None
    return certificates


@dataclass(frozen=True)
class PrivateKey:
    """A private key: its text without anything around it, and the public key that belongs to it, in DER."""

    pem: str
    public_key: bytes

    @classmethod
    def read(cls, text: str, name: str) -> PrivateKey:
        """The only private key of a text.

        :param name: of the variable, for the message of InvalidInput.
        """
        _check_library()
        found = [(label, block) for label, block in blocks(text) if label != PARAMETERS]
        if len(found) != 1 or "PRIVATE KEY" not in found[0][0]:
            raise InvalidInput(f"{name} must be one private key in PEM, which begins with -----BEGIN PRIVATE KEY-----.")
        try:
            key = serialization.load_pem_private_key(found[0][1].encode(), None)
        except TypeError:
            raise InvalidInput(f"{name} is encrypted with a passphrase, which Kong Gateway does not take.") from None
        except (ValueError, UnsupportedAlgorithm):
            raise InvalidInput(f"The private key in {name} cannot be read.") from None
        return cls(found[0][1], _der(key.public_key()))


def _check_library() -> None:
    if not HAS_CRYPTOGRAPHY:
        raise InvalidInput(MISSING)


def _extension(certificate: Any, kind: Any) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _time(certificate: Any, name: str) -> datetime.datetime:
    # Since cryptography 42 with a time zone, before without.
    time = getattr(certificate, f"{name}_utc", None) or getattr(certificate, name)
    return time.replace(tzinfo=datetime.timezone.utc)


def _der(key: Any) -> bytes:
    subject_info = serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(key.public_bytes(serialization.Encoding.DER, subject_info))
