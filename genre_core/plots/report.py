"""A report of one song that lives alone: one HTML file, which asks for nothing else."""

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from genre_core.inference.analysis import SongAnalysis
from genre_core.plots.frame_labels import best_genres
from genre_core.plots.palette import colour_of, ink_on
from genre_core.plots.report_page import REPORT_SCRIPT, STYLE
from genre_core.plots.song_drawing import draw_bars, draw_timeline, draw_waveform
from genre_core.plots.time_axis import clock
from genre_core.types import Verdict

MAX_SOUND_BYTES = 12 * 2**20  # 16 MiB of the report
_INCHES = (10.0, 4.6)
_LEFT, _WIDTH = 0.07, 0.915  # of the figure's width: the axes, where the playhead runs
# Nothing from elsewhere, whatever a name may hold.
_POLICY = (
    "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'"
)


@dataclass(frozen=True)
class Sound:
    """A song file that browsers play, and its type, e.g. "audio/mpeg"."""

    data: bytes
    mime: str


def report_html(
    analysis: SongAnalysis,
    verdict: Verdict,
    words: str,
    title: str,
    remarks: Sequence[str] = (),
    sound: Sound | None = None,
) -> str:
    """Return the report as a page that opens without a server.

    Parameters
    ----------
    words : the confidence in words; empty for none
    title : of the song: anybody's text
    remarks : sentences that stand under the verdict; anybody's text
    sound : for the player; at most `MAX_SOUND_BYTES`

    Raises ValueError if the sound is larger.
    """
    name = html.escape(title)
    colour = colour_of(verdict.genre)
    surety = f"{html.escape(words)}: " if words else ""
    notes = "".join(f"<p>{html.escape(remark)}</p>" for remark in remarks)
    body = f"""
<h1>{name}</h1>
<div class="verdict" style="background:{colour};color:{ink_on(colour)}">
<b>{html.escape(verdict.genre)}</b>
<span>{surety}{verdict.confidence:.0%}, then {html.escape(verdict.runner_up)}</span></div>
{notes}
<h2>The song over time</h2>
<p>Above is the sound, below what the network scores each frame. One tall block of colour means
that it is sure, many thin blocks mean doubt. Grey is left out.</p>
{_legend(analysis)}
<div id="picture" role="img" aria-label="Waveform and scores of the frames; the table has them."
data-seconds="{analysis.waveform.duration_seconds:.3f}" data-left="{_LEFT}" data-width="{_WIDTH}">
{_timeline_svg(analysis)}<i id="playhead"></i></div>
{_player(sound)}
<h2>The whole song</h2>
<div role="img" aria-label="Scores of the song">{_bars_svg(verdict)}</div>
<h2>The frames</h2>
{_frames_table(analysis)}
<p class="soft">{_facts(analysis, verdict)}</p>
"""
    return page_html(title, body, REPORT_SCRIPT if sound is not None else "")


def page_html(title: str, body: str, script: str = "") -> str:
    """Return a whole HTML page; `title` is anybody's text, `body` and `script` are trusted."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main>{f'<script>{script}</script>' if script else ''}</body></html>\n"
    )


def _player(sound: Sound | None) -> str:
    if sound is None:
        return ""
    if len(sound.data) > MAX_SOUND_BYTES:
        raise ValueError(f"{len(sound.data):,} bytes of sound; {MAX_SOUND_BYTES:,} are allowed")
    data = base64.b64encode(sound.data).decode()
    return (
        f'<audio id="sound" controls src="data:{sound.mime};base64,{data}"></audio>'
        '<p class="soft">Click the picture to play from there.</p>'
    )


def _timeline_svg(analysis: SongAnalysis) -> str:
    figure = Figure(figsize=_INCHES)
    wave = figure.add_axes((_LEFT, 0.72, _WIDTH, 0.26))
    draw_waveform(wave, analysis)
    scores = figure.add_axes((_LEFT, 0.12, _WIDTH, 0.56), sharex=wave)
    draw_timeline(scores, analysis)
    return _svg(figure)


def _bars_svg(verdict: Verdict) -> str:
    figure = Figure(figsize=(7.0, 0.6 + 0.36 * len(verdict.genres)), layout="constrained")
    draw_bars(figure.add_subplot(), verdict)
    return _svg(figure)


def _svg(figure: Figure) -> str:
    """Return a figure as SVG that can stand within a page."""
    FigureCanvasSVG(figure)
    out = BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue().decode()
    return text[text.index("<svg") :]


def _legend(analysis: SongAnalysis) -> str:
    chips = "".join(
        f'<li style="background:{colour_of(genre)};color:{ink_on(colour_of(genre))}">'
        f"{html.escape(genre)}</li>"
        for genre in analysis.model.genres
    )
    return f'<ul class="legend">{chips}</ul>'


def _frames_table(analysis: SongAnalysis) -> str:
    spans = analysis.frames.spans
    best = best_genres(analysis.scores, analysis.model.genres, spans)
    rows = "".join(
        f"<tr><th scope='row'>{span.index + 1}</th>"
        f"<td>{clock(span.start_seconds)}–{clock(span.end_seconds)}</td>"
        f"<td>{html.escape(label)}</td>"
        f"<td>{'' if span.silent else f'{row.max():.0%}'}</td></tr>"
        for span, label, row in zip(spans, best, analysis.scores, strict=True)
    )
    head = "<tr><th>Frame</th><th>Time</th><th>Best genre</th><th>Score</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _facts(analysis: SongAnalysis, verdict: Verdict) -> str:
    frames, model = analysis.frames, analysis.model
    n_frames = len(frames.spans)
    return html.escape(
        f"{n_frames} frame{'s' * (n_frames != 1)} of {frames.frame_seconds:.4g} s, "
        f"{frames.trim_seconds:.4g} s left out at each end, combined by the "
        f"{verdict.aggregation.replace('_', ' ')}. Network {model.name} ({model.sha256[:8]}). "
        f"It knows {len(model.genres)} genres and is wrong at times: a score is no proof."
    )
