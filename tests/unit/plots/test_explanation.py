"""What the pictures of reasons and of neighbours say, and that foreign names stay text."""

import math
import re

import numpy as np
import pytest

from genre_core.config import FeatureSettings
from genre_core.inference.explain import Check, Explanation
from genre_core.inference.grid import Grid
from genre_core.plots import explanation as plot
from genre_core.plots.registers import register, registers_in_words
from genre_core.plots.song_map import song_map_figure
from genre_core.types import FrameSpan

FEATURES = FeatureSettings()
SAMPLES = 349_440
SPAN = FrameSpan(1, 20 * 12_000, 20 * 12_000 + SAMPLES, 12_000, False)
GRID = Grid.even((96, FEATURES.n_columns(SAMPLES)), 6, 8)


def explained(influence: np.ndarray, check: Check | None = None) -> Explanation:
    values = influence.astype(np.float32)
    return Explanation("jazz", "occlusion", 1.0, GRID, values, GRID, values, None, None, check)


@pytest.fixture
def influence() -> np.ndarray:
    values = np.zeros((6, 8))
    values[1, 3], values[2, 0] = 0.8, 0.3
    values[5, 7] = -0.5
    return values


def test_parts_are_named_by_where_they_lie_in_the_song(influence: np.ndarray) -> None:
    spoke_for, against = plot.named_parts(explained(influence), SPAN, FEATURES)
    assert [part.cell for part in spoke_for] == [(1, 3), (2, 0)]
    assert [part.cell for part in against] == [(5, 7)]
    first, last = spoke_for[0], against[0]
    # An eighth of 29.12 s is 3.64 s; the frame starts at 20 s. A sixth of the bands is 16.
    assert first.start_seconds == pytest.approx(20 + 3 * 3.64, abs=0.05)
    assert first.end_seconds == pytest.approx(20 + 4 * 3.64, abs=0.05)
    assert last.end_seconds == SPAN.end_seconds
    assert last.high_hz == 6_000.0
    assert spoke_for[1].low_hz == first.high_hz
    assert 400 < first.low_hz < 520
    assert plot.part_in_words(first) == "470–920 Hz, 0:31–0:35"
    assert plot.part_in_words(last) == "3.7–6.0 kHz, 0:45–0:49"


def test_short_parts_are_told_to_a_tenth_of_a_second() -> None:
    part = plot.Part((0, 0), 1.0, 0.0, 470.0, 59.97, 60.34)
    assert plot.part_in_words(part) == "0–470 Hz, 1:00.0–1:00.3"


def test_registers_follow_their_stated_table() -> None:
    assert register(0.0, 250.0) == "the bass"
    assert register(0.0, 600.0) == "the lower middle"  # its middle, 300 Hz, is no bass any more
    assert register(5_000.0, 8_000.0) == "the treble"
    said = registers_in_words()
    assert "the bass 0 to 300 Hz" in said
    assert "the lower middle 300 to 800 Hz" in said
    assert said.endswith("the treble all above.")


def test_summary_says_for_and_against_in_words(influence: np.ndarray) -> None:
    text = plot.summary(explained(influence), SPAN, FEATURES)
    assert text.startswith("Most jazz: the lower middle at 0:31, the middle at 0:20.")
    assert text.endswith("Least jazz: the treble at 0:45.")
    assert "No part speaks for jazz" in plot.summary(explained(-abs(influence)), SPAN, FEATURES)
    assert "nothing changes" in plot.summary(explained(0 * influence), SPAN, FEATURES)


def test_check_gives_its_numbers_and_believes_no_map_that_fails(influence: np.ndarray) -> None:
    def logit(p: float) -> float:
        return math.log(p / (1 - p))

    check = Check(5, 0.104, logit(0.8), logit(0.3), (logit(0.7), logit(0.72)))
    text = plot.check_in_words(explained(influence, check))
    assert re.search(r"5 parts for jazz \(10 % .* from 80 % to 30 %; .* leaves 71 %", text)
    assert "points at what mattered" in text
    wrong = Check(5, 0.104, logit(0.8), logit(0.75), (logit(0.7), logit(0.72)))
    assert "do not believe it" in plot.check_in_words(explained(influence, wrong))
    assert "nothing to hide" in plot.check_in_words(explained(influence))


def test_map_lies_over_the_spectrogram_with_a_scale_of_its_own(influence: np.ndarray) -> None:
    log_mel = np.random.default_rng(0).normal(-40, 10, (96, 1366)).astype(np.float32)
    figure = plot.explanation_figure(log_mel, explained(influence), SPAN, FEATURES, -80.0, 0.0)
    grey, over, parts = figure.data
    assert not grey.showscale
    assert plot.largest_influence(explained(influence)) == pytest.approx(0.8)
    assert (over.zmin, over.zmax) == (pytest.approx(-0.8), pytest.approx(0.8))
    assert (over.x[0], over.x[-1]) == (SPAN.start_seconds, SPAN.end_seconds)
    assert (over.y[0], over.y[-1]) == (0, 96)
    assert len(over.x) == over.z.shape[1] + 1  # edges of the parts, not their middles
    middle = over.colorscale[len(over.colorscale) // 2]
    assert middle[0] == 0.5
    assert middle[1].endswith("0.000)")  # what changes nothing is clear
    gradient = plot.scale_gradient()  # the scale beside the figure has the map's own colours
    assert all(colour in gradient for _, colour in over.colorscale)
    labels = [annotation.text for annotation in figure.layout.annotations]
    assert labels == ["<b>+1</b>", "<b>+2</b>", "<b>−1</b>"]
    assert [tuple(cell) for cell in parts.customdata] == GRID.cells()  # each can be clicked
    place = GRID.cells().index((1, 3))
    assert (parts.x[place], parts.y[place]) == (pytest.approx(20 + 3.5 * 3.64, abs=0.05), 24)
    assert "the lower middle at 0:31: +0.8<br>470–920 Hz" in parts.hovertext[place]
    box = figure.layout.shapes[0]
    assert (box.y0, box.y1) == (16, 32)


def test_the_two_colours_differ_in_every_kind_of_colour_vision() -> None:
    # Blue and orange differ in lightness and along blue-yellow or red-green for everybody.
    against, spoke_for = (np.array(colour) / 255 for colour in (plot._AGAINST, plot._FOR))
    assert spoke_for[2] - against[2] > 0.5  # seen with protanopia and deuteranopia
    assert against[0] - spoke_for[0] > 0.5  # seen with tritanopia


@pytest.fixture
def song_map():
    rng = np.random.default_rng(0)
    places = rng.normal(size=(30, 2)).astype(np.float32)
    genres = ["jazz", "rock", "<b>own</b>"] * 10
    names = [f"<script>{index}" for index in range(30)]
    place = np.array([5.0, 0.0], dtype=np.float32)
    return song_map_figure(places, genres, names, place, "<i>mine", "jazz", [3, 4])


def test_every_song_is_on_the_map_once_and_this_one_is_a_star(song_map) -> None:
    *dots, star = (trace for trace in song_map.data if trace.name != "nearest")
    assert sum(len(trace.x) for trace in dots) == 30
    assert star.marker.symbol == "star"
    assert star.x[0] == 5.0
    assert song_map.layout.xaxis.range[1] > 5.0
    rings = next(trace for trace in song_map.data if trace.name == "nearest")
    assert len(rings.x) == 2
    assert len(song_map.layout.annotations) == 3


def test_names_on_the_map_are_text(song_map) -> None:
    for trace in song_map.data:
        for text in trace.text or ():
            assert "<" not in text
        assert "<b>own" not in (trace.hovertemplate or "")
