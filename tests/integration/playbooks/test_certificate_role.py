# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role certificate_secret, with a TLS client that connects all the while."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support.background import repeating
from support.certificates import Issued, chain, issue, served
from support.emulator import Emulator, emulator
from support.playbook import Run, run_play

NAMES = ["a.example.com", "b.example.com"]
VALUES = {
    "certificate_secret_config_store": "certificates",
    "certificate_secret_vault_prefix": "tls",
    "certificate_secret_entry": "example-key",
    "certificate_secret_snis": NAMES,
}
SHOW = {"name": "Show the result", "ansible.builtin.debug": {"var": "certificate_secret_result"}}


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    with emulator("--tls") as running:
        yield running


def role(konnect: Emulator, issued: Issued, **values: Any) -> dict[str, Any]:
    given = {"certificate": issued.cert, "private_key": issued.key, "addresses": [konnect.tls_proxy_url], **values}
    variables = {**VALUES, **{f"certificate_secret_{name}": value for name, value in given.items()}}
    return {
        "name": "Serve a certificate",
        "ansible.builtin.include_role": {"name": "community.konnect.certificate_secret"},
        "vars": variables,
    }


def play(konnect: Emulator, *tasks: dict[str, Any], arguments: tuple[str, ...] = ()) -> Run:
    run = run_play(*arguments, environment=konnect.environment, tasks=list(tasks))
    assert "PRIVATE KEY" not in run.output
    return run


def entry_of(issued: Issued) -> str:
    return f"example-key-{issued.fingerprint[:16]}"


def entries(konnect: Emulator) -> list[str]:
    (store,) = konnect.list("config-stores")
    return sorted(secret["key"] for secret in konnect.list(f"config-stores/{store['id']}/secrets"))


def prepare(konnect: Emulator, live: Issued, *others: Issued) -> str:
    """Serve a certificate as the role would, with entries for others beside its own; the id of the Config Store."""
    store = konnect.call("POST", "config-stores", {"name": "certificates"})
    vault = {"name": "konnect", "prefix": "tls", "config": {"config_store_id": store["id"]}}
    konnect.call("POST", "core-entities/vaults", vault)
    for issued in (live, *others):
        entry = {"key": entry_of(issued), "value": issued.key}
        konnect.call("POST", f"config-stores/{store['id']}/secrets", entry)
    add_certificate(konnect, live, NAMES)
    konnect.requests()
    return str(store["id"])


def add_certificate(konnect: Emulator, issued: Issued, names: list[str]) -> None:
    certificate = {"cert": issued.cert, "key": f"{{vault://tls/{entry_of(issued)}}}", "snis": names}
    konnect.call("POST", "core-entities/certificates", certificate)


def result(run: Run) -> dict[str, Any]:
    text = run.output.rpartition('"certificate_secret_result": ')[2]
    found: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    return found


def below(konnect: Emulator, lines: list[str]) -> list[str]:
    """Requests as ``METHOD kind``."""
    words = [line.replace(f"/v2/control-planes/{konnect.control_plane_id}/", "").split() for line in lines]
    return [f"{method} {path.removeprefix('core-entities/').split('/')[0]}" for method, path in words]


@pytest.mark.exhaustive
def test_a_renewal_is_served_without_a_gap_and_a_second_run_writes_nothing(konnect: Emulator) -> None:
    live, renewed = issue(*NAMES), issue(*NAMES)
    prepare(konnect, live)
    seen: list[str] = []
    with repeating(lambda: seen.extend(served(konnect.tls_proxy_url, name) for name in NAMES), 0.02):
        run = play(konnect, role(konnect, renewed), SHOW, role(konnect, renewed))
    assert run.code == 0, run.output
    # Each handshake that is completed proves the key, so these are the pairs that clients met, one after the other.
    order = [live.fingerprint, renewed.fingerprint]
    assert set(seen) == set(order)
    assert seen == sorted(seen, key=order.index)
    trial = ["POST certificates", "DELETE snis", "DELETE certificates"]
    assert below(konnect, konnect.writes()) == [
        *("POST config-stores", *trial, "PUT certificates", "DELETE config-stores")
    ]
    assert entries(konnect) == [entry_of(renewed)]
    assert (result(run)["verdict"], result(run)["removed_entries"]) == ("proved", [entry_of(live)])


@pytest.mark.exhaustive
def test_check_mode_predicts_a_renewal(konnect: Emulator) -> None:
    live, renewed = issue(*NAMES), issue(*NAMES)
    prepare(konnect, live)
    check = play(konnect, role(konnect, renewed), SHOW, arguments=("--check", "--diff"))
    assert (check.code, konnect.writes()) == (0, [])
    done = play(konnect, role(konnect, renewed), SHOW)
    predicted, found = result(check), result(done)
    same = ("changed", "entry", "fingerprint", "removed_entries", "kept_entries")
    assert [predicted[name] for name in same] == [found[name] for name in same]
    assert predicted["certificate"].items() <= found["certificate"].items()
    again = play(konnect, role(konnect, renewed), arguments=("--check",))
    assert (again.code, again.changed) == (0, 0)


@pytest.mark.exhaustive
def test_a_wrong_pair_an_expired_one_and_a_wrong_name_write_nothing(konnect: Emulator) -> None:
    live, key = issue(*NAMES), issue(*NAMES)
    expired = issue(*NAMES, days=-1)
    prepare(konnect, live)
    wrong = [
        role(konnect, live, private_key=key.key),
        role(konnect, expired),
        role(konnect, live, snis=[*NAMES, "c.example.com"]),
    ]
    message = {"name": "Show the error", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}
    run = play(konnect, *({"name": "Try", "block": [each], "rescue": [message]} for each in wrong))
    text = " ".join(run.output.split())
    for part in ("does not belong to CN=a.example.com", "expired at", "and not for c.example.com"):
        assert part in text
    assert konnect.writes() == []
    assert served(konnect.tls_proxy_url, NAMES[0]) == live.fingerprint


@pytest.mark.exhaustive
def test_from_nothing_to_a_certificate_and_back(konnect: Emulator) -> None:
    authority = issue(ca=True)
    issued = issue(*NAMES, issuer=authority)
    combined = role(konnect, issued, certificate=chain(issued, authority), layout="combined", tags="tls")
    absent = role(konnect, issued, state="absent", certificate="", private_key="")
    run = play(konnect, combined, SHOW)
    assert run.code == 0, run.output
    (certificate,) = konnect.list("core-entities/certificates")
    assert certificate["cert"].endswith(".pair/certificate}")
    assert certificate["tags"] == ["tls"]
    assert [each["matches"] for each in result(run)["served"]] == [True, True]
    assert play(konnect, combined).changed == 0
    assert play(konnect, absent).code == 0
    assert [konnect.list(f"core-entities/{kind}") for kind in ("certificates", "snis", "vaults")] == [[], [], []]
    assert konnect.list("config-stores") == []
    assert play(konnect, absent).changed == 0


@pytest.mark.exhaustive
def test_a_run_that_was_interrupted_before_the_change_is_finished(konnect: Emulator) -> None:
    live, renewed, given_up = issue(*NAMES), issue(*NAMES), issue(*NAMES)
    prepare(konnect, live, renewed, given_up)
    renewal = role(konnect, renewed, trial_sni="trial.example.net")
    add_certificate(konnect, given_up, ["trial.example.net"])
    assert play(konnect, renewal).code == 0
    assert [each["snis"] for each in konnect.list("core-entities/certificates")] == [NAMES]
    assert entries(konnect) == [entry_of(renewed)]


@pytest.mark.exhaustive
def test_a_run_that_was_interrupted_after_the_change_is_finished(konnect: Emulator) -> None:
    former, live = issue(*NAMES), issue(*NAMES)
    prepare(konnect, live, former)
    renewal = role(konnect, live, trial_sni="trial.example.net")
    add_certificate(konnect, live, ["trial.example.net"])
    run = play(konnect, renewal)
    assert (run.code, run.changed) == (0, 2), run.output
    assert [each["snis"] for each in konnect.list("core-entities/certificates")] == [NAMES]
    assert entries(konnect) == [entry_of(live)]


@pytest.mark.exhaustive
def test_the_entry_of_another_client_is_not_overwritten_and_live_traffic_keeps_its_certificate(
    konnect: Emulator,
) -> None:
    live, renewed = issue(*NAMES), issue(*NAMES)
    store_id = prepare(konnect, live)
    foreign = {"key": entry_of(renewed), "value": live.key}
    konnect.call("POST", f"config-stores/{store_id}/secrets", foreign)
    konnect.requests()
    run = play(konnect, role(konnect, renewed, handshake_timeout="2"))
    assert run.code != 0
    assert "completed no handshake for trial-" in " ".join(run.output.split())
    assert "PUT config-stores" not in below(konnect, konnect.writes())
    assert served(konnect.tls_proxy_url, NAMES[0]) == live.fingerprint
    assert [each["snis"] for each in konnect.list("core-entities/certificates")] == [NAMES]


@pytest.mark.exhaustive
def test_without_an_address_nothing_is_tried_and_the_former_entry_stays(konnect: Emulator) -> None:
    live, renewed = issue(*NAMES), issue(*NAMES)
    prepare(konnect, live)
    run = play(konnect, role(konnect, renewed, addresses=""), SHOW)
    assert (run.code, result(run)["kept_entries"]) == (0, [entry_of(live)])
    assert below(konnect, konnect.writes()) == ["POST config-stores", "PUT certificates"]
    assert served(konnect.tls_proxy_url, NAMES[0]) == renewed.fingerprint


@pytest.mark.exhaustive
def test_the_certificate_of_a_data_plane_node_is_refused(konnect: Emulator) -> None:
    issued = issue(*NAMES)
    konnect.call("POST", "dp-client-certificates", {"cert": issued.cert})
    konnect.requests()
    run = play(konnect, role(konnect, issued))
    assert "with which data plane nodes connect" in " ".join(run.output.split())
    assert konnect.writes() == []


@pytest.mark.exhaustive
def test_the_connection_of_the_role_stands_instead_of_the_environment_and_the_region_of_the_play(konnect):
    live = issue(*NAMES)
    connection = {"konnect_url": konnect.konnect_url, "konnect_token": konnect.environment["KONNECT_TOKEN"]}
    run = run_play(
        environment={**konnect.environment, "KONNECT_SERVER_URL": "", "KONNECT_TOKEN": ""},
        tasks=[role(konnect, live, **connection)],
        module_defaults={"group/community.konnect.konnect": {"konnect_region": "eu"}},
    )
    assert run.code == 0, run.output
    assert served(konnect.tls_proxy_url, NAMES[0]) == live.fingerprint
