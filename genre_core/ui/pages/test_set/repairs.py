"""The songs that combining the frames repaired, and those that it broke."""

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.ui.pages.test_set.one_song import one_song, song_name
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.section import section
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.pages.test_set.words import points
from genre_core.ui.words import count


def repairs(state: ScoresState, result: Result) -> None:
    """Show both lists; a song of them opens with its frames."""
    outcomes = result.outcomes
    section(
        "Repaired and broken",
        "Repaired: the song is right though some of its frames are wrong. Broken: the song is "
        "wrong though some of its frames are right.",
    )
    n_repaired, n_broken = int(outcomes.repaired.sum()), int(outcomes.broken.sum())
    if not n_repaired and not n_broken:
        st.info("In no song do the frames and the verdict differ: nothing is repaired or broken.")
        return
    st.markdown(
        f"**{count(n_repaired, 'song')} repaired, {n_broken} broken.** Compared with one random "
        f"frame for each song, the repaired songs bring {points(outcomes.won)} and the broken ones "
        f"{points(-outcomes.lost)} percentage points: together "
        f"{points(outcomes.won - outcomes.lost)}.{_why_not_the_gain(result)}"
    )
    share = outcomes.frames_right
    _list(state, result, "repaired", np.flatnonzero(outcomes.repaired), share)
    _list(state, result, "broken", np.flatnonzero(outcomes.broken), -share)
    if state.view.song and state.song_place == "repairs":
        one_song(state, result)


def repair_table(result: Result, songs: np.ndarray) -> pd.DataFrame:
    """Return one row for each song, with the score of its true genre in every frame.

    Parameters
    ----------
    songs : int (n,), indices in the order of the rows

    Columns: `Song, Genre, Right` as texts, in percent `Frames` (a list a song) and `Confidence`.
    """
    clips, genres, labels = (
        result.score_set.clips,
        result.score_set.genres,
        result.score_set.labels(),
    )
    counts, by_clip = result.frames.counts, result.frames.by_clip()
    right = np.round(result.outcomes.frames_right * counts).astype(int)
    by_song = result.verdicts.by_song
    named = [genres[best] for best in by_song.argmax(axis=1)]
    rows = [
        {
            "Song": song_name(result, i),
            "Genre": clips[i].label if named[i] == clips[i].label
            else f"{clips[i].label} → {named[i]}",
            "Right": f"{right[i]} of {counts[i]}",
            "Frames": (100.0 * by_clip[i][:, labels[i]]).round(1).tolist(),
            "Confidence": 100.0 * by_song[i].max(),
        }
        for i in songs
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["Song", "Genre", "Right", "Frames", "Confidence"])


def _why_not_the_gain(result: Result) -> str:
    """Say why the sum is not the gain above, where songs have unequal numbers of frames."""
    won = result.outcomes.won - result.outcomes.lost
    if points(won) == points(result.summary.averaging_gain.value):
        return ""
    return (
        " That is not the difference above. There every frame counts the same, so a long "
        "song counts more than a short one. Here every song counts the same."
    )


def _list(
    state: ScoresState, result: Result, what: str, songs: np.ndarray, order: np.ndarray
) -> None:
    songs = songs[np.argsort(order[songs], kind="stable")]
    clips = result.score_set.clips
    table = repair_table(result, songs)
    key = f"ts_{what}_{result.digest}"

    def chosen() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows:
            state.open_song(clips[songs[rows[0]]].clip_id, "repairs")
        elif state.song_place == "repairs":
            state.open_song("", "repairs")

    with st.container(gap="xsmall", key=f"ts_{what}"):
        st.markdown(f"### {what.capitalize()}: {len(songs)}")
        if len(songs) == 0:
            st.caption("None.")
            return
        first = "the fewest right frames" if what == "repaired" else "the most right frames"
        st.caption(f"Those with {first} first. Select a row: the song opens below.")
        st.dataframe(
            table,
            hide_index=True,
            key=key,
            on_select=chosen,
            selection_mode="single-row",
            height="content" if len(table) <= 8 else 318,
            column_config={
                "Song": st.column_config.TextColumn(width=190),
                "Genre": st.column_config.TextColumn(
                    "True → named" if what == "broken" else "Genre", width=115
                ),
                "Right": st.column_config.TextColumn("Right", width=70, help="Right frames."),
                "Frames": st.column_config.BarChartColumn(
                    "True genre, frame by frame",
                    y_min=0.0,
                    y_max=100.0,
                    width=170,
                    help="The score of the true genre in each frame, 0 to 100 %, over time.",
                ),
                "Confidence": st.column_config.NumberColumn(
                    "Sure", format="%.0f %%", width=60, help="Confidence of the verdict."
                ),
            },
            alt=f"The songs that were {what}.",
        )
