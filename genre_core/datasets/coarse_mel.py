"""Coarse 8-bit mel-spectrograms of a data set -> the network's log-mel, and back to coarse.

Some data sets come without sound, as small mel-spectrograms: `logmel_u8.npz` holds clips of 30 s
as 128 Slaney bands up to 11,025 Hz by 387 columns, each clip scaled to 0..255. `convert` brings
such a clip to the bands, columns and level of `features.log_mel_spectrogram`; `blur` takes the
detail out of a true log-mel that a converted one cannot have, so that a network can be shown real
sound at both resolutions.

Measured on 60 clips that exist both ways: correlation 0.93 between converted and true, 0.97
between converted and blurred (a power average over 3 columns; 0.96 over 2 or 4), whose
column-to-column differences are then 0.96 of each other's.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from librosa import hz_to_mel, mel_frequencies
from torch import Tensor

from genre_core.config import FeatureSettings
from genre_core.types import FloatArray

SOURCE_SAMPLE_RATE: int = 22_050  # Hz, of the sound that the arrays were made from
SOURCE_HOP_LENGTH: int = 512  # samples from STFT column to column
SOURCE_RANGE_DB: float = 80.0  # dB from 0 to 255
CLIP_SECONDS: float = 30.01  # s; the arrays do not say, most clips that exist as sound have this

# The arrays have lost their absolute level. True log-mel lies this much higher: median over clips
# (half of them within 14 to 22 dB).
LEVEL_DB: float = 19.2
# What interpolation cannot know about the paper's bands at 12 kHz: the lowest reaches down to
# 0 Hz, and resampling to 12 kHz rolls off just under 6 kHz. Median true - converted, in dB.
EDGE_CORRECTION_DB: dict[int, float] = {0: 3.9, -2: -1.5, -1: -11.1}

BLUR_COLUMNS: int = 3  # power-averaged: 64 ms, about the source's longer STFT window

DEFAULT_SETTINGS = FeatureSettings()


def convert(
    levels: npt.NDArray[np.uint8],
    settings: FeatureSettings = DEFAULT_SETTINGS,
    clip_seconds: float = CLIP_SECONDS,
) -> FloatArray:
    """Turn one coarse clip into a log-mel spectrogram of the network's bands and columns.

    Linear interpolation in dB, first along mel, then along time.

    Returns float32 (n_mels, n_columns) in dB relative to a power of 1 (level by the median of real
    clips), at most `settings.top_db` under the loudest point. Raises ValueError if `levels` is not
    a 2-D uint8 array, or the network needs more than the source's 11,025 Hz.

    Parameters
    ----------
    levels : (n_source_mels, n_source_columns), Slaney bands from 0 to 11,025 Hz, lowest first;
        0..255 span 80 dB. Column c is column `floor((c + 0.5) / (n_source_columns + 0.5) * n)` of
        the n columns of the clip's STFT.
    settings : of the network; `sample_rate` at most 22,050 Hz
    clip_seconds : length of the clip
    """
    if levels.ndim != 2 or levels.dtype != np.uint8:
        raise ValueError(f"expected a 2-D uint8 array, got {levels.dtype} {levels.shape}")
    n_source_mels, n_source_columns = levels.shape
    low, fraction = _mel_positions(n_source_mels, settings.n_mels, settings.sample_rate)
    decibels = levels.astype(np.float32) * (SOURCE_RANGE_DB / 255) + (LEVEL_DB - SOURCE_RANGE_DB)
    bands = decibels[low] * (1 - fraction) + decibels[low + 1] * fraction  # (n_mels, n_source)
    if (settings.n_mels, settings.sample_rate) == (96, 12_000):
        for band, correction in EDGE_CORRECTION_DB.items():
            bands[band] += correction

    source_times = _source_times(n_source_columns, clip_seconds)
    n_columns = settings.n_columns_of(clip_seconds)
    times = np.arange(n_columns) * settings.column_seconds
    left = np.searchsorted(source_times, times, side="right") - 1
    left = np.clip(left, 0, n_source_columns - 2)
    step = source_times[left + 1] - source_times[left]
    weight = np.clip((times - source_times[left]) / step, 0.0, 1.0).astype(np.float32)
    log_mel = bands[:, left] * (1 - weight) + bands[:, left + 1] * weight
    return np.maximum(log_mel, log_mel.max() - settings.top_db).astype(np.float32)


def blur(
    log_mel: Tensor,
    settings: FeatureSettings = DEFAULT_SETTINGS,
    n_average: int = BLUR_COLUMNS,
) -> Tensor:
    """Reduce true log-mel to the time resolution that a converted clip has.

    Average in power over a few columns, take one point every 77 ms, and interpolate linearly in dB
    between the points. The shape stays.

    Parameters
    ----------
    log_mel : float32 (B, n_mels, n_columns), dB
    settings : of `log_mel`
    n_average : columns averaged around each point; odd
    """
    n_columns = log_mel.shape[-1]
    power = torch.pow(10.0, log_mel / 10.0)
    averaged = F.avg_pool1d(
        power, n_average, stride=1, padding=n_average // 2, count_include_pad=False
    )
    period = CLIP_SECONDS / 387.5 / settings.column_seconds  # columns from point to point
    n_points = max(2, int(n_columns / period))
    points = ((torch.arange(n_points, device=log_mel.device) + 0.5) * period).long()
    points = points.clamp(max=n_columns - 1)
    decibels = 10.0 * torch.log10(averaged[..., points].clamp(min=settings.amin))
    position = torch.arange(n_columns, device=log_mel.device) / period - 0.5
    left = position.floor().long().clamp(min=0, max=n_points - 2)
    weight = (position - left).clamp(min=0.0, max=1.0)  # level before the first and after the last
    return decibels[..., left] * (1 - weight) + decibels[..., left + 1] * weight


@lru_cache(maxsize=4)
def _mel_positions(
    n_source_mels: int, n_mels: int, sample_rate: int
) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Return, for each of our bands, the source band below it and the way to the next (n_mels, 1).

    Triangles of a Slaney bank have their tops at equal mel steps, the ends left out.
    """
    source = _centres(n_source_mels, SOURCE_SAMPLE_RATE / 2)
    target = _centres(n_mels, sample_rate / 2)
    if target[-1] > source[-1]:
        raise ValueError(
            f"the network needs sound up to {sample_rate / 2:g} Hz, the data set has it only to "
            f"{SOURCE_SAMPLE_RATE / 2:g} Hz"
        )
    position = np.interp(target, source, np.arange(n_source_mels))
    low = np.minimum(np.floor(position).astype(np.int64), n_source_mels - 2)
    return low, (position - low).astype(np.float32)[:, None]


def _centres(n_mels: int, fmax_hz: float) -> npt.NDArray[np.float64]:
    centres: npt.NDArray[np.float64] = hz_to_mel(mel_frequencies(n_mels + 2, fmin=0, fmax=fmax_hz))
    return centres[1:-1]


def _source_times(n_source_columns: int, clip_seconds: float) -> npt.NDArray[np.float64]:
    """Return the time of each source column in seconds."""
    n_stft = 1 + round(clip_seconds * SOURCE_SAMPLE_RATE) // SOURCE_HOP_LENGTH
    columns = np.floor((np.arange(n_source_columns) + 0.5) / (n_source_columns + 0.5) * n_stft)
    return columns * (SOURCE_HOP_LENGTH / SOURCE_SAMPLE_RATE)
