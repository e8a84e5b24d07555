import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.training.events import StepEnd, TrainingEvent
from genre_core.training.fit import TrainingStopped
from genre_core.training.resume import StateError
from tests.unit.training.builders import (
    GENRES,
    HYPERPARAMETERS,
    PLAIN,
    SETTINGS,
    assert_same,
    fit_made,
    made_clips,
    tensors_of,
)


def test_loss_falls_and_ten_examples_are_learnt_by_heart(tmp_path: Path) -> None:
    settings = replace(
        SETTINGS,
        hyperparameters=HYPERPARAMETERS | {"conv_dropout": 0.0, "recurrent_dropout": 0.0},
        augmentation=PLAIN,
        epochs=12,
        learning_rate=2e-2,
        schedule="constant",
        ema_decay=0.0,
    )
    result = fit_made(tmp_path / "model.safetensors", settings, valid=made_clips())
    assert result.history[-1].train_loss < 0.3 * result.history[0].train_loss
    assert result.history[-1].valid_accuracy == 1.0  # the ten examples themselves
    assert result.info.genres == GENRES
    saved = tensors_of(tmp_path / "model.safetensors")
    assert result.model.state_dict().keys() == saved.keys()
    assert all(torch.equal(value, saved[key]) for key, value in result.model.state_dict().items())


def test_same_seed_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        fit_made(tmp_path / name / "model.safetensors")
    first, second = (tmp_path / name / "model.safetensors" for name in ("a", "b"))
    assert_same(first, second)
    infos = [load_checkpoint(path)[1] for path in (first, second)]
    assert infos[0].sha256 == infos[1].sha256


def test_other_seed_other_weights(tmp_path: Path) -> None:
    fit_made(tmp_path / "a.safetensors")
    fit_made(tmp_path / "b.safetensors", replace(SETTINGS, seed=1))
    one, other = tensors_of(tmp_path / "a.safetensors"), tensors_of(tmp_path / "b.safetensors")
    assert not torch.equal(one["classifier.weight"], other["classifier.weight"])


@pytest.mark.parametrize(
    ("optimizer", "stop_at"),
    [("adamw", 2), ("adamw", 3), ("adam", 7), ("sgd", 5)],  # 3: as an epoch ends
)
def test_resumed_run_is_the_uninterrupted_one(tmp_path: Path, optimizer: Any, stop_at: int) -> None:
    settings = replace(SETTINGS, optimizer=optimizer)
    whole = fit_made(tmp_path / "whole" / "model.safetensors", settings)

    output = tmp_path / "parts" / "model.safetensors"
    steps: list[StepEnd] = []

    def note(event: TrainingEvent) -> None:
        if isinstance(event, StepEnd):
            steps.append(event)

    with pytest.raises(TrainingStopped) as stopped:
        fit_made(output, settings, on_event=note, should_stop=lambda: len(steps) == stop_at)
    assert stopped.value.state_path == output.with_suffix(".state")
    assert len(steps) == stop_at

    torch.rand(17), np.random.default_rng().random()  # whatever happened in between
    resumed = fit_made(output, settings, resume=True, on_event=note)
    assert [step.n_done for step in steps] == list(range(1, 10))
    assert_same(tmp_path / "whole" / "model.safetensors", output)
    for name, tensor in whole.model.state_dict().items():
        assert torch.equal(tensor, resumed.model.state_dict()[name]), name


def test_resume_refuses_other_settings_and_data(tmp_path: Path) -> None:
    output = tmp_path / "model.safetensors"
    fit_made(output)
    with pytest.raises(StateError, match="other settings or data"):
        fit_made(output, replace(SETTINGS, learning_rate=1e-4), resume=True)
    with pytest.raises(StateError, match="other settings or data"):
        fit_made(output, train=made_clips(4), resume=True)
    other = replace(SETTINGS, epochs=1)
    assert len(fit_made(output, other, resume=True, restart=True).history) == 1


def test_resume_refuses_another_start(tmp_path: Path) -> None:
    start, output = tmp_path / "start.safetensors", tmp_path / "model.safetensors"
    fit_made(start)
    settings = replace(SETTINGS, epochs=1, learning_rate=1e-9, ema_decay=0.0)
    network = fit_made(output, settings, start=start)
    for name, tensor in tensors_of(start).items():
        if "running" not in name and "num_batches" not in name:
            torch.testing.assert_close(network.model.state_dict()[name], tensor)
    fit_made(start, replace(SETTINGS, seed=1))
    with pytest.raises(StateError, match="other settings or data"):
        fit_made(output, settings, start=start, resume=True)


def test_damaged_state_is_refused(tmp_path: Path) -> None:
    output = tmp_path / "model.safetensors"
    output.with_suffix(".state").write_bytes(b"nonsense")
    with pytest.raises(StateError, match="not a saved training state"):
        fit_made(output, resume=True)


def test_resuming_a_finished_run_changes_nothing(tmp_path: Path) -> None:
    output = tmp_path / "model.safetensors"
    before = fit_made(output).info.sha256
    result = fit_made(output, resume=True)
    assert len(result.history) == 3
    assert load_checkpoint(output)[1].sha256 == before


def test_without_validation_the_last_epoch_counts(tmp_path: Path) -> None:
    result = fit_made(tmp_path / "model.safetensors", valid={})
    assert result.best.epoch == 3
    assert math.isnan(result.best.valid_accuracy)
    assert result.info.training["valid_accuracy"] is None


def test_the_last_checkpoint_knows_how_its_training_frames_lie(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    clips = {"train": made_clips(12), "valid": made_clips(10, seed=1)}
    fitted = fit_made(path, with_familiarity=True, **clips)
    familiarity = load_checkpoint(path)[1].familiarity
    assert familiarity is not None
    assert len(familiarity.examples) == 24
    with torch.inference_mode():
        known = fitted.model.summaries(
            torch.from_numpy(np.stack(list(clips["valid"].values()))).float()
        ).timbre
    assert familiarity.unlikeness(known.numpy()) == pytest.approx(0.5, abs=0.1)
    too_few = fit_made(path, with_familiarity=True, train=clips["train"])
    assert too_few.info.familiarity is None
