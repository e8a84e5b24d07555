"""Every frame's mel-spectrogram, small, on one scale; each opens large with its sound."""

import math

import streamlit as st

from genre_core.config import FeatureSettings, FrameSettings
from genre_core.inference.analysis import SongAnalysis
from genre_core.plots import mel
from genre_core.plots.frame_labels import best_genres, span_label
from genre_core.plots.style import CHART_CONFIG
from genre_core.plots.time_axis import clock
from genre_core.ui import services
from genre_core.ui.components.colour_scale import colour_scale
from genre_core.ui.components.genre_chip import chip_html, silent_chip_html
from genre_core.ui.components.player import play_frame
from genre_core.ui.components.text import decibels
from genre_core.ui.songs import Song
from genre_core.ui.words import percent

PER_PAGE = 12
_OPEN_KEY = "frame_open"


def frame_gallery(
    song: Song, settings: FrameSettings, analysis: SongAnalysis, features: FeatureSettings
) -> None:
    """Show the frames, twelve at a time."""
    n_frames = len(analysis.frames.spans)
    low_db, high_db = mel.decibel_range(analysis.log_mel)
    colour_scale(decibels(low_db), mel.scale_gradient(), decibels(high_db))
    n_pages = math.ceil(n_frames / PER_PAGE)
    page = 1
    if n_pages > 1:
        key = "gallery_page"
        if st.session_state.get(key, 1) > n_pages:
            st.session_state[key] = n_pages
        page = st.pagination(n_pages, key=key, max_visible_pages=5)
    first, last = (page - 1) * PER_PAGE, min(page * PER_PAGE, n_frames)
    images = services.thumbnails(song.digest, settings, first, last, analysis.log_mel)
    with st.container(key="gallery"), st.grid(min_column_width=150, gap="small"):
        for index, image in zip(range(first, last), images, strict=True):
            _small(analysis, features, index, image, (low_db, high_db))


def _small(
    analysis: SongAnalysis,
    features: FeatureSettings,
    index: int,
    image: bytes,
    decibels: tuple[float, float],
) -> None:
    span = analysis.frames.spans[index]
    with st.container(gap="xxsmall"):
        st.html(
            f"<div><b>{index + 1}</b> <span class='gr-soft'>{clock(span.start_seconds)}–"
            f"{clock(span.end_seconds)}</span><br>{_genre_html(analysis, index)}</div>"
        )
        st.image(image, alt=f"Mel-spectrogram of frame {index + 1}", width="stretch")
        if st.button(
            "Open",
            key=f"open_frame_{index}",
            help=f"Frame {index + 1}, large and with its sound",
            icon=":material/open_in_full:",
            width="stretch",
        ):
            st.session_state[_OPEN_KEY] = index
            _open_frame(analysis, features, decibels)


@st.dialog("One frame", width="large", icon=":material/graphic_eq:")
def _open_frame(
    analysis: SongAnalysis, features: FeatureSettings, decibels: tuple[float, float]
) -> None:
    n_frames = len(analysis.frames.spans)
    index = min(st.session_state[_OPEN_KEY], n_frames - 1)
    span, row = analysis.frames.spans[index], analysis.scores[index]
    st.html(
        f"<div><b>{span_label(span)}</b> of {n_frames} &nbsp; {_genre_html(analysis, index)}</div>"
    )
    st.plotly_chart(
        mel.mel_figure(analysis.log_mel[index], span, features, *decibels),
        config=CHART_CONFIG,
        key="frame_large",
        alt=f"Mel-spectrogram of {span_label(span)}: time across, frequency up, loudness as colour",
    )
    st.caption(
        "Bright is loud. Beats stand as vertical lines, held notes lie as horizontal ones, "
        "and a voice curves."
    )
    play_frame(analysis, index)
    ranked = sorted(zip(row, analysis.model.genres, strict=True), reverse=True)
    st.html(
        "<div>"
        + " ".join(chip_html(genre, f"{genre} {percent(score)}") for score, genre in ranked[:5])
        + "</div>"
    )
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.button(
            "Previous",
            key="frame_previous",
            icon=":material/chevron_left:",
            on_click=_turn,
            args=(index - 1,),
            disabled=index == 0,
        )
        st.button(
            "Next",
            key="frame_next",
            icon=":material/chevron_right:",
            icon_position="right",
            on_click=_turn,
            args=(index + 1,),
            disabled=index == n_frames - 1,
        )


def _turn(index: int) -> None:
    st.session_state[_OPEN_KEY] = index


def _genre_html(analysis: SongAnalysis, index: int) -> str:
    span, row = analysis.frames.spans[index], analysis.scores[index]
    if span.silent:
        return silent_chip_html()
    genre = best_genres(row[None], analysis.model.genres, (span,))[0]
    return chip_html(genre, f"{genre} {percent(float(row.max()), 0)}")
