# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Files in which the tasks of a run of Ansible let each other know something, as lines of JSON.

They are in the local temporary directory of the run, and go with it; the action hands their paths on to modules. Tasks
of several hosts and forks use them at the same time, each under a lock. Only the user who runs the play may read them.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from typing import Any

# By which the action hands on the key of the run, which is random and in no file.
KEY_VARIABLE = "KONNECT_RUN_KEY"


def append(file: str, row: dict[str, Any]) -> None:
    """Add a line."""
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with open(descriptor, "a", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.write(json.dumps(row) + "\n")


def read(file: str) -> list[dict[str, Any]]:
    """Every line, in the order in which they were added; none while there is no file."""
    if not os.path.exists(file):
        return []
    with open(file, encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        lines = stream.readlines()
    return [json.loads(line) for line in lines]


def digest(key: str, text: str) -> str:
    """32 hex digits that stand for a text, and tell nothing of it to who does not have the key."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def server_digest(key: str, url: str, token: str) -> str:
    """32 hex digits that stand for a server as one token sees it."""
    return digest(key, f"{url} {token}")
