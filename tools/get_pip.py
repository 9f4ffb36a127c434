# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-in for the script with which ansible-test puts pip into its virtual environments.

It is called as that script is: ``--disable-pip-version-check pip==24.2 --no-setuptools --no-wheel``. It takes the pip
that comes with Python to install the one that was asked for from the package index.
"""

from __future__ import annotations

import ensurepip
import pathlib
import sys
import sysconfig


def bundled_pip() -> pathlib.Path:
    """The wheel that ensurepip would install; IndexError when there is none."""
    folders = (sysconfig.get_config_var("WHEEL_PKG_DIR"), pathlib.Path(ensurepip.__file__).with_name("_bundled"))
    return [wheel for folder in folders if folder for wheel in pathlib.Path(folder).glob("pip-*.whl")][0]


if __name__ == "__main__":
    sys.path.insert(0, str(bundled_pip()))
    from pip._internal.cli.main import main

    wanted = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
    sys.exit(main(["install", "--quiet", "--upgrade", "--ignore-installed", *wanted]))
