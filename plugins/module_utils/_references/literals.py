# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Secrets that stand where references to them belong, readable for everybody who may read the control plane."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .._entities.kind import Spec
from .._errors import ErrorCode, InvalidInput
from .._hidden_fields import is_literal
from .._masking import PLACEHOLDER
from .._task import Task
from .._vault_reference import mentions, mistake

# Source: RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1: what a private or symmetric JWK has.
_PRIVATE = {"d", "k"}


def check_literals(task: Task, leaves: Iterable[tuple[str, Spec, Any]], severity: str) -> None:
    """Warn of literals in fields that are called both encrypted and referenceable, or raise InvalidInput with the code
    literal_secret.

    :param leaves: each scalar that a task gives, with its path and its specification.
    :param severity: the option C(literal_secrets).
    """
    found = [
        path
        for path, field, value in leaves
        if field.get("encrypted")
        and field.get("referenceable")
        and is_literal(value)
        and not (mentions(value) or mistake(value))
        and not PLACEHOLDER.search(str(value))
        and not _is_public_jwk(value)
    ]
    if not found or severity == "allow":
        return
    message = (
        f"A secret itself is in {', '.join(found)}, where everybody can read it who may read the control plane. "
        "Store it with konnect_secret and refer to it, for example with the filter "
        "community.konnect.vault_reference."
    )
    if severity == "warn":
        task.warn(message)
        return
    fields = [{"field": path, "reason": "a literal where a secret reference belongs"} for path in found]
    raise InvalidInput(message, code=ErrorCode.LITERAL_SECRET, fields=fields)


def _is_public_jwk(value: Any) -> bool:
    try:
        key = json.loads(value)
    except (TypeError, ValueError):
        return False
    return isinstance(key, dict) and "kty" in key and not _PRIVATE & set(key)
