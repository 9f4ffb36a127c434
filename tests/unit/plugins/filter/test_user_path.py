# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.user_path import user_path


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PWD", "/somewhere/else")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "host", "found"),
    [
        ("report", "", "report"),
        ("report", "one", "report/one"),
        ("~/report", "", "home/report"),
        ("report", "../one", "report/.._one"),
        ("report", "..", "report/_"),
    ],
)
def test_it_counts_from_where_ansible_was_started(here, path, host, found):
    assert user_path(path, host) == str(here / found)


def test_an_absolute_path_stays():
    assert user_path("/srv/audit") == "/srv/audit"


def test_a_path_in_an_installed_collection_is_refused(here):
    (here / "MANIFEST.json").touch()
    with pytest.raises(AnsibleFilterError, match="installed collection"):
        user_path("report", collection=here)


def test_a_checkout_is_the_users_own(here):
    assert user_path("report", collection=here) == str(here / "report")
