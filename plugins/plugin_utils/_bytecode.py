# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Python's cache of compiled code for the files of this collection.

Ansible's loader of collections has none (C(ansible.utils.collection_loader)): it compiles each file again in each
process that imports it, which for the engine takes longer than all the rest of an import.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from types import ModuleType

PLUGINS = f"{__name__.partition('.plugin_utils.')[0]}."


class CachedFiles:
    """Finds the files of this collection as Python finds those of any package."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if not name.startswith(PLUGINS):
            return None
        for directory in path or ():
            found = FileFinder(directory, (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(name)
            # Folders stay with Ansible's loader, by which Ansible reads the sources that it packs for other machines.
            if found is not None and found.submodule_search_locations is None:
                return found
        return None


def cache_bytecode() -> None:
    """Import by the cache from now on, where Ansible's loader is at work. Called again, it changes nothing."""
    loaders = [type(finder).__module__.startswith("ansible.") for finder in sys.meta_path]
    if True in loaders and CachedFiles not in sys.meta_path:
        sys.meta_path.insert(loaders.index(True), CachedFiles)
