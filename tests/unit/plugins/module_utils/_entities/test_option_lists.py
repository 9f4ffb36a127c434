# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import PLUGIN, ROUTE, SERVICE, VAULT
from ansible_collections.community.konnect.plugins.module_utils._entities.option_lists import check_lists
from ansible_collections.community.konnect.plugins.module_utils._errors import InvalidInput


@pytest.mark.parametrize("kind", [PLUGIN, ROUTE, SERVICE, VAULT], ids=lambda kind: kind.name)
def test_tags_that_are_there_twice_are_refused(kind):
    with pytest.raises(InvalidInput, match="tags lists b more than once"):
        check_lists({"tags": ["a", "b", "b"]}, kind.sets)


@pytest.mark.parametrize("name", ["paths", "hosts", "methods", "protocols", "snis"])
def test_items_of_a_route_that_are_there_twice_are_refused(name):
    with pytest.raises(InvalidInput, match=f"{name} lists a more than once"):
        check_lists({name: ["a", "a"]}, ROUTE.sets)


def test_values_of_a_header_that_are_there_twice_are_refused():
    with pytest.raises(InvalidInput, match="headers.x lists 1 more than once"):
        check_lists({"headers": {"x": ["1", "1"]}}, ROUTE.sets)


@pytest.mark.parametrize("kind", [PLUGIN, ROUTE], ids=lambda kind: kind.name)
def test_no_protocol_at_all_is_refused(kind):
    with pytest.raises(InvalidInput, match="protocols must not be empty"):
        check_lists({"protocols": []}, kind.sets)


@pytest.mark.parametrize("options", [{}, {"tags": None}, {"tags": []}, {"paths": ["/a", "/b"], "headers": {"x": None}}])
def test_other_lists_are_fine(options):
    check_lists(options, ROUTE.sets)


def test_items_that_are_no_texts_are_compared_by_content():
    check_lists({"sources": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.2"}]}, ROUTE.sets | {"sources"})
    with pytest.raises(InvalidInput, match='sources lists {"ip": "10.0.0.1", "port": 1} more than once'):
        check_lists({"sources": [{"ip": "10.0.0.1", "port": 1}, {"port": 1, "ip": "10.0.0.1"}]}, {"sources"})
