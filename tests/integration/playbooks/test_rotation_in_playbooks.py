# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role rotate_secret in playbooks of users: approvals, two rotations at once, probes of their own, check mode."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from support.emulator import API_KEY, Emulator
from support.rotation import (
    BAD_KEY,
    NEW_KEY,
    ROLE,
    Rotation,
    allowed_to_fail,
    chat,
    load,
    ready_to_rotate,
    references,
    rotate,
    rotate_in,
    route_names,
    secret_path,
    stored,
    use_role,
)


@pytest.fixture
def konnect() -> Iterator[Emulator]:
    with ready_to_rotate() as running:
        yield running


def phases(*names: str, value: str | None = NEW_KEY, **more: Any) -> dict[str, Any]:
    given = {} if value is None else {"rotate_secret_value": f"Bearer {value}"}
    return use_role(**given, rotate_secret_phases=list(names), **more)


def outcomes(rotation: Rotation) -> list[str]:
    return [result["outcome"] for result in rotation.results]


@pytest.mark.exhaustive
def test_an_approval_between_the_trial_and_the_write(konnect):
    """Tried, another value refused, approved: all in plays that know nothing of each other."""
    asked = rotate_in(konnect, phases("prepare", "try"))
    assert (asked.outcome, asked.result["next_phase"]) == ("pending", "commit")
    assert stored(konnect)["mistral-key"] == API_KEY
    other = allowed_to_fail(phases("commit", value=BAD_KEY))
    approved = rotate_in(konnect, other, phases("commit"))
    assert outcomes(approved) == ["refused", "rotated"]
    assert approved.results[0]["message"].startswith("A rotation of mistral-key to another value")
    assert stored(konnect) == {"mistral-key": NEW_KEY}


@pytest.mark.exhaustive
@pytest.mark.parametrize("value", [None, NEW_KEY, API_KEY], ids=["no value", "the new value", "the old value"])
def test_a_denied_approval(konnect, value):
    """Whatever key the environment has by then."""
    done = rotate_in(konnect, phases("prepare", "try"), phases("rollback", value=value))
    assert outcomes(done) == ["pending", "rolled_back"]
    assert stored(konnect) == {"mistral-key": API_KEY}
    assert route_names(konnect) == ["example-route"]


@pytest.mark.exhaustive
def test_another_value_while_a_rotation_is_pending(konnect):
    """Not while it is busy, not by site.yml, and not by a task that writes the secret."""
    write = {
        "name": "Write",
        "community.konnect.konnect_secret": {
            "config_store": "my-config-store",
            "key": "mistral-key",
            "value": f"Bearer {BAD_KEY}",
        },
    }
    done = rotate_in(
        konnect,
        phases("prepare"),
        allowed_to_fail(phases("prepare", "try", "commit", value=BAD_KEY, rotate_secret_take_over=True)),
        allowed_to_fail(write),
        phases("prepare", "try", "commit"),
    )
    assert outcomes(done) == ["pending", "rotation_busy", "rotated"]
    assert "A rotation of mistral-key is pending, so nothing was written." in done.run.output
    assert stored(konnect) == {"mistral-key": NEW_KEY}


@pytest.mark.exhaustive
def test_an_abandoned_rotation_is_taken_over_only_when_told():
    with ready_to_rotate("--clock-speed", "600") as konnect:
        rotate_in(konnect, phases("prepare", value=BAD_KEY))
        threading.Event().wait(8)  # more than an hour by the emulator's clock
        told = {"rotate_secret_take_over": True}
        done = rotate_in(konnect, allowed_to_fail(phases("prepare")), phases("prepare", "try", "commit", **told))
        assert outcomes(done) == ["rotation_pending", "rotated"]
        assert stored(konnect) == {"mistral-key": NEW_KEY}


@pytest.mark.exhaustive
def test_site_yml_with_another_key_while_a_rotation_is_pending(konnect):
    rotate_in(konnect, phases("prepare", "try"))
    konnect.writes()
    done = rotate(konnect, BAD_KEY, playbook="site")
    assert done.failed
    assert "A rotation of mistral-key to another value" in done.run.output
    assert [line for line in konnect.writes() if "/config-stores/" in line] == []
    assert rotate(konnect, NEW_KEY, playbook="site").outcome == "rotated"


@pytest.mark.exhaustive
def test_two_rotations_at_once(konnect):
    """Both values work. One run rotates, and the other one says that it does not."""
    konnect.set_answers({BAD_KEY: 200})
    found: dict[str, Rotation] = {}
    threads = [
        threading.Thread(target=lambda key=key: found.update({key: rotate(konnect, key)})) for key in (NEW_KEY, BAD_KEY)
    ]
    with load(konnect) as statuses:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    (winner,) = [key for key, rotation in found.items() if not rotation.failed]
    (loser,) = [rotation for rotation in found.values() if rotation.failed]
    assert (found[winner].outcome, loser.outcome) == ("rotated", "rotation_busy")
    assert stored(konnect) == {"mistral-key": winner}
    assert set(statuses) == {200}


@pytest.mark.exhaustive
def test_a_run_that_only_cleans_up_says_so(konnect):
    """Without its claim, the state of a rotation is what a run leaves that is killed at its very end."""
    rotate_in(konnect, phases("prepare"))
    for key in ("mistral-key-next", "mistral-key.rotation"):
        konnect.call("DELETE", secret_path(konnect, key))
    assert len(stored(konnect)) > 1
    done = rotate_in(konnect, use_role(rotate_secret_value=f"Bearer {API_KEY}"))
    assert (done.outcome, done.failed) == ("cleaned_up", False)
    assert done.message == "mistral-key was not changed. What an earlier rotation left was removed."
    assert stored(konnect) == {"mistral-key": API_KEY}


@pytest.mark.exhaustive
def test_a_probe_of_the_users_own_with_a_mapping_as_body(konnect):
    url = konnect.proxy_url.replace("//", "//user:fake-probe-password@") + "/anything?apikey=fake-query-key"
    body = {"messages": [{"role": "user", "content": "Hello"}], "temperature": 0.5}
    probe = {"url": url, "body": body, "headers": {"X-Fake": "fake-header-value"}, "good_status": ["200", 201]}
    given = {"rotate_secret_value": f"Bearer {NEW_KEY}", "rotate_secret_probes": [probe]}
    done = rotate_in(konnect, use_role(**given))
    assert done.outcome == "rotated"
    assert [each["url"] for each in done.result["probes"]] == [f"{konnect.proxy_url}/anything"]
    for secret in ("fake-probe-password", "fake-query-key", "fake-header-value"):
        assert secret not in done.run.output


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", ["trial", "blue_green", "in_place"])
@pytest.mark.parametrize("answer", [429, 402, 500])
def test_a_provider_that_cannot_tell_decides_nothing(konnect, answer, strategy):
    konnect.set_answers({NEW_KEY: answer})
    given = {"rotate_secret_strategy": strategy, "old_api_key": API_KEY, "rotate_secret_probe_deadline": 8}
    done = rotate(konnect, **given)
    assert (done.failed, done.outcome) == (True, "probe_inconclusive"), done.message
    assert f"got {answer} from the provider" in done.message
    assert stored(konnect) == {"mistral-key": API_KEY}
    assert references(konnect) == {"mistral-key"}


@pytest.mark.exhaustive
def test_a_lost_data_plane_is_named_and_keeps_the_old_key_needed():
    with ready_to_rotate("--set", "node_count=2", "--set", "stale_nodes=1") as konnect:
        done = rotate_in(konnect, use_role(rotate_secret_value=f"Bearer {NEW_KEY}"))
    assert done.outcome == "rotated"
    assert done.result["old_key_may_be_revoked"] is False
    assert "konnect-emulator-2" in done.message


@pytest.mark.exhaustive
def test_a_lost_data_plane_that_does_not_matter():
    with ready_to_rotate("--set", "node_count=2", "--set", "stale_nodes=1") as konnect:
        given = {"rotate_secret_value": f"Bearer {NEW_KEY}", "rotate_secret_ignore_lost": ["konnect-emulator-2"]}
        done = rotate_in(konnect, use_role(**given))
    assert done.result["old_key_may_be_revoked"] is True


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", ["trial", "blue_green", "in_place"])
def test_errors_that_the_caller_ignores(konnect, strategy):
    """A rotation that fails is rolled back all the same."""
    given = {"rotate_secret_value": f"Bearer {BAD_KEY}", "rotate_secret_strategy": strategy}
    given["rotate_secret_old_value"] = f"Bearer {API_KEY}"
    done = rotate_in(konnect, use_role({"ignore_errors": True}, **given))
    assert done.outcome == "rolled_back"
    assert stored(konnect) == {"mistral-key": API_KEY}


@pytest.mark.exhaustive
@pytest.mark.parametrize("strategy", ["trial", "blue_green", "in_place"])
def test_check_mode_as_a_keyword(konnect, strategy):
    given = {"rotate_secret_value": f"Bearer {NEW_KEY}", "rotate_secret_strategy": strategy}
    given["rotate_secret_old_value"] = f"Bearer {API_KEY}"
    predicted = rotate_in(konnect, roles=[{"role": ROLE, "vars": given, "check_mode": True}])
    assert konnect.writes() == []
    done = rotate_in(konnect, use_role(**given))
    assert predicted.changed == done.changed > 0
    assert predicted.message == "mistral-key would be rotated, if the new value works."


@pytest.mark.exhaustive
def test_in_a_loop_of_the_callers(konnect):
    task = use_role({"loop": ["new", "old"]}, rotate_secret_value="Bearer {{ fake_keys[item] }}")
    done = rotate_in(konnect, task, vars={"fake_keys": {"new": NEW_KEY, "old": API_KEY}})
    assert outcomes(done) == ["rotated", "rotated"]
    assert "loop_var" not in done.run.output
    assert stored(konnect) == {"mistral-key": API_KEY}


@pytest.mark.exhaustive
def test_a_secret_that_is_known_by_version(konnect):
    short = {"rotate_secret_value_version": 2}
    bad = rotate(konnect, BAD_KEY, **short)
    assert (bad.outcome, chat(konnect)) == ("rolled_back", 200)
    assert rotate(konnect, NEW_KEY, **short).outcome == "rotated"
    again = rotate(konnect, NEW_KEY, **short)
    assert (again.outcome, again.changed) == ("unchanged", 0)


@pytest.mark.exhaustive
def test_a_young_secret_is_not_due(konnect):
    done = rotate(konnect, NEW_KEY, rotate_secret_max_age_days=1)
    assert (done.outcome, done.changed) == ("unchanged", 0)
    assert konnect.writes() == []


@pytest.mark.exhaustive
def test_a_variable_of_the_wrong_type_is_told_once(konnect):
    done = rotate(konnect, NEW_KEY, rotate_secret_max_age_days="ninety")
    assert done.failed
    assert "max_age_days" in done.run.output
    assert "Rolling back failed" not in done.run.output
