import numpy as np
import pytest

from genre_core.audio.sound_changes import Box
from genre_core.config import FeatureSettings
from genre_core.features.mel_scale import band_position
from genre_core.plots.sound_lab import difference_in_words, frame_figure

FEATURES = FeatureSettings()
GENRES = ("blues", "jazz", "rock")
LOG_MEL = np.zeros((96, 400), dtype=np.float32)


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_a_box_lies_at_its_seconds_and_bands():
    box = Box(1.0, 2.5, 500.0, 2_000.0)
    figure = frame_figure(LOG_MEL, 20.0, 10.0, FEATURES, (-60.0, 0.0), (box,))
    (shape,) = figure.layout.shapes
    assert (shape.x0, shape.x1) == (21.0, 22.5)
    assert [shape.y0, shape.y1] == pytest.approx(band_position([500.0, 2_000.0], FEATURES))
    assert figure.layout.dragmode is False


def test_a_box_stays_inside_the_picture():
    figure = frame_figure(LOG_MEL, 20.0, 10.0, FEATURES, (-60.0, 0.0), (Box(5, 99, 0, 48_000),))
    (shape,) = figure.layout.shapes
    assert (shape.x0, shape.x1, shape.y0, shape.y1) == (25.0, 30.0, -0.5, 95.5)


def test_a_picture_to_draw_on_selects_by_dragging():
    figure = frame_figure(LOG_MEL, 0.0, 10.0, FEATURES, (-60.0, 0.0), is_drawable=True)
    assert figure.layout.dragmode == "select"


def test_another_genre_is_named_with_what_changed_most():
    words = difference_in_words(scores(0.1, 0.2, 0.7), scores(0.1, 0.6, 0.3), GENRES)
    assert words == (
        "It is called jazz, no longer rock: "
        "jazz rises from 20 % to 60 %; rock falls from 70 % to 30 %."
    )


def test_the_same_scores_are_told_too():
    words = difference_in_words(scores(0.1, 0.2, 0.7), scores(0.1, 0.2, 0.7), GENRES)
    assert words == "It is still called rock. No score changes by more than half a percent."
