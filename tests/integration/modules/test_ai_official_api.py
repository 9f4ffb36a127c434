# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules send to an AI Gateway follows Kong's API description, as a validating proxy finds.

Skips where that file is not at hand (KONNECT_SHARED, else a folder next to the checkout).
"""

from __future__ import annotations

from support.options import ABSENT
from support.shared import OPENAPI, needs
from support.validating_proxy import AI_GATEWAYS, NEEDS_PROXY, validating_proxy, violations

from .test_ai_entities import CERTIFICATE, CONSUMER, FINGERPRINT_KEY, MODEL, POLICY, PROVIDERS, VAULTS, provider

pytestmark = [needs(OPENAPI / "ai-gateways-v1.yaml"), *NEEDS_PROXY]

STORE = {"name": "my-store"}
SECRET = {"config_store": "my-store", "key": "my-key", "value": "Bearer fake-mistral-key"}
CREDENTIALS = {**CONSUMER, "credentials": [{"name": "one", "api_key": "fake-consumer-key"}]}
GROUP = {"kind": "consumer-groups", "name": "one", "body": {"display_name": "One"}}
TASKS = [
    ("ai_gateway", {"name": "another", "description": "A", "labels": {"a": "b"}}),
    ("config_store", STORE),
    ("secret", SECRET),
    ("secret", {**SECRET, "value": "Bearer another-fake-key"}),
    ("vault", {"prefix": "my-vault", "config_store": "my-store", "description": "A"}),
    ("ai_model_provider", provider()),
    ("ai_model_provider", provider(labels={"a": "b"})),
    ("ai_model", MODEL),
    ("ai_model", {**MODEL, "enabled": False}),
    ("ai_policy", POLICY),
    ("ai_consumer", {**CREDENTIALS, **FINGERPRINT_KEY}),
    ("ai_data_plane_certificate", CERTIFICATE),
    ("ai_entity", GROUP),
    *(
        ("ai_model_provider", {"name": kind, "type": kind, "config": body["config"], **FINGERPRINT_KEY})
        for kind, body in PROVIDERS.items()
    ),
    ("vault", {"prefix": "other-vault", "backend": "aws", "config": VAULTS["aws"]["config"]}),
    ("wait_for_sync", {"wait": False}),
    ("reference_info", {}),
    ("ai_entity", {**GROUP, **ABSENT}),
    ("ai_model", {"name": "chat", **ABSENT}),
    ("ai_model_provider", {"name": "mistral", **ABSENT}),
    ("config_store", {**STORE, "on_in_use": "remove", **ABSENT}),
    ("ai_gateway", {"name": "another", **ABSENT}),
]


def test_every_request_and_response_follows_the_description(gateway):
    with validating_proxy(gateway.konnect_url, AI_GATEWAYS) as proxy:
        for module, options in TASKS:
            run = gateway.run(module, options, environment={"KONNECT_SERVER_URL": proxy})
            assert not run.failed, (module, run.message)
        assert violations(proxy) == []
