"""The songs of a cell, beside the matrices."""

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.plots.confusion import largest_confusions
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.pages.test_set.link import Unit
from genre_core.ui.pages.test_set.one_song import song_name
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.song_list import choose_song
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.words import count

_MOST_ERRORS = 6
_MOST_ROWS = 4  # shown without scrolling
_TABLE_HEIGHT = 178  # px, of as many
_UNIT_NAMES: dict[Unit, str] = {"song": "by song", "frame": "by frame"}


def cell(state: ScoresState, result: Result) -> None:
    """Show the choice of a cell and its songs; of no cell, the most frequent errors."""
    with st.container(gap="xsmall"):
        st.header("The songs behind a cell", anchor=False)
        st.caption("Click a cell, or choose its genres here.")
    _choose_cell(state, result)
    view = state.view
    if not view.true:
        _frequent_errors(state, result)
        return
    songs = songs_in_cell(result, view.true, view.named, view.unit)
    if len(songs) == 0:
        st.info(
            f"No {view.unit} of {as_markdown(view.true)} was named {as_markdown(view.named)}.",
            icon=":material/check:",
        )
        return
    _songs(state, result, songs)


def _frequent_errors(state: ScoresState, result: Result) -> None:
    """Offer the cells with the most errors by song."""
    confusions = largest_confusions(
        result.summary.song_confusion, result.score_set.genres, _MOST_ERRORS
    )
    if not confusions:
        st.success("No song is named wrongly.", icon=":material/check:")
        return
    st.markdown("**The most frequent errors**")
    with st.container(gap="xxsmall"):
        for true, named, n, total in confusions:
            st.button(
                f"{as_markdown(true)} named {as_markdown(named)}: {n} of {count(total, 'song')}",
                key=f"ts_error_{true}_{named}",
                type="tertiary",
                icon=":material/arrow_forward:",
                on_click=state.open_cell,
                args=(true, named, "song"),
            )


def songs_in_cell(result: Result, true: str, named: str, unit: Unit) -> np.ndarray:
    """Return the indices of the songs behind a cell, the surest (or most frames) first.

    By frame, these are all songs with at least one frame named so.
    """
    genres = result.score_set.genres
    row, column = genres.index(true), genres.index(named)
    if unit == "song":
        hit = (result.verdicts.by_song.argmax(axis=1) == column).astype(float)
        weight = hit * result.verdicts.by_song[:, column]
    else:
        weight = _frames_named(result, column)
    weight = np.where(result.score_set.labels() == row, weight, 0.0)
    order = np.argsort(-weight, kind="stable")
    return order[weight[order] > 0]


def _choose_cell(state: ScoresState, result: Result) -> None:
    view, genres = state.view, result.score_set.genres
    choices = ["", *genres]
    st.session_state.update({"ts_true": view.true, "ts_named": view.named, "ts_unit": view.unit})

    def changed() -> None:
        true, named = st.session_state["ts_true"], st.session_state["ts_named"]
        if not (true or named) or (view.true and not (true and named)):
            state.close_cell()
        else:
            # The first genre that is chosen opens the diagonal: the correct songs.
            state.open_cell(true or named, named or true, st.session_state["ts_unit"])

    def name(genre: str) -> str:
        return tidy(genre) if genre else "none"

    with st.grid(2, min_column_width=130):
        st.selectbox("True genre", choices, key="ts_true", on_change=changed, format_func=name)
        st.selectbox("Named genre", choices, key="ts_named", on_change=changed, format_func=name)
    if view.true:
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.segmented_control(
                "Of which matrix",
                list(_UNIT_NAMES),
                key="ts_unit",
                on_change=changed,
                format_func=_UNIT_NAMES.__getitem__,
                required=True,
                label_visibility="collapsed",
            )
            st.button(
                "Close",
                key="ts_close_cell",
                icon=":material/close:",
                type="tertiary",
                on_click=state.close_cell,
            )


def _songs(state: ScoresState, result: Result, songs: np.ndarray) -> None:
    view = state.view
    clips = result.score_set.clips
    named_frames = _frames_named(result, result.score_set.genres.index(view.named)).astype(int)
    table = pd.DataFrame(
        {
            "Song": [song_name(result, i) for i in songs],
            "Frames named so": [f"{named_frames[i]} of {result.frames.counts[i]}" for i in songs],
            "Sure": 100 * result.verdicts.by_song[songs].max(axis=1),
            "Verdict": [
                result.score_set.genres[i] for i in result.verdicts.by_song[songs].argmax(axis=1)
            ],
        }
    )
    total = int((result.score_set.labels() == result.score_set.genres.index(view.true)).sum())
    how = "as a whole" if view.unit == "song" else "in at least one frame"
    st.markdown(
        f"**{len(songs)} of {count(total, 'song')}** of {as_markdown(view.true)} named "
        f"{as_markdown(view.named)} {how}. Choose one: it opens below the matrices."
    )
    ids = [clips[i].clip_id for i in songs]
    key = f"ts_table_{result.digest}_{view.unit}_{view.true}_{view.named}"

    def row_chosen() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        state.open_song(ids[rows[0]] if rows else "", "cell")

    st.dataframe(
        table,
        hide_index=True,
        key=key,
        on_select=row_chosen,
        selection_mode="single-row",
        height="content" if len(table) <= _MOST_ROWS else _TABLE_HEIGHT,
        column_config={
            "Song": st.column_config.TextColumn(width=130),
            "Frames named so": st.column_config.TextColumn("Frames", width=70),
            "Sure": st.column_config.NumberColumn(format="%.0f %%", width=55),
        },
        alt="The songs behind the cell.",
    )
    choose_song(state, result, songs, "cell")


def _frames_named(result: Result, column: int) -> np.ndarray:
    """Return float64 (n_songs,): how many frames of each song name that genre."""
    named = result.frames.scores.argmax(axis=1) == column
    return np.bincount(
        result.frames.clip_index(), weights=named, minlength=len(result.frames.counts)
    )
