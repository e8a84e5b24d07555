"""One training run of an experiment, with its accuracy on lists that it does not learn from.

An interrupted run resumes at its last finished epoch, from the state file of `training.fit`.
"""

import json
import math
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import HalfArray
from genre_core.datasets.splits import Split
from genre_core.experiments.results import Row
from genre_core.experiments.songs import Songs
from genre_core.records import atomic_write
from genre_core.training.data import TrainingData
from genre_core.training.events import EpochEnd, TrainingEvent
from genre_core.training.fit import TrainedNetwork, fit
from genre_core.training.settings import TrainingSettings
from genre_core.training.validation import EpochMetrics, middle_frames, predict

CHECKPOINT = "network.safetensors"


def train_and_test(
    settings: TrainingSettings,
    songs: Songs,
    split: Split,
    folder: Path,
    *,
    curve: bool = False,
    device: str = "cpu",
) -> Row:
    """Train one network and test the epoch that `settings.select_by` chooses.

    Returns a row of `results.do_runs`: `parameters`, of which `learnt_parameters` were trained;
    `n_train`, `epochs`, `best_epoch`, `seconds`; `valid` and `test` (see `list_result`);
    `train_loss` and `train_accuracy` of the last epoch, on its augmented crops; with `curve`, a
    list of epochs.

    Parameters
    ----------
    settings : with `select_by="last"`, the validation list chooses nothing
    split : its validation list may be empty
    folder : for the state of this run alone; removed at the end
    curve : validate and test after every epoch
    device : to train on, as torch names it
    """
    train, valid, test = (songs.clips(ids) for ids in (split.train, split.valid, split.test))
    data = TrainingData(songs.dataset.genres, songs.features, train, valid if curve else {})
    notes = _Notes(folder / "curve.json")

    def note(event: TrainingEvent) -> None:
        if curve and isinstance(event, EpochEnd):
            loss, correct = loss_and_correct(event.model, songs, test)
            accuracy = sum(correct.values()) / len(correct)
            notes.add(event.metrics.epoch, {"test_loss": loss, "test_accuracy": accuracy})

    network = fit(
        data,
        settings,
        folder / CHECKPOINT,
        device=device,
        resume=True,
        restart=True,
        on_event=note,
    )
    row = _row(network, len(train))
    for name, clips in (("valid", valid), ("test", test)):
        if clips:
            row[name] = list_result(loss_and_correct(network.model, songs, clips)[1])
    if curve:
        row["curve"] = [_epoch(each, notes.of(each.epoch)) for each in network.history]
    shutil.rmtree(folder)
    return row


def loss_and_correct(
    model: nn.Module, songs: Songs, clips: Mapping[Clip, HalfArray]
) -> tuple[float, dict[str, bool]]:
    """Return the cross-entropy over the middle 29.12 s of clips, and clip id -> whether correct.

    Parameters
    ----------
    model : in eval mode
    songs : of the clips
    clips : mapping of Clip to float16 (n_mels, n_columns)
    """
    frames = middle_frames(clips, songs.features)
    device = next(model.parameters()).device
    logits = torch.from_numpy(predict(model, list(frames.values()), device))
    labels = torch.tensor([songs.dataset.genres.index(clip.label) for clip in frames])
    correct = (logits.argmax(dim=1) == labels).tolist()
    loss = float(F.cross_entropy(logits, labels))
    return loss, {clip.clip_id: each for clip, each in zip(frames, correct, strict=True)}


def list_result(correct: Mapping[str, bool]) -> dict[str, Any]:
    """Return `n_right`, `n_songs` and the ids of the `wrong` ones."""
    wrong = sorted(clip_id for clip_id, each in correct.items() if not each)
    return {"n_right": len(correct) - len(wrong), "n_songs": len(correct), "wrong": wrong}


def _row(network: TrainedNetwork, n_train: int) -> Row:
    parameters = list(network.model.parameters())
    last = network.history[-1]
    return {
        "parameters": sum(each.numel() for each in parameters),
        "learnt_parameters": sum(each.numel() for each in parameters if each.requires_grad),
        "n_train": n_train,
        "epochs": last.epoch,
        "best_epoch": network.best.epoch,
        "seconds": round(sum(epoch.seconds for epoch in network.history), 1),
        "train_loss": _short(last.train_loss),
        "train_accuracy": _short(last.train_accuracy),
    }


def _epoch(metrics: EpochMetrics, tested: Mapping[str, float]) -> Row:
    names = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy")
    values = {**{name: getattr(metrics, name) for name in names}, **tested}
    return {"epoch": metrics.epoch, **{name: _short(value) for name, value in values.items()}}


class _Notes:
    """Test results by epoch, in a file, so that a resumed run has the earlier ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._epochs: dict[int, dict[str, float]] = {}
        if path.is_file():
            record = json.loads(path.read_text(encoding="utf-8"))
            self._epochs = {int(epoch): values for epoch, values in record.items()}

    def add(self, epoch: int, values: dict[str, float]) -> None:
        self._epochs[epoch] = values
        with atomic_write(self._path) as file:
            file.write(json.dumps(self._epochs).encode())

    def of(self, epoch: int) -> dict[str, float]:
        return self._epochs.get(epoch, {})


def _short(value: float) -> float | None:
    """Return `value` with five digits; None, which JSON has, for NaN."""
    return None if math.isnan(value) else float(np.format_float_scientific(value, precision=4))
