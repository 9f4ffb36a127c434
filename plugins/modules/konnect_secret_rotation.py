#!/usr/bin/python
# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: konnect_secret_rotation
short_description: Give a secret of Kong Konnect a new value that was tested first
version_added: 1.0.0
description:
  - Rotates a secret of a Config Store in phases. A phase that is done already changes nothing, and a phase that is not
    due yet fails with the code V(out_of_order).
  - With the strategy V(trial), the new value is tried beside the live traffic, and is written to the secret only after
    it worked. The module stores the value as C(KEY-next), and creates a temporary route beside the live one, with
    copies of its plugins that refer to C(KEY-next). Only requests with a random header reach this route.
  - On an AI Gateway (beta), it creates a copy of the live model under a random alias, with a copy of its provider that
    refers to C(KEY-next). There a new value need not move the version of the configuration, so the live alias is probed
    once more at the end, O(probe_successes) times.
  - The state of the rotation is kept in the Config Store, in entries named C(KEY.rotation.*) that contain no secret. So
    an interrupted rotation can be continued or rolled back from another machine. Only one value can be pending.
  - The role P(community.konnect.rotate_secret#role) runs all phases.
author:
  - community.konnect contributors (@ansible-collections)
extends_documentation_fragment:
  - community.konnect._attributes
  - community.konnect._attributes.actiongroup_parent
  - community.konnect._connection
  - community.konnect._parent
  - community.konnect._fingerprint_key
attributes:
  check_mode:
    support: full
    details:
      - A phase assumes that the phases before it have run, and that what is tried works. It neither waits nor sends
        probes.
      - In check mode over the whole play (C(--check)), what earlier tasks would have made, changed or removed counts as
        done.
  diff_mode:
    support: none
    details: The result says what was done.
options:
  config_store:
    description: The name or the id of the Config Store.
    type: raw
    required: true
  key:
    description: The key of the secret.
    type: str
    required: true
  phase:
    description:
      - V(prepare) checks with the probes that it can be told whether the live value works, claims the rotation, and
        stores the new value as C(KEY-next).
      - V(try) tries the new value through a temporary route or model. Only with O(strategy=trial).
      - V(switch) points the references at C(KEY-next), or with O(strategy=in_place) writes the new value to the secret,
        then waits for the data planes and sends the probes. Only with these two strategies.
      - V(commit) writes the new value to the secret and removes everything else that the rotation made.
      - V(rollback) restores what was live before, and removes everything else that the rotation made. With O(value), it
        does nothing when the rotation of another value is pending.
    type: str
    required: true
    choices: [prepare, try, switch, commit, rollback]
  value:
    description:
      - The new value, 1 to 5120 bytes. A mapping is stored as JSON. Required with O(phase=prepare) and O(phase=commit),
        and with O(phase=switch) and O(strategy=in_place).
      - The phase V(commit) fails with the code V(value_changed) when the rotation of another value is pending.
    type: raw
  value_version:
    description: A version number of the new value, as in M(community.konnect.konnect_secret).
    type: int
  strategy:
    description:
      - V(trial) never changes what live traffic uses before the new value worked.
      - V(blue_green) points every reference at C(KEY-next) to test the new value, and back at the end. Until the test
        is over, live traffic uses a value that is not tested.
      - V(in_place) writes over the secret to test the new value. Until the test is over, live traffic uses a value
        that is not tested, and only O(old_value) can restore the old one.
      - The last two are for references that no probe through a route can reach, such as those in certificates. They are
        used only when set.
    type: str
    choices: [trial, blue_green, in_place]
    default: trial
  old_value:
    description:
      - The value that the secret has now, for O(strategy=in_place). The fingerprint must confirm it.
    type: raw
  allow_no_rollback:
    description: Whether O(strategy=in_place) may be used without O(old_value).
    type: bool
    default: false
  references:
    description:
      - Which references O(strategy=blue_green) may change. V(own) refuses to begin when an entity refers to the secret
        that this collection did not create, because whoever manages it may change it back. V(all) changes all.
    type: str
    choices: [own, all]
    default: own
  proxy_url:
    description:
      - The URL at which a data plane accepts requests. Without O(probes), the chat request of Kong's tutorial is sent
        to C(/anything) below it, each time with another question. On an AI Gateway, each provider that uses the secret
        gets a chat request through one of its models.
      - When left out, the environment variable E(KONNECT_PROXY_URL) is used, or for an AI Gateway
        E(KONNECT_AI_GATEWAY_URL).
    type: str
  probes:
    description:
      - Requests through the gateway that use the secret. Each has to prove that the new value works.
      - A response counts only when the gateway got it from the provider, and not from a cache. Responses are never
        shown.
    type: list
    elements: dict
    suboptions:
      url:
        description: The URL of the request.
        type: str
        required: true
      method:
        description: The method of the request.
        type: str
        default: POST
      headers:
        description: Headers of the request, such as the API key of a consumer.
        type: dict
      body:
        description:
          - The body. A mapping or a list is sent as JSON. When left out with the method V(POST), a chat request with
            another question each time is sent, and the response must be a chat completion.
          - A chat tests the plugins that send the secret to the provider of a model. For any other plugin, give a
            request whose response depends on the secret, with a body or C(good_status).
        type: raw
      route:
        description:
          - The name or the id of the route that the request reaches, or on an AI Gateway of the model. Needed when
            several use the secret and the request does not tell which one is meant.
        type: str
      good_status:
        description: The statuses that prove that the secret works. When left out, 200 to 299.
        type: list
        elements: int
      bad_status:
        description:
          - The statuses that prove that it does not, when a second such response follows after five seconds. Every
            other response, such as 429 or 500, proves nothing, and the request is repeated.
        type: list
        elements: int
        default: [401, 403]
      timeout:
        description: The seconds that the gateway may take to respond.
        type: int
        default: 30
      validate_certs:
        description: Whether to verify the TLS certificate of the gateway.
        type: bool
        default: true
      ca_path:
        description: A file with the CA certificates to trust.
        type: path
  probe_successes:
    description: How many good responses, without a bad one between them, prove that the new value works.
    type: int
    default: 3
  probe_duration:
    description: Over how many seconds they have to be spread.
    type: float
    default: 10
  probe_deadline:
    description:
      - After how many seconds without a proof the phase fails with the code V(probe_inconclusive), or with the code
        V(not_in_sync) when no data plane ever had the temporary route or model.
    type: int
    default: 180
  max_age_days:
    description: Rotate only a secret that was last written at least so many days ago, or that has no fingerprint.
    type: float
  take_over:
    description:
      - Whether to undo the rotation of another value that was not finished, and to begin anew. Only when nothing of it
        moved within the last hour, else the task fails with the code V(rotation_busy).
    type: bool
    default: false
  sync_timeout:
    description: How many seconds to wait for the data planes.
    type: int
    default: 120
  hash_change_timeout:
    description: How many seconds Konnect may take to compute a new expected hash.
    type: int
    default: 90
  minimum_nodes:
    description: How many data plane nodes must be live.
    type: int
    default: 1
  ignore_lost:
    description:
      - Hostnames and ids of data plane nodes that are not live and do not matter. A whole number stands for all nodes
        whose last ping is more than so many seconds ago.
      - Other lost nodes make RV(old_key_may_be_revoked) false, because they may still use the old value.
    type: list
    elements: str
  because:
    description: With O(phase=rollback), why the rotation is rolled back, a sentence to begin RV(message) with.
    type: str
    default: ""
  failed_outcome:
    description:
      - With O(because), the RV(outcome) to return when nothing had to be rolled back. With V(rotation_busy) nothing is
        rolled back, because another run is at the rotation.
    type: str
    choices:
      - rotated
      - unchanged
      - pending
      - rolled_back
      - rollback_unproved
      - nothing_works
      - probe_inconclusive
      - not_in_sync
      - rotation_busy
      - rotation_pending
      - refused
      - cleaned_up
    default: refused
seealso:
  - module: community.konnect.konnect_secret_rotation_info
  - module: community.konnect.konnect_secret
  - module: community.konnect.konnect_wait_for_sync
"""

EXAMPLES = r"""
- name: Store the new key of Mistral beside the old one
  community.konnect.konnect_secret_rotation:
    control_plane: quickstart
    config_store: my-config-store
    key: mistral-key
    value: "Bearer {{ lookup('ansible.builtin.env', 'MISTRAL_API_KEY') }}"
    proxy_url: http://localhost:8000
    phase: prepare

- name: Try it beside the live traffic
  community.konnect.konnect_secret_rotation:
    control_plane: quickstart
    config_store: my-config-store
    key: mistral-key
    proxy_url: http://localhost:8000
    phase: try

- name: Write it where live traffic reads it
  community.konnect.konnect_secret_rotation:
    control_plane: quickstart
    config_store: my-config-store
    key: mistral-key
    value: "Bearer {{ lookup('ansible.builtin.env', 'MISTRAL_API_KEY') }}"
    proxy_url: http://localhost:8000
    phase: commit
"""

RETURN = r"""
outcome:
  description:
    - What became of the rotation.
    - V(rotated), the new value worked and is live. V(unchanged), nothing had to be done. V(pending), another phase is
      due. V(rolled_back), what was live before is live. V(rollback_unproved), likewise, but that it works was not
      proved. V(nothing_works), likewise, and the provider rejects it too. V(cleaned_up), what an earlier rotation left
      was removed.
    - On failure also V(probe_inconclusive), it cannot be told whether the new value works. V(not_in_sync), not every
      data plane is proved to use it. V(rotation_busy) and V(rotation_pending), the rotation of another value is not
      finished. V(refused), the phase cannot or must not run.
  returned: success, and on failure but for errors of options and of Konnect's API
  type: str
  sample: rotated
next_phase:
  description: The phase that is due. Null when the rotation is over.
  returned: with RV(outcome)
  type: str
  sample: try
message:
  description: The outcome in a sentence or two.
  returned: with RV(outcome)
  type: str
  sample: "mistral-key was rotated: the new value worked and is live. The old key may be revoked."
next_step:
  description: What to do next, in a sentence.
  returned: with RV(outcome)
  type: str
  sample: Revoke the old key.
live_key:
  description: The key of the secret.
  returned: with RV(outcome)
  type: str
  sample: mistral-key
old_key_may_be_revoked:
  description:
    - Whether it is proved that no data plane uses the old value any more, and that the new one is another. On an AI
      Gateway with several live nodes, this takes a probe for each node, with a URL that leads to it alone.
  returned: with RV(outcome)
  type: bool
  sample: true
old_key_reason:
  description: Why it may, or may not, be revoked.
  returned: with RV(outcome)
  type: str
  sample: The old key may be revoked.
removed:
  description: The keys of the secrets that were removed.
  returned: with RV(outcome)
  type: list
  elements: str
  sample: [mistral-key-next]
not_probed:
  description: The references to the secret that no probe reaches, in any workspace.
  returned: with RV(outcome)
  type: list
  elements: dict
  sample: []
probes:
  description: What came of each probe.
  returned: with RV(outcome)
  type: list
  elements: dict
  sample:
    - url: http://localhost:8000/anything
      verdict: good
      reason: got 200 from the provider
      attempts: 4
sync:
  description:
    - What came of the wait for the data planes, as M(community.konnect.konnect_wait_for_sync) returns it. Null when
      there was none.
  returned: with RV(outcome)
  type: dict
  sample: null
written_at:
  description:
    - When the task made its last write, by Konnect's clock.
    - For O(community.konnect.konnect_wait_for_sync#module:written_at).
  returned: when something was written
  type: str
  sample: "2026-11-23T10:00:00Z"
expected_hashes:
  description:
    - The hash of the configuration that data planes should run, from before the first write of the task. Empty when
      there was none, and when it could not be read.
    - For O(community.konnect.konnect_wait_for_sync#module:previous_hashes).
  returned: when something was written
  type: list
  elements: str
  sample: [6f1d4c0b9a3e58274c1f0d9b8e7a6352]
failure:
  description:
    Why the task failed, with an error code to branch on.
    See U(https://github.com/ansible-collections/community.konnect/blob/main/docs/error_codes.md).
  returned: on failure
  type: dict
  sample:
    code: unauthorized
    status: 401
    fields: []
    trace: "konnect:trace:8405749052424858251"
"""

from ..module_utils._entities.control_plane import ControlPlane
from ..module_utils._entities.kinds import CONFIG_STORE
from ..module_utils._module.argument_spec import CONNECTION, ENTITY, FINGERPRINT_KEY, PARENT, ArgumentSpec
from ..module_utils._module.runner import run
from ..module_utils._rotation.options import rotation_options, rotation_subject
from ..module_utils._rotation.report import NEXT_STEPS
from ..module_utils._rotation.rotation import nothing_left, run_phase

PROBE = {
    "url": {"type": "str", "required": True},
    "method": {"type": "str", "default": "POST"},
    "headers": {"type": "dict", "no_log": True},
    "body": {"type": "raw"},
    "route": {"type": "str"},
    "good_status": {"type": "list", "elements": "int"},
    "bad_status": {"type": "list", "elements": "int", "default": [401, 403]},
    "timeout": {"type": "int", "default": 30},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}

SPEC = ArgumentSpec(
    options={
        "config_store": {**ENTITY, "required": True},
        "key": {"type": "str", "required": True, "no_log": False},
        "phase": {"type": "str", "required": True, "choices": ["prepare", "try", "switch", "commit", "rollback"]},
        "value": {"type": "raw", "no_log": True},
        "value_version": {"type": "int", "no_log": True},
        "strategy": {"type": "str", "choices": ["trial", "blue_green", "in_place"], "default": "trial"},
        "old_value": {"type": "raw", "no_log": True},
        "allow_no_rollback": {"type": "bool", "default": False},
        "references": {"type": "str", "choices": ["own", "all"], "default": "own"},
        "proxy_url": {"type": "str"},
        "probes": {"type": "list", "elements": "dict", "options": PROBE},
        "probe_successes": {"type": "int", "default": 3},
        "probe_duration": {"type": "float", "default": 10},
        "probe_deadline": {"type": "int", "default": 180},
        "max_age_days": {"type": "float"},
        "take_over": {"type": "bool", "default": False},
        "sync_timeout": {"type": "int", "default": 120},
        "hash_change_timeout": {"type": "int", "default": 90},
        "minimum_nodes": {"type": "int", "default": 1},
        "ignore_lost": {"type": "list", "elements": "str"},
        "because": {"type": "str", "default": ""},
        "failed_outcome": {"type": "str", "choices": list(NEXT_STEPS), "default": "refused"},
    },
    required_if=[("phase", "prepare", ["value"]), ("phase", "commit", ["value"])],
).merge(CONNECTION, PARENT, FINGERPRINT_KEY)


def handler(parent: ControlPlane, options: dict) -> dict:
    phase = rotation_options(options)
    if phase.phase == "rollback" and not parent.resolve_if_exists(CONFIG_STORE, options["config_store"]):
        return nothing_left(options["key"], phase)
    return run_phase(rotation_subject(parent, options), phase)


def main() -> None:
    run(SPEC, handler)


if __name__ == "__main__":
    main()
