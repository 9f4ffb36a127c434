# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's how-tos as playbooks: each from an empty control plane to its validation and back, by ansible-playbook.

A how-to is a file beside this one, by the name of Kong's. What its validation leaves out says its ``# Not validated``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from konnect_emulator.entities.kinds import KINDS
from konnect_emulator.plugins.compact_schemas import COMPACT_SCHEMAS
from support.certificates import Issued, issue
from support.control_plane import ControlPlaneHarness
from support.emulator import API_KEY, Emulator, only_writes
from support.playbook import Run, ansible_playbook
from support.shared import OFFICIAL_SCHEMAS, needs

HERE = Path(__file__).parent
HOWTOS = sorted(path.stem for path in HERE.glob("*.yml"))
# These run in make test too.
FIRST = (
    "associate-certificate-with-sni",
    "configure-the-konnect-config-store",
    "enable-key-authentication-on-a-service-with-kong-gateway",
)
# A clone, and plugins that a how-to brings itself.
OWN_PLUGINS = ("acme-request-transformer-global", "reflector", "replaceme")
HOUR = 3600


def text_of(name: str) -> str:
    return (HERE / f"{name}.yml").read_text()


def not_validated(name: str) -> str:
    return "; ".join(re.findall(r"^# Not validated: (.*)\.$", text_of(name), re.MULTILINE))


def marks(name: str) -> list[pytest.MarkDecorator]:
    plugins = set(re.findall(r"konnect_plugin:\n +name: ([a-z0-9-]+)$", text_of(name), re.MULTILINE))
    official = plugins - {*COMPACT_SCHEMAS, *OWN_PLUGINS}
    return [*([] if name in FIRST else [pytest.mark.exhaustive]), *([needs(OFFICIAL_SCHEMAS)] if official else [])]


@pytest.fixture
def konnect(emulators: Callable[..., Emulator]) -> Iterator[ControlPlaneHarness]:
    """An empty control plane with the data plane, in an emulator whose time passes only between runs."""
    schemas = ["--plugin-schemas", str(OFFICIAL_SCHEMAS)] if OFFICIAL_SCHEMAS.exists() else []
    shared = emulators("--clock-speed", "0", "--tls", *schemas)
    created = ControlPlaneHarness.create(shared)
    shared.control("PUT", "data-plane", {"control_plane_id": created.control_plane_id})
    yield created
    shared.control("PUT", "data-plane", {"control_plane_id": shared.control_plane_id})


@functools.cache
def certificate() -> Issued:
    return issue("my.sni.example.com")


def run(konnect: ControlPlaneHarness, name: str, *arguments: str) -> tuple[Run, list[str]]:
    """Run a how-to an hour later; return the outcome and the requests to Konnect."""
    konnect.emulator.advance(HOUR)
    konnect.emulator.requests()
    given = {
        **konnect.environment,
        "KONNECT_FINGERPRINT_KEY": "fake-fingerprint-key-of-the-how-tos",
        "HOWTO_API_KEY": API_KEY,
        "HOWTO_CERTIFICATE": certificate().cert,
        "HOWTO_CERTIFICATE_KEY": certificate().key,
        "HOWTO_CERTIFICATE_FINGERPRINT": certificate().fingerprint,
        "HOWTO_TLS_ADDRESS": konnect.emulator.tls_proxy_url,
    }
    done = ansible_playbook(str(HERE / f"{name}.yml"), *arguments, environment=given)
    return done, [f"{row['method']} {row['path']}" for row in konnect.emulator.requests()]


def content(konnect: ControlPlaneHarness) -> dict[str, int]:
    """How many entities of each kind there are, without records of fingerprints."""
    lists = {path: konnect.list(f"core-entities/{path}") for path in KINDS}
    lists["config stores"] = konnect.list("config-stores")
    secrets = [konnect.list(f"config-stores/{store['id']}/secrets") for store in lists["config stores"]]
    lists["secrets"] = [secret for listed in secrets for secret in listed if ".fingerprint." not in secret["key"]]
    return {kind: len(found) for kind, found in lists.items() if found}


def in_words(kind: str, count: int) -> str:
    singular = KINDS[kind].singular if kind in KINDS else kind.removesuffix("s")
    return f"{count} {(singular if count == 1 else kind).replace('_', ' ').replace('-', ' ')}"


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks(name)) for name in HOWTOS])
def test_a_howto_works_changes_nothing_twice_and_goes(konnect, name, record_property):
    first, requests = run(konnect, name)
    assert first.code == 0, first.output
    made = content(konnect)
    again, requests_again = run(konnect, name, "--skip-tags", "validate")
    assert (again.code, again.changed) == (0, 0), again.output
    assert only_writes(requests_again) == []
    removal, requests_of_removal = run(konnect, name, "--extra-vars", "howto_state=absent")
    assert removal.code == 0, removal.output
    assert content(konnect) == {}
    entities = ", ".join(in_words(kind, count) for kind, count in made.items())
    counts = " + ".join(str(len(each)) for each in (requests, requests_again, requests_of_removal))
    missing = not_validated(name)
    record_property("howto", [name, entities, counts, f"not validated: {missing}" if missing else "validated"])


def test_every_howto_is_in_the_table():
    rows = re.findall(r"^\| \[([a-z0-9-]+)\]", (HERE / "README.md").read_text(), re.MULTILINE)
    assert rows == HOWTOS
    assert set(FIRST) <= set(HOWTOS)
