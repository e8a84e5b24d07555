"""All songs with their verdicts."""

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.ui.pages.test_set.one_song import one_song, song_name
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.state import Place, ScoresState

_MOST_ROWS = 8  # shown without scrolling
_TABLE_HEIGHT = 318  # px, of as many
_KEYS: dict[Place, str] = {"cell": "ts_cell_song", "songs": "ts_song_choice"}


def song_list(state: ScoresState, result: Result) -> None:
    """Show the list; a song of it opens with its frames."""
    wrong = ~result.outcomes.right
    confidence = result.verdicts.by_song.max(axis=1)
    songs = np.lexsort((-confidence, ~wrong))
    ids = [result.score_set.clips[i].clip_id for i in songs]
    key = f"ts_songs_{result.digest}"

    def row_chosen() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        state.open_song(ids[rows[0]] if rows else "", "songs")

    st.caption(
        "Wrong verdicts first, the surest of them on top. Select a row: the song opens below."
    )
    st.dataframe(
        song_table(result, songs),
        hide_index=True,
        key=key,
        on_select=row_chosen,
        selection_mode="single-row",
        height="content" if len(songs) <= _MOST_ROWS else _TABLE_HEIGHT,
        column_config={
            "Song": st.column_config.TextColumn(width="large"),
            "Sure": st.column_config.NumberColumn(
                format="%.0f %%", help="Confidence of the verdict."
            ),
        },
        alt="All songs with their true genre and their verdict.",
    )
    by_name = np.array(sorted(songs, key=lambda i: song_name(result, i).casefold()))
    choose_song(state, result, by_name, "songs")
    if state.view.song and state.song_place == "songs":
        one_song(state, result)


def song_table(result: Result, songs: np.ndarray) -> pd.DataFrame:
    """Return `Song, It is, Verdict, Right, Sure` (%) and `Frames right`, a row a song.

    `songs` are indices, int (n,), in the order of the rows.
    """
    clips, genres = result.score_set.clips, result.score_set.genres
    by_song, counts = result.verdicts.by_song, result.frames.counts
    right = np.round(result.outcomes.frames_right * counts).astype(int)
    return pd.DataFrame(
        {
            "Song": [song_name(result, i) for i in songs],
            "It is": [clips[i].label for i in songs],
            "Verdict": [genres[best] for best in by_song[songs].argmax(axis=1)],
            "Right": ["right" if result.outcomes.right[i] else "wrong" for i in songs],
            "Sure": 100 * by_song[songs].max(axis=1),
            "Frames right": [f"{right[i]} of {counts[i]}" for i in songs],
        }
    )


def choose_song(state: ScoresState, result: Result, songs: np.ndarray, place: Place) -> None:
    """Show a list to search, for keyboards and for those who know the name.

    Parameters
    ----------
    songs : indices, int (n,)
    place : where the song opens
    """
    names = {result.score_set.clips[i].clip_id: song_name(result, i) for i in songs}
    open_song = state.view.song if state.song_place == place else ""
    key = _KEYS[place]
    st.session_state[key] = open_song if open_song in names else ""
    st.selectbox(
        "Song" if place == "cell" else "Find a song",
        ["", *names],
        key=key,
        on_change=lambda: state.open_song(st.session_state[key], place),
        format_func=lambda song: _with_id(names[song], song) if song else "none",
    )


def _with_id(name: str, song: str) -> str:
    return name if name == song else f"{name} ({song})"
