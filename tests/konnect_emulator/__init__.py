# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test double of Kong Konnect: control plane API, data plane and a chat upstream on local ports.

It is not Kong and protects nothing. ``python -m konnect_emulator --help`` lists its options. Where to look:

api/            the endpoints below /v2/control-planes
entities/       the kinds of core entities: fields, defaults, rules, storage
plugins/        plugin and partial schemas, and how Kong fills in and validates a configuration by them
data_plane/     nodes and their proxy ports: what each runs, routing, references to secrets, plugins, who used which key
middleware/     layers around the servers: token, faults, rate limit, request log, the endpoints for tests
expressions.py  the language of expressions by which routes match
emulator.py     puts the parts together; clock.py has the time that all of them go by
"""

from __future__ import annotations

SERVER_NAME = "konnect-emulator (test double)"
