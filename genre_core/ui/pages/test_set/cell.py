"""A cell of a matrix opens: the choice of the cell, and its songs."""

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.pages.test_set.link import Unit
from genre_core.ui.pages.test_set.one_song import one_song, song_name
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.section import section
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.words import count

_UNIT_NAMES: dict[Unit, str] = {"song": "by song", "frame": "by frame"}


def cell(state: ScoresState, result: Result) -> None:
    """Show the choice of a cell, its songs, and the song that is open."""
    section(
        "The songs behind a cell",
        "Click a cell above, or choose a true and a named genre. Then choose one of its songs to "
        "see its frames and how its verdict comes about; without a cell, choose any song.",
        "songs",
    )
    _choose_cell(state, result)
    view = state.view
    if view.true:
        songs = songs_in_cell(result, view.true, view.named, view.unit)
        if len(songs) == 0:
            st.info(
                f"No {view.unit} of {as_markdown(view.true)} was named {as_markdown(view.named)}.",
                icon=":material/check:",
            )
        else:
            _songs(state, result, songs)
    else:
        by_name = sorted(
            range(len(result.score_set.clips)), key=lambda i: song_name(result, i).casefold()
        )
        _choose_song(state, result, np.array(by_name))
    if view.song and state.song_place == "songs":
        one_song(state, result)


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


def _songs(state: ScoresState, result: Result, songs: np.ndarray) -> None:
    view = state.view
    clips = result.score_set.clips
    right = np.round(result.outcomes.frames_right * result.frames.counts).astype(int)
    column = result.score_set.genres.index(view.named)
    named_frames = _frames_named(result, column).astype(int)
    table = pd.DataFrame(
        {
            "Song": [song_name(result, i) for i in songs],
            "Verdict": [
                result.score_set.genres[i] for i in result.verdicts.by_song[songs].argmax(axis=1)
            ],
            "Confidence": 100 * result.verdicts.by_song[songs].max(axis=1),
            f"Frames named {view.named}": [
                f"{named_frames[i]} of {result.frames.counts[i]}" for i in songs
            ],
            "Frames right": [f"{right[i]} of {result.frames.counts[i]}" for i in songs],
            "Id": [clips[i].clip_id for i in songs],
        }
    )
    total = int((result.score_set.labels() == result.score_set.genres.index(view.true)).sum())
    how = "as a whole" if view.unit == "song" else "in at least one frame"
    st.markdown(
        f"**{len(songs)} of {count(total, 'song')}** of {as_markdown(view.true)} named "
        f"{as_markdown(view.named)} {how}. Choose one:"
    )
    ids = [clips[i].clip_id for i in songs]
    key = f"ts_table_{result.digest}_{view.unit}_{view.true}_{view.named}"

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
    _choose_song(state, result, songs)


def _choose_song(state: ScoresState, result: Result, songs: np.ndarray) -> None:
    """Show a list to search, for keyboards and for those who know the name."""
    names = {result.score_set.clips[i].clip_id: song_name(result, i) for i in songs}
    open_song = state.view.song if state.song_place == "songs" else ""
    st.session_state["ts_song_choice"] = open_song if open_song in names else ""
    st.selectbox(
        "Song",
        ["", *names],
        key="ts_song_choice",
        on_change=lambda: state.open_song(st.session_state["ts_song_choice"], "songs"),
        format_func=lambda song: f"{names[song]} ({song})" if song else "none",
    )


def _frames_named(result: Result, column: int) -> np.ndarray:
    """Return float64 (n_songs,): how many frames of each song name that genre."""
    named = result.frames.scores.argmax(axis=1) == column
    return np.bincount(
        result.frames.clip_index(), weights=named, minlength=len(result.frames.counts)
    )
