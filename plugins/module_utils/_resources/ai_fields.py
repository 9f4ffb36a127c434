# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The entities of AI Gateways that have modules: the fields of each."""

from __future__ import annotations

from .._entities.ai_kinds import AI_CONSUMER, AI_DATA_PLANE_CERTIFICATE, AI_MODEL, AI_MODEL_PROVIDER, AI_POLICY
from .ai_entity import AiFields, check_providers

PROVIDER = AiFields(
    AI_MODEL_PROVIDER,
    ("name", "type", "display_name", "config", "labels"),
    fixed=("name", "type"),
)
MODEL = AiFields(
    AI_MODEL,
    (
        *("name", "type", "display_name", "enabled", "capabilities", "formats", "targets", "config", "access"),
        *("policies", "labels"),
    ),
    fixed=("name", "type"),
    check_others=check_providers,
)
POLICY = AiFields(
    AI_POLICY,
    ("name", "type", "display_name", "enabled", "global", "config", "labels"),
    fixed=("name", "type"),
    opaque="config",
)
CONSUMER = AiFields(
    AI_CONSUMER,
    ("name", "type", "display_name", "custom_id", "policies", "labels"),
    fixed=("name",),
)
DATA_PLANE_CERTIFICATE = AiFields(
    AI_DATA_PLANE_CERTIFICATE,
    ("title", "cert", "description"),
    fixed=("cert", "description"),
    read_only=("metadata",),
    is_marked=False,
)
# By list, for an entity that is given as a whole.
CHECKS = {MODEL.kind.segments[-1]: MODEL.check_others}
