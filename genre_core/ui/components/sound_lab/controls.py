"""The controls of the sound lab: band, speed, telephone, noise, level, and boxes by numbers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from genre_core.audio.sound_changes import MOST_BOXES, Band, Box, SoundChanges
from genre_core.ui.components.sound_lab.words import box_in_words, speed_in_words

OnChange = Callable[[SoundChanges], None]

_EDGES_HZ = (0.0, 60.0, 120.0, 250.0, 500.0, 800.0, 1_200.0, 2_000.0, 3_000.0, 4_000.0)
_START_BAND_HZ = (0.0, 250.0)  # the bass
_SPEEDS = (0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.25, 1.5, 2.0)
_NO_NOISE = 100.0  # stands for None: a slider's values have one type
_NOISES_DB = (_NO_NOISE, 40.0, 30.0, 20.0, 15.0, 10.0, 5.0, 0.0, -5.0)
_LEVELS_DB = (-40.0, -30.0, -20.0, -10.0, -6.0, 0.0, 6.0, 12.0, 20.0)
_ALL, _KEEP, _MUTE = "All", "Keep", "Mute"


def controls(name: str, changes: SoundChanges, top_hz: float, on_change: OnChange) -> None:
    """Show the controls; `on_change` gets the changes with the one that was made."""
    _band(name, changes, top_hz, on_change)
    _slider(
        f"{name}_speed",
        "Speed",
        _SPEEDS,
        changes.speed,
        speed_in_words,
        lambda speed: on_change(replace(changes, speed=speed)),
        help="Faster is also higher. What is slower lasts longer and is cut at the frame’s end.",
    )
    key = f"{name}_telephone"
    st.session_state[key] = changes.is_telephone
    st.toggle(
        "Through a telephone",
        key=key,
        on_change=lambda: on_change(replace(changes, is_telephone=st.session_state[key])),
        help="Keeps 300 to 3,400 Hz.",
    )
    _slider(
        f"{name}_noise",
        "Pink noise, below the sound",
        _NOISES_DB,
        _NO_NOISE if changes.noise_snr_db is None else changes.noise_snr_db,
        lambda snr: "none" if snr == _NO_NOISE else _decibels(snr),
        lambda snr: on_change(replace(changes, noise_snr_db=None if snr == _NO_NOISE else snr)),
        help="At 0 dB the noise is as loud as the music.",
    )
    _slider(
        f"{name}_level",
        "Level",
        _LEVELS_DB,
        changes.level_db,
        _decibels,
        lambda level: on_change(replace(changes, level_db=level)),
        help="What is then beyond full scale is clipped, as in a recording that was too loud.",
    )


def boxes(
    name: str,
    changes: SoundChanges,
    span_start: float,
    frame_seconds: float,
    top_hz: float,
    on_change: OnChange,
) -> None:
    """Show the boxes that are rubbed out, each with its way back, and fields for one more.

    Parameters
    ----------
    span_start, frame_seconds : of the frame in its song
    top_hz : highest frequency there is
    """
    with st.container(horizontal=True, gap="xsmall"):
        for number, box in enumerate(changes.boxes):
            rest = changes.boxes[:number] + changes.boxes[number + 1 :]
            st.button(
                box_in_words(box, span_start),
                key=f"{name}_box_{number}",
                icon=":material/close:",
                help="Put this box back",
                on_click=on_change,
                args=(replace(changes, boxes=rest),),
            )
    with st.expander("Rub out a box by numbers", icon=":material/keyboard:"):
        _new_box(name, changes, span_start, frame_seconds, top_hz, on_change)


def _new_box(
    name: str,
    changes: SoundChanges,
    span_start: float,
    frame_seconds: float,
    top_hz: float,
    on_change: OnChange,
) -> None:
    end = span_start + frame_seconds
    with st.grid(4, min_column_width=140, gap="small"):
        first = st.number_input(
            "From (s in the song)", span_start, end, span_start, 0.5, key=f"{name}_from"
        )
        last = st.number_input(
            "To (s in the song)",
            span_start,
            end,
            min(span_start + 5.0, end),
            0.5,
            key=f"{name}_to",
        )
        low = st.number_input("From (Hz)", 0.0, top_hz, 60.0, 50.0, key=f"{name}_low")
        high = st.number_input("To (Hz)", 0.0, top_hz, 250.0, 50.0, key=f"{name}_high")
    is_box = first < last and low < high
    is_full = len(changes.boxes) >= MOST_BOXES

    def rub_out() -> None:
        # From the fields as they are at the click, which may come before the run for their change.
        first, last, low, high = (
            st.session_state[f"{name}_{field}"] for field in ("from", "to", "low", "high")
        )
        if first < last and low < high:
            start, end = (round(each - span_start, 2) for each in (first, last))
            on_change(replace(changes, boxes=(*changes.boxes, Box(start, end, low, high))))

    st.button(
        "Rub out",
        key=f"{name}_rub_out",
        icon=":material/ink_eraser:",
        disabled=not is_box or is_full,
        on_click=rub_out,
    )
    if is_full:
        st.caption(f"{MOST_BOXES} boxes are the most: put one back first.")
    elif not is_box:
        st.caption("“To” must be larger than “From”, in seconds and in Hz.")


def _band(name: str, changes: SoundChanges, top_hz: float, on_change: OnChange) -> None:
    mode, ends = f"{name}_band", (f"{name}_band_low", f"{name}_band_high")
    band = changes.band
    low, high = (band.low_hz, min(band.high_hz, top_hz)) if band else _START_BAND_HZ
    st.session_state[mode] = _ALL if band is None else _KEEP if band.is_kept else _MUTE
    edges = sorted({edge for edge in _EDGES_HZ if edge < top_hz} | {top_hz, low, high})
    options = ([hz for hz in edges if hz < high], [hz for hz in edges if hz > low])

    def changed() -> None:
        chosen = st.session_state[mode]
        low, high = (st.session_state[end] for end in ends)
        is_band = chosen != _ALL
        on_change(
            replace(changes, band=Band(low, high, is_kept=chosen == _KEEP) if is_band else None)
        )

    st.segmented_control(
        "Frequency band", (_ALL, _KEEP, _MUTE), key=mode, on_change=changed, required=True
    )
    with st.grid(2, min_column_width=110, gap="small"):
        for end, hz, of_end, label in zip(ends, (low, high), options, ("From", "To"), strict=True):
            st.session_state[end] = hz
            st.selectbox(
                label,
                of_end,
                format_func=lambda hz: f"{hz:,.0f} Hz",
                key=end,
                on_change=changed,
                disabled=band is None,
            )


def _slider(
    key: str,
    label: str,
    values: tuple[float, ...],
    value: float,
    words: Callable[[float], str],
    on_value: Callable[[float], None],
    **more: Any,
) -> None:
    """Show a slider of some values and of the one that a link asks for."""
    st.session_state[key] = value
    options = sorted({*values, value}, reverse=_NO_NOISE in values)
    st.select_slider(
        label,
        options,
        format_func=words,
        key=key,
        on_change=lambda: on_value(st.session_state[key]),
        **more,
    )


def _decibels(value: float) -> str:
    return f"{value:g} dB".replace("-", "−")
