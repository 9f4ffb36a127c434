#!/usr/bin/env python3
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An interpreter for Ansible that notes how much memory a module took: its peak in KiB, one line a module.

MEASURED_PYTHON names the Python that runs the module, MEASURED_FILE the file that the lines go to.
"""

from __future__ import annotations

import os
import pathlib
import resource
import subprocess
import sys

code = subprocess.run([os.environ["MEASURED_PYTHON"], *sys.argv[1:]], check=False).returncode
with pathlib.Path(os.environ["MEASURED_FILE"]).open("a") as file:
    file.write(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}\n")
sys.exit(code)
