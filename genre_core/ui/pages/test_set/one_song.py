"""One song of the test set: its frames, and how its verdict comes about."""

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.config import SAMPLE_RATE
from genre_core.evaluation.verdicts import verdict_so_far
from genre_core.plots.frame_labels import best_genres
from genre_core.plots.style import CHART_CONFIG
from genre_core.plots.time_axis import clock
from genre_core.plots.timeline import frames_figure
from genre_core.plots.verdict_so_far import NAMES_MARGIN, verdict_figure
from genre_core.types import FrameSpan
from genre_core.ui import services
from genre_core.ui.components.genre_chip import chip_html, legend
from genre_core.ui.components.text import as_html, as_markdown, tidy
from genre_core.ui.media import mime_of
from genre_core.ui.pages.test_set.link import OWN_KEY
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.scoring_state import ScoringState
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.words import AGGREGATION_NAMES, count, percent

_NOTHING = 0.0005  # a share that is shown as 0.0 %


def song_name(result: Result, index: int) -> str:
    """Return "Artist: Title", or the id where those are unknown; unescaped."""
    clip = result.score_set.clips[index]
    named = ": ".join(part for part in (clip.artist, clip.title) if part)
    return tidy(named or clip.clip_id, 80)


def one_song(state: ScoresState, result: Result) -> None:
    """Show one song's frames over time and how its verdict comes about."""
    ids = [clip.clip_id for clip in result.score_set.clips]
    if state.view.song not in ids:
        st.info("The open song is not among those shown now.")
        return
    index = ids.index(state.view.song)
    clip, genres = result.score_set.clips[index], result.score_set.genres
    by_song = result.verdicts.by_song[index]
    spans, scores = _spans(result, index, state.view.frame_seconds), _part(result, index)[0]
    first, second = np.argsort(-by_song, kind="stable")[:2]
    named = genres[first]
    with st.container(border=True, key="ts_song"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.html(
                f'<h3 class="gr-song">{as_html(song_name(result, index), 90)}</h3>'
                + (
                    f'<p class="gr-soft">{as_html(clip.clip_id)}</p>'
                    if clip.artist or clip.title
                    else ""
                )
                + f"<p>truly {chip_html(clip.label)} named {chip_html(named)} "
                f"{'– right' if named == clip.label else '– wrong'}</p>"
            )
            st.button(
                "Close",
                key="ts_close_song",
                icon=":material/close:",
                type="tertiary",
                on_click=lambda: state.change(song=""),
            )
        _sound(state, clip.clip_id)
        best = best_genres(scores, genres, spans)
        votes = {genre: best.count(genre) for genre in dict.fromkeys(best)}
        listed = ", ".join(
            f"{n} {as_markdown(genre)}" for genre, n in sorted(votes.items(), key=lambda v: -v[1])
        )
        what = "neighbours’ shares" if state.view.aggregation == "knn" else "combined"
        st.markdown(
            f"Its {count(len(spans), 'frame')}: {listed}. "
            f"{AGGREGATION_NAMES[state.view.aggregation]}, {what}: "
            f"**{as_markdown(named)} {percent(by_song[first])}**"
            + (
                f", then {as_markdown(genres[second])} {percent(by_song[second])}."
                if by_song[second] > _NOTHING
                else "."
            )
        )
        frames_chart = frames_figure(spans, scores, genres, spans[-1].end_seconds, height=260)
        if len(spans) > 1:
            frames_chart.update_layout(margin={"r": NAMES_MARGIN})  # the seconds below line up
        st.plotly_chart(
            frames_chart,
            config=CHART_CONFIG,
            key="ts_song_frames",
            alt=f"Scores of {count(len(spans), 'frame')} over time; the table below has them.",
        )
        legend(genres, scores)
        so_far = verdict_so_far(_part(result, index)[1], state.view.aggregation)
        if len(spans) > 1:
            st.markdown("#### How the verdict comes about")
            st.plotly_chart(
                verdict_figure(spans, so_far, genres, clip.label),
                config=CHART_CONFIG,
                key="ts_song_verdict",
                alt=f"What the frames come to, one after the other: at the end {named}.",
            )
            st.caption(
                "After each frame, what it and all before it come to: "
                f"{turns_in_words(so_far, genres)} Dotted: the true genre, "
                f"{as_markdown(clip.label)}."
            )
        st.dataframe(
            _verdict_table(result, index, spans, so_far),
            hide_index=True,
            key="ts_song_table",
            column_config={
                name: st.column_config.NumberColumn(format="%.1f")
                for name in _score_columns(genres)
            },
            alt="The frames, the best genre of each, and the verdict after it.",
        )
        st.caption(
            "“Verdict so far” combines this frame with all before it: in the last row stands the "
            "song’s verdict."
            + (
                " “Neighbours” are the genres of the songs whose frames have the most similar "
                "scores; the verdict counts them, not the scores."
                if result.reference
                else ""
            )
        )


def _sound(state: ScoresState, name: str) -> None:
    """Show a player for a song of one's own test set, while its sound is at hand."""
    own = ScoringState.current()
    if state.view.scores != OWN_KEY or state.own is not own.result:
        return
    data = services.song_at_hand(own.songs_key, name)
    if data is None:
        st.caption("The sound is not at hand any more: score the songs again to hear them.")
        return
    st.audio(data, format=mime_of(name) or "audio/wav", alt="The song")


def turns_in_words(so_far: np.ndarray, genres: tuple[str, ...]) -> str:
    """Say, as Markdown, when the verdict last changed.

    Parameters
    ----------
    so_far : float (n_frames, n_genres)
    """
    leads = so_far.argmax(axis=1)
    named = as_markdown(genres[leads[-1]])
    others = np.flatnonzero(leads != leads[-1])
    if len(others) == 0:
        return f"{named} from the first frame on."
    before = as_markdown(genres[leads[others[-1]]])
    return f"{named} from frame {others[-1] + 2} on, {before} before that."


def _verdict_table(
    result: Result, index: int, spans: tuple[FrameSpan, ...], so_far: np.ndarray
) -> pd.DataFrame:
    scores, evidence = _part(result, index)
    genres = result.score_set.genres
    table = pd.DataFrame(
        {
            "Frame": [span.index + 1 for span in spans],
            "From": [clock(span.start_seconds) for span in spans],
            "Best genre": best_genres(scores, genres, spans),
            "Verdict so far": [genres[i] for i in so_far.argmax(axis=1)],
        }
    )
    if result.reference:
        table.insert(3, "Neighbours", [_largest(row, genres) for row in evidence])
    return pd.concat([table, pd.DataFrame(100 * scores, columns=_score_columns(genres))], axis=1)


def _score_columns(genres: tuple[str, ...]) -> list[str]:
    return [f"{genre} (%)" for genre in genres]


def _largest(shares: np.ndarray, genres: tuple[str, ...], most: int = 3) -> str:
    """Return the largest shares as e.g. "pop 47 %, disco 33 %"."""
    order = [i for i in np.argsort(-shares, kind="stable")[:most] if shares[i] > 0.005]
    return ", ".join(f"{genres[i]} {percent(shares[i] / shares.sum(), 0)}" for i in order)


def _part(result: Result, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Return one song's scores and evidence, (n_frames of it, n_genres) each."""
    own = _frames_of(result, index)
    return result.frames.scores[own], result.verdicts.evidence[own]


def _frames_of(result: Result, index: int) -> slice:
    """Return which rows of the frames are one song's."""
    end = int(result.frames.counts[: index + 1].sum())
    return slice(end - int(result.frames.counts[index]), end)


def _spans(result: Result, index: int, frame_seconds: float) -> tuple[FrameSpan, ...]:
    own = _frames_of(result, index)
    starts = np.round(result.frames.start_seconds[own] * SAMPLE_RATE).astype(int).tolist()
    length = round(frame_seconds * SAMPLE_RATE)
    return tuple(
        FrameSpan(i, start, start + length, SAMPLE_RATE, silent=False)
        for i, start in enumerate(starts)
    )
