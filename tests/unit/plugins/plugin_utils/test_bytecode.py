# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine is compiled once, not by each process that imports it."""

from __future__ import annotations

import importlib
import pathlib
import sys

import pytest

from ansible_collections.community.konnect.plugins.plugin_utils import _bytecode

ENGINE = "ansible_collections.community.konnect.plugins.module_utils"


class Finder:
    """In the place of Ansible's, which is in front of Python's."""

    __module__ = "ansible.utils.collection_loader"

    @staticmethod
    def find_spec(*_arguments: object) -> None:
        return None


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    _bytecode.cache_bytecode()


def test_compiled_code_of_the_engine_is_kept(
    cached: None, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.delitem(sys.modules, f"{ENGINE}._version", raising=False)
    importlib.import_module(f"{ENGINE}._version")
    assert [file.name.partition(".")[0] for file in tmp_path.rglob("*.pyc")] == ["_version"]


def test_folders_stay_with_ansible_which_packs_modules_from_there() -> None:
    engine = importlib.import_module(ENGINE)
    assert _bytecode.CachedFiles.find_spec(f"{ENGINE}._client", list(engine.__path__)) is None


def test_other_packages_are_none_of_its_business() -> None:
    assert _bytecode.CachedFiles.find_spec("json.decoder", [str(pathlib.Path(importlib.__file__).parent)]) is None


def test_it_is_set_up_once(cached: None) -> None:
    before = list(sys.meta_path)
    _bytecode.cache_bytecode()
    assert sys.meta_path == before


def test_without_the_loader_of_ansible_it_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [finder for finder in sys.meta_path if not type(finder).__module__.startswith("ansible.")]
    monkeypatch.setattr(sys, "meta_path", list(others))
    _bytecode.cache_bytecode()
    assert sys.meta_path == others
