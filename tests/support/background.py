# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Something that goes on beside a test, such as a client that chats all the while."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any


@contextlib.contextmanager
def repeating(act: Callable[[], Any], pause: float) -> Iterator[None]:
    """Call a function again and again in a thread, as many seconds apart, for as long as the context lasts."""
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            act()
            over.wait(pause)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
