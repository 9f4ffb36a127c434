# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules of awx.awx, as the PyPI package ansible carries them, for a test of extensions/awx.

``python tools/awx_options.py WHEEL`` writes tests/unit/extensions/awx_options.json.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
import zipfile
from typing import Any

import yaml

OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "tests" / "unit" / "extensions" / "awx_options.json"
COLLECTION = "ansible_collections/awx/awx/"
MODULES = (
    *("credential", "credential_type", "execution_environment", "host", "inventory", "inventory_source"),
    *("job_template", "notification_template", "project", "schedule", "workflow_job_template"),
)
DOCUMENTATION = re.compile(r"^DOCUMENTATION\s*=\s*r?(['\"]{3})(.*?)\1", re.MULTILINE | re.DOTALL)
# What of an option decides whether a value fits.
KEPT = ("type", "choices", "required", "elements", "suboptions")


def read_options(wheel: pathlib.Path) -> dict[str, Any]:
    """``{"version": str, "modules": {name: {option: {"type", "choices", "required", ...}}}}``"""
    with zipfile.ZipFile(wheel) as archive:
        version = json.loads(archive.read(f"{COLLECTION}MANIFEST.json"))["collection_info"]["version"]
        sources = {name: archive.read(f"{COLLECTION}plugins/modules/{name}.py").decode() for name in MODULES}
    return {"version": version, "modules": {name: _options(source) for name, source in sources.items()}}


def _options(source: str) -> dict[str, Any]:
    found = DOCUMENTATION.search(source)
    assert found
    return _kept(yaml.safe_load(found[2])["options"])


def _kept(options: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: _kept(option[key]) if key == "suboptions" else option[key] for key in KEPT if option.get(key)}
        for name, option in options.items()
    }


if __name__ == "__main__":
    OUTPUT.write_text(json.dumps(read_options(pathlib.Path(sys.argv[1])), indent=1, sort_keys=True) + "\n")
