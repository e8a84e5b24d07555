"""One song on one slide or card: pictures to save, print, send or show a class."""

from io import BytesIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from genre_core.inference.analysis import SongAnalysis
from genre_core.plots.song_drawing import (
    draw_bars,
    draw_legend,
    draw_timeline,
    draw_title,
    draw_waveform,
    literal,
    read_picture,
)
from genre_core.types import Verdict

_INCHES = (12.8, 7.2)  # 16:9
_DPI = 150  # 1920 x 1080 pixels
_CARD_INCHES = (12.0, 6.3)
_CARD_DPI = 100  # 1200 x 630 pixels, as pages show links
_COVER_AND_TITLE = (1, 6)  # widths; the cover's place is about square
_LETTERS_BESIDE_COVER = 58


def slide_figure(analysis: SongAnalysis, verdict: Verdict, words: str, title: str) -> Figure:
    """Return verdict, waveform, frames over time and song scores on one 16:9 page.

    Parameters
    ----------
    verdict : made from `analysis.scores`
    words : the confidence in words, e.g. "fairly sure"; empty for none
    title : what to call the song: anybody's text

    Made without pyplot, so that several sessions can draw at once.
    """
    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(3, 2, height_ratios=(0.9, 2.2, 3.2), width_ratios=(2.4, 1))
    draw_title(figure.add_subplot(grid[0, :]), title, verdict, words)
    wave = figure.add_subplot(grid[1, 0])
    draw_waveform(wave, analysis)
    draw_timeline(figure.add_subplot(grid[2, 0], sharex=wave), analysis)
    draw_bars(figure.add_subplot(grid[1:, 1]), verdict)
    frames = analysis.frames
    n_frames = len(frames.spans)
    draw_legend(
        figure,
        analysis,
        f"{n_frames} frame{'s' * (n_frames != 1)} of {frames.frame_seconds:.4g} s, "
        f"{frames.trim_seconds:.4g} s trimmed at each end, "
        f"{verdict.aggregation.replace('_', ' ')}, network "
        f"{literal(analysis.model.name)} ({analysis.model.sha256[:8]})",
    )
    return figure


def slide_png(analysis: SongAnalysis, verdict: Verdict, words: str, title: str) -> bytes:
    """Return `slide_figure` as a PNG of 1920 x 1080 pixels."""
    out = BytesIO()
    slide_figure(analysis, verdict, words, title).savefig(out, format="png", dpi=_DPI)
    return out.getvalue()


def card_figure(
    analysis: SongAnalysis, verdict: Verdict, words: str, title: str, cover: bytes | None = None
) -> Figure:
    """Return title, verdict and timeline on one card, to send to others.

    Parameters
    ----------
    title : anybody's text
    cover : JPEG that stands beside the verdict; the card has none if it is damaged
    """
    figure = Figure(figsize=_CARD_INCHES, dpi=_CARD_DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    picture = read_picture(cover) if cover is not None else None
    grid = figure.add_gridspec(2, 1, height_ratios=(1, 2.2))
    if picture is None:
        draw_title(figure.add_subplot(grid[0]), title, verdict, words)
    else:
        top = grid[0].subgridspec(1, 2, width_ratios=_COVER_AND_TITLE)
        place = figure.add_subplot(top[0])
        place.set_axis_off()
        place.imshow(picture)
        draw_title(figure.add_subplot(top[1]), title, verdict, words, _LETTERS_BESIDE_COVER)
    draw_timeline(figure.add_subplot(grid[1]), analysis)
    draw_legend(figure, analysis)
    return figure


def card_png(
    analysis: SongAnalysis, verdict: Verdict, words: str, title: str, cover: bytes | None = None
) -> bytes:
    """Return `card_figure` as a PNG of 1200 x 630 pixels."""
    out = BytesIO()
    card_figure(analysis, verdict, words, title, cover).savefig(out, format="png", dpi=_CARD_DPI)
    return out.getvalue()
