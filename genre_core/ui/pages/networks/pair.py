"""What two networks say of the frames of one song, under one another."""

from dataclasses import dataclass

import streamlit as st

from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.disagreement import Disagreement, ScoredFrames, disagreement
from genre_core.plots.disagreement import SIGN, marked_frames_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.plots.time_axis import clock
from genre_core.types import Verdict
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.components.text import as_html, tidy
from genre_core.ui.pages.networks.table import table_html
from genre_core.ui.words import percent

_MOST_NAMED = 12  # frames named in a sentence


@dataclass(frozen=True, eq=False)
class Pair:
    """Two networks on one song: `names` are anybody's text."""

    names: tuple[str, ...]
    frames: tuple[ScoredFrames, ScoredFrames]
    verdicts: tuple[Verdict, Verdict]


def pair_of(
    names: tuple[str, ...], analyses: tuple[SongAnalysis, SongAnalysis], aggregation: str
) -> Pair:
    """Return the pair of two analyses of one song."""
    first, second = analyses
    return Pair(
        names,
        (ScoredFrames.of(first), ScoredFrames.of(second)),
        (first.verdict(aggregation), second.verdict(aggregation)),
    )


def show_pair(song: str, pair: Pair) -> None:
    """Show both networks' frames, and where they disagree; `song` is anybody's text."""
    result = disagreement(*pair.frames)
    st.html(
        f'<p class="gr-song">{as_html(song)}</p>'
        f"<p>{in_words(result, list(pair.names), list(pair.verdicts))}</p>"
    )
    marks = f" A grey cap with {SIGN} marks the frames that the two name differently."
    st.caption(f"Each column is one frame, each colour a label.{marks if result.frames else ''}")
    for number, (name, scored, verdict) in enumerate(
        zip(pair.names, pair.frames, pair.verdicts, strict=True)
    ):
        chip = chip_html(verdict.genre, f"{verdict.genre} {percent(verdict.confidence, 0)}")
        st.html(f'<p class="gr-card-title">{_capital(as_html(name))} says {chip}</p>')
        labels = result.second if number else result.first
        st.plotly_chart(
            marked_frames_figure(scored, result.frames),
            config=CHART_CONFIG,
            key=f"networks_frames_{number}",
            alt=f"What {tidy(name)} says of each frame: "
            + ", ".join(f"{i} {label or 'silent'}" for i, label in enumerate(labels, start=1))
            + ".",
        )
    with st.expander("The frames as a table", icon=":material/table:"):
        st.html(_table(pair, result))


def in_words(result: Disagreement, names: list[str], verdicts: list[Verdict]) -> str:
    """Return in HTML how far two networks agree about a song.

    `names` are anybody's text.
    """
    one, other = (as_html(name) for name in names)
    said = (
        f"{one} says {as_html(verdicts[0].genre)} ({percent(verdicts[0].confidence, 0)}), "
        f"{other} says {as_html(verdicts[1].genre)} ({percent(verdicts[1].confidence, 0)})"
    )
    if not result.common:
        return f"The two have no label in common, so they cannot disagree: {said}."
    note = ""
    unknown = any(set(verdict.genres) - set(result.common) for verdict in verdicts)
    if unknown:
        note = f" They have {len(result.common)} labels in common; each other label belongs to one."
    if not result.frames:
        agree = "They agree in the only frame"
        if result.n_counted != 1:
            agree = f"They agree in each of the {result.n_counted} frames"
        return f"{agree}. Of the whole song {said}.{note}"
    numbers = [str(index + 1) for index in result.frames]
    named = ", ".join(numbers[:_MOST_NAMED]) + (" …" if len(numbers) > _MOST_NAMED else "")
    return (
        f"They disagree in {len(numbers)} of {result.n_counted} frames: {named}. Of the whole song "
        f"{said}.{note}"
    )


def _table(pair: Pair, result: Disagreement) -> str:
    differ = set(result.frames)
    first, second = pair.frames
    rows = []
    for index, span in enumerate(first.spans[: len(result.first)]):
        labels_of_both = []
        for scored, labels in ((first, result.first), (second, result.second)):
            share = percent(scored.scores[index].max(), 0)
            labels_of_both.append(f"{labels[index]} {share}" if labels[index] else "silent")
        rows.append(
            [
                f"{index + 1}",
                f"{clock(span.start_seconds)}–{clock(span.end_seconds)}",
                *labels_of_both,
                "disagree" if index in differ else "",
            ]
        )
    return table_html(
        "What each network says of each frame",
        ["Frame", "Time", *(tidy(name, 30) for name in pair.names), ""],
        rows,
        words=(1, 2, 3, 4),
    )


def _capital(text: str) -> str:
    """Return "<bdi>the ..." with a capital: it begins a line."""
    return text.replace("<bdi>the ", "<bdi>The ", 1)
