# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the code blocks of a page are found."""

from __future__ import annotations

from pathlib import Path

from support.doc_blocks import blocks_of

RST = """
Title
=====

.. code-block:: yaml

   - name: A play
     hosts: localhost

     tasks: []

Then:

.. not run: it needs Docker

.. code-block:: sh
   :caption: Here

   docker run

#. A step:

   .. file: vars/names.yml

   .. code-block:: yaml

      a: 1
"""
MARKDOWN = """
```sh
one
two
```

<!-- file: a.yml -->
```yaml
- name: A task
```

<!-- not run: no account -->

```sh
three
```
"""


def test_the_blocks_of_restructured_text():
    play, docker, names = blocks_of(Path("a.rst"), RST)
    assert (play.line, play.language, play.is_playbook, play.is_tasks) == (5, "yaml", True, False)
    assert play.text == "- name: A play\n  hosts: localhost\n\n  tasks: []\n"
    assert (docker.text, docker.not_run) == ("docker run\n", "it needs Docker")
    assert (names.text, names.file, names.line) == ("a: 1\n", "vars/names.yml", 25)


def test_the_blocks_of_markdown():
    first, task, third = blocks_of(Path("a.md"), MARKDOWN)
    assert (first.line, first.text, first.not_run) == (2, "one\ntwo\n", "")
    assert (task.file, task.is_tasks) == ("a.yml", True)
    assert (third.text, third.not_run) == ("three\n", "no account")
