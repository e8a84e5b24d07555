"""`python -m benchmarks.cross_validation` on songs made here."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks import cross_validation
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.cli import main
from genre_core.evaluation.score_file import load_score_set

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
    """Run the steps in this process, and keep the name of each."""
    done: list[str] = []

    def run(arguments: Sequence[str]) -> None:
        done.append(arguments[0])
        status = main(list(arguments))
        if status:
            raise cross_validation.StepError(status)

    monkeypatch.setattr(cross_validation, "genre_core", run)
    return done


def test_every_song_is_scored_once_and_finished_folds_are_kept(
    songs: Path, tmp_path: Path, steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps(RECIPE))
    command = [str(songs), "--settings", str(recipe), "--folds", "2", "--name", "mine"]
    command += ["--work", str(tmp_path / "work"), "--output", str(tmp_path / "out")]
    command += ["--", "--cache", str(tmp_path / "cache")]
    assert cross_validation.main(command) == 0
    assert steps == ["train", "evaluate"] * 2
    scored = load_score_set(tmp_path / "out" / "mine.songs-2-folds.json")
    assert len(scored.clips) == 20
    assert scored.provenance.scheme == "2 folds, seed 0"
    record = json.loads(
        (tmp_path / "out" / "cross_validation" / "mine.songs-2-folds.json").read_text()
    )
    assert record["settings"]["epochs"] == 1
    assert sum(fold["n_songs"] for fold in record["folds"]) == 20
    n_right = sum(fold["n_right"] for fold in record["folds"])
    assert f"{n_right} of 20" in capsys.readouterr().out
    work = tmp_path / "work" / "mine.songs-2-folds-seed0"
    infos = [load_checkpoint(work / f"fold{number}.safetensors")[1] for number in (0, 1)]
    assert [info.sha256 for info in infos] == [
        fold["checkpoint_sha256"] for fold in record["folds"]
    ]

    steps.clear()
    assert cross_validation.main(command) == 0
    assert steps == []
    step = work / "fold1.step.json"
    interrupted = json.loads(step.read_text())
    del interrupted["sha256"]
    step.write_text(json.dumps(interrupted))
    assert cross_validation.main(command) == 0
    assert steps == ["train"]  # goes on from its state: nothing left to do, the scores still hold

    steps.clear()
    recipe.write_text(json.dumps(RECIPE | {"learning_rate": 0.01}))
    only = command.index("--folds")
    written = (tmp_path / "out" / "mine.songs-2-folds.json").read_bytes()
    assert cross_validation.main([*command[:only], "--only", "1", *command[only:]]) == 0
    assert steps == ["train", "evaluate"]
    assert (tmp_path / "out" / "mine.songs-2-folds.json").read_bytes() == written
    assert cross_validation.main(command) == 0
    assert steps == ["train", "evaluate"] * 2  # the other fold, and then both are joined
    joined = json.loads(
        (tmp_path / "out" / "cross_validation" / "mine.songs-2-folds.json").read_text()
    )
    assert joined["settings"]["learning_rate"] == 0.01


def test_a_failing_step_ends_it_with_its_status(
    songs: Path, tmp_path: Path, steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command = [str(songs), "--settings", str(tmp_path / "none.json"), "--work", str(tmp_path)]
    assert cross_validation.main(command) == 1
    assert steps == ["train"]
    assert "none.json" in capsys.readouterr().err
