# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The context of a task: its warnings, the values that must never be shown, and its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ._errors import visible
from ._known_ids import KnownIds
from ._predictions import Predictions


@dataclass
class Task:
    """Warnings, secrets and progress of one task.

    :param views: by option, what is shown of its value, once the engine knows more of it than the name.
    :param report: called with each line of progress.
    :param predictions: made by earlier tasks of a play in check mode.
    :param known_ids: of what earlier tasks of a run found or made.
    :param empty_options: the options that the task gives as an empty text, which means that they are not given.
    """

    check_mode: bool = False
    empty_options: frozenset[str] = frozenset()
    predictions: Predictions = Predictions()
    known_ids: KnownIds = KnownIds()
    warnings: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    views: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    report: Callable[[str], None] = lambda line: None

    def warn(self, message: str) -> None:
        self.warnings.append(visible(message))

    def warn_all(self, messages: Iterable[str]) -> None:
        for message in messages:
            self.warn(message)

    def hide(self, secrets: Iterable[str]) -> None:
        """Keep these values out of every free text that the task shows."""
        self.secrets.update(secrets)
