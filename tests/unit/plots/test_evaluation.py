"""Figures of a test set: what they show, and that they can be read."""

import io
from collections.abc import Callable

import matplotlib.image
import numpy as np
import plotly.graph_objects as go
import pytest
from matplotlib.figure import Figure

from genre_core.evaluation.calibration import reliability
from genre_core.evaluation.coverage import selective_curve
from genre_core.evaluation.listening_curve import hits_by_length, listening_curve
from genre_core.evaluation.metrics import Estimate
from genre_core.plots.bands import coverage_figure, listening_figure
from genre_core.plots.cell_colours import difference_colours, percent_colours
from genre_core.plots.confusion import (
    confusion_figure,
    difference_figure,
    largest_confusions,
)
from genre_core.plots.confusion_print import confusion_pair_figure, confusion_pair_file
from genre_core.plots.lengths import lengths_figure
from genre_core.plots.palette import contrast, ink_on, relative_luminance
from genre_core.plots.reliability import reliability_figure
from genre_core.plots.shares import shares_figure
from genre_core.plots.timeline import frames_figure
from genre_core.plots.verdict_so_far import verdict_figure
from genre_core.types import FrameSpan

GENRES = ("blues", "jazz", "rock")
FRAMES = np.array([[6, 2, 0], [0, 3, 1], [0, 0, 0]])
SONGS = np.array([[4, 0, 0], [0, 1, 1], [0, 0, 0]])


def scored(n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    labels = generator.integers(3, size=n)
    return labels, np.stack([generator.dirichlet(1 + 2 * np.eye(3)[label]) for label in labels])


def texts(figure: go.Figure) -> list[str]:
    """Return the numbers in the cells, row after row."""
    written = [
        ((i, j), text)
        for trace in figure.data[2:]
        for i, j, text in zip(trace.y, trace.x, trace.text, strict=True)
    ]
    return [text for _, text in sorted(written)]


def test_the_matrix_is_in_percent_of_the_row_with_n_beside_it():
    figure = confusion_figure(FRAMES, GENRES, what="frames")
    np.testing.assert_allclose(figure.data[0].z, [[75, 25, 0], [0, 75, 25]])
    assert list(figure.layout.yaxis.ticktext) == ["blues (8)", "jazz (4)"]
    assert texts(figure) == ["75", "25", "75", "25"]
    hover = figure.data[1].hovertext[1]
    assert "truly blues, named jazz" in hover
    assert "2 of 8 frames of blues: 25.0 %" in hover
    assert "2 of 5 frames named jazz: 40.0 %" in hover
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 100)


def test_counts_on_demand_keep_the_colours():
    percent, counts = (
        confusion_figure(FRAMES, GENRES, what="frames", cells=cells) for cells in ("row", "count")
    )
    assert texts(counts) == ["6", "2", "3", "1"]
    np.testing.assert_array_equal(percent.data[0].z, counts.data[0].z)


def test_percent_of_the_column_has_n_above_it():
    figure = confusion_figure(FRAMES, GENRES, what="frames", cells="column")
    np.testing.assert_allclose(figure.data[0].z, [[100, 40, 0], [0, 60, 100]])
    assert list(figure.layout.xaxis.ticktext) == ["blues (6)", "jazz (5)", "rock (1)"]
    assert texts(figure) == ["100", "40", "60", "100"]


def test_every_cell_can_be_selected_and_the_chosen_one_is_framed():
    figure = confusion_figure(FRAMES, GENRES, what="frames", chosen=(1, 2))
    cells = figure.data[1]
    assert [tuple(pair) for pair in cells.customdata] == [
        (i, j) for i in range(2) for j in range(3)
    ]
    assert list(zip(cells.y, cells.x, strict=True)) == [tuple(pair) for pair in cells.customdata]
    (frame,) = figure.layout.shapes
    assert (frame.y0, frame.x0) == (0.5, 1.5)
    assert not confusion_figure(FRAMES, GENRES, what="frames").layout.shapes


def test_a_genre_without_songs_has_no_row_and_clicks_still_name_the_right_cell():
    counts = np.array([[0, 0, 0], [1, 3, 0], [0, 0, 2]])
    figure = confusion_figure(counts, GENRES, what="songs", chosen=(2, 1))
    assert list(figure.layout.yaxis.ticktext) == ["jazz (4)", "rock (2)"]
    assert texts(figure) == ["25", "75", "100"]
    cells = figure.data[1]
    assert [tuple(pair) for pair in cells.customdata[:4]] == [(1, 0), (1, 1), (1, 2), (2, 0)]
    assert list(cells.y) == [0, 0, 0, 1, 1, 1]
    assert "truly jazz, named blues" in cells.hovertext[0]
    assert (figure.layout.shapes[0].y0, figure.layout.shapes[0].x0) == (0.5, 0.5)
    assert not confusion_figure(counts, GENRES, what="songs", chosen=(0, 1)).layout.shapes


def test_the_difference_is_in_percentage_points_with_its_sign():
    figure = difference_figure(FRAMES, SONGS, GENRES)
    # The colour says better or worse: of the first genre more songs are right, of the second fewer.
    np.testing.assert_allclose(figure.data[0].z[0], [25, 25, 0])
    np.testing.assert_allclose(figure.data[0].z[1], [0, -25, -25])
    assert texts(figure) == ["+25", "−25", "−25", "+25"]
    assert figure.data[0].zmin == -figure.data[0].zmax == -30
    hover = figure.data[1].hovertext[1]
    assert (
        "2 of 8 frames: 25.0 %<br>0 of 4 songs: 0.0 %<br>−25.0 percentage points: better" in hover
    )
    assert "+25.0 percentage points: worse" in figure.data[1].hovertext[5]


def test_a_finger_meets_a_cell_of_ten_on_a_phone():
    n = 10
    figure = confusion_figure(np.eye(n, dtype=int), [f"genre {i}" for i in range(n)], what="songs")
    margin, phone = figure.layout.margin, 390 - 2 * 16  # px
    assert (phone - margin.l - margin.r) / n >= 24  # WCAG 2.2, 2.5.8


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_can_be_read_on_every_colour(dark: bool):
    for colours in (percent_colours(dark), difference_colours(dark, 40.0)):
        for value in np.linspace(colours.low, colours.high, 101):
            assert contrast(ink_on(colours.of(value)), colours.of(value)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_the_scale_of_percentages_is_also_one_of_grey(dark: bool):
    colours = percent_colours(dark)
    steps = np.diff([relative_luminance(colours.of(value)) for value in np.linspace(0, 100, 41)])
    assert (steps > 0).all() if dark else (steps < 0).all()


def test_largest_confusions():
    assert largest_confusions(FRAMES, GENRES) == [("blues", "jazz", 2, 8), ("jazz", "rock", 1, 4)]
    assert largest_confusions(np.eye(3, dtype=int), GENRES) == []


def test_the_printed_pair_has_both_matrices_as_the_paper_counts():
    figure = confusion_pair_figure(FRAMES, SONGS, GENRES, "100 % $x_1$")
    left, right = figure.axes[:2]
    assert "75.00 %" in left.get_title()
    assert {t.get_text() for t in left.texts} == {"75.0", "25.0"}
    assert {t.get_text() for t in right.texts} == {"100", "50.0"}
    # Dark ink on light cells, light ink on dark ones: it reads in grey.
    assert {t.get_color() for t in left.texts if t.get_text() == "75.0"} == {"white"}
    assert figure.axes[0].images[0].get_clim() == figure.axes[1].images[0].get_clim() == (0, 100)


@pytest.mark.parametrize(
    ("file_format", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_the_printed_pair_in_every_format(file_format: str, start: bytes):
    make = [
        confusion_pair_file(FRAMES, SONGS, ("$x", "<b>&", "ä"), "50 % $", file_format)
        for _ in range(2)
    ]
    assert make[0].startswith(start)
    assert make[0] == make[1]


def test_the_printed_pair_has_no_colour_but_grey():
    png = confusion_pair_file(FRAMES, SONGS, GENRES, "a caption", "png")
    red, green, blue = np.moveaxis(matplotlib.image.imread(io.BytesIO(png))[..., :3], -1, 0)
    assert np.array_equal(red, green)
    assert np.array_equal(red, blue)
    assert len(np.unique(red)) > 5


def test_the_svg_keeps_letters_as_letters():
    svg = confusion_pair_file(FRAMES, SONGS, GENRES, "a caption", "svg").decode()
    assert "a caption" in svg
    assert "jazz" in svg


def test_reliability_bars_are_the_bins_that_have_songs():
    labels, scores = scored()
    bins = [item for item in reliability(labels, scores) if item.count]
    _, bars, numbers = reliability_figure(reliability(labels, scores)).data
    np.testing.assert_allclose(bars.y, [100 * item.accuracy for item in bins])
    assert list(numbers.text) == [str(item.count) for item in bins]
    assert list(numbers.x) == list(bars.x)


def test_a_bar_of_no_height_has_its_number_all_the_same():
    never_right = reliability([1, 1], [[0.9, 0.1], [0.9, 0.1]])
    _, bars, numbers = reliability_figure(never_right).data
    assert list(bars.y) == [0]
    assert list(numbers.text) == ["2"]
    assert "255, 255, 255" not in numbers.textfont.color[0]  # it stands on the page, not on the bar


def test_curves_carry_their_bands():
    labels, scores = scored()
    evidence = np.repeat(scores, 4, axis=0)
    curve = listening_curve(hits_by_length(labels, evidence, [4] * 60))
    figure = listening_figure(curve, 5.0, {"jazz": curve})
    assert [trace.name for trace in figure.data] == ["95 % band", "jazz", "all songs"]
    np.testing.assert_allclose(figure.data[2].y, 100 * curve.accuracy)
    assert list(figure.layout.xaxis.tickvals) == [1, 2, 3, 4]
    selective = selective_curve(labels, scores)
    band, line = coverage_figure(selective).data
    np.testing.assert_allclose(line.y, 100 * selective.accuracy)
    assert max(band.y) == pytest.approx(100 * selective.high.max())


def test_one_point_of_a_curve_is_drawn():
    (_, line) = coverage_figure(selective_curve([0], [[0.2, 0.8]])).data
    assert list(line.y) == [0]
    assert "markers" in line.mode


def test_names_of_lines_do_not_cover_one_another():
    labels, scores = scored()
    curve = listening_curve(hits_by_length(labels, np.repeat(scores, 4, axis=0), [4] * 60))
    figure = listening_figure(curve, 5.0, dict.fromkeys(("blues", "jazz", "rock"), curve))
    heights = sorted(note.yshift for note in figure.layout.annotations)
    assert np.diff(heights) == pytest.approx(13.0)
    assert sum(heights) == pytest.approx(0.0)  # none is moved further than it must be


def test_every_length_has_both_accuracies_with_their_intervals():
    by_frame = {3.0: Estimate(0.5, 0.4, 0.6), 10.0: Estimate(0.6, 0.5, 0.7)}
    by_song = {3.0: Estimate(0.7, 0.6, 0.85), 10.0: Estimate(0.7, 0.65, 0.8)}
    figure = lengths_figure(by_frame, by_song, 10.0)
    frame, song = figure.data
    assert (frame.name, song.name) == ("by frame", "by song")
    np.testing.assert_allclose(song.y, [70, 70])
    np.testing.assert_allclose(frame.error_y.array, [10, 10])
    np.testing.assert_allclose(song.error_y.arrayminus, [10, 5])
    assert list(figure.layout.xaxis.ticktext) == ["3 s", "10 s"]
    assert tuple(figure.layout.yaxis.range) == (40, 91)
    (shaded,) = figure.layout.shapes
    assert (shaded.x0 + shaded.x1) / 2 == 1


def test_shares_of_true_and_named_songs_both_sum_to_a_hundred():
    true, named = shares_figure(SONGS, GENRES).data
    assert sum(true.y) == pytest.approx(100)
    assert sum(named.y) == pytest.approx(100)
    assert list(true.customdata) == [4, 2, 0]
    assert list(named.customdata) == [4, 1, 1]


def test_frames_of_a_scored_song_lie_at_their_seconds():
    spans = tuple(FrameSpan(i, 12_000 * 5 * i + 6_000, 12_000 * 5 * (i + 1) + 6_000, 12_000, False)
                  for i in range(3))  # fmt: skip
    figure = frames_figure(spans, np.full((3, 3), 1 / 3, np.float32), GENRES, 16.0)
    np.testing.assert_allclose(figure.data[0].x, [3, 8, 13])
    np.testing.assert_allclose(figure.data[0].width, [5, 5, 5])


def test_the_verdict_so_far_shows_who_led_and_the_true_genre():
    spans = tuple(FrameSpan(i, 36_000 * i, 36_000 * (i + 1), 12_000, False) for i in range(3))
    genres = ("blues", "jazz", "rock", "pop", "disco", "metal")
    so_far = np.array(
        [
            [0.05, 0.7, 0.05, 0.1, 0.1, 0.0],
            [0.3, 0.1, 0.3, 0.15, 0.15, 0.0],
            [0.3, 0.05, 0.4, 0.15, 0.1, 0.0],
        ]
    )
    figure = verdict_figure(spans, so_far, genres, "metal")
    lines = {line.name: line for line in figure.data}
    assert set(lines) == set(genres)  # jazz led once, metal is the truth, the others end highest
    np.testing.assert_allclose(lines["rock"].x, [3, 6, 9])
    np.testing.assert_allclose(lines["rock"].y, [5, 30, 40])
    assert [name for name, line in lines.items() if line.line.dash == "dot"] == ["metal"]
    assert {note.text for note in figure.layout.annotations} == {
        *set(genres) - {"metal"},
        "<b>metal</b>",
    }
    without = verdict_figure(spans, so_far, genres, "rock")
    assert "metal" not in {line.name for line in without.data}
    alone = verdict_figure(spans, np.eye(6)[[2, 2, 2]], genres, "blues")
    assert {line.name for line in alone.data} == {"rock", "blues"}  # the others are nothing


@pytest.mark.parametrize(
    "draw",
    [
        lambda: confusion_figure(FRAMES, GENRES, what="frames"),
        lambda: difference_figure(FRAMES, SONGS, GENRES),
        lambda: reliability_figure(reliability(*scored())),
        lambda: coverage_figure(selective_curve(*scored())),
        lambda: shares_figure(SONGS, GENRES),
    ],
)
def test_figures_can_be_written_as_json(draw: Callable[[], go.Figure]):
    assert draw().to_json()


def test_the_print_makes_no_global_figure():
    import matplotlib.pyplot as plt

    assert isinstance(confusion_pair_figure(FRAMES, SONGS, GENRES, ""), Figure)
    assert plt.get_fignums() == []
