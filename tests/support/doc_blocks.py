# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The code blocks of a page of the documentation, in reStructuredText or Markdown.

A comment above a block says what is special about it: ``.. not run: REASON``, or ``.. file: NAME`` for one that is a
file in the reader's folder. In Markdown the same stands in ``<!-- -->``.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MARKDOWN = re.compile(
    r"(?:^<!-- (?P<note>.+?) -->\n+)?^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
RST = re.compile(
    r"(?:^(?P<indent> *)\.\. (?P<note>(?:not run|file): .+)\n\n)?"
    r"^(?P<margin> *)\.\. code-block:: (?P<language>\S+)\n(?P<options>(?:^ +:.+\n)*)\n"
    r"(?P<text>(?:(?:(?P=margin)   .*)?\n)+)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A code block.

    :param language: as the page names it, such as ``yaml`` or ``sh``.
    :param file: the name of the file that it is, if any.
    :param not_run: why no test runs it, if so.
    """

    path: Path
    line: int
    language: str
    text: str
    file: str = ""
    not_run: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def data(self) -> Any:
        """What a block of YAML holds."""
        return yaml.safe_load(self.text)

    @property
    def is_playbook(self) -> bool:
        return self.language == "yaml" and isinstance(self.data, list) and bool({"hosts"} & set(self.data[0]))

    @property
    def is_tasks(self) -> bool:
        return self.language == "yaml" and isinstance(self.data, list) and not self.is_playbook

    @property
    def is_fragment(self) -> bool:
        """A part of a playbook or of a task, such as variables, which nothing can run by itself."""
        return self.language == "yaml" and isinstance(self.data, dict)


def blocks_of(path: Path, text: str) -> Iterator[Block]:
    """Yield the blocks of a page, in their order."""
    for match in (RST if path.suffix == ".rst" else MARKDOWN).finditer(text):
        kind, _colon, value = (match["note"] or "").partition(": ")
        yield Block(
            path=path,
            line=text.count("\n", 0, match.start("language")) + 1,
            language=match["language"],
            text=textwrap.dedent(match["text"]).strip("\n") + "\n",
            file=value if kind == "file" else "",
            not_run=value if kind == "not run" else "",
        )
