# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate that a data plane serves in a TLS handshake, by the server name that the client asks for.

(kong/runloop/certificate.lua.) The exact SNI comes first, then the one with a wildcard for the first label, the one
with a wildcard for the last, and the SNI ``*``. Without any, Kong serves a certificate that it signed itself. Where the
certificate of an SNI or its key cannot be used, the handshake fails; Konnect was seen to do so for a reference that
leads nowhere (issue 5708 of Kong/kong-operator).
"""

from __future__ import annotations

import datetime
import itertools
import re
import ssl
import tempfile
from pathlib import Path

from ..plugins.schema import is_reference
from ..state import Record, Snapshot
from .nodes import Node, Nodes
from .references import resolve

FIRST_LABEL = re.compile(r"[^.]+(\.[^.]+\.\S+)")
LAST_LABEL = re.compile(r"([^.]+\.)[^.]+$")
PAIRS = (("cert", "key"), ("cert_alt", "key_alt"))
Pair = tuple[str, str]


def sni_candidates(server_name: str | None) -> list[str]:
    """Return the names of the SNIs that apply to a server name, the first that exists wins."""
    if not server_name:
        return ["*"]
    name = server_name.lower()
    first, last = FIRST_LABEL.sub(r"*\1", name, count=1), LAST_LABEL.sub(r"\1*", name)
    return list(dict.fromkeys([name, first, last, "*"]))


def find_certificate(snapshot: Snapshot, server_name: str | None) -> Record | None:
    """Return the certificate that is served for a server name, or None for Kong's own."""
    snis = {sni["name"].lower(): sni["certificate"]["id"] for sni in snapshot.entities.get("snis", ())}
    found = next((snis[name] for name in sni_candidates(server_name) if name in snis), None)
    certificates = {certificate["id"]: certificate for certificate in snapshot.entities.get("certificates", ())}
    return certificates.get(found or "")


def resolved_pairs(snapshot: Snapshot, certificate: Record) -> list[Pair]:
    """Return each certificate with its key, in PEM, references resolved; empty texts for those that lead nowhere."""

    def text(name: str) -> str:
        value = certificate.get(name) or ""
        return resolve(snapshot, value) if is_reference(value) else value

    return [(text(cert), text(key)) for cert, key in PAIRS if certificate.get(cert) and certificate.get(key)]


class TlsTermination:
    """The TLS of one node; handshakes go to its workers in turn."""

    def __init__(self, node: Node, nodes: Nodes) -> None:
        self._node = node
        self._nodes = nodes
        self._workers = itertools.cycle(range(nodes.workers))
        self._contexts: dict[tuple[Pair, ...], ssl.SSLContext] = {}

    def context(self) -> ssl.SSLContext:
        """Return the context of the port, which chooses another for each handshake."""
        context = _load([own_certificate()])
        context.sni_callback = self._choose
        return context

    def _choose(self, handshake: ssl.SSLObject, server_name: str | None, _context: ssl.SSLContext) -> int | None:
        """Give a handshake its context; an alert ends it."""
        snapshot = self._nodes.running(self._node, next(self._workers))
        certificate = find_certificate(snapshot, server_name)
        if certificate is None:
            return None
        pairs = tuple(resolved_pairs(snapshot, certificate))
        try:
            if pairs not in self._contexts:
                self._contexts[pairs] = _load(list(pairs))
        except (ssl.SSLError, ValueError):
            return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
        handshake.context = self._contexts[pairs]
        return None


def _load(pairs: list[Pair]) -> ssl.SSLContext:
    """Raises ssl.SSLError for texts that are no certificate or key, or do not belong together."""
    if not pairs:
        raise ValueError("a certificate without a key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as directory:
        for pair in pairs:
            cert, key = Path(directory) / "cert.pem", Path(directory) / "key.pem"
            cert.write_text(pair[0], encoding="utf-8")
            key.write_text(pair[1], encoding="utf-8")
            # A password that nobody asks for: without one, OpenSSL would ask the terminal for that of an encrypted key.
            context.load_cert_chain(cert, key, password="")
    return context


def own_certificate() -> Pair:
    """Return a new self-signed certificate for localhost with its key, as Kong makes one when it starts."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem).decode(), private.decode()
