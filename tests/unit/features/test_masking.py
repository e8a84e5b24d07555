import librosa
import numpy as np
import pytest

from genre_core.config import SAMPLE_RATE, FeatureSettings
from genre_core.features.log_mel import mel_filter_bank
from genre_core.features.masking import keep_masked
from genre_core.features.mel_scale import edges_hz

FEATURES = FeatureSettings()
N_SAMPLES = 10 * SAMPLE_RATE
N_COLUMNS = FEATURES.n_columns(N_SAMPLES)


def tone(hz: float) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(N_SAMPLES) / SAMPLE_RATE).astype(np.float32)


def mask_of(low_hz: float, high_hz: float, start: float, end: float) -> np.ndarray:
    """Return the mask of the bands and columns inside, seconds and Hz."""
    edges = edges_hz(FEATURES)
    bands = (edges[:-1] >= low_hz) & (edges[1:] <= high_hz)
    seconds = np.arange(N_COLUMNS) * FEATURES.column_seconds
    return bands[:, None] & ((seconds >= start) & (seconds < end))


def level_db(samples: np.ndarray, start: float, end: float) -> float:
    piece = samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)].astype(np.float64)
    return float(10 * np.log10(np.mean(piece**2) + 1e-30))


def test_edges_lie_where_neighbouring_filters_cross() -> None:
    edges = edges_hz(FEATURES)
    assert edges.shape == (FEATURES.n_mels + 1,)
    assert (edges[0], edges[-1]) == (0.0, SAMPLE_RATE / 2)
    assert (np.diff(edges) > 0).all()
    peaks = librosa.mel_frequencies(n_mels=FEATURES.n_mels + 2, fmax=SAMPLE_RATE / 2)[1:-1]
    assert (edges[:-1] < peaks).all()
    assert (peaks < edges[1:]).all()
    # In the wide bands the filter bank itself says so: a bin belongs to its strongest filter.
    bins = np.arange(1 + FEATURES.n_fft // 2) * SAMPLE_RATE / FEATURES.n_fft
    inner = (bins > 1_500) & (bins < peaks[-1])
    normalised = mel_filter_bank(FEATURES) / mel_filter_bank(FEATURES).max(axis=1, keepdims=True)
    belongs = np.searchsorted(edges[1:-1], bins[inner], side="right")
    assert np.mean(belongs == normalised[:, inner].argmax(axis=0)) > 0.9


def test_a_tone_inside_stays_and_tones_outside_fall() -> None:
    mask = mask_of(800.0, 1_600.0, 4.0, 6.0)
    inside = keep_masked(tone(1_200.0), mask, FEATURES)
    assert abs(level_db(inside, 4.2, 5.8) - level_db(tone(1_200.0), 4.2, 5.8)) < 0.1
    assert level_db(inside, 0.0, 3.8) < -80.0
    assert level_db(inside, 6.2, 10.0) < -80.0
    for hz in (500.0, 2_200.0, 5_000.0):
        outside = keep_masked(tone(hz), mask, FEATURES)
        assert level_db(outside, 4.2, 5.8) < level_db(tone(hz), 4.2, 5.8) - 40.0


def test_the_part_begins_and_ends_without_a_click() -> None:
    part = keep_masked(tone(1_200.0), mask_of(800.0, 1_600.0, 4.0, 6.0), FEATURES)
    plain = np.abs(np.diff(tone(1_200.0))).max()
    assert np.abs(np.diff(part)).max() < 1.05 * plain


def test_a_full_mask_gives_the_sound_back_and_the_parts_add_up() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, N_SAMPLES).astype(np.float32)
    everything = np.ones((FEATURES.n_mels, N_COLUMNS), dtype=bool)
    np.testing.assert_allclose(keep_masked(noise, everything, FEATURES), noise, atol=1e-5)
    part = mask_of(800.0, 1_600.0, 4.0, 6.0)
    both = keep_masked(noise, part, FEATURES) + keep_masked(noise, ~part, FEATURES)
    np.testing.assert_allclose(both, noise, atol=1e-5)


@pytest.mark.parametrize("n_samples", [3 * SAMPLE_RATE, 349_440, 40_001])
def test_any_length_fits(n_samples: int) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, n_samples).astype(np.float32)
    everything = np.ones((FEATURES.n_mels, FEATURES.n_columns(n_samples)), dtype=bool)
    np.testing.assert_allclose(keep_masked(noise, everything, FEATURES), noise, atol=1e-5)


def test_a_mask_of_another_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="mask must be"):
        keep_masked(tone(440.0), np.ones((96, 3), dtype=bool), FEATURES)
