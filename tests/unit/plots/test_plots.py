"""The figures of a song: what they show, and that it stays small for long songs."""

import json
from io import BytesIO

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest
from PIL import Image

from genre_core.config import GENRES, FeatureSettings
from genre_core.inference import aggregate
from genre_core.inference.analysis import SongAnalysis
from genre_core.plots import mel, score_bars, slide, time_axis, timeline
from genre_core.plots.palette import code_of
from genre_core.types import FrameSpan
from tests import builders

RATE = 1_000  # Hz; plots take any rate


def make_song(
    n_frames: int,
    frame_seconds: float = 29.12,
    trim_seconds: float = 20.0,
    silent: tuple[int, ...] = (),
    name: str = "song.wav",
) -> SongAnalysis:
    samples = builders.noise(2 * trim_seconds + n_frames * frame_seconds + 0.7, RATE)
    return builders.song_analysis(
        samples, RATE, frame_seconds, trim_seconds, silent=silent, name=name
    )


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.4, "0:59"), (59.6, "1:00"), (3600, "60:00")]
)
def test_clock(seconds: float, text: str):
    assert time_axis.clock(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00.0"), (75.24, "1:15.2"), (59.96, "1:00.0")])
def test_clock_in_tenths(seconds: float, text: str):
    assert time_axis.clock(seconds, 1) == text


@pytest.mark.parametrize("duration", [3.0, 29.12, 85.0, 240.0, 3600.0])
def test_time_ticks_fit_a_phone_and_lie_inside(duration: float):
    positions, labels = time_axis.time_ticks(0.0, duration)
    assert 2 <= len(positions) <= 7
    assert len(set(labels)) == len(labels) == len(positions)
    assert 0.0 <= positions[0] <= positions[-1] <= duration


def draw_timeline(song: SongAnalysis) -> go.Figure:
    return timeline.frames_figure(
        song.frames.spans, song.scores, GENRES, song.waveform.duration_seconds
    )


def test_an_hour_fits_in_a_small_figure():
    assert len(plotly.io.to_json(draw_timeline(make_song(120)), validate=False)) < 150_000


def test_timeline_columns_reach_a_hundred_percent_but_for_silence():
    song = make_song(5, silent=(2,))
    figure = draw_timeline(song)
    bars = {t.name: np.asarray(t.y, dtype=float) for t in figure.data if t.type == "bar"}
    hatched = bars.pop("silent")
    total = sum(bars.values())
    np.testing.assert_allclose(np.delete(total, 2), 100.0, rtol=1e-5)
    assert total[2] == 0.0
    assert hatched.tolist() == [100.0]
    assert set(bars) == set(GENRES)


def test_hover_text_gives_numbers_and_people_count_from_one():
    song = make_song(3, silent=(1,))
    texts = draw_timeline(song).data[-1].hovertext
    assert texts[0].startswith("<b>Frame 1 · 0:20–0:49</b>")
    best = song.scores[0].argmax()
    assert f"{GENRES[best]} {song.scores[0, best]:.1%}" in texts[0]
    assert "silent" in texts[1]


def test_score_bars_put_the_verdict_on_top():
    song = make_song(6)
    verdict = aggregate.verdict(song.scores, GENRES)
    figure = score_bars.score_bars_figure(verdict, song.scores)
    bars, dots = figure.data
    assert bars.y[-1] == verdict.genre
    assert sum(bars.x) == pytest.approx(100.0, abs=1e-3)
    assert len(dots.x) == 6 * len(GENRES)


def test_a_vote_is_shown_as_votes():
    song = make_song(6)
    verdict = aggregate.verdict(song.scores, GENRES, "majority_vote")
    figure = score_bars.score_bars_figure(verdict, song.scores)
    bars, dots = figure.data
    assert "votes" in figure.layout.xaxis.title.text
    assert sorted(dots.y) == sorted(GENRES[column] for column in song.scores.argmax(axis=1))
    shares = dict(zip(bars.y, bars.x, strict=True))
    for genre in set(dots.y):  # its votes fill its bar
        places = [x for x, y in zip(dots.x, dots.y, strict=True) if y == genre]
        np.testing.assert_allclose(
            sorted(places), [100 * (i + 0.5) / 6 for i in range(len(places))], rtol=1e-5
        )
        assert shares[genre] == pytest.approx(100 * len(places) / 6, abs=1e-3)


def test_one_frame_has_no_dots():
    song = make_song(1)
    verdict = aggregate.verdict(song.scores, GENRES)
    assert len(score_bars.score_bars_figure(verdict, song.scores).data) == 1


def test_decibel_range_is_the_loudest_point_and_80_db_below():
    log_mel = np.array([[[-100.0, -3.0]], [[-40.0, -20.0]]], dtype=np.float32)
    assert mel.decibel_range(log_mel) == (-83.0, -3.0)
    assert mel.decibel_range(log_mel[1:]) == (-40.0, -20.0)
    low, high = mel.decibel_range(np.full((1, 2, 2), -50.0, dtype=np.float32))
    assert low < high


def test_pooled_columns_keep_the_average():
    log_mel = np.arange(2 * 12, dtype=np.float32).reshape(2, 12)
    pooled = mel.pool_columns(log_mel, 4)
    assert pooled.shape == (2, 4)
    np.testing.assert_allclose(pooled.mean(axis=1), log_mel.mean(axis=1))
    assert mel.pool_columns(log_mel, 50) is log_mel


def test_a_thumbnail_has_low_bands_at_the_bottom_and_loud_is_bright():
    log_mel = np.full((96, 1366), -80.0, dtype=np.float32)
    log_mel[:10] = 0.0  # loud in the bass
    png = mel.thumbnail_png(log_mel, -80.0, 0.0)
    image = np.asarray(Image.open(BytesIO(png)).convert("L"), dtype=int)
    assert image.shape == (96, mel.THUMBNAIL_COLUMNS)
    assert image[-10:].min() > 200
    assert image[:-10].max() < 20


def test_a_thumbnail_of_noise_stays_small():
    noise = np.random.default_rng(0).uniform(-60, 0, (96, 1366)).astype(np.float32)
    assert len(mel.thumbnail_png(noise, -60.0, 0.0)) < 25_000


def test_a_song_is_one_picture_with_its_frames_in_order():
    frames = np.full((4, 96, 1366), -80.0, dtype=np.float32)
    frames[2] = 0.0  # one loud frame
    image = np.asarray(Image.open(BytesIO(mel.song_png(frames, -80.0, 0.0))).convert("L"), int)
    assert image.shape == (96, mel.SONG_COLUMNS)
    quarter = mel.SONG_COLUMNS // 4
    loud = image.mean(axis=0).reshape(4, quarter).mean(axis=1)
    assert list(loud > 200) == [False, False, True, False]


def test_the_large_spectrogram_has_its_seconds_and_hertz():
    span = FrameSpan(1, 20_000, 49_120, RATE, False)
    log_mel = np.random.default_rng(0).uniform(-60, 0, (96, 1366)).astype(np.float32)
    figure = mel.mel_figure(log_mel, span, FeatureSettings(), -60.0, 0.0)
    heat = figure.data[0]
    assert heat.x[0] == pytest.approx(20.0)
    assert heat.x[-1] == pytest.approx(49.12)
    assert figure.layout.yaxis.title.text.startswith("Frequency (Hz")
    assert "1,000" in figure.layout.yaxis.ticktext
    # The tick stands between the bands around it.
    band = figure.layout.yaxis.tickvals[figure.layout.yaxis.ticktext.index("1,000")]
    hertz = [float(name.removesuffix(" Hz").replace(",", "")) for name in heat.y]
    assert hertz[int(np.floor(band))] <= 1_000 <= hertz[int(np.ceil(band))]
    assert len(plotly.io.to_json(figure, validate=False)) < 150_000
    # Streamlit's theme would swap its placeholders among the hex colours.
    assert all(colour.startswith("rgb(") for _, colour in heat.colorscale)


@pytest.mark.parametrize("name", ["song.mp3", "$\\frac{$ 50% <b> " + "x" * 300, "歌\n\u202e.wav"])
def test_the_slide_is_full_hd_whatever_the_name(name: str):
    song = make_song(7, silent=(3,), name=name)
    verdict = aggregate.verdict(song.scores, GENRES)
    png = slide.slide_png(song, verdict, "fairly sure", name)
    assert Image.open(BytesIO(png)).size == (1920, 1080)
    card = slide.card_png(song, verdict, "fairly sure", name)
    assert Image.open(BytesIO(card)).size == (1200, 630)


def jpeg(colour: tuple[int, int, int], size: tuple[int, int] = (192, 192)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, format="JPEG")
    return out.getvalue()


@pytest.mark.parametrize("size", [(192, 192), (192, 40), (40, 192), (1, 1)])
def test_the_card_shows_the_cover_undistorted_beside_the_verdict(size: tuple[int, int]):
    song = make_song(3)
    verdict = aggregate.verdict(song.scores, GENRES)
    png = slide.card_png(song, verdict, "", "$x$ " + "long " * 40, jpeg((255, 0, 255), size))
    card = np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)
    assert card.shape == (630, 1200, 3)
    rows, columns = np.nonzero(np.abs(card - (255, 0, 255)).max(axis=2) < 20)
    width, height = np.ptp(columns) + 1, np.ptp(rows) + 1
    assert width / height == pytest.approx(size[0] / size[1], rel=0.1)
    assert max(width, height) > 120
    assert columns.max() < 200
    assert rows.max() < 220


@pytest.mark.parametrize("cover", [b"", b"no picture", jpeg((9, 9, 9))[:300], b"\x89PNG\r\n\x1a\n"])
def test_a_damaged_cover_leaves_the_card_as_without_one(cover: bytes):
    song = make_song(3)
    verdict = aggregate.verdict(song.scores, GENRES)
    without = slide.card_png(song, verdict, "", "Two Tempers")
    assert slide.card_png(song, verdict, "", "Two Tempers", cover) == without
    assert slide.card_png(song, verdict, "", "Two Tempers", jpeg((9, 9, 9))) != without


def test_the_slide_has_the_title_a_legend_and_no_number_for_nothing():
    song = make_song(3)
    song.scores[:] = 0.0
    song.scores[:, :2] = [0.9996, 0.0004]
    figure = slide.slide_figure(song, aggregate.verdict(song.scores, GENRES), "", "Two Tempers")
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "Two Tempers" in texts
    assert "100.0" in texts
    assert "0.0" not in texts
    (legend,) = figure.legends
    (only,) = legend.get_texts()
    assert only.get_text() == f"{code_of(GENRES[0])} {GENRES[0]}"


@pytest.mark.parametrize("cover", [None, jpeg((9, 9, 9))])
def test_the_legend_of_a_card_lies_inside_it(cover: bytes | None):
    song = make_song(6)
    song.scores[:] = 1 / len(GENRES)  # every genre has an entry
    figure = slide.card_figure(song, aggregate.verdict(song.scores, GENRES), "", "song", cover)
    figure.canvas.draw()
    (legend,) = figure.legends
    assert len(legend.get_texts()) == len(GENRES)
    box = legend.get_window_extent()
    assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
    assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1


def test_figures_can_be_written_as_json():
    song = make_song(1, 3.0, 0.0)
    figure = json.loads(plotly.io.to_json(draw_timeline(song), validate=False))
    assert figure["layout"]["xaxis"]["title"]["text"] == "Time (min:s)"
    assert figure["layout"]["dragmode"] is False
