# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The trial that fits the parent of a secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .._entities.ai_gateways import AI_GATEWAYS
from .._entities.control_plane import ControlPlane
from .._entities.product import CONTROL_PLANES
from .model_trial import ModelTrial
from .route_trial import RouteTrial
from .trial import Trial

TRIALS: Mapping[str, Callable[[ControlPlane, str, str], Trial]] = {
    CONTROL_PLANES.option: RouteTrial.of,
    AI_GATEWAYS.option: ModelTrial.of,
}


def trial_of(control_plane: ControlPlane, store_id: str, key: str) -> Trial:
    """The trial of a secret, with new random values."""
    return TRIALS[control_plane.product.option](control_plane, store_id, key)
