# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Routes: what they match by, and routes that are held, which match no request until their plugins are there."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._entities.comparison import without_nulls
from .._entities.kind import Entity
from .._entities.reconcile import Target
from .._errors import InvalidInput
from .._task import Task

# A route with this header, and a random value that nobody sends, matches no request.
HOLD = "X-Konnect-Hold"
_HELD_EXPRESSION = re.compile(r'\((.*)\) && http\.headers\.x_konnect_hold == "[0-9a-f]+"', re.DOTALL)
# What an expression stands for. Source: the two forms of a route in Konnect's OpenAPI document.
WITHOUT_EXPRESSION = ("methods", "hosts", "paths", "headers", "snis", "sources", "destinations", "regex_priority")
# Kong 2 took a path with any of these for a regular expression; Kong 3 takes only one that begins with a tilde.
_REGULAR_EXPRESSION = re.compile(r"[\\()\[\]{}*+?|^$]")


def check_matchers(fields: Mapping[str, Any]) -> None:
    """Refuse what a route cannot match by, before any request."""
    if fields["protocols"] == []:
        raise InvalidInput("protocols cannot be empty. Leave it out to keep what there is.")
    both = [name for name in WITHOUT_EXPRESSION if fields[name]] if fields["expression"] else []
    if both:
        raise InvalidInput(f"expression does not go with {', '.join(both)}. Put the condition into the expression.")


def warn_of_old_paths(task: Task, paths: Iterable[str]) -> None:
    """Warn of paths that Kong 2 took for regular expressions."""
    for path in paths:
        if path.startswith("/") and _REGULAR_EXPRESSION.search(path):
            task.warn(
                f"The path {path} looks like a regular expression, and is compared as it stands. Since Kong 3, a "
                f"regular expression begins with a tilde: ~{path}"
            )


def held(target: Target) -> Target:
    """The route, created so that it matches no request, or left alone when it exists."""
    value = secrets.token_hex(16)

    def compose(current: Entity | None) -> Entity:
        if current is not None:
            return dict(current)
        body = target.compose(None)
        if body.get("expression"):
            return {**body, "expression": f'({body["expression"]}) && http.headers.x_konnect_hold == "{value}"'}
        return {**body, "headers": {**(body.get("headers") or {}), HOLD: [value]}}

    return replace(target, compose=compose)


def released(target: Target) -> Target:
    """The route, matching requests as its fields say."""

    def compose(current: Entity | None) -> Entity:
        body = target.compose(current)
        headers = body.get("headers") or {}
        found = _HELD_EXPRESSION.fullmatch(str(body.get("expression")))
        if found:
            return {**body, "expression": found[1]}
        if HOLD not in headers:
            return body
        others = {name: values for name, values in headers.items() if name != HOLD}
        return without_nulls({**body, "headers": others or None})

    return replace(target, compose=compose)
