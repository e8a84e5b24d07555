"""A short piece of a song as spectrograms, with other settings than the network's.

With the network's own settings the result is the network's own input: the steps are those of
`features.log_mel_spectrogram`, taken one by one.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. Section 3.
Gabor (1946): Theory of communication. Journal of the IEE 93. (fine in time or fine in frequency)
"""

from dataclasses import replace

import numpy as np

from genre_core.config import FeatureSettings
from genre_core.features.log_mel import mel_filter_bank, power_spectrogram
from genre_core.types import FloatArray, Waveform


def piece(waveform: Waveform, start_seconds: float, seconds: float) -> tuple[float, FloatArray]:
    """Return the start of a piece of a song in seconds, and its samples, float32 (n_samples,).

    Parameters
    ----------
    start_seconds : moved back where the piece would reach beyond the end of the song
    seconds : length; at most the whole song is returned
    """
    rate = waveform.sample_rate
    n_piece = min(max(round(seconds * rate), 1), len(waveform.samples))
    start = min(max(round(start_seconds * rate), 0), len(waveform.samples) - n_piece)
    return start / rate, waveform.samples[start : start + n_piece]


def stft_settings(features: FeatureSettings, n_fft: int) -> FeatureSettings:
    """Return the settings with another window; its steps are small enough to miss no sample."""
    return replace(features, n_fft=n_fft, hop_length=min(features.hop_length, n_fft // 2))


def mel_power(samples: FloatArray, settings: FeatureSettings) -> FloatArray:
    """Return the power in each mel band, float32 (n_mels, n_columns), of samples (n_samples,)."""
    power: FloatArray = mel_filter_bank(settings) @ power_spectrogram(samples, settings).T
    return power


def n_empty_bands(settings: FeatureSettings) -> int:
    """Return how many mel bands hold no STFT bin: their power is always 0."""
    return int((mel_filter_bank(settings).max(axis=1) == 0).sum())


def decibels(power: FloatArray, dynamic_range_db: float, amin: float = 1e-10) -> FloatArray:
    """Return 10 log10(power) in dB, float32 of the same shape, limited to a range below its peak.

    Parameters
    ----------
    power : float32, any shape
    dynamic_range_db : largest distance from the loudest point, dB
    amin : smallest power before the logarithm
    """
    level = (10.0 * np.log10(np.maximum(power, amin))).astype(np.float32)
    return np.maximum(level, level.max() - np.float32(dynamic_range_db))


def share_at_floor(level_db: FloatArray) -> float:
    """Return the share of points, 0 to 1, that lie at the quietest level."""
    return float(np.mean(level_db <= level_db.min()))


def attenuated(samples: FloatArray, quieter_db: float) -> FloatArray:
    """Return the samples so many decibels quieter."""
    quieter: FloatArray = samples * np.float32(10.0 ** (-quieter_db / 20.0))
    return quieter
