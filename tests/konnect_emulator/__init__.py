# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test double of Kong Konnect: control plane API, data plane and a chat upstream on three local ports.

It is not Kong and holds nothing worth protecting. ``python -m konnect_emulator --help`` lists what it does.
"""

from __future__ import annotations

SERVER_NAME = "konnect-emulator (test double)"
