"""Why this genre: what in a frame spoke for it, what against, and how that part sounds."""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import get_args

import numpy as np
import streamlit as st
from streamlit.navigation.page import Page

from genre_core.config import FrameSettings
from genre_core.errors import GenreError
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.explain import Explanation, Method, n_passes
from genre_core.plots import explanation as plot
from genre_core.plots import mel
from genre_core.plots.frame_labels import span_label
from genre_core.plots.registers import registers_in_words
from genre_core.plots.style import CHART_CONFIG
from genre_core.types import FrameSpan
from genre_core.ui import services, session
from genre_core.ui.components.colour_scale import colour_scale
from genre_core.ui.components.next_step import STEP_SECONDS, next_step
from genre_core.ui.components.text import as_markdown, unbroken
from genre_core.ui.pages.analyse.hear_part import clicked_key, hear_part
from genre_core.ui.song_link import SongView
from genre_core.ui.songs import Song
from genre_core.ui.words import percent

_JOB_KEY = "explanation_job"
_METHOD_NAMES: dict[Method, str] = {
    "occlusion": "Hide parts",
    "integrated_gradients": "Gradients",
}
_EXPLAINED: dict[Method, str] = {
    "occlusion": "Each part in turn is hidden from the network. Where the score then falls, the "
    "part spoke for the genre (occlusion).",
    "integrated_gradients": "The picture changes step by step from a constant one to the frame, "
    "and each point gets its share of the change of the score. Finer, but harder to read "
    "(integrated gradients).",
}


@dataclass
class _Job:
    """The work on one explanation in one browser session; it goes on from step to step."""

    what: services.ExplanationKey
    steps: Iterator[float]
    share: float = 0.0
    error: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def work(self, seconds: float) -> None:
        """Work for `seconds`, at least one pass."""
        until = time.monotonic() + seconds
        with self.lock:  # the run before may still be busy in a step, in another thread
            try:
                for share in self.steps:
                    self.share = share
                    if time.monotonic() >= until:
                        return
            except GenreError as error:
                self.error = str(error)


def explanation(song: Song, settings: FrameSettings, lesson: Page) -> None:
    """Show the section "Why this genre?", with a link to its step of the page `lesson`."""
    st.header("Why this genre?", anchor=False)
    st.caption(
        "Choose a frame and a genre. The network scores the frame many times, each time with a "
        "part changed. The map shows which parts speak for the genre and which against it."
    )
    _panel(song, settings, services.recall(song, settings), lesson)


@st.fragment
def _panel(
    song: Song, settings: FrameSettings, recall: Callable[[], SongAnalysis], lesson: Page
) -> None:
    analysis = recall()
    what = _choose(song, settings, analysis)
    job: _Job | None = st.session_state.get(_JOB_KEY)
    if job is not None and job.what != what:
        del st.session_state[_JOB_KEY]
        job = None
    result = services.known_explanation(what)
    state = session.current()
    if result is None and job is None and _is_asked_for(what, state.view):
        job = st.session_state[_JOB_KEY] = _Job(what, services.explain(what, analysis))
    if result is None:
        _ask(what, recall, job)
    else:
        st.session_state.pop(_JOB_KEY, None)
        _result(analysis, analysis.frames.spans[what.index], result)
    _to_lesson(song, what, lesson)
    if result is None and job is not None and not job.error:
        next_step("why_step", functools.partial(job.work, STEP_SECONDS))


def _choose(song: Song, settings: FrameSettings, analysis: SongAnalysis) -> services.ExplanationKey:
    """Show the choice of frame, genre and method. A song has at least one frame with sound."""
    genres, spans = analysis.model.genres, analysis.frames.spans
    with st.grid(3, min_column_width=250, gap="small"):
        cut = f"{song.digest[:8]}_{settings.frame_seconds:g}_{settings.trim_seconds:g}"
        view = session.current().view
        with_sound = [span.index for span in spans if not span.silent]
        if view.why_frame - 1 in with_sound:
            st.session_state.setdefault(f"why_frame_{cut}", view.why_frame - 1)
            if view.why_genre in genres:
                key = f"why_genre_{cut}_{view.why_frame - 1}"
                st.session_state.setdefault(key, view.why_genre)
        st.session_state.setdefault("why_method", view.why_method)
        index: int = st.selectbox(
            "Frame",
            with_sound,
            format_func=lambda index: span_label(spans[index]),
            key=f"why_frame_{cut}",
        )
        row = analysis.scores[index]
        ranked = [genres[i] for i in np.argsort(-row, kind="stable")]
        genre: str = st.selectbox(
            "Genre",
            ranked,
            format_func=lambda genre: f"{genre} · {percent(row[genres.index(genre)], 0)}",
            key=f"why_genre_{cut}_{index}",
            help="In the order of this frame’s scores.",
        )
        method: Method = (
            st.segmented_control(
                "Method",
                get_args(Method),
                format_func=_METHOD_NAMES.__getitem__,
                required=True,
                key="why_method",
            )
            or "occlusion"
        )
    st.caption(_EXPLAINED[method])
    return services.ExplanationKey(
        song.digest, settings, analysis.model.sha256, index, genre, method
    )


def _ask(
    what: services.ExplanationKey, recall: Callable[[], SongAnalysis], job: _Job | None
) -> None:
    """Offer to begin, or say how far the work is."""
    state = session.current()

    def begin() -> None:
        st.session_state[_JOB_KEY] = _Job(what, services.explain(what, recall()))
        state.change(why_frame=what.index + 1, why_genre=what.genre, why_method=what.method)
        state.write_link()

    def cancel() -> None:
        st.session_state.pop(_JOB_KEY, None)
        state.change(why_frame=0, why_genre="", why_method="occlusion")
        state.write_link()

    is_at_work = job is not None and not job.error
    # The buttons stay where they are while the work goes on: nothing jumps.
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Show what speaks for {what.genre}",
            key="why_begin",
            type="primary",
            icon=":material/travel_explore:",
            on_click=begin,
            disabled=is_at_work,
        )
        if is_at_work:
            st.button("Cancel", key="why_cancel", icon=":material/stop:", on_click=cancel)
    if job is None:
        st.caption(
            f"The network scores this frame {n_passes(what.method)} times. That takes "
            "seconds, or longer on a busy computer. You can cancel."
        )
    elif job.error:
        st.error(as_markdown(job.error), icon=":material/error:")
    else:
        st.progress(job.share, f"The network has {_how_far(job)}")


def _is_asked_for(what: services.ExplanationKey, view: SongView) -> bool:
    """Return whether the link asks for this explanation."""
    asked = (view.why_frame, view.why_genre, view.why_method)
    return asked == (what.index + 1, what.genre, what.method)


def _how_far(job: _Job) -> str:
    total = n_passes(job.what.method)
    return f"scored it {round(job.share * total)} of {total} times"


def _to_lesson(song: Song, what: services.ExplanationKey, lesson: Page) -> None:
    """Link to the step of the lesson in which parts of this frame can be taken away."""
    query = {
        "step": "change",
        "t": f"{what.settings.frame_seconds:g}",
        "n": f"{what.settings.trim_seconds:g}",
        "frame": str(what.index + 1),
    }
    st.page_link(
        lesson,
        label="In the lesson: take parts of this frame away yourself",
        icon=":material/school:",
        query_params=query | ({"demo": song.demo} if song.demo else {}),
    )


def _result(analysis: SongAnalysis, span: FrameSpan, result: Explanation) -> None:
    features = services.recognizer().features
    log_mel = analysis.log_mel[span.index]
    low_db, high_db = mel.decibel_range(analysis.log_mel)
    in_words = plot.summary(result, span, features)
    most = plot.largest_influence(result)

    def picked() -> None:
        points = st.session_state["why_map"]["selection"]["points"]
        if points:
            row, column = points[0]["customdata"]
            st.session_state[clicked_key(span, result)] = (int(row), int(column))

    colour_scale(f"−{most:.2g} against", plot.scale_gradient(), f"for {result.genre} +{most:.2g}")
    st.plotly_chart(
        plot.explanation_figure(log_mel, result, span, features, low_db, high_db),
        config=CHART_CONFIG,
        key="why_map",
        on_select=picked,
        selection_mode="points",
        alt=f"Mel-spectrogram of {span_label(span)} under a map. {in_words}",
    )
    st.markdown(unbroken(in_words))
    st.caption(
        "Blue speaks for the genre, orange against it, in log-odds. Grey is the spectrogram: light "
        f"is loud. Solid boxes mark the strongest parts for {result.genre}, dotted boxes those "
        "against it. Click a part to hear it alone."
    )
    _show_check(result)
    hear_part(analysis, span, result)
    _fine_print(result)


def _show_check(result: Explanation) -> None:
    words = unbroken(plot.check_in_words(result))
    if result.check is None:
        st.info(words, icon=":material/help:")
    elif result.check.holds:
        st.success(words, icon=":material/fact_check:")
    else:
        st.warning(words, icon=":material/warning:")


def _fine_print(result: Explanation) -> None:
    rows, columns = result.part_grid.shape
    with st.expander("What exactly is measured", icon=":material/functions:"):
        st.markdown(
            f"The frame is cut into {rows} × {columns} parts. In a hidden part, every mel band "
            "has its mean over the frame; the rest stays as it is. The influence of a part is its "
            "share in the genre’s log-odds, log(p / (1 − p)) for the score p."
        )
        st.markdown(registers_in_words())
        if result.gap is not None and result.neutral_log_odds is not None:
            st.markdown(
                "Integrated gradients start from the picture in which every band stands still at "
                f"its mean: log-odds {result.neutral_log_odds:+.2f} there, {result.log_odds:+.2f} "
                f"for the frame. The map adds up to the difference but for {abs(result.gap):.2g}, "
                "which the finite number of steps loses."
            )
        st.markdown(
            "Zeiler, Fergus (2014): Visualizing and understanding convolutional networks. ECCV.  \n"
            "Sundararajan, Taly, Yan (2017): Axiomatic attribution for deep networks. ICML.  \n"
            "Samek et al. (2017): Evaluating the visualization of what a deep neural network has "
            "learned. IEEE TNNLS."
        )
