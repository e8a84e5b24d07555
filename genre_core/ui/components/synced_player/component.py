"""The song with one playhead over its waveform and over the scores of its frames.

A component of plain HTML, CSS and JavaScript. The sound comes from Streamlit's media files, in
ranges, so it can be sought in and reaches the browser once; everything else is data, which the
browser shows as text and never as HTML.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import streamlit as st

from genre_core.ui.components.synced_player.data import PlayerView
from genre_core.ui.components.synced_player.marks import Marks

_FOLDER = Path(__file__).parent
# One module for the browser: Streamlit takes a single text, so they import nothing of each other.
SCRIPTS = (
    "song.js",
    "drawing.js",
    "sections.js",
    "playback.js",
    "keyboard.js",
    "marks.js",
    "full_view.js",
    "player.js",
)


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "genre_core.synced_player",
    html=_text("player.html"),
    css=_text("player.css") + _text("full_view.css"),
    js="\n".join(_text(name) for name in SCRIPTS),
)


def synced_player(
    view: PlayerView,
    sound_url: str,
    key: str,
    on_unplayable: Callable[[], None],
    picture_url: str = "",
    has_stage: bool = True,
    is_full: bool = False,
    on_full: Callable[[bool], None] = lambda is_full: None,
    on_lesson: Callable[[], None] = lambda: None,
    marks: Marks | None = None,
    at_seconds: float = 0.0,
    on_moment: Callable[[float], None] = lambda seconds: None,
) -> None:
    """Show the player.

    Parameters
    ----------
    sound_url : as `media.media_url` returns it
    key : of this player; the same key on the next run goes on playing
    on_unplayable : called before the run that follows where this browser cannot play the sound
    picture_url : of a spectrogram of all frames, for the view over the whole screen; as `sound_url`
    has_stage : whether there is that view
    is_full : whether the player begins over the whole screen
    on_full : called when the listener enters or leaves that view
    on_lesson : called when the listener goes on from that view to the lesson
    marks : under the timeline; None leaves no room for them
    at_seconds : where the sound begins; 0 is the first frame
    on_moment : called with the seconds of a mark that the listener plays
    """
    _component(
        key=key,
        data={
            **view.as_data(),
            "key": key,
            "sound_url": sound_url,
            "picture_url": picture_url,
            "has_stage": has_stage,
            "is_full": is_full,
            "marks": asdict(marks) if marks else None,
            "at_seconds": at_seconds,
        },
        on_unplayable_change=on_unplayable,
        on_full_change=lambda: on_full(st.session_state[key].get("full") == "on"),
        on_lesson_change=on_lesson,
        on_moment_change=lambda: on_moment(float(st.session_state[key]["moment"])),
    )
