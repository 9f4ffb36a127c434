# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python measured_python.py FILE ARGUMENT...``: be a Python for Ansible that notes how much memory a module took.

Appends the peak in KiB to FILE, one line a module.
"""

from __future__ import annotations

import pathlib
import resource
import subprocess
import sys

code = subprocess.run([sys.executable, *sys.argv[2:]], check=False).returncode
with pathlib.Path(sys.argv[1]).open("a") as file:
    file.write(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}\n")
sys.exit(code)
