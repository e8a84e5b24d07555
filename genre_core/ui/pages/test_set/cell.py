"""A cell of a matrix opens: its songs, and one song's frames up to its verdict."""

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
from genre_core.ui.components.genre_chip import chip_html, legend
from genre_core.ui.components.text import as_html, as_markdown, tidy
from genre_core.ui.pages.test_set.link import Unit
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.section import section
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.words import AGGREGATION_NAMES, count, percent

_NOTHING = 0.0005  # a share that is shown as 0.0 %
_UNIT_NAMES: dict[Unit, str] = {"song": "by song", "frame": "by frame"}


def cell(state: ScoresState, found: Result) -> None:
    """Show the choice of a cell, its songs, and the song that is open."""
    section(
        "The songs behind a cell",
        "Click a cell above, or choose a true and a named genre. Then choose one of its songs to "
        "see its frames and how its verdict comes about; without a cell, choose any song.",
        "songs",
    )
    _choose_cell(state, found)
    view = state.view
    if view.true:
        songs = songs_in_cell(found, view.true, view.named, view.unit)
        if len(songs) == 0:
            st.info(
                f"No {view.unit} of {as_markdown(view.true)} was named {as_markdown(view.named)}.",
                icon=":material/check:",
            )
        else:
            _songs(state, found, songs)
    else:
        by_name = sorted(
            range(len(found.score_set.clips)), key=lambda i: song_name(found, i).casefold()
        )
        _choose_song(state, found, np.array(by_name))
    if view.song and state.song_place == "songs":
        one_song(state, found)


def songs_in_cell(found: Result, true: str, named: str, unit: Unit) -> np.ndarray:
    """Return the indices of the songs behind a cell, the surest (or most frames) first.

    Parameters
    ----------
    found : Result
    true, named : str
        Genres.
    unit : "song" or "frame"
        By frame: every song with at least one frame that was named so.
    """
    genres = found.score_set.genres
    row, column = genres.index(true), genres.index(named)
    if unit == "song":
        hit = (found.judged.by_song.argmax(axis=1) == column).astype(float)
        weight = hit * found.judged.by_song[:, column]
    else:
        weight = _frames_named(found, column)
    weight = np.where(found.score_set.labels() == row, weight, 0.0)
    order = np.argsort(-weight, kind="stable")
    return order[weight[order] > 0]


def song_name(found: Result, index: int) -> str:
    """Return "Artist: Title", or the id where those are unknown; unescaped."""
    clip = found.score_set.clips[index]
    named = ": ".join(part for part in (clip.artist, clip.title) if part)
    return tidy(named or clip.clip_id, 80)


def one_song(state: ScoresState, found: Result) -> None:
    """Show one song's frames over time and how its verdict comes about."""
    ids = [clip.clip_id for clip in found.score_set.clips]
    if state.view.song not in ids:
        st.info("The open song is not among those that are looked at now.")
        return
    index = ids.index(state.view.song)
    clip, genres = found.score_set.clips[index], found.score_set.genres
    by_song = found.judged.by_song[index]
    spans, scores = _spans(found, index, state.view.frame_seconds), _part(found, index)[0]
    best, second = np.argsort(-by_song, kind="stable")[:2]
    named = genres[best]
    with st.container(border=True, key="ts_song"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.html(
                f'<h3 class="gr-song">{as_html(song_name(found, index), 90)}</h3>'
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
        hears = best_genres(scores, genres, spans)
        votes = {genre: hears.count(genre) for genre in dict.fromkeys(hears)}
        heard = ", ".join(
            f"{n} {as_markdown(genre)}" for genre, n in sorted(votes.items(), key=lambda v: -v[1])
        )
        what = "neighbours’ shares" if state.view.aggregation == "knn" else "combined"
        st.markdown(
            f"Its {count(len(spans), 'frame')}: {heard}. "
            f"{AGGREGATION_NAMES[state.view.aggregation]}, {what}: "
            f"**{as_markdown(named)} {percent(by_song[best])}**"
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
        legend(genres)
        so_far = verdict_so_far(_part(found, index)[1], state.view.aggregation)
        if len(spans) > 1:
            st.markdown("##### How the verdict comes about")
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
            _verdict_table(found, index, spans, so_far),
            hide_index=True,
            key="ts_song_table",
            column_config={
                name: st.column_config.NumberColumn(format="%.1f")
                for name in _score_columns(genres)
            },
            alt="The frames, what each hears, and the verdict after it.",
        )
        st.caption(
            "“Verdict so far” combines this frame with all before it: in the last row stands the "
            "song’s verdict."
            + (
                " “Neighbours” are the genres of the songs whose frames have the most similar "
                "scores; the verdict counts them, not the scores."
                if found.reference
                else ""
            )
        )


def turns_in_words(so_far: np.ndarray, genres: tuple[str, ...]) -> str:
    """Say, as Markdown, when the verdict last changed.

    Parameters
    ----------
    so_far : float (n_frames, n_genres)
    genres : tuple of str
    """
    leads = so_far.argmax(axis=1)
    named = as_markdown(genres[leads[-1]])
    others = np.flatnonzero(leads != leads[-1])
    if len(others) == 0:
        return f"{named} from the first frame on."
    before = as_markdown(genres[leads[others[-1]]])
    return f"{named} from frame {others[-1] + 2} on, {before} before that."


def _choose_cell(state: ScoresState, found: Result) -> None:
    view, genres = state.view, found.score_set.genres
    choices = ["", *genres]
    st.session_state.update({"ts_true": view.true, "ts_named": view.named, "ts_unit": view.unit})

    def changed() -> None:
        true, named = st.session_state["ts_true"], st.session_state["ts_named"]
        if not (true or named) or (view.true and not (true and named)):
            state.close_cell()
        else:
            # The first genre that is chosen opens the diagonal: what was named rightly.
            state.open_cell(true or named, named or true, st.session_state["ts_unit"])

    def name(genre: str) -> str:
        return tidy(genre) if genre else "none"

    with st.grid(3, min_column_width=200):
        st.selectbox("True genre", choices, key="ts_true", on_change=changed, format_func=name)
        st.selectbox("Named genre", choices, key="ts_named", on_change=changed, format_func=name)
        st.segmented_control(
            "Of which matrix",
            list(_UNIT_NAMES),
            key="ts_unit",
            on_change=changed,
            format_func=_UNIT_NAMES.__getitem__,
            required=True,
        )


def _songs(state: ScoresState, found: Result, songs: np.ndarray) -> None:
    view = state.view
    clips = found.score_set.clips
    right = np.round(found.outcomes.frames_right * found.frames.counts).astype(int)
    column = found.score_set.genres.index(view.named)
    named_frames = _frames_named(found, column).astype(int)
    table = pd.DataFrame(
        {
            "Song": [song_name(found, i) for i in songs],
            "Verdict": [
                found.score_set.genres[i] for i in found.judged.by_song[songs].argmax(axis=1)
            ],
            "Confidence": 100 * found.judged.by_song[songs].max(axis=1),
            f"Frames named {view.named}": [
                f"{named_frames[i]} of {found.frames.counts[i]}" for i in songs
            ],
            "Frames right": [f"{right[i]} of {found.frames.counts[i]}" for i in songs],
            "Id": [clips[i].clip_id for i in songs],
        }
    )
    total = int((found.score_set.labels() == found.score_set.genres.index(view.true)).sum())
    how = "as a whole" if view.unit == "song" else "in at least one frame"
    st.markdown(
        f"**{len(songs)} of {count(total, 'song')}** of {as_markdown(view.true)} named "
        f"{as_markdown(view.named)} {how}. Choose one:"
    )
    ids = [clips[i].clip_id for i in songs]
    key = f"ts_table_{found.digest}_{view.unit}_{view.true}_{view.named}"

    def row_chosen() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        state.open_song(ids[rows[0]] if rows else "", "songs")

    st.dataframe(
        table,
        hide_index=True,
        key=key,
        on_select=row_chosen,
        selection_mode="single-row",
        height="content" if len(table) <= 10 else 388,
        column_config={"Confidence": st.column_config.NumberColumn(format="%.0f %%")},
        alt="The songs behind the cell.",
    )
    _choose_song(state, found, songs)


def _choose_song(state: ScoresState, found: Result, songs: np.ndarray) -> None:
    """Show a list to search, for keyboards and for those who know the name."""
    names = {found.score_set.clips[i].clip_id: song_name(found, i) for i in songs}
    open_song = state.view.song if state.song_place == "songs" else ""
    st.session_state["ts_song_choice"] = open_song if open_song in names else ""
    st.selectbox(
        "Song",
        ["", *names],
        key="ts_song_choice",
        on_change=lambda: state.open_song(st.session_state["ts_song_choice"], "songs"),
        format_func=lambda song: f"{names[song]} ({song})" if song else "none",
    )


def _verdict_table(
    found: Result, index: int, spans: tuple[FrameSpan, ...], so_far: np.ndarray
) -> pd.DataFrame:
    scores, evidence = _part(found, index)
    genres = found.score_set.genres
    table = pd.DataFrame(
        {
            "Frame": [span.index + 1 for span in spans],
            "From": [clock(span.start_seconds) for span in spans],
            "Hears": best_genres(scores, genres, spans),
            "Verdict so far": [genres[i] for i in so_far.argmax(axis=1)],
        }
    )
    if found.reference:
        table.insert(3, "Neighbours", [_largest(row, genres) for row in evidence])
    return pd.concat([table, pd.DataFrame(100 * scores, columns=_score_columns(genres))], axis=1)


def _score_columns(genres: tuple[str, ...]) -> list[str]:
    return [f"{genre} (%)" for genre in genres]


def _largest(shares: np.ndarray, genres: tuple[str, ...], most: int = 3) -> str:
    """Return the largest shares as e.g. "pop 47 %, disco 33 %"."""
    order = [i for i in np.argsort(-shares, kind="stable")[:most] if shares[i] > 0.005]
    return ", ".join(f"{genres[i]} {percent(shares[i] / shares.sum(), 0)}" for i in order)


def _part(found: Result, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Return one song's scores and evidence, (n_frames of it, n_genres) each."""
    ends = np.cumsum(found.frames.counts)
    own = slice(int(ends[index] - found.frames.counts[index]), int(ends[index]))
    return found.frames.scores[own], found.judged.evidence[own]


def _spans(found: Result, index: int, frame_seconds: float) -> tuple[FrameSpan, ...]:
    ends = np.cumsum(found.frames.counts)
    own = slice(int(ends[index] - found.frames.counts[index]), int(ends[index]))
    starts = np.round(found.frames.start_seconds[own] * SAMPLE_RATE).astype(int).tolist()
    length = round(frame_seconds * SAMPLE_RATE)
    return tuple(
        FrameSpan(i, start, start + length, SAMPLE_RATE, silent=False)
        for i, start in enumerate(starts)
    )


def _frames_named(found: Result, column: int) -> np.ndarray:
    """Return float64 (n_songs,): how many frames of each song name that genre."""
    named = found.frames.scores.argmax(axis=1) == column
    return np.bincount(found.frames.clip_index(), weights=named, minlength=len(found.frames.counts))
