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
from genre_core.datasets.clips import Clip, best_sources
from genre_core.datasets.feature_cache import HalfArray
from genre_core.errors import DatasetError
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
    valid_loss, valid_accuracy : over the validation songs, each from its best source
    valid_audio_accuracy, valid_converted_accuracy : over all clips of that kind
    seconds : that the epoch took
    """

    epoch: int
    learning_rate: float
    train_loss: float
    train_accuracy: float
    valid_loss: float
    valid_accuracy: float
    valid_audio_accuracy: float
    valid_converted_accuracy: float
    seconds: float


@dataclass(frozen=True)
class Validation:
    """What one look at the validation list gives; the defaults are those of an empty list.

    Attributes
    ----------
    loss, accuracy : over the songs, each from its best source
    audio_accuracy, converted_accuracy : over all clips of that kind
    temperature : that calibrates the scores; 1 where there are too few songs
    """

    loss: float = math.nan
    accuracy: float = math.nan
    audio_accuracy: float = math.nan
    converted_accuracy: float = math.nan
    temperature: float = 1.0


Validator = Callable[[nn.Module], Validation]


def make_validator(data: TrainingData, device: torch.device) -> Validator | None:
    """Return a function that measures a network in eval mode; None without validation clips."""
    if not data.valid:
        return None
    frames = middle_frames(data.valid, data.features)
    clips = list(frames)
    labels = np.array([data.genres.index(clip.label) for clip in clips])
    position = {clip: index for index, clip in enumerate(clips)}
    best = [position[clip] for clip in best_sources(clips)]

    def validate(model: nn.Module) -> Validation:
        logits = predict(model, list(frames.values()), device)
        correct = logits.argmax(axis=1) == labels
        by_kind = {
            kind: float(correct[[clip.kind == kind for clip in clips]].mean())
            for kind in {clip.kind for clip in clips}
        }
        song_logits, song_labels = logits[best], labels[best]
        loss = F.cross_entropy(torch.from_numpy(song_logits), torch.from_numpy(song_labels))
        enough = len(best) >= MIN_TO_CALIBRATE
        return Validation(
            loss=float(loss),
            accuracy=float(correct[best].mean()),
            audio_accuracy=by_kind.get("audio", math.nan),
            converted_accuracy=by_kind.get("converted", math.nan),
            temperature=fit_temperature(song_logits, song_labels) if enough else 1.0,
        )

    return validate


def learn_familiarity(model: GenreNetwork, data: TrainingData) -> Familiarity | None:
    """Return how the sound that `model` has learnt from lies in its embedding.

    None where fewer than `MIN_TO_CALIBRATE` validation clips of sound tell how far is far.
    """
    embeddings = []
    for clips in (data.train, data.valid):
        sound = {clip: log_mel for clip, log_mel in clips.items() if clip.kind == "audio"}
        frames = middle_frames(sound, data.features).values()
        with torch.inference_mode():
            embedded = [model.embed(torch.from_numpy(frame).float()[None])[0] for frame in frames]
        embeddings.append(np.array([vector.numpy() for vector in embedded], dtype=np.float32))
    train, valid = embeddings
    if len(valid) < MIN_TO_CALIBRATE or len(train) < MIN_TO_CALIBRATE:
        return None
    return fit_familiarity(train, valid)


def middle(log_mel: HalfArray, n_columns: int) -> Tensor:
    """Return the middle `n_columns` of a clip, float32 (n_mels, n), or all where it has fewer."""
    start = max(0, log_mel.shape[1] - n_columns) // 2
    return torch.from_numpy(log_mel[:, start : start + n_columns]).float()


def middle_frames(
    clips: Mapping[Clip, HalfArray], features: FeatureSettings
) -> dict[Clip, HalfArray]:
    """Return the middle of each clip: 29.12 s, or all of it where it is shorter.

    Short sound is left out: a network may need more than its 2 s.
    """
    n_columns = features.n_columns_of(MAX_FRAME_SECONDS)
    frames = {}
    for clip, log_mel in clips.items():
        if clip.kind != "short_audio":
            frame = middle(log_mel, n_columns)[None]
            frames[clip] = clip_floor(frame, features)[0].numpy().astype(np.float16)
    if clips and not frames:
        raise DatasetError("The validation list has only short clips: give it whole ones.")
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
