"""The choice of a song for the lesson and for two networks: this session's own, or a demo song."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from genre_core.plots.time_axis import clock
from genre_core.ui import session
from genre_core.ui.components.text import tidy
from genre_core.ui.songs import demo_songs

OWN = ""  # key of the session's own song among the choices


def song_labels() -> dict[str, str]:
    """Return what can be chosen, by key: the session's own song first, then the demo songs."""
    songs, analysed = demo_songs(), session.current().song
    labels = {key: f"{each.title} · {clock(each.seconds)}" for key, each in songs.items()}
    if analysed is not None and analysed.demo is None:
        labels = {OWN: f"Your song: {tidy(analysed.name, 40)}", **labels}
    return labels


def song_choice(
    title: str,
    key: str,
    on_change: Callable[[], None] | None = None,
    label_visibility: Literal["visible", "collapsed"] = "visible",
) -> str:
    """Show the select box and return the chosen key; `st.session_state[key]` holds it before."""
    labels = song_labels()
    chosen: str = st.selectbox(
        title,
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        on_change=on_change,
        label_visibility=label_visibility,
        help="A song that you open under “Analyse a song” can be chosen here too.",
    )
    return chosen
