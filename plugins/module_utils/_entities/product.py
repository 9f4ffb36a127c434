# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The products of Konnect whose instances are parents of entities: what the parent of a task knows about its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .._errors import ApiError, ErrorCode, InvalidInput
from .form import Form
from .kind import Entity, Kind
from .kinds import CA_CERTIFICATE, CERTIFICATE, CONFIG_STORE, CONTROL_PLANE, DATA_PLANE_CERTIFICATE, REFERRING, VAULT


@dataclass(frozen=True)
class Product:
    """One product: what tells it from the others.

    :param kind: of the parent itself.
    :param option: of the modules, that names the parent.
    :param none_given: the message of the error where a task names no parent, and its code.
    :param forms: of kinds, by their name.
    :param form: of the others.
    :param kinds: the names of the kinds that there are besides those in C(forms); None for all.
    :param referring: the kinds that may hold references to secrets.
    :param gives_ids: whether this collection makes the ids of what it creates, so that they tell what it made.
    :param has_schemas: whether there are live schemas, and endpoints that validate by them.
    :param certificates: the kinds that hold certificates, with the fields.
    :param expected: the path of what data planes should run, and the field that holds it.
    :param hides_secrets: whether responses show no secret in the settings of a vault.
    :param has_groups: whether a parent may be the member of a group that has its data planes.
    :param explain: makes of the error of a lookup of the parent the one that is raised.
    """

    kind: Kind
    option: str
    none_given: tuple[str, ErrorCode]
    referring: tuple[Kind, ...]
    certificates: tuple[tuple[Kind, tuple[str, ...]], ...]
    expected: tuple[str, str]
    forms: Mapping[str, Form] = field(default_factory=dict)
    form: Form = Form()
    kinds: frozenset[str] | None = None
    gives_ids: bool = True
    has_schemas: bool = True
    hides_secrets: bool = False
    has_groups: bool = True
    explain: Callable[[ApiError], ApiError] = lambda error: error

    @property
    def referring_besides_vaults(self) -> tuple[Kind, ...]:
        """The kinds that may hold references, but for vaults, which whoever follows references has read before."""
        return tuple(kind for kind in self.referring if kind is not VAULT)

    def form_of(self, kind: Kind) -> Form:
        return self.forms.get(kind.name, self.form)

    def has(self, kind: Kind) -> bool:
        """True if there are entities of this kind below a parent."""
        return self.kinds is None or kind.name in self.kinds or kind.name in self.forms


def check_store_name(store: Entity) -> None:
    """Refuse what cannot be the name of a config store. Source: Konnect's OpenAPI document, and for the characters its
    response to a name with a space: they must match ``^[\\p{N}\\p{L}.\\-_~]*$``.
    """
    name = store["name"]
    if not 1 <= len(name) <= 100:
        raise InvalidInput("The name of a config store has 1 to 100 characters.")
    wrong = sorted({sign for sign in name if unicodedata.category(sign)[0] not in "LN" and sign not in ".-_~"})
    if wrong:
        raise InvalidInput(
            f"{name!r} cannot be the name of a config store: it holds {', '.join(map(repr, wrong))}. Use letters, "
            "digits, dots, dashes, underscores and tildes."
        )


CONTROL_PLANES = Product(
    CONTROL_PLANE,
    "control_plane",
    (
        "No control plane is given. Set control_plane, or KONNECT_CONTROL_PLANE in the environment of the host that "
        "runs the module.",
        ErrorCode.NO_CONTROL_PLANE,
    ),
    REFERRING,
    ((CERTIFICATE, ("cert", "cert_alt")), (CA_CERTIFICATE, ("cert",)), (DATA_PLANE_CERTIFICATE, ("cert",))),
    ("expected-config-hash", "expected_hash"),
    {CONFIG_STORE.name: Form(check=check_store_name)},
)
