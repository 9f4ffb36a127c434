# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The summary of audit.yml: the first findings, and where the report is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._report.findings import list_findings, read_days, read_kinds
from .._report.model import STATES, Report, parent_name, pluralize, read_reports, totals
from .summary import Summary, base_entry, enumerate_names, failure_of

# How many findings the screen and the statistic show, and how many of them the message of the failure.
MAX_LISTED, MAX_IN_FAILURE = 20, 5


def summarize_audit(facts: Mapping[str, Any], control_plane: str, check_mode: bool, error: Any) -> Summary:
    """Of an audit.

    :param facts: C(results) of konnect_reference_info, the C(kinds) of findings on which it fails, C(maximum_age_days),
        C(expiry_days), and the paths of the C(files) of the report.
    :param control_plane: what the statistic calls it when none could be read.
    """
    failure = failure_of(error)
    if failure:
        entry = {**base_entry(False, check_mode, error, failure), "report": list(facts.get("files") or [])}
        return Summary({control_plane: entry}, [], failure)
    reports = read_reports(facts["results"])
    kinds = read_kinds(facts["kinds"])
    days = [read_days(facts[name], name) for name in ("maximum_age_days", "expiry_days")]
    found = list_findings(reports, kinds, *days)
    files = [] if check_mode else [str(file) for file in facts["files"]]
    entries = {
        name: _entry(report, list_findings([report], kinds, *days), files, check_mode)
        for name, report in _by_name(reports).items()
    }
    lines = [f"{parent_name(report)}: {_counts(report)}." for report in reports]
    lines += [f"Report: {', '.join(files) or 'not written in check mode'}."]
    listed = [*(finding["message"] for finding in found[:MAX_LISTED]), *_more(found, MAX_LISTED)]
    steps = ["open audit.html in a browser for where each secret is used"] if files else []
    steps += ["fix the references"] if found else []
    following = [f"Next: {', and '.join(steps)}."] if steps else []
    lines += [*(listed or ["Nothing was found on which to fail."]), *following]
    return Summary(entries, lines, _verdict(found) if found else "")


def _by_name(reports: Sequence[Report]) -> dict[str, Report]:
    """The reports by the names of their control planes, with the id where two have the same name."""
    named: dict[str, Report] = {}
    for report in reports:
        name = parent_name(report)
        named[f"{name} ({report['control_plane']['id']})" if name in named else name] = report
    return named


def _entry(report: Report, own: Sequence[Mapping[str, Any]], files: list[str], check_mode: bool) -> dict[str, Any]:
    message = _verdict(own) if own else "Nothing was found on which to fail."
    return {
        **base_entry(False, check_mode, None, message),
        "failed": bool(own),
        "summary": totals([report]),
        "finding_count": len(own),
        "findings": [finding["message"] for finding in own[:MAX_LISTED]],
        "report": files,
    }


def _counts(report: Report) -> str:
    counts = totals([report])
    states = enumerate_names([f"{counts[name]} {label.lower()}" for name, label in STATES.items() if counts[name]])
    references = pluralize(len(report["references"]), "secret reference") + (f" ({states})" if states else "")
    unused = {"unused secret": counts["unused_secrets"], "unused Vault": counts["unused_vaults"]}
    return enumerate_names([references, *(pluralize(number, noun) for noun, number in unused.items() if number)])


def _verdict(found: Sequence[Mapping[str, Any]]) -> str:
    kinds = ", ".join(dict.fromkeys(str(finding["finding"]) for finding in found))
    messages = [str(finding["message"]) for finding in found[:MAX_IN_FAILURE]]
    return " ".join([f"{len(found)} found ({kinds}).", *messages, *_more(found, MAX_IN_FAILURE)])


def _more(found: Sequence[Any], listed: int) -> list[str]:
    return [f"And {len(found) - listed} more."] if len(found) > listed else []
