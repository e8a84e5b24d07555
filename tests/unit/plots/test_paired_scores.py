"""The chart and the slide of two songs."""

from io import BytesIO

import pytest
from PIL import Image

from genre_core.inference.song_pair import JudgedSong, song_pair
from genre_core.plots.pair_slide import pair_figure, pair_png
from genre_core.plots.paired_scores import difference_in_words, paired_scores_figure
from tests import builders

GENRES = ("blues", "jazz", "rock")
FIRST, SECOND = (0.7, 0.2, 0.1), (0.1, 0.2, 0.7)


@pytest.mark.parametrize(
    ("points", "words"),
    [(43.2, "43 more in 1"), (-43.2, "43 more in 2"), (0.4, "equal"), (-0.4, "equal")],
)
def test_a_difference_says_which_song_has_more(points: float, words: str):
    assert difference_in_words(points) == words


def test_each_genre_has_a_one_and_a_two_where_their_scores_are():
    figure = paired_scores_figure(FIRST, SECOND, GENRES, (0, 1, 2))
    marks = {trace.name: trace for trace in figure.data if trace.mode == "markers+text"}
    assert list(marks["song 1"].y) == list(marks["song 2"].y) == ["rock", "jazz", "blues"]
    assert list(marks["song 1"].x) == pytest.approx([10, 20, 70])
    assert list(marks["song 2"].x) == pytest.approx([70, 20, 10])
    assert set(marks["song 1"].text) == {"1"}
    assert marks["song 1"].marker.symbol != marks["song 2"].marker.symbol  # not by colour alone
    said = {note.y: note.text for note in figure.layout.annotations}
    assert said == {"blues": "60 more in 1", "jazz": "equal", "rock": "60 more in 2"}


def test_a_line_joins_the_two():
    figure = paired_scores_figure(FIRST, SECOND, GENRES, (0, 1, 2))
    lines = {trace.y[0]: tuple(trace.x) for trace in figure.data if trace.mode == "lines"}
    assert lines["blues"] == pytest.approx((70, 10))


def test_the_slide_has_both_songs_on_one_time_axis():
    analyses = tuple(
        builders.song_analysis(builders.noise(seconds, 1_000), 1_000, 10.0, 5.0)
        for seconds in (40.0, 75.0)
    )
    songs = [JudgedSong.of(analysis, "mean") for analysis in analyses]
    pair = song_pair(*songs)
    titles = ("$x^2$", "other")
    axes = pair_figure(analyses, pair, titles).axes
    timelines = [each for each in axes if each.get_xlabel() == "Time (min:s)"]
    assert [each.get_xlim() for each in timelines] == [(0, 75.0), (0, 75.0)]
    said = " ".join(text.get_text() for each in axes for text in each.texts)
    assert r"1: \$x^2\$" in said
    assert "2: other" in said
    image = Image.open(BytesIO(pair_png(analyses, pair, titles)))
    assert image.size == (1920, 1080)
