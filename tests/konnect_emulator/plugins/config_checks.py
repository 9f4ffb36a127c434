# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A notation for Kong's entity checks: rules over several fields. Each function returns a check, which is data."""

from __future__ import annotations

from typing import Any

from .schema import Check


def all_or_none(*paths: str) -> Check:
    """Require all of some fields, or none."""
    return {"mutually_required": list(paths)}


def at_least_one(*paths: str) -> Check:
    """Require one of some fields."""
    return {"at_least_one_of": list(paths)}


def exactly_one(*paths: str) -> Check:
    """Require one of some fields, and no other of them."""
    return {"only_one_of": list(paths)}


def must_set(path: str, when: str, *values: Any, message: str) -> Check:
    """Require ``path`` when ``when`` is one of ``values``; ``%s`` in the message is the quoted path."""
    condition = {"if_field": when, "if_match": {"one_of": list(values)}}
    return {"conditional_at_least_one_of": {**condition, "then_at_least_one_of": [path], "then_err": message}}


def required_if(path: str, when: str, value: Any) -> Check:
    """Require ``path`` when ``when`` is ``value``."""
    condition = {"if_field": when, "if_match": {"eq": value}}
    return {"conditional": {**condition, "then_field": path, "then_match": {"required": True}}}
