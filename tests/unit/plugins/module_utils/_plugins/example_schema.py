# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of a configuration with a field of each type, and a deprecated one."""

from __future__ import annotations

from ansible_collections.community.konnect.plugins.module_utils._plugins.schema import config_spec

NUMBER = {"type": "number"}
SPEC = config_spec(
    {
        "fields": [
            {"protocols": {"type": "set"}},
            {
                "config": {
                    "type": "record",
                    "fields": [
                        {"limit": {"type": "integer", "default": 10}},
                        {"ratio": {"type": "number"}},
                        {"enabled": {"type": "boolean", "default": False}},
                        {"names": {"type": "set", "elements": {"type": "string"}, "default": ["b", "a"]}},
                        {"steps": {"type": "array", "elements": {"type": "string"}}},
                        {"labels": {"type": "map", "values": {"type": "string"}}},
                        {"password": {"type": "string", "encrypted": True, "referenceable": True}},
                        {"tokens": {"type": "array", "encrypted": True, "elements": {"type": "string"}}},
                        {
                            "store": {
                                "type": "record",
                                "required": True,
                                "fields": [
                                    {"host": {"type": "string", "default": "localhost"}},
                                    {"port": {"type": "integer"}},
                                ],
                            }
                        },
                        {"extra": {"type": "record", "fields": [{"level": {"type": "integer", "default": 1}}]}},
                        {
                            "rules": {
                                "type": "array",
                                "elements": {
                                    "type": "record",
                                    "fields": [
                                        {"path": {"type": "string"}},
                                        {"weight": {"type": "integer", "default": 5}},
                                    ],
                                },
                            }
                        },
                    ],
                    "shorthand_fields": [
                        {"host": {"type": "string", "deprecation": {"replaced_with": [{"path": ["store", "host"]}]}}}
                    ],
                }
            },
        ]
    }
)
