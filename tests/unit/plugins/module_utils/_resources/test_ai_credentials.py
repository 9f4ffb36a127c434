# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.community.konnect.plugins.module_utils._resources.ai_credentials import credential_row


def test_a_credential_is_shown_with_what_is_known_of_it_and_without_its_key():
    shown = {"id": "1", "name": "main", "display_name": "Main"}
    assert credential_row({**shown, "ttl": None, "api_key": "fake-key", "managed_by": {}}) == shown
    assert credential_row({**shown, "ttl": 0}) == {**shown, "ttl": 0}
