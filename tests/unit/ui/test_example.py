"""The picture of a song on the first page."""

import numpy as np

from genre_core.plots.palette import colour_of
from genre_core.ui.pages.analyse.example import example_html
from tests import builders

RATE = 4_000


def test_the_bars_have_the_colours_of_the_frames_and_their_genres_are_named():
    analysis = builders.song_analysis(builders.noise(40.0, RATE), RATE, 10.0, 5.0)
    html = example_html(analysis, "<b>A song")
    best = {analysis.model.genres[i] for i in np.argmax(analysis.scores, axis=1)}
    for genre in best:
        assert colour_of(genre) in html
        assert genre in html
    assert html.count("<i ") == 110
    assert "&lt;b&gt;A song" in html
    assert "<b>" not in html
