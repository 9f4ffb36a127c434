# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of the project, and the checker that finds those that were replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from support.words import MATCHERS, Finding, Rule, Text, find, load_rules, read_texts

# All texts are read once.
pytestmark = pytest.mark.xdist_group("words")

ROOT = Path(__file__).resolve().parents[2]
RULES = load_rules(ROOT / "tests" / "words.yml")
CURRENT = [rule for rule in RULES if not rule.later]
# For each place a file in which a word stands as it would in use.
FILES = {
    "docs": ("roles/some_role/README.md", "# A role\n\nIt is said that {word} is used.\n"),
    "tasks": ("playbooks/some.yml", "- name: Then {word} as before\n  ansible.builtin.meta: noop\n"),
    "messages": ("plugins/module_utils/_some.py", 'raise ValueError(f"No {{1}}, {word} is used.")\n'),
    "identifiers": ("plugins/module_utils/_some.py", "def before_{name}_after() -> None:\n    {name} = None\n"),
    "codes": ("plugins/module_utils/_some.py", 'CODE = "{word}"\n'),
    "options": ("plugins/modules/some.py", "RETURN = '''\n{word}:\n  description: A thing.\n'''\n"),
    "docstrings": ("plugins/module_utils/_some.py", 'def some() -> None:\n    """{word} it is."""\n'),
    "tests": ("tests/unit/test_some.py", "{word} = 1\n"),
}
USES = [(rule, word, place) for rule in CURRENT for word in rule.words for place in rule.places]


def words_in(files: dict[str, str], root: Path, rules: list[Rule] = RULES) -> list[Finding]:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return find(rules, read_texts(root))


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    return list(read_texts(ROOT))


@pytest.mark.parametrize("place", MATCHERS)
def test_no_replaced_word_is_in_use(texts, place):
    findings = find(RULES, [text for text in texts if text.place == place])
    assert not findings, "\n" + "\n".join(map(str, findings))


@pytest.mark.parametrize("place", MATCHERS)
def test_every_place_has_texts(texts, place):
    assert any(text.place == place for text in texts)


@pytest.mark.parametrize(("rule", "word", "place"), USES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_word_that_is_put_back_is_found(tmp_path, rule, word, place):
    name, content = FILES[place]
    content = content.format(word=word, name=word.lower().replace(" ", "_"))
    assert (rule, word) in [(found.rule, found.word) for found in words_in({name: content}, tmp_path)]


def test_a_finding_says_where_it_is_and_what_to_write_instead(tmp_path):
    (found,) = words_in({"README.md": "One line.\n\nThen mend it.\n"}, tmp_path)
    assert str(found) == "README.md:3: 'mend'; write: fix the reference (archaic)"


def test_words_of_a_phrase_may_stand_on_two_lines(tmp_path):
    assert words_in({"README.md": "No vault at\nall.\n"}, tmp_path)


def test_a_word_within_a_longer_one_is_not_found(tmp_path):
    code = '"""Unplained."""\nRECOMMENDED = "It was recommended, and unanswered."\n'
    assert not words_in({"README.md": "It was recommended.\n", "plugins/module_utils/_some.py": code}, tmp_path)


def test_names_are_compared_word_by_word_in_every_spelling(tmp_path):
    code = (
        "class HTTPAnswer:\n    LAST_ANSWER = None\n\n    def set(self, answer=None):\n        self.first_answer = 1\n"
    )
    findings = words_in({"plugins/module_utils/_some.py": code}, tmp_path)
    assert [(found.word, found.line) for found in findings] == [("answer", line) for line in (1, 2, 4, 5)]


def test_the_name_of_a_file_counts(tmp_path):
    assert words_in({"plugins/module_utils/_pace.py": ""}, tmp_path)
    assert words_in({"tests/integration/files/theirs.yml": ""}, tmp_path)


def test_what_an_f_string_inserts_is_not_part_of_the_message(tmp_path):
    code = 'raise ValueError(f"The {answer} came late, as {words[1]!r} says.")\n'
    assert not words_in({"plugins/module_utils/_some.py": code}, tmp_path)


def test_a_text_that_an_f_string_inserts_is_a_message_of_its_own(tmp_path):
    code = "raise ValueError(f\"It is {'no answer' if late else ''}.\")\n"
    assert [found.word for found in words_in({"plugins/module_utils/_some.py": code}, tmp_path)] == ["answer"]


def test_comments_are_free(tmp_path):
    files = {"plugins/module_utils/_some.py": "# No answer\n", "playbooks/some.yml": "# No answer\n[]\n"}
    assert not words_in(files, tmp_path)


def test_what_is_for_later_is_not_searched_for(tmp_path):
    rule = Rule(("answer",), ("docs",), "response", "HTTP has responses", later=True)
    assert not words_in({"README.md": "An answer.\n"}, tmp_path, [rule])


def test_a_place_that_does_not_exist_is_refused(tmp_path):
    path = tmp_path / "words.yml"
    path.write_text(yaml.safe_dump([{"words": ["mend"], "places": ["songs"], "instead": "fix", "reason": "archaic"}]))
    with pytest.raises(ValueError, match="songs"):
        load_rules(path)
