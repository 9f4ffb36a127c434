# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of core entities that this emulator does not have: Konnect offers them, so they are there and empty.

(Konnect OpenAPI control-planes-config v2.) Other clients read all of them, and take a 404 for a failure.
"""

from __future__ import annotations

from ..entities import storage
from ..entities.kinds import KINDS
from ..state import ControlPlane

LISTS = (
    "targets",
    "acls",
    "basic-auths",
    "custom-plugins",
    "degraphql_routes",
    "graphql-rate-limiting-advanced/costs",
    "hmac-auths",
    "jwts",
    "key-auths",
    "mtls-auths",
)
CREDENTIALS = ("acls", "basic-auth", "hmac-auth", "jwt", "key-auth", "mtls-auth")
NESTED_LISTS = {
    "consumer_groups": ("consumers",),
    "consumers": ("consumer_groups", *CREDENTIALS),
    "services": ("degraphql/routes", "graphql-rate-limiting-advanced/costs"),
    "upstreams": ("targets",),
}


def is_empty_list(control_plane: ControlPlane, segments: list[str]) -> bool:
    """Find out whether a path below ``core-entities`` is such a list; one below a parent needs the parent."""
    if "/".join(segments) in LISTS:
        return True
    kind, nested = KINDS.get(segments[0]), "/".join(segments[2:])
    if kind is None or nested not in NESTED_LISTS.get(segments[0], ()):
        return False
    return storage.find(control_plane, kind, segments[1]) is not None
