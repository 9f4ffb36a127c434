# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start the emulator as a process of its own, from Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .settings import Settings

PACKAGE_PARENT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Running:
    """A running emulator: what its ready line said, its token, and the process."""

    konnect_url: str
    proxy_url: str
    proxy_urls: list[str]
    tls_proxy_url: str
    upstream_url: str
    control_plane_id: str
    ai_gateway_url: str
    ai_gateway_urls: list[str]
    ai_gateway_id: str
    token: str
    process: subprocess.Popen[str]

    def stop(self) -> int:
        """Send SIGTERM and return the exit code, which should be 0."""
        self.process.terminate()
        return self.process.wait(timeout=30)


def command(*arguments: str) -> list[str]:
    """Return the command line that starts the emulator."""
    return [sys.executable, "-m", "konnect_emulator", *arguments]


def environment() -> dict[str, str]:
    """Return the environment of this process, extended so that the package can be imported."""
    path = os.pathsep.join(filter(None, (str(PACKAGE_PARENT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}


@contextmanager
def running(*arguments: str) -> Iterator[Running]:
    """Run the emulator with these arguments while the context lasts; raises RuntimeError if it does not start."""
    process = subprocess.Popen(
        command(*arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        ready_line = process.stdout.readline()
        if not ready_line:
            raise RuntimeError(f"the emulator did not start: {process.stderr.read().strip()}")
        options = dict(zip(arguments, arguments[1:], strict=False))
        yield Running(**json.loads(ready_line), token=options.get("--token", Settings.token), process=process)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=30)
        process.stdout.close()
        process.stderr.close()
