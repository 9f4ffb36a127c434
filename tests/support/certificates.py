# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates with their keys, made anew in each test, and what a TLS port serves."""

from __future__ import annotations

import datetime
import hashlib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Issued:
    """A certificate and its key in PEM, and the SHA-256 fingerprint of the certificate in hex."""

    cert: str
    key: str
    fingerprint: str
    certificate: x509.Certificate
    private_key: Any


def new_key() -> Any:
    return ec.generate_private_key(ec.SECP256R1())


def issue(
    *names: str,
    issuer: Issued | None = None,
    days: float = 90,
    starts_in: float = -1,
    ca: bool = False,
    client: bool = False,
    key: Any = None,
    common_name: str = "",
) -> Issued:
    """Make a certificate for these DNS names, signed by an issuer or by itself.

    :param days: until it expires; negative for one that has expired.
    :param starts_in: days until it is valid.
    :param client: for TLS clients alone.
    """
    key = key or new_key()
    now = datetime.datetime.now(datetime.timezone.utc)
    subject = _name(common_name or (names[0] if names else "A fake CA"))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=min(starts_in, days - 1)))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
    if client:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
    made = builder.sign(issuer.private_key if issuer else key, hashes.SHA256())
    return Issued(made.public_bytes(PEM).decode(), key_text(key), made.fingerprint(hashes.SHA256()).hex(), made, key)


def key_text(key: Any, password: bytes | None = None) -> str:
    """Return a key in PEM."""
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return str(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, encryption).decode())


def served(url: str, server_name: str | None) -> str:
    """Return the fingerprint of the certificate that a TLS port serves; empty when the handshake fails.

    A handshake that ends proves that the server has the key of the certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host, _colon, port = url.rpartition("//")[2].rpartition(":")
    try:
        with (
            socket.create_connection((host, int(port)), timeout=10) as connection,
            context.wrap_socket(connection, server_hostname=server_name) as secured,
        ):
            return hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()
    except (ssl.SSLError, ConnectionError):
        return ""


def chain(*issued: Issued) -> str:
    """Return certificates in PEM, one after the other."""
    return "".join(each.cert for each in issued)


def fingerprints(issued: Sequence[Issued]) -> list[str]:
    return [each.fingerprint for each in issued]


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
