"""Published taggers as teachers: they get songs at the level that they were trained at."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from genre_core.checkpoints.won_weights import load_won_tagger
from genre_core.config import MAX_FRAME_SECONDS
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import HalfArray
from genre_core.errors import SettingsError
from genre_core.models.input_scaling import level_db
from genre_core.models.layers import repeat_columns
from genre_core.models.won_live import drop_dead_channels
from genre_core.models.won_taggers import FEATURES, WonTagger
from genre_core.training.augmentation import clip_floor
from genre_core.training.data import TrainingData
from genre_core.training.optimization import autocast
from genre_core.training.settings import TrainingSettings
from genre_core.training.validation import middle
from genre_core.types import FloatArray

BATCH = 16
LEVEL_DB = 6.8  # mean power of these bands where the waveform has a root mean square of 0.1


def load_taggers(paths: Sequence[str | Path], data: TrainingData) -> list[WonTagger]:
    """Load published taggers as teachers.

    Raises
    ------
    GenreError
        If a file is none, or the data have other features than the taggers.
    """
    ours = data.features
    same = ("sample_rate", "n_fft", "hop_length", "n_mels", "mel_scale")
    if any(getattr(ours, name) != getattr(FEATURES, name) for name in same):
        needed = " ".join(f"{name}={getattr(FEATURES, name)}" for name in same)
        raise SettingsError(f"A tagger as a teacher needs --features {needed}.")
    taggers = [load_won_tagger(path) for path in paths]
    for tagger in taggers:
        drop_dead_channels(tagger)
        tagger.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return taggers


def set_level(log_mel: Tensor) -> Tensor:
    """Return (B, n_mels, T) in dB with the mean power that the taggers get."""
    return log_mel - level_db(log_mel) + LEVEL_DB


@torch.no_grad()
def tag_features(taggers: Sequence[WonTagger], log_mel: Tensor) -> tuple[Tensor, Tensor]:
    """Return what taggers make of parts: (B, width, n_steps) and (B, width'), side by side."""
    level = set_level(log_mel)
    steps, summaries = [], []
    for tagger in taggers:
        maps = [each.float() for each in tagger.maps(level)]
        hidden = tagger.summary(maps[-1])
        summaries += [hidden, tagger.dense(hidden)]
        if tagger.kind == "fcn":
            summaries += [each.mean(dim=(2, 3)) for each in maps[2:4]]
            steps += [each.mean(dim=2) for each in maps[2:4]]
        else:
            summaries += [maps[-1].mean(dim=(2, 3)), maps[-1].amax(dim=(2, 3))]
            steps.append(maps[-1].mean(dim=2))
    n_steps = max(each.shape[2] for each in steps)
    steps = [F.interpolate(each, size=n_steps, mode="linear") for each in steps]
    return torch.cat(steps, dim=1), torch.cat([each.float() for each in summaries], dim=1)


def some_frames(data: TrainingData, n_frames: int = 400) -> Tensor:
    """Return the middle 29.12 s of about so many clips, float32 (B, n_mels, n_columns), dB."""
    n_columns = data.features.n_columns_of(MAX_FRAME_SECONDS)
    clips = [*data.train.values(), *data.unlabelled.values()]
    some = clips[:: max(1, len(clips) // n_frames)]
    frames = [repeat_columns(middle(log_mel, n_columns), n_columns) for log_mel in some]
    return clip_floor(torch.stack(frames), data.features)


def clip_summaries(
    taggers: Sequence[WonTagger],
    clips: Mapping[Clip, HalfArray],
    settings: TrainingSettings,
    data: TrainingData,
) -> dict[str, FloatArray]:
    """Return float32 (width',) of the middle 29.12 s of each clip, by clip id."""
    n_columns = data.features.n_columns_of(MAX_FRAME_SECONDS)
    items = list(clips.items())
    by_clip: dict[str, FloatArray] = {}
    for start in range(0, len(items), BATCH):
        some = items[start : start + BATCH]
        frames = [repeat_columns(middle(log_mel, n_columns), n_columns) for _, log_mel in some]
        with autocast(torch.device("cpu"), settings):
            _, summaries = tag_features(taggers, clip_floor(torch.stack(frames), data.features))
        for (clip, _), summary in zip(some, summaries.numpy(), strict=True):
            by_clip[clip.clip_id] = summary
    return by_clip
