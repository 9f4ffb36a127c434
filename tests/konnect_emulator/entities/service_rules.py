# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of services: what their protocol excludes (kong/db/schema/entities/services.lua)."""

from __future__ import annotations

from ..errors import Violation, entity_violation, field_violation
from .rules import Entity, RuleContext

WITHOUT_PATH = ("tcp", "tls", "udp", "grpc", "grpcs")
WITH_TLS = ("https", "tls", "wss")
TLS_FIELDS = ("client_certificate", "tls_verify", "tls_verify_depth", "ca_certificates")


def check_service(entity: Entity, context: RuleContext) -> list[Violation]:
    """Check that nothing is given that the protocol has no use for; an empty list counts as given."""
    protocol = entity["protocol"]
    excluded = ["path"] if protocol in WITHOUT_PATH else []
    excluded += [] if protocol in WITH_TLS else TLS_FIELDS
    found = [field_violation(name, "value must be null") for name in excluded if name in entity]
    if found:
        found.append(entity_violation("failed conditional validation given value of field 'protocol'"))
    return found
