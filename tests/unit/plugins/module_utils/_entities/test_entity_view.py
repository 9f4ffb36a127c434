# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.community.konnect.plugins.module_utils._entities.entity_view import view_entity
from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import BASIC_AUTH, ROUTE

FINGERPRINT = f"fingerprint.{'0' * 8}.{'0' * 32}"


def test_fingerprints_of_a_hidden_value_are_not_shown():
    assert view_entity(BASIC_AUTH, {"tags": ["a", FINGERPRINT]}, {}) == {"tags": ["a"]}
    assert view_entity(BASIC_AUTH, {"tags": [FINGERPRINT]}, {}) == {}


def test_of_what_has_no_hidden_value_all_tags_and_empty_lists_are_shown():
    route = {"tags": [FINGERPRINT], "hosts": []}
    assert view_entity(ROUTE, route, {}) == route
