# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Pieces of argument specifications that merge together with their constraints.

Each piece has a documentation fragment of the same name in plugins/doc_fragments. The environment variables behind
the options are read in runner.py, because an empty one must count as unset, which Ansible's own fallback does not do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._client.connection import REGIONS

# An option that names an entity: by its name, its id, or the dict that Konnect shows.
ENTITY: dict[str, Any] = {"type": "raw", "no_log": False}


@dataclass(frozen=True)
class ArgumentSpec:
    """Options and the constraints between them, as AnsibleModule takes them.

    :param by_schema: options of which only a live schema tells what is secret.
    :param keeps: options in which a placeholder means the secret that Konnect holds.
    """

    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_if: Sequence[Sequence[Any]] = ()
    required_one_of: Sequence[Sequence[str]] = ()
    required_by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    by_schema: Sequence[str] = ()
    keeps: Sequence[str] = ()

    @property
    def entities(self) -> list[str]:
        """The options that name an entity."""
        return [name for name, option in self.options.items() if ENTITY.items() <= option.items()]

    def merge(self, *others: ArgumentSpec) -> ArgumentSpec:
        specs = (self, *others)
        return ArgumentSpec(
            options={name: option for spec in specs for name, option in spec.options.items()},
            mutually_exclusive=[row for spec in specs for row in spec.mutually_exclusive],
            required_if=[row for spec in specs for row in spec.required_if],
            required_one_of=[row for spec in specs for row in spec.required_one_of],
            required_by={name: row for spec in specs for name, row in spec.required_by.items()},
            by_schema=[name for spec in specs for name in spec.by_schema],
            keeps=[name for spec in specs for name in spec.keeps],
        )

    def to_kwargs(self) -> dict[str, Any]:
        return {
            "argument_spec": {name: dict(option) for name, option in self.options.items()},
            "mutually_exclusive": [list(row) for row in self.mutually_exclusive],
            "required_if": [tuple(row) for row in self.required_if],
            "required_one_of": [list(row) for row in self.required_one_of],
            "required_by": {name: list(row) for name, row in self.required_by.items()},
        }


CLUSTER_TYPES = [
    "CLUSTER_TYPE_CONTROL_PLANE",
    "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER",
    "CLUSTER_TYPE_CONTROL_PLANE_GROUP",
    "CLUSTER_TYPE_SERVERLESS",
    "CLUSTER_TYPE_KAFKA_NATIVE_EVENT_PROXY",
    "CLUSTER_TYPE_SERVERLESS_V1",
]

CONNECTION = ArgumentSpec(
    options={
        "konnect_token": {"type": "str", "no_log": True},
        "konnect_region": {"type": "str", "choices": list(REGIONS)},
        "konnect_url": {"type": "str"},
        "validate_certs": {"type": "bool"},
        "ca_path": {"type": "path"},
        "request_timeout": {"type": "int", "default": 30},
        "request_retries": {"type": "int", "default": 4},
        "request_deadline": {"type": "int", "default": 300},
    },
    mutually_exclusive=[("konnect_region", "konnect_url")],
)

CONTROL_PLANE = ArgumentSpec(options={"control_plane": ENTITY, "workspace": ENTITY})

AI_GATEWAY = ArgumentSpec(options={"ai_gateway": ENTITY})

PARENT = CONTROL_PLANE.merge(AI_GATEWAY)

STATE = ArgumentSpec(options={"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}})

ON_IN_USE = ArgumentSpec(
    options={"on_in_use": {"type": "str", "choices": ["fail", "keep", "remove"], "default": "fail"}}
)

TAGS = ArgumentSpec(options={"tags": {"type": "list", "elements": "str"}})

CHECK_REFERENCES = ArgumentSpec(
    options={"check_references": {"type": "str", "choices": ["fail", "warn", "ignore"], "default": "fail"}}
)

LITERAL_SECRETS = ArgumentSpec(
    options={
        "literal_secrets": {"type": "str", "choices": ["warn", "fail", "allow"], "default": "warn", "no_log": False}
    }
)

SENSITIVE_FIELDS = ArgumentSpec(options={"sensitive_fields": {"type": "list", "elements": "str", "no_log": False}})

KEEP_SECRETS = ArgumentSpec(
    options={"keep_secrets_on_move": {"type": "bool", "default": False, "no_log": False}},
    keeps=["config"],
)

FINGERPRINT_KEY = ArgumentSpec(
    options={
        "fingerprint_key": {"type": "str", "no_log": True},
        "previous_fingerprint_keys": {"type": "list", "elements": "str", "no_log": True},
    }
)

HIDDEN_VALUE = ArgumentSpec(
    options={
        "update_secret": {
            "type": "str",
            "choices": ["on_change", "on_create", "always"],
            "default": "on_change",
            "no_log": False,
        },
        "fingerprint_key": {"type": "str", "no_log": True},
    }
)

UPDATE_SECRET = ArgumentSpec(
    options={
        "update_secret": {
            "type": "str",
            "choices": ["on_change", "on_create", "always"],
            "default": "on_change",
            "no_log": False,
        },
    }
)
