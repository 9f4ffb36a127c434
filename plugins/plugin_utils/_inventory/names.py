# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The names of hosts: those of the control planes, with as much beside them as tells equal ones apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

# What has a meaning in host patterns and paths: everything but letters, digits, underscores, dots and dashes, and the
# latter two where the name begins.
_UNSAFE = re.compile(r"^[.-]|[^\w.-]")
# With the id of what a host stands for.
VARIABLES = ("konnect_control_plane", "konnect_ai_gateway")


def host_names(hosts: Sequence[Mapping[str, Any]]) -> list[str]:
    """A name for each host, no two of which are equal.

    The name of the control plane or AI Gateway, with a dot and its workspace where the source has one; with a dot and
    its region (or the host of its URL) where several have that name; with its id besides where even these are equal.

    :param hosts: the variables of each.
    """
    forms = [_forms(host) for host in hosts]
    levels = [0] * len(forms)
    while True:
        names = [form[level] for form, level in zip(forms, levels, strict=True)]
        counts = Counter(names)
        raised = [
            min(level + (counts[name] > 1), len(form) - 1)
            for name, level, form in zip(names, levels, forms, strict=True)
        ]
        if raised == levels:
            return names
        levels = raised


def variable_of(host: Mapping[str, Any]) -> str:
    """The variable that has the id of what a host stands for; followed by C(_name), that with its name."""
    return next(variable for variable in VARIABLES if variable in host)


def _forms(host: Mapping[str, Any]) -> tuple[str, str, str]:
    variable = variable_of(host)
    workspace = [host["konnect_workspace"]] if "konnect_workspace" in host else []
    name = ".".join(_safe(str(word)) for word in (host[f"{variable}_name"], *workspace))
    place = host.get("konnect_region") or _safe(urlsplit(host["konnect_url"]).netloc)
    return name, f"{name}.{place}", f"{name}.{place}.{host[variable]}"


def _safe(text: str) -> str:
    return _UNSAFE.sub("_", text)
