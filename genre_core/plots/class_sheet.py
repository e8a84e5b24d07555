"""A sheet to print for a class: pupils guess each frame, the solution is on a page apart."""

import html

from genre_core.inference.analysis import SongAnalysis
from genre_core.plots.frame_labels import best_genres
from genre_core.plots.report import page_html
from genre_core.plots.time_axis import clock
from genre_core.types import Verdict

MOST_FRAMES = 40  # one row each; more than songs of usual length have
_MOST_IN_LARGE = 9  # fit one printed page with the questions; rows of more frames are small


def class_sheet_html(analysis: SongAnalysis, verdict: Verdict, title: str) -> str:
    """Return the sheet as a page that opens without a server; `title` is anybody's text."""
    genres = analysis.model.genres
    boxes = "".join(f'<span class="box">☐ {html.escape(genre)}</span>' for genre in genres)
    with_sound = [span for span in analysis.frames.spans if not span.silent]
    spans = with_sound[:MOST_FRAMES]
    size = ' class="small"' if len(spans) > _MOST_IN_LARGE else ""
    rows = "".join(
        f"<tr><th scope='row'>{span.index + 1}</th>"
        f"<td class='time'>{clock(span.start_seconds)}–{clock(span.end_seconds)}</td>"
        f"<td>{boxes}</td></tr>"
        for span in spans
    )
    best = best_genres(analysis.scores, genres, analysis.frames.spans)
    solved = "".join(
        f"<tr><th scope='row'>{span.index + 1}</th>"
        f"<td>{clock(span.start_seconds)}–{clock(span.end_seconds)}</td>"
        f"<td>{html.escape(best[span.index])}, {analysis.scores[span.index].max():.0%}</td></tr>"
        for span in spans
    )
    body = f"""
<h1>What genre is this?</h1>
<p><b>{html.escape(title)}</b> &nbsp; Name: ____________________________</p>
<p>Listen to each part of the song. Tick the genre that you hear in it.
{_silent(len(analysis.frames.spans) - len(with_sound))}{_left_out(len(with_sound))}</p>
<table{size}><thead><tr><th>Part</th><th>Time</th><th>You hear</th></tr></thead>
<tbody>{rows}</tbody></table>
<h2>The whole song</h2>
<p>{boxes}</p>
<p>What made you decide?</p><div class="line"></div><div class="line"></div>
<div class="solution"><h2>What the network says</h2>
<p>The whole song: <b>{html.escape(verdict.genre)}</b>, {verdict.confidence:.0%};
then {html.escape(verdict.runner_up)}.</p>
<table{size}>
<thead><tr><th>Part</th><th>Time</th><th>Its best genre, and the score</th></tr></thead>
<tbody>{solved}</tbody></table>
<p>Where do you and the network differ? Who is right, and how could one find out?</p>
<div class="line"></div><div class="line"></div></div>
"""
    return page_html(f"What genre is this? {title}", body)


def _silent(n_frames: int) -> str:
    """Return a sentence on the parts that have no row because they are silent."""
    if n_frames == 0:
        return ""
    parts = "1 silent part has" if n_frames == 1 else f"{n_frames:,} silent parts have"
    return f"{parts} no row, so numbers are missing. "


def _left_out(n_frames: int) -> str:
    """Return a sentence on the frames that have no row, of `n_frames` with sound."""
    n = n_frames - MOST_FRAMES
    if n <= 0:
        return ""
    last = "The last part is" if n == 1 else f"The last {n:,} parts are"
    return f"{last} left out: the sheet holds {MOST_FRAMES}."
