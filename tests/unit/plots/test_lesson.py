"""The figures of the lesson: what they show, that their axes say it, and that they stay small."""

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest

from genre_core.audio.frames import cut_frames
from genre_core.config import GENRES, FeatureSettings, FrameSettings
from genre_core.lesson.inside import choose_maps
from genre_core.plots.lesson import (
    bars,
    cut,
    feature_maps,
    reading,
    spectrogram,
    spectrum,
    wave,
)
from genre_core.types import Waveform
from tests import builders

RATE = 12_000  # Hz
RNG = np.random.default_rng(0)


def song(seconds: float) -> Waveform:
    samples = RNG.uniform(-0.5, 0.5, round(seconds * RATE)).astype(np.float32)
    return builders.waveform(samples, RATE)


def size(figure: go.Figure) -> int:
    return len(plotly.io.to_json(figure, validate=False))


@pytest.mark.parametrize(
    ("seconds", "dots"), [(0.01, True), (0.03, True), (0.1, False), (3.0, False), (600.0, False)]
)
def test_the_wave_shows_dots_only_where_they_can_be_told_apart(seconds: float, dots: bool):
    figure = wave.wave_figure(song(seconds).samples, RATE, 7.0)
    assert ("markers" in figure.data[0].mode) == dots
    assert figure.layout.xaxis.range == pytest.approx((7.0, 7.0 + seconds))
    assert "min:s" in figure.layout.xaxis.title.text or "(s)" in figure.layout.xaxis.title.text
    assert "Amplitude" in figure.layout.yaxis.title.text
    assert size(figure) < 120_000


@pytest.mark.parametrize(("n_bins", "n_columns"), [(65, 563), (257, 141), (2049, 141)])
def test_the_stft_keeps_its_loudest_bin_at_its_frequency(n_bins: int, n_columns: int):
    level = np.full((n_bins, n_columns), -80.0, dtype=np.float32)
    level[n_bins // 3] = 0.0  # 2 kHz
    figure = spectrogram.stft_figure(level, RATE, 10.0, 3.0)
    heat = figure.data[0]
    loudest = np.asarray(heat.y)[np.asarray(heat.z).max(axis=1).argmax()]
    assert loudest == pytest.approx(2_000, abs=60)
    assert heat.x[0] > 10.0
    assert heat.x[-1] < 13.0
    assert "(Hz)" in figure.layout.yaxis.title.text
    assert size(figure) < 450_000


def test_mel_ticks_stand_at_their_bands():
    level = RNG.uniform(-60, 0, (96, 141)).astype(np.float32)
    figure = spectrogram.mel_piece_figure(level, FeatureSettings(sample_rate=RATE), 0.0, 3.0)
    ticks = dict(zip(figure.layout.yaxis.ticktext, figure.layout.yaxis.tickvals, strict=True))
    assert 1 <= ticks["100"] < ticks["1,000"] < ticks["5,000"] <= 96
    assert ticks["1,000"] == pytest.approx(97 * 15 / 41.06, abs=0.1)  # 15 of 41.06 mel
    assert "dB" in figure.data[0].hovertemplate


def test_one_column_peaks_where_its_tone_is():
    level = np.full(2049, -80.0)
    level[683] = -3.0
    figure = spectrum.spectrum_figure(level, RATE)
    line = figure.data[0]
    assert line.x[np.argmax(line.y)] == pytest.approx(2_000, abs=6)
    assert max(line.y) == -3.0


def test_the_filter_bank_has_a_triangle_a_band_of_equal_area():
    figure = spectrum.filter_bank_figure(FeatureSettings(n_mels=24))
    x = np.asarray(figure.data[0].x).reshape(24, 4)
    y = np.asarray(figure.data[0].y).reshape(24, 4)
    assert np.isnan(x[:, 3]).all()
    area = (x[:, 2] - x[:, 0]) * y[:, 1] / 2
    np.testing.assert_allclose(area, 1.0, rtol=0.01)
    assert (np.diff(x[:, 2] - x[:, 0]) > -0.2).all()  # never narrower
    # The bins of the picked-out band lie on its triangle.
    band, bins = figure.data[1], figure.data[2]
    np.testing.assert_allclose(bins.y, np.interp(bins.x, band.x, band.y), atol=1e-5)


def test_a_cut_song_shows_its_ends_its_frames_and_the_chosen_one():
    waveform = song(75.0)
    frames = cut_frames(waveform, FrameSettings(10.0, 20.0))
    figure = cut.cut_figure(waveform, frames, 1)
    grey_start, grey_end, chosen = (s for s in figure.layout.shapes if s.type == "rect")
    assert (grey_start.x0, grey_start.x1) == (0.0, 20.0)
    assert (grey_end.x0, grey_end.x1) == (50.0, 75.0)
    assert (chosen.x0, chosen.x1) == (30.0, 40.0)
    assert [a.text for a in figure.layout.annotations] == ["1", "<b>2</b>", "3"]


def test_feature_maps_stand_under_the_input_on_its_time():
    entrance = RNG.normal(size=(96, 1366)).astype(np.float32)
    block = choose_maps(RNG.normal(size=(64, 48, 683)).astype(np.float32))
    figure = feature_maps.feature_maps_figure(entrance, block, 3, 20.0, 49.12)
    assert len(figure.data) == 4
    assert [a.text for a in figure.layout.annotations][1:] == [
        f"Map {index + 1}" for index in block.indices[:3]
    ]
    for picture in figure.data:
        assert 20.0 < picture.x[0] < picture.x[-1] < 49.12
        assert np.asarray(picture.z).min() == 0
        assert np.asarray(picture.z).max() == 255
    assert size(figure) < 600_000


def test_reading_stacks_to_a_hundred_and_fades_what_is_not_read():
    scores = RNG.dirichlet(np.ones(len(GENRES)), 14).astype(np.float32)
    figure = reading.reading_figure(scores, GENRES, 20.0, 48.0, 5)
    columns = [trace for trace in figure.data if trace.type == "bar"]
    np.testing.assert_allclose(sum(np.asarray(t.y) for t in columns), 100.0, atol=0.1)
    assert list(columns[0].marker.opacity) == [1.0] * 5 + [0.3] * 9
    assert columns[0].name == GENRES[scores[-1].argmax()]
    (line,) = figure.layout.shapes
    assert line.x0 == pytest.approx(30.0)


def test_compared_bars_keep_the_order_of_the_others():
    now, other = np.array([0.2, 0.5, 0.3]), np.array([0.1, 0.2, 0.7])
    figure = bars.compared_bars_figure(now, other, ("a", "b", "c"), "now", "then")
    outline, filled = figure.data
    assert list(outline.y) == list(filled.y) == ["a", "b", "c"]  # the best is drawn on top
    assert list(filled.x) == [20.0, 50.0, 30.0]
    assert list(outline.x) == [10.0, 20.0, 70.0]
