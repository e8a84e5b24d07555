"""How well a network does on the validation list after each epoch."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genre_core.config import MAX_FRAME_SECONDS, FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import HalfArray
from genre_core.evaluation.calibration import fit_temperature
from genre_core.models.base import GenreNetwork
from genre_core.models.familiarity import Familiarity, fit_familiarity
from genre_core.training.augmentation import clip_floor
from genre_core.training.data import TrainingData
from genre_core.types import FloatArray

VALIDATION_BATCH = 16  # frames at once
MIN_TO_CALIBRATE = 20  # validation songs, below which the temperature stays 1


@dataclass(frozen=True)
class EpochMetrics:
    """One line of the CSV. Validation values are NaN where there is nothing to validate on.

    Attributes
    ----------
    epoch : from 1
    learning_rate : of the last step
    train_loss, train_accuracy : mean over the epoch's examples, augmented as they were
    valid_loss, valid_accuracy : over the validation songs
    seconds : that the epoch took
    """

    epoch: int
    learning_rate: float
    train_loss: float
    train_accuracy: float
    valid_loss: float
    valid_accuracy: float
    seconds: float


@dataclass(frozen=True)
class Validation:
    """What one look at the validation list gives; the defaults are those of an empty list.

    Attributes
    ----------
    loss, accuracy : over the songs
    temperature : that calibrates the scores; 1 where there are too few songs
    """

    loss: float = math.nan
    accuracy: float = math.nan
    temperature: float = 1.0


Validator = Callable[[nn.Module], Validation]


def make_validator(data: TrainingData, device: torch.device) -> Validator | None:
    """Return a function that measures a network in eval mode; None without validation clips."""
    if not data.valid:
        return None
    frames = middle_frames(data.valid, data.features)
    labels = np.array([data.genres.index(clip.label) for clip in frames])

    def validate(model: nn.Module) -> Validation:
        logits = predict(model, list(frames.values()), device)
        loss = F.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels))
        enough = len(labels) >= MIN_TO_CALIBRATE
        return Validation(
            loss=float(loss),
            accuracy=float((logits.argmax(axis=1) == labels).mean()),
            temperature=fit_temperature(logits, labels) if enough else 1.0,
        )

    return validate


def learn_familiarity(model: GenreNetwork, data: TrainingData) -> Familiarity | None:
    """Return how the songs that `model` has learnt from lie among its timbres.

    None where fewer than `MIN_TO_CALIBRATE` validation clips tell how far is far.
    """
    timbres = []
    for clips in (data.train, data.valid):
        frames = middle_frames(clips, data.features).values()
        with torch.inference_mode():
            rows = [model.summaries(torch.from_numpy(frame).float()[None]) for frame in frames]
        timbres.append(np.array([row.timbre[0].numpy() for row in rows], dtype=np.float32))
        n_inner = rows[0].inner.shape[1] if rows else 0
    train, valid = timbres
    if len(valid) < MIN_TO_CALIBRATE or len(train) < MIN_TO_CALIBRATE:
        return None
    return fit_familiarity(train, valid, n_inner)


def middle(log_mel: HalfArray, n_columns: int) -> Tensor:
    """Return the middle `n_columns` of a clip, float32 (n_mels, n), or all where it has fewer."""
    start = max(0, log_mel.shape[1] - n_columns) // 2
    return torch.from_numpy(log_mel[:, start : start + n_columns]).float()


def middle_frames(
    clips: Mapping[Clip, HalfArray], features: FeatureSettings
) -> dict[Clip, HalfArray]:
    """Return the middle of each clip: 29.12 s, or all of it where it is shorter."""
    n_columns = features.n_columns_of(MAX_FRAME_SECONDS)
    frames = {}
    for clip, log_mel in clips.items():
        frame = middle(log_mel, n_columns)[None]
        frames[clip] = clip_floor(frame, features)[0].numpy().astype(np.float16)
    return frames


def predict(model: nn.Module, frames: Sequence[HalfArray], device: torch.device) -> FloatArray:
    """Return logits float32 (n, n_genres); frames of equal length go through together.

    Parameters
    ----------
    model : in eval mode, on `device`
    frames : float16 (n_mels, n_columns), dB
    """
    by_length: dict[int, list[int]] = {}
    for index, frame in enumerate(frames):
        by_length.setdefault(frame.shape[1], []).append(index)
    logits: dict[int, np.ndarray[Any, np.dtype[np.float32]]] = {}
    with torch.inference_mode():
        for indices in by_length.values():
            for start in range(0, len(indices), VALIDATION_BATCH):
                some = indices[start : start + VALIDATION_BATCH]
                log_mel = torch.from_numpy(np.stack([frames[index] for index in some]))
                output = model(log_mel.float().to(device)).cpu().numpy()
                logits.update(zip(some, output, strict=True))
    return np.stack([logits[index] for index in range(len(frames))])
