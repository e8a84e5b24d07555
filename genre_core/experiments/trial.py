"""One training run of an experiment, with what it scores on lists that it does not learn from.

An interrupted run goes on from its last finished epoch, by the state file of `training.run`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import HalfArray
from genre_core.experiments.results import Row
from genre_core.training.data import TrainingData
from genre_core.training.events import EpochEnd, TrainingEvent
from genre_core.training.fit import fit
from genre_core.training.settings import TrainingSettings
from genre_core.training.validation import middle_frames, predict

Clips = Mapping[Clip, HalfArray]

CPU = torch.device("cpu")


def named_rightly(
    model: nn.Module, clips: Clips, genres: Sequence[str], features: FeatureSettings
) -> tuple[float, dict[str, bool]]:
    """Return the cross-entropy and, for each clip id, whether it was named rightly.

    Parameters
    ----------
    model : nn.Module
        In eval mode.
    clips : mapping of Clip to float16 (n_mels, n_columns)
        The middle 29.12 s of each are heard.
    genres : sequence of str
        Outputs of the model.
    features : FeatureSettings
        Of the clips.
    """
    frames = middle_frames(clips, features)
    logits = torch.from_numpy(predict(model, list(frames.values()), CPU))
    labels = torch.tensor([genres.index(clip.label) for clip in frames])
    right = (logits.argmax(dim=1) == labels).tolist()
    loss = float(F.cross_entropy(logits, labels))
    return loss, {clip.clip_id: each for clip, each in zip(frames, right, strict=True)}


def train_and_test(
    settings: TrainingSettings,
    genres: Sequence[str],
    train: Clips,
    valid: Clips,
    test: Clips,
    output: Path,
    *,
    features: FeatureSettings,
    curve: bool = False,
) -> Row:
    """Train one network and test the epoch that `settings.select_by` chooses.

    Parameters
    ----------
    settings : TrainingSettings
        With `select_by="last"`, `valid` decides nothing.
    genres : sequence of str
    train, valid, test : mapping of Clip to float16 (n_mels, n_columns)
        `valid` may be empty.
    output : Path
        Checkpoint; it and what lies beside it is removed when all is done.
    features : FeatureSettings
        Of the clips.
    curve : bool
        Validate and test after every epoch.

    Returns
    -------
    dict
        Row of `results.do_runs`: `parameters`, of which `learnt_parameters` could move; `n_train`,
        `epochs`, `best_epoch`, `seconds`; `valid` and `test` (see `list_result`); `train_loss` and
        `train_accuracy` of the last epoch, on its augmented crops; with `curve`, a list of epochs.
    """
    data = TrainingData(tuple(genres), features, train, valid if curve else {})
    notes = _Notes(output.with_suffix(".curve.json"))

    def note(event: TrainingEvent) -> None:
        if curve and isinstance(event, EpochEnd):
            loss, right = named_rightly(event.model, test, genres, features)
            accuracy = sum(right.values()) / len(right)
            notes.add(event.metrics.epoch, {"test_loss": loss, "test_accuracy": accuracy})

    network = fit(data, settings, output, resume=True, restart=True, on_event=note)
    model = network.model
    last = network.history[-1]
    row: Row = {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "learnt_parameters": sum(p.numel() for p in model.parameters() if p.requires_grad),
        "n_train": len(train),
        "epochs": last.epoch,
        "best_epoch": network.best.epoch,
        "seconds": round(sum(epoch.seconds for epoch in network.history), 1),
        "train_loss": _short(last.train_loss),
        "train_accuracy": _short(last.train_accuracy),
    }
    for name, clips in (("valid", valid), ("test", test)):
        if clips:
            row[name] = list_result(named_rightly(model, clips, genres, features)[1])
    if curve:
        row["curve"] = [
            {
                "epoch": epoch.epoch,
                **{
                    key: _short(getattr(epoch, key))
                    for key in ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy")
                },
                **{key: _short(value) for key, value in notes.of(epoch.epoch).items()},
            }
            for epoch in network.history
        ]
    for suffix in (".safetensors", ".csv", ".state", ".run.json", ".curve.json"):
        output.with_suffix(suffix).unlink(missing_ok=True)
    return row


def list_result(right: Mapping[str, bool]) -> dict[str, Any]:
    """Return `n_right`, `n_songs` and the ids of the `wrong` ones."""
    wrong = sorted(clip_id for clip_id, each in right.items() if not each)
    return {"n_right": len(right) - len(wrong), "n_songs": len(right), "wrong": wrong}


def crop_seconds(n_columns: int, features: FeatureSettings) -> float:
    """Return the seconds that make crops of exactly `n_columns`."""
    return (n_columns - 1) * features.column_seconds


class _Notes:
    """What is measured beside the trainer, an epoch, kept in a file so that it can go on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._epochs: dict[int, dict[str, float]] = {}
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            self._epochs = {int(epoch): values for epoch, values in held.items()}
        except (OSError, ValueError, AttributeError):
            pass  # none yet

    def add(self, epoch: int, values: dict[str, float]) -> None:
        self._epochs[epoch] = values
        self._path.write_text(json.dumps(self._epochs), encoding="utf-8")

    def of(self, epoch: int) -> dict[str, float]:
        return self._epochs.get(epoch, {})


def _short(value: float) -> float | None:
    """Return `value` with five digits; None, which JSON has, for NaN."""
    return None if math.isnan(value) else float(np.format_float_scientific(value, precision=4))
