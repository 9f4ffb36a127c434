# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary at the end of a playbook, and what the statistic has of it."""

from __future__ import annotations

import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.community.konnect.plugins.filter.run_summary import run_summary
from ansible_collections.community.konnect.tests.unit import report_samples as samples

NAMES = {
    "ai_proxy_config_store": "my-config-store",
    "ai_proxy_vault_prefix": "mysecretvault",
    "ai_proxy_secret_key": "mistral-key",
    "ai_proxy_service": {"name": "example-service"},
    "ai_proxy_route": '{"name": "example-route"}',
}
CREATED = {"changed": True, "diff": {"before": {}, "after": {"name": "x"}}}
UPDATED = {"changed": True, "diff": {"before": {"name": "x"}, "after": {"name": "y"}}}
SAME = {"changed": False, "diff": {"before": {"name": "x"}, "after": {"name": "x"}}}
CHAT = {
    "status": 200,
    "via": "kong/3.15",
    "json": {"choices": [{"message": {"content": "1 + 1 equals 2."}}]},
}
SYNC = {"verdict": "proved", "reason": "The only live data plane node runs the change."}
REFERENCE = "{vault://mysecretvault/mistral-key}"
REJECTED = {"msg": "The provider rejected the stored key (401).", "failure": {"code": "key_rejected"}}
ROTATED = {
    "changed": True,
    "outcome": "rotated",
    "message": "mistral-key was rotated.",
    "next_phase": None,
    "next_step": "Revoke the old key.",
    "live_key": "mistral-key",
    "old_key_may_be_revoked": True,
    "old_key_reason": "The old key may be revoked.",
    "probes": [{"url": "http://localhost:8000/anything"}],
}


def summarize(playbook, facts, *, check_mode=False, error=None):
    found = run_summary(
        facts,
        playbook,
        control_plane="quickstart",
        host="localhost",
        hosts=["localhost"],
        check_mode=check_mode,
        error=error,
    )
    ((plane, entry),) = found["stat"]["localhost"].items()
    assert entry["check_mode"] is check_mode
    return found["lines"], found["failure"], entry, plane


def site(results=(), chat=None, sync=None, rotation=(), proxy_url="http://localhost:8000", **more):
    facts = {
        "names": NAMES,
        "settings": {"key": "fake-key", "secret_value": "Bearer fake-key"},
        "proxy_url": proxy_url,
        "results": dict(results),
        "chat": CHAT if chat is None else chat,
        "sync": SYNC if sync is None else sync,
        "rotation": dict(rotation),
    }
    return summarize("site", facts, **more)


def rotation(result, **more):
    facts = {"result": result, "config_store": "my-config-store", "key": "mistral-key"}
    return summarize("rotation", facts, **more)


def audit(*results, kinds=None, **more):
    days = {"maximum_age_days": None, "expiry_days": None}
    facts = {"results": results, "kinds": kinds, **days, "files": ["/tmp/audit.html"]}
    return summarize("audit", facts, **more)


def test_site_says_what_is_where_what_changed_and_what_came_of_it():
    lines, failure, entry, plane = site({"secret": CREATED, "vault": CREATED, "route": UPDATED, "plugin": SAME})
    assert (plane, failure) == ("quickstart", "")
    assert lines[0] == (
        "quickstart: the API key is the secret mistral-key in Config Store my-config-store. AI Proxy on route "
        "example-route reads it by {vault://mysecretvault/mistral-key}."
    )
    assert lines[1] == "Created Vault mysecretvault and secret mistral-key. Changed route example-route."
    assert lines[2:4] == ["The model replied: 1 + 1 equals 2.", SYNC["reason"]]
    assert lines[4].startswith("Next: ")
    assert (entry["changed"], entry["failed"], entry["data_planes"]) == (True, False, "proved")
    assert entry["done"] == ["Vault mysecretvault", "secret mistral-key", "route example-route"]
    assert entry["reference"] == REFERENCE


def test_site_says_when_nothing_changed():
    lines, _failure, entry, _plane = site({"secret": SAME})
    assert lines[1] == "Nothing had to be changed."
    assert entry["changed"] is False


def test_site_in_check_mode_says_what_would_be_done():
    lines, _failure, _entry, _plane = site({"secret": CREATED}, chat={}, sync={}, check_mode=True)
    assert lines == [
        "Nothing was written. Would create secret mistral-key.",
        "Next: run the playbook without --check.",
    ]


def test_site_says_when_no_proxy_is_known_to_test_through():
    lines, _failure, _entry, _plane = site({"secret": CREATED}, chat={}, proxy_url="")
    assert lines[2:4] == ["No chat request was sent, because konnect_proxy_url is not set.", SYNC["reason"]]


def test_a_reply_is_shown_without_the_api_key():
    chat = {**CHAT, "json": {"choices": [{"message": {"content": "You sent Bearer fake-key."}}]}}
    lines = site(chat=chat)[0]
    assert [line for line in lines if line.startswith("The model replied: You sent")]
    assert "fake-key" not in str(lines)


def test_site_that_failed_says_why_and_what_was_done_before():
    lines, failure, entry, _plane = site({"secret": CREATED}, error=REJECTED)
    assert failure == "quickstart: The provider rejected the stored key (401)."
    assert lines == ["Before that: Created secret mistral-key."]
    assert (entry["failed"], entry["code"], entry["changed"]) == (True, "key_rejected", True)
    assert entry["message"] == REJECTED["msg"]


def test_site_that_failed_at_once_says_only_why():
    assert site(error={"msg": "Set konnect_proxy_url."})[0] == []


def test_site_after_a_rotation_says_so():
    lines, _failure, entry, _plane = site(rotation=ROTATED)
    assert ROTATED["message"] in lines
    assert entry["changed"] is True


def test_a_part_of_the_playbook_that_was_not_run_is_left_out():
    lines, failure, _entry, _plane = site(chat={}, sync={})
    assert (len(lines), failure) == (2, "")


def test_the_reply_of_the_only_node_says_that_it_runs_the_change():
    sync = {"verdict": "unknown", "reason": "It does not show it.", "nodes": [{"hostname": "one"}]}
    assert site(sync=sync, results={"secret": CREATED})[0][3] == "The only data plane node runs it, as the reply shows."
    assert "It does not show it." in site(sync={**sync, "nodes": []})[0]


def test_teardown_says_what_it_removed_and_what_it_kept():
    results = {
        "plugin": {"changed": True},
        "secret": {"changed": False, "kept": {"message": "Secret mistral-key is used by plugin http-log."}},
        "rotation": {"changed": False},
    }
    lines, _failure, entry, _plane = summarize("teardown", {"names": NAMES, "results": results})
    assert lines[:2] == ["quickstart: Removed AI Proxy.", "Kept: Secret mistral-key is used by plugin http-log."]
    assert (entry["removed"], len(entry["kept"])) == (["AI Proxy"], 1)


def test_teardown_of_nothing_says_so():
    lines, _failure, entry, _plane = summarize("teardown", {"names": NAMES, "results": {}})
    assert lines[0] == "quickstart: Nothing of it exists."
    assert entry["changed"] is False


def test_rotation_says_what_is_live_and_what_is_next():
    lines, failure, entry, _plane = rotation(ROTATED)
    assert lines == [
        "quickstart, Config Store my-config-store: mistral-key was rotated.",
        "Next: revoke the old key.",
    ]
    assert failure == ""
    assert (entry["outcome"], entry["old_key_may_be_revoked"], entry["key"]) == ("rotated", True, "mistral-key")
    assert "probes" not in entry


def test_a_rotation_that_was_rolled_back_keeps_its_outcome():
    result = {**ROTATED, "outcome": "rolled_back", "changed": False, "next_step": "Check the new value."}
    lines, failure, entry, _plane = rotation(result, error={"msg": "mistral-key was not rotated."})
    assert failure == "quickstart, Config Store my-config-store: mistral-key was not rotated."
    assert lines == ["Next: check the new value."]
    assert (entry["outcome"], entry["failed"]) == ("rolled_back", True)


def test_the_code_of_a_rotation_that_was_rolled_back_is_that_of_the_phase_that_failed():
    result = {**ROTATED, "outcome": "rolled_back", "changed": False, "failure": {"code": "key_rejected"}}
    error = {"msg": "mistral-key was not rotated."}
    assert rotation(result, error=error)[2]["code"] == "key_rejected"
    assert site(rotation=result, error=error)[2]["code"] == "key_rejected"


def test_a_rotation_that_never_began_has_no_outcome():
    _lines, failure, entry, _plane = rotation({}, error={"msg": "Set MISTRAL_API_KEY."})
    assert failure.endswith("Set MISTRAL_API_KEY.")
    assert entry["outcome"] is None


def test_audit_shows_its_first_findings_and_fails_with_them():
    rows = [samples.reference(f"{{vault://nowhere/key-{number}}}", "dangling", "unknown") for number in range(30)]
    lines, failure, entry, _plane = audit(samples.result("quickstart", rows, [], []))
    assert lines[0] == "quickstart: 30 secret references (30 dangling)."
    assert lines[1] == "Report: /tmp/audit.html."
    assert (lines[22], len(lines)) == ("And 10 more.", 24)
    assert failure.startswith("30 found (dangling). quickstart: plugin ai-proxy")
    assert failure.endswith("And 25 more.")
    assert (entry["finding_count"], len(entry["findings"]), entry["failed"]) == (30, 20, True)
    assert (entry["summary"]["dangling"], entry["report"]) == (30, ["/tmp/audit.html"])


def test_an_audit_without_findings_does_not_fail():
    lines, failure, entry, _plane = audit(samples.quickstart())
    assert (failure, entry["failed"], entry["findings"]) == ("", False, [])
    assert lines[-2:] == [
        "Nothing was found on which to fail.",
        "Next: open audit.html in a browser for where each secret is used.",
    ]


def test_an_audit_tells_what_is_not_used_apart_from_the_references():
    store = samples.thing("ai-keys")
    rows = [samples.reference("{vault://v/used}", config_store=store)]
    unused = [samples.secret("lost", store, ["v"], 0)], [samples.vault("w", store, 0)]
    lines, _failure, _entry, _plane = audit(samples.result("quickstart", rows, *unused))
    assert lines[0] == "quickstart: 1 secret reference (1 ok), 1 unused secret and 1 unused Vault."


def test_an_audit_in_check_mode_has_no_report():
    lines, _failure, entry, _plane = audit(samples.quickstart(), check_mode=True)
    assert lines[-2:] == ["Report: not written in check mode.", "Nothing was found on which to fail."]
    assert entry["report"] == []


def test_each_control_plane_of_an_audit_has_its_own_entry():
    days = {"maximum_age_days": None, "expiry_days": None}
    facts = {"results": [samples.quickstart(), samples.production()], "kinds": None, **days}
    stat = run_summary({**facts, "files": []}, "audit", control_plane="x", host="a", hosts=["a"], check_mode=False)[
        "stat"
    ]
    assert {name: entry["failed"] for name, entry in stat["a"].items()} == {"quickstart": False, "production": True}


def test_an_audit_that_could_not_read_says_why():
    lines, failure, entry, plane = audit(error={"msg": "Konnect refused the token."})
    assert (lines, failure, plane) == ([], "Konnect refused the token.", "quickstart")
    assert entry["failed"] is True


def test_preflight_says_what_is_missing_and_what_to_do():
    checks = [
        {"check": "token", "outcome": "ok", "message": "Konnect accepts the token.", "remedy": ""},
        {"check": "proxy", "outcome": "failed", "message": "It is not set.", "remedy": "Set KONNECT_PROXY_URL."},
        {"check": "fingerprint_key", "outcome": "warning", "message": "None is set.", "remedy": "Set it."},
    ]
    lines, failure, entry, _plane = summarize("preflight", {"checks": checks})
    assert lines == [
        "OK token: Konnect accepts the token.",
        "FAILED proxy: It is not set. Set KONNECT_PROXY_URL.",
        "WARNING fingerprint_key: None is set. Set it.",
    ]
    assert failure.startswith("quickstart: Not ready: proxy.")
    assert entry["checks"] == {"token": "ok", "proxy": "failed", "fingerprint_key": "warning"}
    assert entry["remedies"] == ["proxy: Set KONNECT_PROXY_URL."]
    lines, failure, entry, _plane = summarize("preflight", {"checks": checks[:1]})
    assert (lines[-1], failure) == ("Ready. Next: ansible-playbook community.konnect.site.", "")


@pytest.mark.parametrize("error", [{"results": []}, {"msg": ""}])
def test_a_failure_without_a_message_is_one_all_the_same(error):
    assert "A task failed" in site(error=error)[1]


def test_of_a_loop_the_item_that_failed_gives_the_reason():
    row = {"failed": True, "msg": "Konnect has no AI Gateway gw.", "failure": {"code": "not_found"}}
    error = {"failed": True, "msg": "One or more items failed", "results": [{"changed": False}, row]}
    _lines, failure, entry, _plane = site(error=error)
    assert "Konnect has no AI Gateway gw." in failure
    assert (entry["message"], entry["code"]) == ("Konnect has no AI Gateway gw.", "not_found")


def test_a_long_message_is_cut():
    assert len(json.dumps(site(error={"msg": "x" * 50_000})[2])) < 5000


def test_an_unknown_playbook_is_refused():
    with pytest.raises(AnsibleFilterError, match="playbook must be one of preflight"):
        summarize("other", {})


# Move to an AI Gateway

PLAN = {
    "needs": [],
    "stores": ["my-store"],
    "secrets": {"my-store": [{"key": "my-key", "value": "fake-value"}]},
    "vaults": {"my-vault": {}},
    "providers": {"mistral": {}},
    "models": {},
    "kept": [],
    "left": [{"what": "plugin acl", "reason": "There are no plugins."}],
    "notes": ["Requests name the model chat."],
}


def move(plan=None, results=None, is_new=True, **more):
    given = {"plan": plan or PLAN, "gateway": "gw", "is_new": is_new, "results": results or {}}
    return summarize("move", given, **more)


def test_a_move_says_what_it_created_what_has_no_counterpart_and_what_is_different():
    results = {"gateway": CREATED, "stores": {"results": [{"item": "my-store", **CREATED}, {"item": "b", **SAME}]}}
    lines, failure, entry, _plane = move(results=results)
    assert (failure, entry["done"]) == ("", ["AI Gateway gw", "Config Store my-store"])
    assert "Created AI Gateway gw and Config Store my-store." in lines
    assert "No counterpart: plugin acl: There are no plugins." in lines
    assert "Requests name the model chat." in lines


@pytest.mark.parametrize(("is_new", "first"), [(True, "AI Gateway gw, "), (False, "")])
def test_a_move_that_needs_values_shows_the_whole_plan_without_any(is_new, first):
    lines, _failure, entry, _plane = move({**PLAN, "needs": ["my-store/my-key"]}, is_new=is_new, check_mode=True)
    rest = "Config Store my-store, secret my-store/my-key, Vault my-vault and provider mistral."
    assert f"Would create {first}{rest}" in lines
    assert entry["needs"] == ["my-store/my-key"]
    assert "fake-value" not in str((lines, entry))


def test_a_second_move_creates_nothing():
    lines, _failure, entry, _plane = move({**PLAN, "kept": ["model chat"]})
    assert {"Nothing has to be created.", "There already, and left as it is: model chat."} <= {*lines}
    assert entry["changed"] is False


def test_a_move_that_failed_says_what_was_created_before():
    lines, failure, _entry, _plane = move(results={"gateway": CREATED}, error={"msg": "No."})
    assert (lines, failure) == (["Before that: Created AI Gateway gw."], "quickstart: No.")
