# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of the table through one life: predicted, made once, given back, changed, removed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.community.konnect.plugins.filter.as_options import as_options
from support.control_plane import ControlPlaneHarness, ModuleRun
from support.entity_cases import CASES, ENTITIES, Case
from support.options import ABSENT

# One of each form: with a hidden value, with an owner, with a secret by reference, with members, with a type.
FIRST = ("basic_auth", "target", "certificate", "consumer", "partial")


class Entity:
    """An entity of a case in a control plane where all that it needs is there."""

    def __init__(self, konnect: ControlPlaneHarness, case: Case) -> None:
        self._konnect = konnect
        self._case = case
        konnect.create_all(*case.needs)

    def run(self, options: dict[str, Any], *, check: bool = False) -> ModuleRun:
        run = self._konnect.run(self._case.module, {**self._case.identity, **options}, check=check)
        assert not run.failed, run.message
        assert "fake-" not in str(run.result)
        assert "ZmFrZS1rZXk" not in str(run.result)
        return run

    def given_back(self, shown: dict[str, Any]) -> ModuleRun:
        """Run the module with what it showed, or its info module."""
        options = {**as_options(shown, f"konnect_{self._case.module}")}
        if self._case.secret:
            options[self._case.secret] = self._case.first[self._case.secret]
        run = self._konnect.run(self._case.module, options)
        assert not run.failed, run.message
        return run

    def result(self, run: ModuleRun) -> dict[str, Any]:
        shown: dict[str, Any] = run[self._case.result or self._case.module]
        return shown

    def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._konnect.run(f"{self._case.module}_info", {})[
            f"{self._case.result or self._case.module}s"
        ]
        return found


@pytest.mark.parametrize(("kind", "match", "first", "changed"), ENTITIES, ids=[row[0] for row in ENTITIES])
def test_an_entity_without_a_module_of_its_own(konnect, kind, match, first, changed) -> None:
    service = ("service", {"name": "my-service", "url": "http://example.com"})
    case = Case("entity", {"kind": kind, "match": match}, {"fields": first}, {"fields": changed}, [service])
    entity = Entity(konnect, case)
    shown = entity.result(assert_done(entity, case.first))
    [listed] = konnect.run("entity_info", {"kind": kind})["entities"]
    for view in (shown, listed):
        options = {"fields": {name: value for name, value in view.items() if name not in ("created_at", "updated_at")}}
        assert entity.run(options).writes == []
    assert_done(entity, case.changed)
    assert [row["id"] for row in konnect.run("entity_info", {"kind": kind})["entities"]] == [shown["id"]]
    assert_done(entity, ABSENT)
    assert konnect.run("entity_info", {"kind": kind})["entities"] == []


def assert_done(entity: Entity, options: dict[str, Any]) -> ModuleRun:
    """Check mode announces the change and writes nothing; the run makes it so; a second one finds nothing to do."""
    predicted, real = entity.run(options, check=True), entity.run(options)
    assert (predicted.changed, real.changed) == (True, True)
    assert (predicted.writes, real.writes == []) == ([], False)
    assert predicted["diff"] == real["diff"]
    assert real.before != real.after
    for again in (entity.run(options, check=True), entity.run(options)):
        assert (again.changed, again.writes) == (False, [])
        assert again.before == again.after
    return real


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """True for two views of one entity; a schema of a plugin has no id."""
    return (one.get("id") or one["name"]) == (other.get("id") or other["name"])


@pytest.mark.parametrize(
    "case",
    [case if case.module in FIRST else pytest.param(case, marks=pytest.mark.exhaustive) for case in CASES],
    ids=lambda case: "-".join(filter(None, (case.module, case.word))),
)
def test_an_entity_from_nothing_to_nothing(konnect: ControlPlaneHarness, case: Case) -> None:
    entity = Entity(konnect, case)
    made = assert_done(entity, case.first)
    shown = entity.result(made)
    [listed] = [row for row in entity.listed() if same(row, shown)]
    for view in (shown, listed):
        again = entity.given_back(view)
        assert (again.changed, again.writes) == (False, [])
    changed = assert_done(entity, case.changed)
    assert same(entity.result(changed), shown)
    gone = {**ABSENT, **({"on_in_use": "remove"} if case.module in ("certificate", "key_set") else {})}
    assert_done(entity, gone)
    assert not any(same(row, shown) for row in entity.listed())
