# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SNIs in check mode: a later task of the play sees the certificate without the name that would be gone."""

from __future__ import annotations

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import CERTIFICATE, SNI
from ansible_collections.community.konnect.plugins.module_utils._predictions import Predictions
from ansible_collections.community.konnect.plugins.module_utils._resources.entity import remove_entity_of
from ansible_collections.community.konnect.plugins.module_utils._task import Task
from ansible_collections.community.konnect.tests.unit.gateway import Gateway


def test_a_certificate_loses_the_name_of_an_sni_that_would_be_removed(server, plane, tmp_path):
    gateway = Gateway(server)
    gateway.has(CERTIFICATE, {"id": "c", "cert": "CERT", "key": "KEY", "snis": ["a.example", "b.example"]})
    gateway.has(SNI, {"id": "1", "name": "a.example", "certificate": {"id": "c"}})
    control_plane = plane(context=Task(True, predictions=Predictions(str(tmp_path / "facts.jsonl"))))
    remove_entity_of(control_plane, SNI, {"name": "a.example"}, ("name",))
    (certificate,) = control_plane.list(CERTIFICATE)
    assert certificate["snis"] == ["b.example"]
