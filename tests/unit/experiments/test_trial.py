"""One training run of an experiment, and its continuation after a stop."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genre_core.datasets.splits import Split
from genre_core.experiments.trial import CHECKPOINT, train_and_test
from genre_core.training.augmentation_settings import NO_AUGMENTATION
from genre_core.training.data import TrainingData
from genre_core.training.fit import fit
from genre_core.training.settings import TrainingSettings
from genre_core.training.trainer import Trainer
from tests.unit.experiments.builders import GENRES, made_songs

SMALL = {"channels": (2, 2, 2, 2), "hidden": 3}


def train(folder: Path, **changes: Any) -> dict[str, Any]:
    songs = made_songs()
    settings = TrainingSettings(
        hyperparameters={"channels": (2, 2, 2, 2), "hidden": 2},
        epochs=2,
        batch_size=4,
        augmentation=replace(NO_AUGMENTATION, crop_seconds=(3.0, 3.0), full_length_probability=0.0),
        **changes,
    )
    split = Split(**songs.dataset.splits)
    return train_and_test(settings, songs, split, folder, curve=True)


def test_a_stopped_run_continues_to_the_same_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = train(tmp_path / "whole")
    folder = tmp_path / "parts"
    draws = []

    def stop(trainer: Trainer) -> tuple[float, float]:
        if len(draws) == 4:  # in the second epoch
            raise KeyboardInterrupt
        draws.append(trainer.epoch)
        return step(trainer)

    step = Trainer._train_step
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_train_step", stop)
        with pytest.raises(KeyboardInterrupt):
            train(folder)
    assert list(folder.glob("*.state"))
    resumed = train(folder)
    assert resumed.pop("seconds") >= 0
    assert whole.pop("seconds") >= 0
    assert resumed == whole
    assert [epoch["epoch"] for epoch in whole["curve"]] == [1, 2]
    assert all(0 <= epoch["test_accuracy"] <= 1 for epoch in whole["curve"])
    assert whole["test"]["n_songs"] == 2
    assert not folder.exists()  # the folder is removed


def test_a_state_of_other_settings_is_not_continued(tmp_path: Path) -> None:
    output = tmp_path / CHECKPOINT
    songs = made_songs()
    some = songs.clips(songs.dataset.splits["train"])
    other = TrainingSettings(hyperparameters=SMALL, epochs=1, batch_size=2, batches_per_epoch=1)
    fit(TrainingData(GENRES, songs.features, some), other, output)
    assert output.with_suffix(".state").exists()
    assert train(tmp_path)["epochs"] == 2
