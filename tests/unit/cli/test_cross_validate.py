"""The subcommand `cross-validate` on generated songs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.cli import main
from genre_core.evaluation.bundled import cross_validation_records
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.training import cross_validation
from genre_core.training.trainer import Trainer

RECIPE = {
    "hyperparameters": {"channels": [4], "pools": [[8, 4]], "hidden": 4},
    "epochs": 1,
    "batch_size": 4,
    "batches_per_epoch": 1,
    "augmentation": {"crop_seconds": [3, 3]},
}


@pytest.fixture
def songs(tmp_path: Path, wav_bytes: Callable[..., bytes]) -> Path:
    """Two genres of ten short songs."""
    generator = np.random.default_rng(0)
    for genre, gain in (("hiss", 0.1), ("hush", 0.01)):
        folder = tmp_path / "songs" / genre
        folder.mkdir(parents=True)
        for number in range(10):
            samples = gain * generator.standard_normal(36_500)
            (folder / f"{number}.wav").write_bytes(wav_bytes(sample_rate=12_000, samples=samples))
    return tmp_path / "songs"


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each step of training, and each scoring of a list."""
    done: list[str] = []
    train_step, score = Trainer._train_step, cross_validation.score_dataset

    def note_step(trainer: Trainer) -> tuple[float, float]:
        done.append("step")
        return train_step(trainer)

    def note_scoring(*arguments: Any) -> ScoreSet:
        done.append("score")
        return score(*arguments)

    monkeypatch.setattr(Trainer, "_train_step", note_step)
    monkeypatch.setattr(cross_validation, "score_dataset", note_scoring)
    return done


def test_every_song_is_scored_once_and_finished_folds_are_kept(
    songs: Path, tmp_path: Path, steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps(RECIPE))
    command = ["cross-validate", str(songs), "--settings", str(recipe), "--name", "mine"]
    command += ["--folds", "2", "--cache", str(tmp_path / "cache")]
    command += ["--work", str(tmp_path / "work"), "--output", str(tmp_path / "out")]
    assert main(command) == 0
    assert steps == ["step", "score"] * 2
    scored = load_score_set(tmp_path / "out" / "mine.songs-2-folds.json")
    assert len({clip.clip_id for clip in scored.clips}) == len(scored.clips) == 20
    assert scored.provenance.scheme == "2 folds, seed 0"
    record_path = tmp_path / "out" / "cross_validation" / "mine.songs-2-folds.json"
    [record] = cross_validation_records("mine", tmp_path / "out")
    assert record.settings["epochs"] == 1
    assert sum(fold.n_songs for fold in record.folds) == 20
    n_right = sum(fold.n_right for fold in record.folds)
    assert f"{n_right} of 20" in capsys.readouterr().out
    work = tmp_path / "work" / "mine.songs-2-folds-seed0"
    infos = [load_checkpoint(work / f"fold{number}.safetensors")[1] for number in (0, 1)]
    assert [info.sha256 for info in infos] == [fold.checkpoint_sha256 for fold in record.folds]

    steps.clear()
    assert main(command) == 0
    assert steps == []
    scores = work / "fold1.json"
    scores.write_text(scores.read_text()[:100])  # half a file
    assert main(command) == 0
    assert steps == ["score"]

    steps.clear()
    recipe.write_text(json.dumps(RECIPE | {"learning_rate": 0.01}))
    written = record_path.read_bytes()
    assert main([*command, "--only", "1"]) == 0
    assert steps == ["step", "score"]
    assert record_path.read_bytes() == written
    assert main(command) == 0
    assert steps == ["step", "score"] * 2  # the other fold, and then both are joined
    assert json.loads(record_path.read_text())["settings"]["learning_rate"] == 0.01


def test_a_missing_recipe_is_named(
    songs: Path, tmp_path: Path, steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["cross-validate", str(songs), "--settings", str(tmp_path / "none.json")]
    assert main([*command, "--work", str(tmp_path)]) == 1
    assert steps == []
    assert "none.json" in capsys.readouterr().err
