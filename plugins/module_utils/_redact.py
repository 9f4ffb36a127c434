# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""What may be shown, and what Ansible is told to hide."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.community.konnect.plugins.module_utils._references import is_reference

HIDDEN = "(not shown)"
# Shorter texts are no secrets, and hiding every occurrence of them would garble what is shown.
SHORTEST_SECRET = 4
_SECRET_NAME = re.compile(
    r"(^|_)(pass|passwd|password|passphrase|secrets?|token|credentials?|authorization|jwk|pem|key|"
    r"(api|access|account|private|secret|shared)keys?|(header|param|secret|key|token)_value|service_account_json)$"
)


def secret_forms(value: str) -> set[str]:
    """A secret's value and the parts of it that are secret by themselves: what follows ``Bearer ``, and each string
    of a value that is JSON.
    """
    forms = {value, re.sub(r"^(Bearer|Basic)\s+", "", value)}
    with contextlib.suppress(ValueError):
        forms.update(_strings(json.loads(value)))
    return {form for form in forms if len(form) >= SHORTEST_SECRET}


def secrets_by_name(data: Any, *, secret: bool = False) -> Iterator[str]:
    """Each literal under a name that looks secret in free-form data. References are no secrets."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from secrets_by_name(value, secret=secret or looks_secret(str(name)))
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from secrets_by_name(value, secret=secret)
    elif secret and isinstance(data, str) and len(data) >= SHORTEST_SECRET and not is_reference(data):
        yield from secret_forms(data)


def mask_by_name(data: Any, *, secret: bool = False) -> Any:
    """The same data with each literal under a name that looks secret replaced; references stay."""
    if isinstance(data, Mapping):
        return {name: mask_by_name(value, secret=secret or looks_secret(str(name))) for name, value in data.items()}
    if isinstance(data, list):
        return [mask_by_name(value, secret=secret) for value in data]
    return HIDDEN if secret and isinstance(data, str) and data and not is_reference(data) else data


def looks_secret(name: str) -> bool:
    """Whether a field of that name would hold a secret, for example C(aws_secret_access_key)."""
    return bool(_SECRET_NAME.search(re.sub(r"[^a-z0-9]+", "_", name.lower())))


def _strings(data: Any) -> Iterable[str]:
    if isinstance(data, Mapping):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
    elif isinstance(data, str):
        yield data
