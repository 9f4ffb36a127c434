# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The contents of each section of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .certificates import EXPIRY_DAYS, UNKNOWN_DATES, by_expiry, expires_within, missing_library
from .drawing import draw_map
from .html import Markup, element, fragment, isolated
from .model import (
    PROBLEMS,
    STATES,
    TOTALS,
    Report,
    Row,
    age_in_days,
    certificate_name,
    display_name,
    parent_heading,
    parent_name,
    pluralize,
    referrer_name,
    scopes,
    sorted_references,
    store_name,
    totals,
)
from .table import cell, scrollable, table

# The class that colors each state and each of the other totals.
TONES = {**dict.fromkeys(TOTALS, "unused"), **dict.fromkeys(PROBLEMS, "problem"), "other_backend": "other", "ok": "ok"}
MEANINGS = {
    "dangling": "The vault, its Config Store or the secret does not exist. The gateway cannot resolve the reference.",
    "not_referenceable": "The gateway does not resolve the reference in this field. It uses the text itself.",
    "malformed": "The text looks like a reference or contains one, but the gateway does not treat it as a reference.",
    "other_backend": "The backend of the vault is outside Konnect. Whether the secret exists there was not checked.",
    "ok": "The secret exists in the Config Store of the vault.",
}
LEGEND = {"ok": "OK", "problem": "problem", "other": "other backend, not checked", "unused": "unused"}


def summary(reports: Sequence[Report]) -> Markup:
    """Return the verdict, the totals and, if there are several control planes, the totals of each."""
    counts = totals(reports)
    counters = (_counter(label, counts[name], TONES[name]) for name, label in TOTALS.items())
    return fragment(
        _verdict(counts),
        element("dl", counters, class_="counters"),
        _control_planes(reports) if len(reports) > 1 else None,
    )


def problems(reports: Sequence[Report]) -> Markup:
    """Return a list of the references that do not work."""
    found = [(report, row) for report, row in sorted_references(reports) if row["state"] in PROBLEMS]
    if not found:
        return element("p", "None.", class_="none")
    return element("ul", (_problem(report, row) for report, row in found), class_="problems")


def references(reports: Sequence[Report]) -> Markup:
    """Return a table of the references, which the script can filter."""
    index = {id(report): number for number, report in enumerate(reports)}
    heads = ["State", "Reference", "Entity", "Field", "Applies to", "Vault", *_control_plane_head(reports)]
    rows = [
        element(
            "tr",
            cell(_badge(row), _verified(row), sort=list(STATES).index(row["state"])),
            cell(element("code", isolated(row["reference"]))),
            cell(_entity(row)),
            cell(element("code", isolated(row["field"]))),
            cell(element("div", f"{kind} ", isolated(name)) for kind, name in scopes(row)),
            cell(isolated(row["vault"] or ""), element("small", isolated(store_name(row) or row["backend"] or ""))),
            _control_plane_cell(report, reports),
            data_state=row["state"],
            data_plane=index[id(report)],
        )
        for report, row in sorted_references(reports)
    ]
    return fragment(_filter(reports) if rows else None, table("References", heads, rows))


def secrets(reports: Sequence[Report]) -> Markup:
    """Return a table of the secrets."""
    heads = ["Secret", "Config Store", "Vaults", "References", "Last written", "Age (days)", "Use"]
    rows = [
        element(
            "tr",
            cell(element("code", isolated(secret["key"]))),
            cell(isolated(store_name(secret))),
            cell(_comma_separated(secret["vaults"])),
            cell(secret["references"], number=True),
            cell(element("time", (secret["updated_at"] or "")[:10], title=secret["updated_at"])),
            cell(age_in_days(secret), number=True, sort=int(secret["age"] or 0)),
            cell(_use(secret)),
            _control_plane_cell(report, reports),
        )
        for report in reports
        for secret in report["secrets"]
    ]
    return table("Secrets", [*heads, *_control_plane_head(reports)], rows, numeric=(3, 5))


def vaults(reports: Sequence[Report]) -> Markup:
    """Return a table of the vaults."""
    heads = ["Vault", "Backend", "Config Store", "References", "Use", *_control_plane_head(reports)]
    rows = [
        element(
            "tr",
            cell(element("code", isolated(vault["prefix"]))),
            cell(isolated(vault["backend"] or "")),
            cell(isolated(store_name(vault))),
            cell(vault["references"], number=True),
            cell(_use(vault)),
            _control_plane_cell(report, reports),
        )
        for report in reports
        for vault in report["vaults"]
    ]
    return table("Vaults", heads, rows, numeric=(3,))


def certificates(reports: Sequence[Report]) -> Markup:
    """Return a table of the certificates, those that expire first on top."""
    pairs = by_expiry(reports)
    missing = missing_library(row for _report, row in pairs)
    heads = ["Certificate", "Field", "Names", "Expires", "Days left", *_control_plane_head(reports)]
    rows = [
        element(
            "tr",
            cell(isolated(certificate_name(row)), element("small", row["entity"].replace("_", " "))),
            cell(element("code", row["field"])),
            cell(_comma_separated(row["names"])),
            cell(_expiry(row)),
            cell(row["days_left"], number=True, sort=row["days_left"]),
            _control_plane_cell(report, reports),
        )
        for report, row in pairs
    ]
    return fragment(element("p", missing) if missing else None, table("Certificates", heads, rows, numeric=(4,)))


def maps(reports: Sequence[Report]) -> Markup:
    """Return a legend and a drawing of each control plane."""
    legend = (element("span", label, class_=tone) for tone, label in LEGEND.items())
    parts = [element("p", legend, class_="legend")]
    for report in reports:
        name = parent_name(report)
        if len(reports) > 1:
            parts.append(element("h3", isolated(name)))
        if report["references"] or report["secrets"] or report["vaults"]:
            parts.append(scrollable(f"Map of {name}", draw_map(report), "drawing"))
        else:
            parts.append(element("p", "No references, secrets or vaults.", class_="none"))
    return fragment(parts)


def states(_reports: Sequence[Report]) -> Markup:
    """Return the meaning of each state; it does not depend on the reports."""
    meanings = (
        (element("dt", element("span", STATES[state], class_=f"badge {TONES[state]}")), element("dd", meaning))
        for state, meaning in MEANINGS.items()
    )
    return element("dl", meanings, class_="states")


def _verdict(counts: dict[str, int]) -> Markup:
    broken = sum(counts[state] for state in PROBLEMS)
    if broken:
        total = sum(counts[state] for state in STATES)
        detail = element("span", f"in {pluralize(total, 'reference')}")
        return element("p", pluralize(broken, "problem"), detail, class_="verdict problem")
    other = counts["other_backend"]
    not_checked = f", {other} to other backends not checked" if other else ""
    detail = element("span", f"{pluralize(counts['ok'], 'reference')} checked{not_checked}")
    return element("p", "No problems", detail, class_="verdict ok")


def _counter(label: str, number: int, tone: str) -> Markup:
    return element("div", element("dt", label), element("dd", number), class_=f"counter {tone if number else 'zero'}")


def _control_planes(reports: Sequence[Report]) -> Markup:
    heads = [parent_heading(reports), *TOTALS.values()]
    rows = []
    for report in reports:
        control_plane, counts = report["control_plane"], totals([report])
        cells = [cell(isolated(parent_name(report)), element("small", isolated(control_plane["id"])))]
        for name in TOTALS:
            badge = element("span", counts[name], class_=f"badge {TONES[name]}")
            cells.append(cell(badge if counts[name] else 0, number=True, sort=counts[name]))
        rows.append(element("tr", cells))
    return element(
        "div", table(f"By {parent_heading(reports)}", heads, rows, numeric=range(1, len(heads))), class_="planes"
    )


def _problem(report: Report, row: Row) -> Markup:
    facts = [
        ("Entity", _entity(row)),
        ("Field", element("code", isolated(row["field"]))),
        *((kind.capitalize(), isolated(name)) for kind, name in scopes(row)),
        (parent_heading([report]), isolated(display_name(report["control_plane"]))),
    ]
    return element(
        "li",
        element("div", _badge(row), element("code", isolated(row["reference"])), class_="what"),
        element("p", isolated(row["message"]), class_="message") if row["message"] else None,
        element("dl", (element("div", element("dt", term), element("dd", fact)) for term, fact in facts)),
    )


def _filter(reports: Sequence[Report]) -> Markup:
    # Hidden until the script shows it: without the script it does nothing.
    everything = element("option", "All", value="")
    state_options = [element("option", label, value=state) for state, label in STATES.items()]
    plane_options = [element("option", parent_name(report), value=number) for number, report in enumerate(reports)]
    plane = element("label", parent_heading(reports), element("select", everything, plane_options, id="plane"))
    return element(
        "div",
        element("label", "Search", element("input", type="search", id="search", autocomplete="off")),
        element("label", "State", element("select", everything, state_options, id="state")),
        plane if len(reports) > 1 else None,
        element("output", id="shown", for_="search state plane"),
        class_="filter",
        role="search",
        hidden=True,
    )


def _control_plane_head(reports: Sequence[Report]) -> list[str]:
    return [parent_heading(reports)] if len(reports) > 1 else []


def _control_plane_cell(report: Report, reports: Sequence[Report]) -> Markup | None:
    return cell(isolated(parent_name(report))) if len(reports) > 1 else None


def _badge(row: Row) -> Markup:
    return element("span", STATES[row["state"]], class_=f"badge {TONES[row['state']]}")


def _verified(row: Row) -> Markup | None:
    if row["verified"]:
        return None
    return element("small", "not verified", title="Konnect does not show this field. It was last written so.")


def _entity(row: Row) -> Markup:
    disabled = fragment(" ", element("span", "disabled", class_="badge")) if row["enabled"] is False else None
    return fragment(isolated(referrer_name(row)), disabled)


def _expiry(row: Row) -> Markup:
    if row["problem"]:
        return fragment(UNKNOWN_DATES[row["problem"]])
    time = element("time", row["expires_at"][:10], title=row["expires_at"])
    return element("span", time, class_="badge problem") if expires_within(row, EXPIRY_DAYS) else time


def _use(row: Row) -> Markup:
    return fragment("in use") if row["in_use"] else element("span", "unused", class_="badge")


def _comma_separated(names: Iterable[str]) -> Markup:
    return Markup(", ".join(map(isolated, names)))
