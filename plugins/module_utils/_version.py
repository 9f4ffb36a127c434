# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The version of the collection, for the User-Agent header. A test holds it equal to galaxy.yml's."""

from __future__ import annotations

VERSION = "1.0.0-rc.1"
