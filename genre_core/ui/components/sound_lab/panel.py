"""The sound lab on the page: the controls, both frames to see and to hear, and their scores."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from genre_core.audio.sound_changes import MOST_BOXES, NO_CHANGES, Box, SoundChanges
from genre_core.audio.wav import wav_bytes
from genre_core.config import FeatureSettings, FrameSettings
from genre_core.errors import GenreError
from genre_core.features.mel_scale import position_hz
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.changed_frame import ChangedFrame
from genre_core.plots import mel
from genre_core.plots.lesson.bars import compared_bars_figure
from genre_core.plots.sound_lab import difference_in_words, frame_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.types import FloatArray, FrameSpan
from genre_core.ui import services
from genre_core.ui.components.chart_playhead.component import chart_playhead
from genre_core.ui.components.colour_scale import colour_scale
from genre_core.ui.components.sound_lab.controls import OnChange, boxes, controls
from genre_core.ui.components.sound_lab.history import History
from genre_core.ui.components.sound_lab.words import changes_in_words, levels_in_words
from genre_core.ui.components.text import as_markdown, decibels, unbroken
from genre_core.ui.words import percent


def sound_lab(
    name: str,
    digest: str,
    settings: FrameSettings,
    analysis: SongAnalysis,
    index: int,
    changes: SoundChanges,
    on_change: OnChange,
) -> None:
    """Show the lab.

    Parameters
    ----------
    name : of this lab, part of the keys of its widgets
    digest, settings : of the song, and how it is cut
    index : of the frame
    changes : what holds now
    on_change : called before the next run with what shall hold then
    """
    history = _history(name, changes)

    def move(new: History) -> None:
        st.session_state[_history_key(name)] = new
        on_change(new.current)

    def change(new: SoundChanges) -> None:
        move(history.changed_to(new))

    features = services.recognizer().features
    span = analysis.frames.spans[index]
    with st.grid(2, min_column_width=300, gap="medium"):
        with st.container(border=True, key=f"{name}_controls"):
            controls(name, changes, features.sample_rate / 2, change)
            _history_buttons(name, history, move)
        scores = st.container(key=f"{name}_scores")
    try:
        changed = services.changed_frame(digest, settings, analysis, index, changes)
    except GenreError as error:
        scores.error(as_markdown(str(error)), icon=":material/error:")
        changed = None
    if changed is not None:
        with scores:
            _scores(name, analysis, index, changed, is_changed=changes != NO_CHANGES)
    _pictures(name, analysis, index, changes, changed, change)
    boxes(
        name,
        changes,
        span.start_seconds,
        span.end_seconds - span.start_seconds,
        features.sample_rate / 2,
        change,
    )


def _history_key(name: str) -> str:
    return f"{name}_history"


def _history(name: str, changes: SoundChanges) -> History:
    """Return the steps made here; a link that asks for other changes begins anew."""
    history: History | None = st.session_state.get(_history_key(name))
    return history if history and history.current == changes else History(changes)


def _history_buttons(name: str, history: History, move: Callable[[History], None]) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        for what, icon, following, is_on in (
            ("Undo", "undo", history.undone(), bool(history.past)),
            ("Redo", "redo", history.redone(), bool(history.future)),
            (
                "Reset",
                "restart_alt",
                history.changed_to(NO_CHANGES),
                history.current != NO_CHANGES,
            ),
        ):
            st.button(
                what,
                key=f"{name}_{what.lower()}",
                icon=f":material/{icon}:",
                on_click=move,
                args=(following,),
                disabled=not is_on,
            )


def _scores(
    name: str, analysis: SongAnalysis, index: int, changed: ChangedFrame, is_changed: bool
) -> None:
    genres, before = analysis.model.genres, analysis.scores[index]
    if changed.scores is None:
        st.info(
            "Nothing is left to hear, so the network is not asked. Undo the last change.",
            icon=":material/volume_off:",
        )
        return
    said = (
        difference_in_words(before, changed.scores, genres)
        if is_changed
        else f"This frame is called {genres[int(before.argmax())]}. Change its sound, and see how "
        "the bars move."
    )
    st.markdown(unbroken(said))
    st.caption("Filled bars are the changed frame’s scores, open bars those of the untouched one.")
    st.plotly_chart(
        compared_bars_figure(changed.scores, before, genres, "changed", "untouched"),
        config=CHART_CONFIG,
        key=f"{name}_bars",
        alt=f"{said} Scores, untouched and changed: "
        + ", ".join(
            f"{genre} {percent(old, 0)} and {percent(new, 0)}"
            for genre, old, new in zip(genres, before, changed.scores, strict=True)
        ),
    )


def _pictures(
    name: str,
    analysis: SongAnalysis,
    index: int,
    changes: SoundChanges,
    changed: ChangedFrame | None,
    change: OnChange,
) -> None:
    features, span = services.recognizer().features, analysis.frames.spans[index]
    before = analysis.frames.samples[index]
    ends = mel.decibel_range(analysis.log_mel)
    st.caption("Drag over the picture of the untouched frame to rub a box out of the sound.")
    colour_scale(decibels(ends[0]), mel.scale_gradient(), decibels(ends[1]))
    with st.grid(2, min_column_width=300, gap="medium"):
        with st.container(gap="xsmall"):
            st.markdown("**Untouched**")
            _drawable(name, analysis.log_mel[index], span, features, ends, changes, change)
            chart = f"{name}_draw_{len(changes.boxes)}"
            _sound(chart, before, span, "The untouched frame")
        if changed is not None:
            with st.container(gap="xsmall"):
                st.markdown("**Changed**")
                st.plotly_chart(
                    frame_figure(
                        changed.log_mel,
                        span.start_seconds,
                        len(changed.samples) / span.sample_rate,
                        features,
                        ends,
                    ),
                    config=CHART_CONFIG,
                    key=f"{name}_changed",
                    alt=f"Mel-spectrogram of the changed frame. {changes_in_words(changes)}",
                )
                chart = f"{name}_changed"
                _sound(chart, changed.samples, span, "The changed frame")
    if changed is not None:
        levels = levels_in_words(before, changed.samples)
        st.caption(unbroken(f"{changes_in_words(changes)} {levels}"))


def _drawable(
    name: str,
    log_mel: FloatArray,
    span: FrameSpan,
    features: FeatureSettings,
    ends: tuple[float, float],
    changes: SoundChanges,
    change: OnChange,
) -> None:
    # With each box another chart: else the browser keeps the selection and reports it again.
    key = f"{name}_draw_{len(changes.boxes)}"

    def drawn() -> None:
        box = drawn_box(st.session_state[key], span, features)
        if box is not None:
            change(replace(changes, boxes=(*changes.boxes, box)))

    is_drawable = len(changes.boxes) < MOST_BOXES
    st.plotly_chart(
        frame_figure(
            log_mel,
            span.start_seconds,
            span.end_seconds - span.start_seconds,
            features,
            ends,
            changes.boxes,
            is_drawable,
        ),
        config=CHART_CONFIG,
        key=key,
        on_select=drawn if is_drawable else "ignore",
        selection_mode="box",
        alt="Mel-spectrogram of the untouched frame; the boxes are listed below",
    )


def drawn_box(state: Any, span: FrameSpan, features: FeatureSettings) -> Box | None:
    """Return the box that was dragged over the picture of a frame, None where there is none.

    Parameters
    ----------
    state : what Streamlit reports of the chart's selection
    """
    drawn = state["selection"]["box"]
    if not drawn:
        return None
    (left, right), (low, high) = (sorted(drawn[-1][axis]) for axis in ("x", "y"))
    seconds = span.end_seconds - span.start_seconds
    low_hz, high_hz = position_hz([low, high], features)
    try:
        return Box(
            round(max(left - span.start_seconds, 0.0), 2),
            round(min(right - span.start_seconds, seconds), 2),
            round(max(float(low_hz), 0.0)),
            round(min(float(high_hz), features.sample_rate / 2)),
        )
    except GenreError:  # a box without an area
        return None


def _sound(chart: str, samples: FloatArray, span: FrameSpan, words: str) -> None:
    """Show a player whose playhead moves over the chart of this key."""
    key = f"{chart}_sound"
    with st.container(key=key):
        st.audio(wav_bytes(samples, span.sample_rate), format="audio/wav", alt=words)
        chart_playhead(f"{key}_playhead", key, [chart], span.start_seconds)
