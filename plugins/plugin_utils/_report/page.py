# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The reference report as one HTML page that needs nothing else, and no script to be read."""

from __future__ import annotations

import base64
import datetime
import hashlib
import pathlib
from collections.abc import Iterable, Sequence
from typing import Any

from ansible_collections.community.konnect.plugins.plugin_utils._report.drawing import drawing
from ansible_collections.community.konnect.plugins.plugin_utils._report.html import Markup, element, fragment, name_of
from ansible_collections.community.konnect.plugins.plugin_utils._report.model import (
    PROBLEMS,
    STATES,
    Report,
    Row,
    count,
    days,
    entity_title,
    references,
    scopes,
    timestamp,
    title,
    totals,
)

_FILES = pathlib.Path(__file__).parent
STYLE = (_FILES / "page.css").read_text(encoding="utf-8")
SCRIPT = (_FILES / "page.js").read_text(encoding="utf-8")

HEADING = "Secret references in Kong Konnect"
DOCUMENTATION = "https://developer.konghq.com/gateway/entities/vault/"
TONES = {**dict.fromkeys(PROBLEMS, "problem"), "other_backend": "other", "ok": "ok"}
MEANINGS = {
    "dangling": "The vault, its Config Store or the secret that is referred to is not there. Kong cannot resolve it.",
    "not_referenceable": "Kong does not resolve the reference in this place, and uses the text itself as the value.",
    "malformed": "The text looks like a reference or holds one, but Kong does not read it as one.",
    "other_backend": "The reference leads to a backend outside Konnect. Whether the secret is there was not checked.",
    "ok": "The reference leads to a secret in a Config Store.",
}
SECTIONS = {
    "problems": "Problems",
    "references": "References",
    "secrets": "Secrets",
    "vaults": "Vaults",
    "map": "Map",
    "states": "What the states mean",
}


def page(reports: Sequence[Report], generated_at: datetime.datetime) -> str:
    """The whole page. Its content security policy allows the style sheet and the script in it, and nothing else."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy()),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{HEADING}, {timestamp(generated_at)}"),
        element("style", Markup(STYLE)),
    )
    contents = {
        "problems": _problems(reports),
        "references": _references(reports),
        "secrets": _secrets(reports),
        "vaults": _vaults(reports),
        "map": _maps(reports),
        "states": _states(),
    }
    main = element(
        "main",
        element("section", _summary(reports), id="summary", aria_label="Summary"),
        (
            element("section", element("h2", heading, id=f"{name}-heading"), contents[name], **_section(name))
            for name, heading in SECTIONS.items()
        ),
    )
    body = element(
        "body",
        element("div", _header(reports, generated_at), main, _footer(), class_="page"),
        element("script", Markup(SCRIPT)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _policy() -> str:
    def allowed(block: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; style-src {allowed(STYLE)}; script-src {allowed(SCRIPT)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _section(name: str) -> dict[str, str]:
    return {"id": name, "aria_labelledby": f"{name}-heading"}


def _header(reports: Sequence[Report], generated_at: datetime.datetime) -> Markup:
    moment = element("time", generated_at.strftime("%Y-%m-%d %H:%M UTC"), datetime=timestamp(generated_at))
    names = [name_of(title(report["control_plane"])) for report in reports]
    over = [" · ", count(len(reports), "control plane")] if len(names) > 5 else [" · ", _joined(names, ", ")]
    return element(
        "header",
        element("h1", HEADING),
        element("p", moment, over if names else None, class_="lead"),
        element(
            "nav", (element("a", heading, href=f"#{name}") for name, heading in SECTIONS.items()), aria_label="Sections"
        ),
    )


def _summary(reports: Sequence[Report]) -> Markup:
    counts = totals(reports)
    problems = sum(counts[state] for state in PROBLEMS)
    in_all = sum(counts[state] for state in STATES)
    if problems:
        verdict = element(
            "p",
            count(problems, "problem"),
            element("span", f"in {count(in_all, 'reference')}"),
            class_="verdict problem",
        )
    else:
        other = counts["other_backend"]
        rest = f", {other} to other backends, where it was not checked" if other else ""
        verdict = element(
            "p",
            "No problems",
            element("span", f"{count(counts['ok'], 'reference')} to a secret in a Config Store{rest}"),
            class_="verdict ok",
        )
    counters = element(
        "dl",
        (_counter(label, counts[state], TONES[state]) for state, label in STATES.items()),
        _counter("Unused secrets", counts["unused_secrets"], "unused"),
        _counter("Unused vaults", counts["unused_vaults"], "unused"),
        class_="counters",
    )
    return fragment(verdict, counters, _planes(reports) if len(reports) > 1 else None)


def _counter(label: str, number: int, tone: str) -> Markup:
    return element("div", element("dt", label), element("dd", number), class_=f"counter {tone if number else 'zero'}")


def _planes(reports: Sequence[Report]) -> Markup:
    heads = ["Control plane", *STATES.values(), "Unused secrets", "Unused vaults"]
    rows = []
    for report in reports:
        plane = report["control_plane"]
        cells = [_cell(name_of(title(plane)), element("small", name_of(plane["id"])))]
        for name, number in _in_order(totals([report])):
            tone = TONES.get(name, "unused") if number else None
            cells.append(
                _cell(element("span", number, class_=f"badge {tone}") if tone else 0, number=True, sort=number)
            )
        rows.append(element("tr", cells))
    return element("div", _table("By control plane", heads, rows, numbers=range(1, len(heads))), class_="planes")


def _in_order(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(name, counts[name]) for name in (*STATES, "unused_secrets", "unused_vaults")]


def _problems(reports: Sequence[Report]) -> Markup:
    found = [(report, row) for report, row in references(reports) if row["state"] in PROBLEMS]
    if not found:
        return element("p", "None.", class_="none")
    return element("ul", (_problem(report, row) for report, row in found), class_="problems")


def _problem(report: Report, row: Row) -> Markup:
    facts = [
        ("Entity", _entity(row)),
        ("Field", element("code", name_of(row["field"]))),
        *((kind.capitalize(), name_of(name)) for kind, name in scopes(row)),
        ("Control plane", name_of(title(report["control_plane"]))),
    ]
    return element(
        "li",
        element("div", _badge(row), element("code", name_of(row["reference"])), class_="what"),
        element("p", name_of(row["message"]), class_="message") if row["message"] else None,
        element("dl", (element("div", element("dt", term), element("dd", fact)) for term, fact in facts)),
    )


def _references(reports: Sequence[Report]) -> Markup:
    pairs = references(reports)
    number_of = {id(report): number for number, report in enumerate(reports)}
    several = len(reports) > 1
    heads = ["State", "Reference", "Entity", "Field", "Applies to", "Vault"] + ["Control plane"] * several
    rows = [
        element(
            "tr",
            _cell(_badge(row), sort=list(STATES).index(row["state"])),
            _cell(element("code", name_of(row["reference"]))),
            _cell(_entity(row)),
            _cell(element("code", name_of(row["field"]))),
            _cell(element("div", f"{kind} ", name_of(name)) for kind, name in scopes(row)),
            _cell(name_of(row["vault"] or ""), element("small", name_of(_backing(row)))),
            _cell(name_of(title(report["control_plane"]))) if several else None,
            data_state=row["state"],
            data_plane=number_of[id(report)],
        )
        for report, row in pairs
    ]
    return fragment(_filter(reports) if rows else None, _table("References", heads, rows))


def _filter(reports: Sequence[Report]) -> Markup:
    states = [element("option", "All", value=""), *(element("option", STATES[s], value=s) for s in STATES)]
    planes = [element("option", "All", value="")]
    planes += [element("option", title(report["control_plane"]), value=n) for n, report in enumerate(reports)]
    return element(
        "div",
        element("label", "Containing", element("input", type="search", id="words", autocomplete="off")),
        element("label", "State", element("select", states, id="state")),
        element("label", "Control plane", element("select", planes, id="plane")) if len(reports) > 1 else None,
        element("output", id="shown", for_="words state plane"),
        class_="filter",
        role="search",
        hidden=True,
    )


def _secrets(reports: Sequence[Report]) -> Markup:
    several = len(reports) > 1
    heads = ["Secret", "Config Store", "Vaults", "References", "Last written", "Age in days", "Use"] + [
        "Control plane"
    ] * several
    rows = [
        element(
            "tr",
            _cell(element("code", name_of(secret["key"]))),
            _cell(name_of(title(secret["config_store"]))),
            _cell(_joined(map(name_of, secret["vaults"]), ", ")),
            _cell(secret["references"], number=True),
            _cell(element("time", (secret["updated_at"] or "")[:10], title=secret["updated_at"])),
            _cell(days(secret), number=True, sort=int(secret["age"] or 0)),
            _cell(_use(secret)),
            _cell(name_of(title(report["control_plane"]))) if several else None,
        )
        for report in reports
        for secret in report["secrets"]
    ]
    return _table("Secrets", heads, rows, numbers=(3, 5))


def _vaults(reports: Sequence[Report]) -> Markup:
    several = len(reports) > 1
    heads = ["Vault", "Backend", "Config Store", "References", "Use"] + ["Control plane"] * several
    rows = [
        element(
            "tr",
            _cell(element("code", name_of(vault["prefix"]))),
            _cell(name_of(vault["backend"] or "")),
            _cell(name_of(title(vault["config_store"])) if vault["config_store"] else None),
            _cell(vault["references"], number=True),
            _cell(_use(vault)),
            _cell(name_of(title(report["control_plane"]))) if several else None,
        )
        for report in reports
        for vault in report["vaults"]
    ]
    return _table("Vaults", heads, rows, numbers=(3,))


def _maps(reports: Sequence[Report]) -> Markup:
    legend = [("ok", "found"), ("problem", "a problem"), ("other", "other backend, not checked"), ("unused", "unused")]
    parts: list[Markup] = [
        element("p", (element("span", words, class_=tone) for tone, words in legend), class_="legend")
    ]
    for report in reports:
        name = title(report["control_plane"])
        parts.append(element("h3", name_of(name)) if len(reports) > 1 else fragment())
        if report["references"] or report["secrets"] or report["vaults"]:
            parts.append(_scrolling(f"Map of {name}", drawing(report), "scroll drawing"))
        else:
            parts.append(element("p", "No references, no secrets and no vaults.", class_="none"))
    return fragment(parts)


def _states() -> Markup:
    return element(
        "dl",
        (
            fragment(element("dt", element("span", STATES[s], class_=f"badge {TONES[s]}")), element("dd", meaning))
            for s, meaning in MEANINGS.items()
        ),
        class_="states",
    )


def _footer() -> Markup:
    return element(
        "footer",
        "Made by the Ansible collection community.konnect, which read the control planes and changed nothing. "
        "The values of secrets are not part of it. ",
        element("a", "Kong's documentation of vaults", href=DOCUMENTATION, rel="noreferrer"),
        ".",
    )


def _table(label: str, heads: Sequence[str], rows: Sequence[Markup], numbers: Iterable[int] = ()) -> Markup:
    if not rows:
        return element("p", "None.", class_="none")
    right = set(numbers)
    head = (element("th", name, scope="col", class_="number" if n in right else None) for n, name in enumerate(heads))
    return _scrolling(
        label,
        element("table", element("thead", element("tr", head)), element("tbody", rows), aria_label=label),
        "scroll",
    )


def _scrolling(label: str, content: Markup, classes: str) -> Markup:
    # Focusable, so that the keyboard can scroll what is wider than the window.
    return element("div", content, class_=classes, role="region", aria_label=label, tabindex=0)


def _cell(*children: Any, number: bool = False, sort: int | None = None) -> Markup:
    return element("td", *children, class_="number" if number else None, data_sort=sort)


def _badge(row: Row) -> Markup:
    return element("span", STATES[row["state"]], class_=f"badge {TONES[row['state']]}")


def _entity(row: Row) -> Markup:
    off = fragment(" ", element("span", "disabled", class_="badge")) if row["enabled"] is False else None
    return fragment(name_of(entity_title(row)), off)


def _use(thing: Row) -> Markup:
    return fragment("in use") if thing["in_use"] else element("span", "unused", class_="badge")


def _backing(row: Row) -> str:
    if row["config_store"]:
        return title(row["config_store"])
    return row["backend"] or ""


def _joined(parts: Iterable[Markup], separator: str) -> Markup:
    return Markup(separator.join(parts))
