# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.community.konnect.plugins.module_utils._predictions import (
    Predictions,
    is_stand_in,
    stand_in_id,
    stand_ins_in,
)

PATH = ("control-planes", "p", "config-stores")
REAL = {"id": "r", "name": "real", "created_at": "2026-11-23T10:00:00.000Z"}
NEW = {"id": "n", "name": "new"}


@pytest.fixture
def predictions(tmp_path):
    return Predictions(str(tmp_path / "facts.jsonl"))


def test_without_facts_a_list_is_as_konnect_has_it(predictions):
    assert predictions.changed(PATH) == {}
    assert predictions.one(PATH, "r", REAL) == REAL


def test_what_would_be_made_is_there(predictions):
    predictions.add("config_store", PATH, NEW["id"], NEW["name"], NEW)
    assert predictions.changed(PATH) == {"n": NEW}
    assert predictions.one(PATH, "n", None) == NEW


def test_what_would_be_removed_is_gone(predictions):
    predictions.add("config_store", PATH, REAL["id"], REAL["name"], None)
    assert predictions.changed(PATH) == {"r": None}
    assert predictions.one(PATH, "r", REAL) is None


def test_facts_about_one_server_or_account_say_nothing_of_another(predictions):
    here = predictions.of_server("https://eu.api.konghq.com", "kpat_one")
    here.add("control_plane", ("control-planes",), NEW["id"], NEW["name"], NEW)
    assert here.changed(("control-planes",)) == {"n": NEW}
    for other in (("https://us.api.konghq.com", "kpat_one"), ("https://eu.api.konghq.com", "kpat_two")):
        assert predictions.of_server(*other).changed(("control-planes",)) == {}


def test_a_token_is_not_in_the_file(predictions, tmp_path):
    of_token = predictions.of_server("https://eu.api.konghq.com", "kpat_fake_token")
    of_token.add("control_plane", ("control-planes",), NEW["id"], NEW["name"], NEW)
    assert "kpat" not in (tmp_path / "facts.jsonl").read_text()


def test_the_last_fact_counts(predictions):
    predictions.add("config_store", PATH, REAL["id"], REAL["name"], None)
    predictions.add("config_store", PATH, REAL["id"], REAL["name"], REAL)
    assert predictions.changed(PATH) == {"r": REAL}


def test_what_would_be_changed_is_as_it_would_be(predictions):
    changed = {**REAL, "name": "changed"}
    predictions.add("config_store", PATH, "r", "changed", changed)
    assert predictions.changed(PATH) == {"r": changed}
    assert predictions.one(PATH, "r", REAL) == changed


@pytest.mark.parametrize("name_or_id", ["r", "real"])
def test_what_would_be_removed_is_known_by_id_and_name(predictions, name_or_id):
    assert not predictions.removed(PATH, name_or_id)
    predictions.add("config_store", PATH, "r", "real", None)
    assert predictions.removed(PATH, name_or_id)
    predictions.add("config_store", PATH, "r", "real", REAL)
    assert not predictions.removed(PATH, name_or_id)


def test_what_is_below_an_entity_goes_with_it(predictions):
    below = (*PATH, "n", "secrets")
    predictions.add("config_store", PATH, "n", "new", NEW)
    predictions.add("secret", below, "my-key", "my-key", {"key": "my-key"})
    predictions.add("config_store", PATH, "n", "new", None)
    predictions.add("config_store", PATH, "n", "new", NEW)
    assert predictions.changed(below) == {}


def test_an_id_in_another_place_of_a_path_takes_nothing_with_it(predictions):
    below = (*PATH, "n", "secrets")
    predictions.add("secret", below, "my-key", "my-key", {"key": "my-key"})
    predictions.add("secret", below, "config-stores", "config-stores", None)
    assert predictions.changed(below)["my-key"] == {"key": "my-key"}


def test_another_list_is_not_touched(predictions):
    predictions.add("config_store", PATH, NEW["id"], NEW["name"], NEW)
    assert predictions.changed((*PATH, "other")) == {}


def test_facts_of_another_task_are_seen(predictions):
    Predictions(predictions.file).add("config_store", PATH, NEW["id"], NEW["name"], NEW)
    assert predictions.one(PATH, "n", None) == NEW


def test_only_the_user_who_runs_the_play_may_read_the_file(predictions, tmp_path):
    predictions.add("config_store", PATH, NEW["id"], NEW["name"], NEW)
    assert (tmp_path / "facts.jsonl").stat().st_mode & 0o777 == 0o600


def test_without_a_file_nothing_is_kept():
    nothing = Predictions()
    nothing.add("config_store", PATH, NEW["id"], NEW["name"], NEW)
    assert nothing.changed(PATH) == {}


def test_a_stand_in_is_the_same_for_the_same_name_and_has_a_form_of_its_own():
    assert stand_in_id(PATH, "a") == stand_in_id(PATH, "a") != stand_in_id(PATH, "b")
    assert is_stand_in(stand_in_id(PATH, "a"))
    assert not is_stand_in("00000000-0000-4000-8000-000000000000")


def test_stand_ins_are_found_anywhere_in_options():
    stand_in = stand_in_id(PATH, "a")
    assert list(stand_ins_in({"config": {"config_store_id": stand_in}, "names": ["b", 7]})) == [stand_in]


# Seals


def test_a_seal_tells_secrets_apart_and_depends_on_the_key():
    one, other = Predictions(key="fake-key-one"), Predictions(key="fake-key-two")
    assert one.seal("fake-secret") == one.seal("fake-secret") != one.seal("fake-secret-2")
    assert one.seal("fake-secret") != other.seal("fake-secret")


def test_a_seal_is_not_sealed_again():
    predictions = Predictions(key="fake-key-one")
    assert predictions.seal(predictions.seal("fake-secret")) == predictions.seal("fake-secret")


def test_the_key_is_not_shown():
    assert "fake-key-one" not in repr(Predictions(key="fake-key-one"))
