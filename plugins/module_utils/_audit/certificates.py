# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Every certificate in a control plane. Its dates are read where the report is made, since no module can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._entities.kind import Entity
from .._entities.product import Product


def read_certificates(product: Product, lists: Mapping[str, Sequence[Entity]]) -> list[dict[str, Any]]:
    """``[{"entity", "id", "name", "field", "cert"}]``, by kind, name and id; cert is PEM or a secret reference.

    :param lists: all entities of each kind, by its name.
    """
    rows = [
        {"entity": kind.name, "id": entity["id"], "name": kind.display(entity), "field": field, "cert": entity[field]}
        for kind, fields in product.certificates
        for entity in lists.get(kind.name, ())
        for field in fields
        if entity.get(field)
    ]
    return sorted(rows, key=lambda row: (row["entity"], str(row["name"]), row["id"], row["field"]))
