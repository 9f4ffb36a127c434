# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Checks of what single kinds need, before any request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._entities.comparison import PEM
from .._errors import InvalidInput
from .._vault_reference import mentions, mistake

_HOST_AND_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:/]+):(?P<port>[0-9]{1,5})")


def check_target(options: Mapping[str, Any]) -> None:
    """Refuse a target without a port, which Konnect would give one that nobody asked for."""
    found = _HOST_AND_PORT.fullmatch(options["target"])
    if found is None or not 0 < int(found["port"]) <= 65535:
        raise InvalidInput(f"target must be a host with a port, such as 192.0.2.10:8080, not {options['target']!r}.")


def check_certificate(options: Mapping[str, Any]) -> None:
    """Refuse a reference in place of the certificate by which data plane nodes are known."""
    if mentions(options["cert"]) or mistake(options["cert"]):
        raise InvalidInput(
            "cert must be the certificate itself. Nodes connect with it before they have any configuration, so that "
            "nothing could resolve a secret reference."
        )
    if not options["cert"].lstrip().startswith(PEM):
        raise InvalidInput("cert must be a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.")
