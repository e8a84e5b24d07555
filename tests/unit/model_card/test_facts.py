"""What a card is made of is read strictly, and scores of other weights do not count."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from genre_core.checkpoints.loading import PUBLISHED
from genre_core.errors import DatasetError
from genre_core.evaluation.bundled import (
    CrossValidation,
    Fold,
    cross_validation_file,
    cross_validation_records,
    read_score_files,
    score_file,
)
from genre_core.evaluation.score_set import CROSS_VALIDATION
from genre_core.model_card.facts import CardFacts, Look, RunRecord, read_facts, read_looks, read_run
from tests.unit.model_card.scored import scored

RUN = RunRecord("train", "0" * 64, 5400.0, "Linux", "abacus", "cpu", 2, "3.11", "2.0")
RECORD = CrossValidation(
    "command", "set", "2 folds, seed 0", "abacus", ("train",), {"seed": 0},
    (Fold(0, 10, 8, "a", 3, 0.5, 60.0), Fold(1, 10, 6, "b", 2, None, None)),
)  # fmt: skip


def test_own_scores_are_those_of_the_same_weights(full: CardFacts) -> None:
    sets = full.score_sets
    assert full.own("test") is sets["small.set-test.json"]
    assert full.own("valid") is sets["small.set-valid.json"]
    assert full.own("test", "mp3") is sets["small.set-test.mp3.json"]
    assert full.own("all") is sets["small.songs-all.json"]
    assert full.own("train") is None
    stale = {"small.set-test.json": scored([True] * 4, model_sha256="0" * 64)}
    other = replace(full, score_sets=stale)
    assert other.own("test") is None
    assert other.stale() == ["small.set-test.json"]


def test_folds_of_cross_validation_are_not_stale(full: CardFacts) -> None:
    folds = scored([True] * 4, model_sha256="0" * 64, list_name=CROSS_VALIDATION)
    assert replace(full, score_sets={"folds": folds}).stale() == []


def test_the_data_set_of_the_training_comes_first(full: CardFacts) -> None:
    own = full.score_sets["small.set-test.json"]
    elsewhere = replace(own, provenance=replace(own.provenance, dataset="elsewhere"))
    sets = {"a.json": elsewhere, "b.json": own}
    assert replace(full, score_sets=sets).own("test") is own


def test_others_are_of_the_very_same_clips(full: CardFacts) -> None:
    own = full.own("test")
    assert own is not None
    assert full.others(own) == [full.score_sets["old.set-test.json"]]
    shorter = scored([False] * 9, model=PUBLISHED)
    assert replace(full, score_sets={"old": shorter}).others(own) == []


def test_the_file_of_first_weights_is_named(bare: CardFacts) -> None:
    assert bare.sources == (PUBLISHED,)


def test_stages_are_told_from_files_of_first_weights(bare: CardFacts) -> None:
    own = bare.info.training
    later = own["settings"] | {"init": "previous stage"}
    training = own | {"settings": later, "stages": [own]}
    staged = replace(bare, info=replace(bare.info, training=training))
    assert staged.sources == (PUBLISHED,)
    assert staged.stages_settings == (own["settings"],)


def test_run_record_and_looks_are_read(tmp_path: Path) -> None:
    path = tmp_path / "small.run.json"
    path.write_text(json.dumps(asdict(RUN)))
    assert read_run(path) == RUN
    path = tmp_path / "small.looks.json"
    path.write_text('[{"date": "d", "what": "w", "result": "r", "used_for": "u"}]')
    assert read_looks(path) == (Look("d", "w", "r", "u"),)


@pytest.mark.parametrize(
    ("read", "content", "reason"),
    [
        (read_run, "[", "not readable as JSON"),
        (read_run, "[]", "must be an object"),
        (read_run, "{}", "no field 'checkpoint_sha256'"),
        (read_looks, "{", "not readable as JSON"),
        (read_looks, "3", "must be a list"),
        (read_looks, '[{"date": "d"}]', r"\[0\] has no field"),
        (read_looks, '["d"]', r"\[0\] must be an object"),
    ],
)
def test_a_broken_file_is_named(
    tmp_path: Path, read: Callable[[Path], Any], content: str, reason: str
) -> None:
    path = tmp_path / "small.json"
    path.write_text(content)
    with pytest.raises(DatasetError, match=rf"small\.json.*{reason}"):
        read(path)


def test_cross_validation_is_read(tmp_path: Path) -> None:
    path = cross_validation_file("a", "set", 4, tmp_path)
    assert path == tmp_path / "cross_validation" / "a.set-4-folds.json"
    path.parent.mkdir()
    path.write_text(json.dumps(asdict(RECORD)))
    assert cross_validation_records("a", tmp_path) == [RECORD]
    assert cross_validation_records("b", tmp_path) == []
    path.write_text(json.dumps(asdict(RECORD) | {"folds": [{"fold": 0}]}))
    with pytest.raises(DatasetError, match=r"a\.set-4-folds\.json.*folds\[0\] has no field"):
        cross_validation_records("a", tmp_path)


def test_score_files_have_safe_names(tmp_path: Path) -> None:
    path = score_file("a/b c", "set", "test", "mp3", tmp_path)
    assert path == tmp_path / "a-b-c.set-test.mp3.json"
    assert read_score_files(tmp_path) == {}


def test_facts_are_read_from_the_files_beside(checkpoint: Path, tmp_path: Path) -> None:
    checkpoint.with_suffix(".run.json").write_text(json.dumps(asdict(RUN)))
    checkpoint.with_suffix(".looks.json").write_text("[]")
    checkpoint.with_suffix(".recipe.json").write_text("{}")
    facts = read_facts(checkpoint, tmp_path / "nothing")
    assert (facts.run, facts.looks, facts.recipe) == (RUN, (), "small.recipe.json")
    assert (facts.file_name, facts.bundled) == ("small.safetensors", False)
    assert facts.file_bytes == checkpoint.stat().st_size
