import numpy as np
import pytest

from genre_core.config import FeatureSettings
from genre_core.features.log_mel import mel_filter_bank
from genre_core.features.mel_scale import (
    band_position,
    centres_hz,
    corners_hz,
    edges_hz,
    position_hz,
)

SCALES = [
    FeatureSettings(),
    FeatureSettings(sample_rate=16_000, mel_scale="htk"),
]
each_scale = pytest.mark.parametrize("features", SCALES, ids=lambda each: each.mel_scale)


@each_scale
def test_bands_peak_where_the_bank_does(features: FeatureSettings) -> None:
    bin_hz = features.sample_rate / features.n_fft
    peaks = mel_filter_bank(features).argmax(axis=1) * bin_hz
    wide = np.diff(corners_hz(features))[1:] > 2 * bin_hz
    assert wide.sum() > 40
    assert np.abs(peaks - centres_hz(features))[wide].max() <= bin_hz


@each_scale
def test_a_centre_lies_at_its_band(features: FeatureSettings) -> None:
    assert band_position(centres_hz(features), features) == pytest.approx(np.arange(96), abs=1e-6)


@each_scale
def test_edges_lie_between_centres(features: FeatureSettings) -> None:
    edges, centres = edges_hz(features), centres_hz(features)
    assert edges[0] == 0.0
    assert edges[-1] == features.sample_rate / 2
    assert (edges[1:-1] > centres[:-1]).all()
    assert (edges[1:-1] < centres[1:]).all()


def test_htk_is_the_formula_of_its_book() -> None:
    top = 2595 * np.log10(1 + 8_000 / 700)
    expected = 700 * (10 ** (np.arange(98) / 97 * top / 2595) - 1)
    assert corners_hz(SCALES[1]) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@each_scale
def test_a_place_on_the_axis_of_bands_and_its_frequency_are_one(features: FeatureSettings) -> None:
    hz = np.array([0.0, 60.0, 440.0, 999.0, 1_001.0, 5_500.0])
    assert position_hz(band_position(hz, features), features) == pytest.approx(hz, abs=1e-6)
