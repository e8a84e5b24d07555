"""Files of the comparison to keep. Each is made on its click."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.export import frames_csv
from genre_core.inference.song_pair import JudgedSong, SongPair
from genre_core.plots.pair_slide import pair_png
from genre_core.ui import services
from genre_core.ui.components.download import download
from genre_core.ui.components.text import file_stem
from genre_core.ui.pages.two_songs.state import PairState

Recall = Callable[[], SongAnalysis]


def exports(state: PairState, pair: SongPair, first: JudgedSong, second: JudgedSong) -> None:
    """Show the buttons."""
    songs = [side.song for side in state.sides if side.song is not None]
    names = (songs[0].name, songs[1].name)
    recalls = [services.recall(song, state.view.frames) for song in songs]
    stem = "-".join(file_stem(name, 30) for name in names)
    st.header("Keep it", anchor=False)
    st.caption(
        "The address of this page opens the same comparison. Songs of your own are not in it: they "
        "stay with you."
    )
    with st.container(horizontal=True, gap="small"):
        download(
            "Slide (PNG)",
            lambda: pair_png((recalls[0](), recalls[1]()), pair, names),
            file_name=f"{stem}.png",
            icon=":material/image:",
            key="two_songs_png",
        )
        download(
            "Genres (CSV)",
            lambda: genres_csv(pair, first, second),
            file_name=f"{stem}-genres.csv",
            icon=":material/table:",
            key="two_songs_genres",
        )
        download(
            "Frames (CSV)",
            lambda: _frames_csv(recalls),
            file_name=f"{stem}-frames.csv",
            icon=":material/table:",
            key="two_songs_frames",
        )


def genres_csv(pair: SongPair, first: JudgedSong, second: JudgedSong) -> str:
    """Return one row a genre: `genre, first, second, difference`, in the order of the chart."""
    order = list(pair.order)
    table = pd.DataFrame(
        {
            "genre": [pair.genres[i] for i in order],
            "first": first.verdict.scores[order],
            "second": second.verdict.scores[order],
            "difference": pair.differences[order],
        }
    )
    return str(table.round(6).to_csv(index=False, lineterminator="\n"))


def _frames_csv(recalls: list[Recall]) -> str:
    """Return the frames of both songs under one another, the first song's first."""
    parts = []
    for recall in recalls:
        analysis = recall()
        parts.append(frames_csv(analysis, analysis.verdict()))
    header, _, rows = parts[1].partition("\n")
    assert parts[0].startswith(header)  # one network, so the same columns
    return parts[0] + rows
