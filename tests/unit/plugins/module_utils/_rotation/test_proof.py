# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._errors import ErrorCode, KonnectError
from ansible_collections.community.konnect.plugins.module_utils._rotation.probe import Probe
from ansible_collections.community.konnect.plugins.module_utils._rotation.prober import Verification
from ansible_collections.community.konnect.plugins.module_utils._rotation.proof import require_good

PROBE = Probe("http://localhost:8000/anything")
GOOD, BAD, UNKNOWN = (Verification(PROBE, verdict, "got an answer", 1) for verdict in ("good", "bad", "unknown"))
NOT_ARRIVED = Verification(PROBE, "unknown", "never reached the temporary route", 1, arrived=False)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([], ErrorCode.PROBE_INCONCLUSIVE),
        ([GOOD, UNKNOWN], ErrorCode.PROBE_INCONCLUSIVE),
        ([UNKNOWN, BAD], ErrorCode.KEY_REJECTED),
        ([GOOD, NOT_ARRIVED], ErrorCode.NOT_IN_SYNC),
    ],
    ids=["no probe", "unknown", "bad", "not arrived"],
)
def test_what_is_no_proof_is_refused(found, code):
    with pytest.raises(KonnectError) as refused:
        require_good("mistral-key", found)
    assert refused.value.code is code


def test_good_probes_prove():
    require_good("mistral-key", [GOOD, GOOD])
