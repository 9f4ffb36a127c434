# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that many tests give to modules."""

from __future__ import annotations

from typing import Any

ABSENT = {"state": "absent"}
# Removes what others refer to or belong to, and what is not empty.
REMOVE_IN_USE = {"on_in_use": "remove"}

STORE = {"name": "my-store"}
ONE, TWO = "Bearer fake-key-number-one", "Bearer fake-key-number-two"
SECRET = {"config_store": "my-store", "key": "my-key"}
VAULT = {"prefix": "my-vault", "config_store": "my-store"}
REFERENCE = "{vault://my-vault/my-key}"
# The tasks that make a secret to which REFERENCE refers.
REFERABLE: list[tuple[str, dict[str, Any]]] = [
    ("config_store", STORE),
    ("secret", {**SECRET, "value": ONE}),
    ("vault", VAULT),
]
