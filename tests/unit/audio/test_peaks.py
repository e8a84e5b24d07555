"""The overview of a song keeps what an eye would look for."""

import numpy as np

from genre_core.audio.peaks import OVERVIEW_BUCKETS, peaks


def test_peaks_keep_every_extreme():
    samples = np.zeros(10_007, dtype=np.float32)
    samples[5_003], samples[9_999] = 1.0, -0.7  # clicks of one sample
    lows, highs = peaks(samples)
    assert len(lows) == len(highs) == OVERVIEW_BUCKETS
    assert highs.max() == 1.0
    assert lows.min() == np.float32(-0.7)
    assert np.count_nonzero(highs) == np.count_nonzero(lows) == 1


def test_peaks_lie_where_the_sound_is():
    samples = np.zeros(12_000, dtype=np.float32)
    samples[6_000:9_000] = np.sin(np.arange(3_000), dtype=np.float32)
    lows, highs = peaks(samples, 8)
    assert np.flatnonzero(highs).tolist() == np.flatnonzero(lows).tolist() == [4, 5]


def test_peaks_of_a_short_sound_are_its_samples():
    samples = np.array([0.1, -0.2, 0.3], dtype=np.float32)
    lows, highs = peaks(samples)
    np.testing.assert_array_equal(lows, samples)
    np.testing.assert_array_equal(highs, samples)
