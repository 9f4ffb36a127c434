# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.community.konnect.plugins.module_utils._entities.kinds import (
    CONFIG_STORE,
    PLUGIN,
    ROUTE,
    SECRET,
    VAULT,
)
from ansible_collections.community.konnect.plugins.module_utils._entities.lookup import Resolved
from ansible_collections.community.konnect.plugins.module_utils._entities.timestamps import milliseconds
from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._rotation.identity import Owner
from ansible_collections.community.konnect.plugins.module_utils._rotation.options import RotationOptions
from ansible_collections.community.konnect.plugins.module_utils._rotation.plan import Step
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import Probe
from ansible_collections.community.konnect.plugins.module_utils._rotation.prober import Verification
from ansible_collections.community.konnect.plugins.module_utils._rotation.reading import Reading, Subject
from ansible_collections.community.konnect.plugins.module_utils._rotation.report import Report
from ansible_collections.community.konnect.plugins.module_utils._rotation.route_trial import RouteTrial
from ansible_collections.community.konnect.plugins.module_utils._rotation.situation import Situation
from ansible_collections.community.konnect.plugins.module_utils._rotation.steps import AT_THE_END, Steps
from ansible_collections.community.konnect.plugins.module_utils._rotation_entry import Stage
from ansible_collections.community.konnect.plugins.module_utils._secrets.secret import FingerprintKeys, Wanted
from ansible_collections.community.konnect.plugins.module_utils._secrets.store import SecretStore
from ansible_collections.community.konnect.tests.unit.gateway import STORE, Gateway, vault

KEYS = FingerprintKeys("fake-key-" * 4)
OLD, NEW = Wanted("my-key", "Bearer fake-old-value"), Wanted("my-key", "Bearer fake-new-value")
SECRET_AT, NEXT_AT = "2026-11-23T08:00:00.000Z", "2026-11-23T09:30:00.000Z"
LIVE = {"key": "my-key", "created_at": SECRET_AT, "updated_at": SECRET_AT}
NEXT = {"key": "my-key-next", "created_at": NEXT_AT, "updated_at": NEXT_AT}
PROBE = Probe("http://localhost:8000/anything")


@dataclass
class Evidence:
    """What waits and probes are to find, in the place of a data plane.

    :param asked: what was asked of it, in order, with the patience of the probes.
    """

    verdict: str = "proved"
    cause: str = "in_sync"
    probes_say: str = "good"
    asked: list[Any] = field(default_factory=list)
    probes: list[Verification] = field(default_factory=list)
    sync: Any = None
    failing: str = "The probe of the chat was rejected."

    def note_hash(self):
        self.asked.append("hash")

    def wait(self):
        self.asked.append("wait")
        self.sync = SimpleNamespace(verdict=self.verdict, cause=self.cause, reason="Two of three nodes.")
        return self.sync

    def live(self, probes, patience):
        return self._probe("live", probes, patience)

    def trial(self, tried, patience, rewrite=None):
        probes = [row.probe for row in tried]
        found = self._probe("trial of the new value" if rewrite else "trial of what is live", probes, patience)
        if not rewrite and self.probes_say == "good":
            self.wait()
        return found

    def _probe(self, how, probes, patience):
        self.asked.append((how, patience))
        self.probes = [Verification(probe, self.probes_say, "was answered", 1) for probe in probes]
        return self.probes

    @property
    def kinds(self):
        return [each if isinstance(each, str) else each[0] for each in self.asked]


class Phase:
    """The steps of one phase over a scripted server, with what became of the writes."""

    def __init__(self, server, plane):
        self.server, self.plane = server, plane
        self.gateway = Gateway(server)
        self.gateway.has(VAULT, vault("my-vault"))
        self.gateway.has_schema("ai-proxy", {"key": {"type": "string", "referenceable": True}})
        self.gateway.has(ROUTE, {"id": "route-1", "name": "chat", "paths": ["/anything"]})
        self.evidence = Evidence()

    def steps(self, phase, strategy="blue_green", *stages, referring="my-key", check_mode=False, old=None, **situation):
        self.gateway.has(CONFIG_STORE, STORE)
        self.gateway.has(SECRET, LIVE, NEXT, below=(*CONFIG_STORE.segments, STORE["id"]))
        self.gateway.has(PLUGIN, self.plugin(referring))
        control_plane = self.plane(check_mode=check_mode)
        subject = Subject(SecretStore(control_plane, Resolved(STORE)), "my-key", KEYS, NEW, old)
        identity = subject.identities[0]
        claimed = identity.claimed(milliseconds(SECRET_AT), NEW.value)
        reached = frozenset((stage, milliseconds(NEXT_AT)) for stage in stages)
        self.owner = Owner(identity, claimed, reached)
        for stage in Stage:
            for at in (SECRET_AT, NEXT_AT):
                self._accepts(self.owner.entry(stage, milliseconds(at)).entry)
        self.gateway.responds("PUT", PLUGIN, self.plugin("my-key-next" if referring == "my-key" else "my-key"))
        options = RotationOptions(phase, strategy, [PROBE])
        trial = RouteTrial.of(control_plane, STORE["id"], "my-key")
        found = Situation(**{"secret": LIVE, "next": NEXT, "owner": self.owner, "claim": LIVE, **situation})
        self.report = Report("my-key", options)
        reading = Reading(subject, trial, options.probes)
        return Steps(subject, options, reading, found, trial, self.evidence, self.report, self.owner)

    def _accepts(self, key):
        path = self.gateway.path(*CONFIG_STORE.segments, STORE["id"], *SECRET.segments, key)
        self.server.routes[f"PUT {path}"] = (200, {"key": key, "updated_at": NEXT_AT})

    @staticmethod
    def plugin(key):
        return {
            "id": "plugin-1",
            "name": "ai-proxy",
            "enabled": True,
            "route": {"id": "route-1"},
            "config": {"key": f"{{vault://my-vault/{key}}}"},
        }

    def entry(self, stage, time):
        return f"PUT {self.owner.entry(stage, milliseconds(time)).entry}"

    @property
    def writes(self):
        return [request for request, _body in self.gateway.writes()]


@pytest.fixture
def phase(server, plane):
    return Phase(server, plane)


# References


def test_a_switch_is_noted_before_references_lead_to_the_new_value(phase):
    phase.steps("switch").run(Step.SWITCH)
    assert phase.evidence.asked == ["hash"]
    assert phase.writes == [phase.entry(Stage.SWITCHED, NEXT_AT), "PUT plugin-1"]
    assert phase.gateway.writes()[1][1]["config"]["key"] == "{vault://my-vault/my-key-next}"


def test_pointing_back_leads_references_to_the_key(phase):
    phase.steps("rollback", referring="my-key-next").run(Step.POINT_BACK)
    assert phase.evidence.asked == ["hash"]
    assert [body["config"]["key"] for _request, body in phase.gateway.writes()] == ["{vault://my-vault/my-key}"]


# Check mode


@pytest.mark.parametrize(
    ("name", "strategy", "step", "time"),
    [
        ("try", "trial", Step.TRY, NEXT_AT),
        ("switch", "blue_green", Step.PROVE, NEXT_AT),
        ("switch", "in_place", Step.PROVE, SECRET_AT),
        ("commit", "trial", Step.VERIFY, None),
    ],
)
def test_in_check_mode_what_is_tried_works_and_nothing_is_probed(phase, name, strategy, step, time):
    steps = phase.steps(name, strategy, check_mode=True)
    marked = []
    steps.subject.store.write = lambda key, value, before=None: marked.append(f"PUT {key}")
    steps.run(step)
    assert marked == ([phase.entry(Stage.PROVED, time)] if time else [])
    assert (phase.evidence.asked, phase.writes) == ([], [])


# A trial


def test_a_new_value_that_worked_is_noted(phase):
    phase.steps("try", "trial").run(Step.TRY)
    assert phase.evidence.kinds == ["trial of the new value"]
    assert phase.writes == [phase.entry(Stage.PROVED, NEXT_AT)]


@pytest.mark.parametrize(("says", "code"), [("bad", ErrorCode.KEY_REJECTED), ("unknown", ErrorCode.PROBE_INCONCLUSIVE)])
def test_a_new_value_that_did_not_work_is_not_noted(phase, says, code):
    phase.evidence.probes_say = says
    with pytest.raises(KonnectError) as caught:
        phase.steps("try", "trial").run(Step.TRY)
    assert (caught.value.code, phase.writes) == (code, [])


# The proof after a switch


def test_after_a_switch_the_new_value_is_proved_through_a_temporary_route(phase):
    phase.steps("switch", referring="my-key-next").run(Step.PROVE)
    assert phase.evidence.kinds == ["trial of what is live", "wait"]
    assert phase.writes == [phase.entry(Stage.PROVED, NEXT_AT)]


def test_after_an_overwrite_the_time_of_the_key_itself_is_noted(phase):
    phase.steps("switch", "in_place").run(Step.PROVE)
    assert phase.writes == [phase.entry(Stage.PROVED, SECRET_AT)]


def test_good_responses_of_a_temporary_route_prove_more_than_a_hash_of_which_nothing_is_known(phase):
    phase.evidence.verdict = "unknown"
    phase.steps("switch", referring="my-key-next").run(Step.PROVE)
    assert phase.writes == [phase.entry(Stage.PROVED, NEXT_AT)]


def test_good_responses_do_not_outweigh_nodes_that_run_something_else(phase):
    phase.evidence.verdict = "contradicted"
    with pytest.raises(KonnectError, match="Two of three nodes") as caught:
        phase.steps("switch", referring="my-key-next").run(Step.PROVE)
    assert (caught.value.code, phase.writes) == (ErrorCode.NOT_IN_SYNC, [])


def test_a_value_that_the_provider_rejects_after_a_switch_is_an_error(phase):
    phase.evidence.probes_say = "bad"
    with pytest.raises(KonnectError) as caught:
        phase.steps("switch", referring="my-key-next").run(Step.PROVE)
    assert (caught.value.code, phase.writes) == (ErrorCode.KEY_REJECTED, [])
    assert phase.evidence.sync is None


@pytest.mark.parametrize(
    ("verdict", "says", "code"),
    [
        ("proved", "good", None),
        ("proved", "bad", ErrorCode.KEY_REJECTED),
        ("unknown", "good", ErrorCode.NOT_IN_SYNC),
        ("contradicted", "good", ErrorCode.NOT_IN_SYNC),
    ],
)
def test_where_probes_do_not_reach_the_secret_the_data_planes_are_waited_for_first(phase, verdict, says, code):
    phase.evidence.verdict, phase.evidence.probes_say = verdict, says
    steps = phase.steps("switch", referring="another-key")
    if code is None:
        steps.run(Step.PROVE)
    else:
        with pytest.raises(KonnectError) as caught:
            steps.run(Step.PROVE)
        assert caught.value.code == code
    assert phase.evidence.kinds == ["wait", *(["live"] if verdict == "proved" else [])]


# The way back


@pytest.mark.parametrize(
    ("verdict", "says", "outcome"),
    [
        ("proved", "good", "rolled_back"),
        ("proved", "bad", "nothing_works"),
        ("proved", "unknown", "rollback_unproved"),
        ("contradicted", "good", "rollback_unproved"),
        ("unknown", "good", "rollback_unproved"),
    ],
)
def test_on_the_way_back_the_proof_decides_the_outcome(phase, verdict, says, outcome):
    phase.evidence.verdict, phase.evidence.probes_say = verdict, says
    steps = phase.steps("rollback", referring="another-key")
    phase.report.outcome = "rolled_back"
    steps.run(Step.PROVE)
    assert (phase.report.outcome, phase.writes) == (outcome, [])


@pytest.mark.parametrize(
    ("verdict", "says", "outcome"), [("unknown", "good", "rolled_back"), ("", "bad", "nothing_works")]
)
def test_on_the_way_back_a_temporary_route_proves_what_is_live(phase, verdict, says, outcome):
    phase.evidence.verdict, phase.evidence.probes_say = verdict, says
    steps = phase.steps("rollback")
    phase.report.outcome = "rolled_back"
    steps.run(Step.PROVE)
    assert phase.report.outcome == outcome


# The end


def test_at_the_end_one_look_through_a_temporary_route_is_enough_for_a_trial(phase):
    steps = phase.steps("commit", "trial")
    steps.run(Step.VERIFY)
    (how, patience), *_others = phase.evidence.asked
    assert how == "trial of what is live"
    assert patience == replace(steps.options.patience, successes=1, spread=0)


def test_at_the_end_of_a_trial_that_probes_do_not_reach_live_requests_are_looked_at(phase):
    phase.steps("commit", "trial", referring="another-key").run(Step.VERIFY)
    assert phase.evidence.asked[-1] == ("live", AT_THE_END)


@pytest.mark.parametrize("strategy", ["trial", "in_place", "blue_green"])
def test_nodes_that_run_something_else_at_the_end_are_an_error(phase, strategy):
    phase.evidence.verdict = "contradicted"
    with pytest.raises(KonnectError, match="worked and was written, but not every data plane") as caught:
        phase.steps("commit", strategy).run(Step.VERIFY)
    assert caught.value.code is ErrorCode.NOT_IN_SYNC


@pytest.mark.parametrize(("strategy", "asked"), [("trial", ["trial of what is live", "wait"]), ("in_place", ["wait"])])
def test_that_nothing_is_known_of_the_hash_is_fine_where_the_value_was_proved(phase, strategy, asked):
    phase.evidence.verdict = "unknown"
    phase.steps("commit", strategy).run(Step.VERIFY)
    assert phase.evidence.kinds == asked


@pytest.mark.parametrize(("cause", "fails"), [("no_change", False), ("unclear_nodes", True)])
def test_after_a_switch_and_back_only_a_hash_that_did_not_move_is_fine(phase, cause, fails):
    phase.evidence.verdict, phase.evidence.cause = "unknown", cause
    steps = phase.steps("commit")
    if fails:
        with pytest.raises(KonnectError, match="Two of three nodes"):
            steps.run(Step.VERIFY)
    else:
        steps.run(Step.VERIFY)


def test_after_a_switch_and_back_rejected_probes_are_an_error_that_names_them(phase):
    phase.evidence.probes_say = "bad"
    with pytest.raises(KonnectError, match="The probe of the chat was rejected"):
        phase.steps("commit").run(Step.VERIFY)
    assert phase.evidence.sync is None


# In place


def test_a_value_is_overwritten_once(phase):
    phase.steps("switch", "in_place", Stage.OVERWRITTEN, secret=NEXT).run(Step.OVERWRITE)
    assert phase.writes == []


def test_an_overwrite_is_noted_before_and_after(phase, server):
    steps = phase.steps("switch", "in_place")
    phase._accepts("my-key")
    steps.run(Step.OVERWRITE)
    assert phase.writes == [
        phase.entry(Stage.OVERWRITING, SECRET_AT),
        "PUT my-key",
        phase.entry(Stage.OVERWRITTEN, NEXT_AT),
    ]
    assert phase.evidence.asked == ["hash"]
    assert steps.situation.secret["updated_at"] == NEXT_AT


def test_without_an_old_value_nothing_is_restored(phase):
    phase.steps("rollback", "in_place").run(Step.RESTORE)
    assert (phase.writes, phase.evidence.asked) == ([], [])


def test_an_old_value_is_restored_after_that_was_noted(phase):
    steps = phase.steps("rollback", "in_place", old=OLD)
    phase._accepts("my-key")
    record = KEYS.record_makers(STORE["id"], OLD)[0](milliseconds(NEXT_AT))
    phase._accepts(record.entry)
    steps.run(Step.RESTORE)
    assert phase.writes == [phase.entry(Stage.RESTORING, SECRET_AT), "PUT my-key", f"PUT {record.entry}"]
    assert phase.gateway.writes()[1][1] == {"value": OLD.value}
    assert phase.evidence.asked == ["hash"]


# KEY-next


def test_a_removed_value_is_reported(phase):
    steps = phase.steps("commit")
    path = phase.gateway.path(*CONFIG_STORE.segments, STORE["id"], *SECRET.segments, "my-key-next")
    phase.server.routes[f"DELETE {path}"] = (204, b"")
    steps.run(Step.REMOVE_NEXT)
    assert (phase.writes, phase.report.removed) == (["DELETE my-key-next"], ["my-key-next"])


# A rotation that was interrupted


def test_taking_over_leads_references_to_the_key_before_the_value_they_used_is_removed(phase):
    steps = phase.steps("prepare", referring="my-key-next", referring_next=1)
    secrets = phase.gateway.path(*CONFIG_STORE.segments, STORE["id"], *SECRET.segments)
    phase._accepts(phase.owner.claimed.entry)
    phase.server.routes[f"POST {secrets}"] = (201, {"key": "my-key.rotation", "updated_at": NEXT_AT})
    phase.server.routes[f"DELETE {secrets}/my-key-next"] = (204, b"")
    steps.run(Step.TAKE_OVER)
    assert phase.writes[-2:] == ["PUT plugin-1", "DELETE my-key-next"]
    assert phase.gateway.writes()[-2][1]["config"]["key"] == "{vault://my-vault/my-key}"
