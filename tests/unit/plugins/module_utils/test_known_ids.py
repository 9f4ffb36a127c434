# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import multiprocessing

import pytest

from ansible_collections.community.konnect.plugins.module_utils._known_ids import KnownIds

PLANES = ("control-planes",)
STORES = ("control-planes", "p", "config-stores")
STORE = {"id": "s", "name": "my-store", "created_at": "2026-11-23T10:00:00.000Z"}
PLANE = {"id": "p", "name": "quickstart", "created_at": "2026-11-23T10:00:00.000Z"}
OTHERS = [("https://us.api.konghq.com", "kpat_one"), ("https://eu.api.konghq.com", "kpat_two")]


@pytest.fixture
def known(tmp_path):
    return KnownIds(str(tmp_path / "ids.jsonl"), "fake-run-key").of_server("https://eu.api.konghq.com", "kpat_one")


def test_what_a_task_found_another_knows(known):
    known.add(STORES, "my-store", STORE)
    assert KnownIds(known.file, known.key, known.server).find(STORES, "my-store") == STORE


@pytest.mark.parametrize(("path", "name"), [(STORES, "other"), ((*STORES[:-1], "services"), "my-store")])
def test_another_name_or_list_is_not_known(known, path, name):
    known.add(STORES, "my-store", STORE)
    assert known.find(path, name) is None


@pytest.mark.parametrize(("url", "token"), OTHERS)
def test_another_server_or_token_knows_nothing_of_it(known, url, token):
    known.add(STORES, "my-store", STORE)
    assert known.of_server(url, token).find(STORES, "my-store") is None


def test_neither_token_nor_key_is_in_the_file(known, tmp_path):
    known.add(STORES, "my-store", STORE)
    content = (tmp_path / "ids.jsonl").read_text()
    assert "kpat" not in content
    assert "fake-run-key" not in content


def test_what_is_known_is_not_added_again(known, tmp_path):
    for _time in range(3):
        known.add(STORES, "my-store", STORE)
    assert len((tmp_path / "ids.jsonl").read_text().splitlines()) == 1


def test_what_is_forgotten_is_asked_for_again_by_each_of_its_names(known):
    for name in ("my-store", "s"):
        known.add(STORES, name, STORE)
    known.forget(STORES, "s")
    assert [known.find(STORES, name) for name in ("my-store", "s")] == [None, None]


def test_what_is_below_goes_with_it_and_what_comes_after_counts(known):
    known.add(PLANES, "quickstart", PLANE)
    known.add(STORES, "my-store", STORE)
    known.forget(PLANES, "p")
    known.add(PLANES, "quickstart", {**PLANE, "id": "q"})
    assert known.find(STORES, "my-store") is None
    assert known.find(PLANES, "quickstart")["id"] == "q"


def test_to_forget_another_one_changes_nothing(known):
    known.add(STORES, "my-store", STORE)
    known.forget(STORES, "other")
    known.forget((*STORES[:-1], "services"), "s")
    assert known.find(STORES, "my-store") == STORE


@pytest.mark.parametrize("file", [None, "no-such-folder/ids.jsonl"])
def test_without_a_file_or_its_folder_nothing_is_known(file, tmp_path):
    known = KnownIds(file and str(tmp_path / file))
    known.add(STORES, "my-store", STORE)
    assert known.find(STORES, "my-store") is None


def _add_many(known, first):
    for number in range(first, first + 50):
        known.add(STORES, f"store-{number}", {"id": str(number), "name": "x" * 5000})


def test_several_processes_may_add_at_once(known):
    processes = [multiprocessing.Process(target=_add_many, args=(known, first)) for first in (0, 50, 100)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [known.find(STORES, f"store-{number}")["id"] for number in (0, 99, 149)] == ["0", "99", "149"]
