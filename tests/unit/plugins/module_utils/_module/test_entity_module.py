# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that the modules of entities get from the table of kinds."""

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities import kinds
from ansible_collections.community.konnect.plugins.module_utils._module.argument_spec import CONNECTION, CONTROL_PLANE
from ansible_collections.community.konnect.plugins.module_utils._module.entity_module import (
    entity_info_spec,
    entity_spec,
)

FIELDS = {"name": {"type": "str"}}


@pytest.mark.parametrize(
    ("kind", "has", "has_not"),
    [
        (kinds.CONSUMER, {"tags", "on_in_use"}, {"check_references", "update_secret"}),
        (kinds.PLUGIN_SCHEMA, {"on_in_use"}, {"tags", "check_references", "update_secret"}),
        (kinds.DATA_PLANE_CERTIFICATE, set(), {"tags", "on_in_use", "check_references", "update_secret"}),
        (kinds.BASIC_AUTH, {"tags", "update_secret", "fingerprint_key"}, {"on_in_use", "check_references"}),
        (kinds.CERTIFICATE, {"tags", "on_in_use", "check_references", "literal_secrets"}, {"update_secret"}),
        (kinds.JWT, {"tags", "check_references"}, {"literal_secrets"}),
    ],
)
def test_a_module_has_the_options_that_its_kind_needs(kind, has, has_not):
    options = set(entity_spec(kind, FIELDS).options)
    assert options >= {"name", "state", "control_plane", "konnect_token"} | has
    assert not options & has_not


@pytest.mark.parametrize(
    ("kind", "filters"),
    [
        (kinds.KEY, {"name", "set", "tags"}),
        (kinds.SNI, {"name", "certificate", "tags"}),
        (kinds.MTLS_AUTH, {"id", "consumer", "ca_certificate", "tags"}),
        (kinds.TARGET, {"id", "upstream", "tags"}),
        (kinds.UPSTREAM, {"name", "tags"}),
        (kinds.DATA_PLANE_CERTIFICATE, {"id"}),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_an_info_module_filters_by_what_its_kind_belongs_to(kind, filters):
    common = set(CONNECTION.merge(CONTROL_PLANE).options)
    assert set(entity_info_spec(kind).options) - common == filters
