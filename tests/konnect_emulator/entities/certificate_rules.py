# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of whole certificates (Kong Gateway, schema of certificates): pairs are complete and belong together.

What is no certificate or key in spite of its PEM lines is taken.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from ..errors import Violation, entity_violation
from .rules import Entity, RuleContext

PAIRS = (("cert", "key"), ("cert_alt", "key_alt"))


def check_certificate(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check both pairs of a certificate."""
    found = []
    if ("cert_alt" in entity) != ("key_alt" in entity):
        found.append(entity_violation("all or none of these fields must be set: 'cert_alt', 'key_alt'"))
    if any(_is_mismatch(entity.get(cert, ""), entity.get(key, "")) for cert, key in PAIRS):
        found.append(entity_violation("certificate does not match key"))
    return found


def _is_mismatch(cert: str, key: str) -> bool:
    try:
        served = x509.load_pem_x509_certificate(cert.encode()).public_key()
        own = serialization.load_pem_private_key(key.encode(), None).public_key()
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False
    encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return served.public_bytes(encoding, form) != own.public_bytes(encoding, form)
