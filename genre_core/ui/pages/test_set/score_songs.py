"""Your own test set: the scoring of the songs, its progress and its result."""

import hashlib
from collections.abc import Callable

import streamlit as st

from genre_core.evaluation.score_file import dump_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.inference.step_run import Progress
from genre_core.ui.components.download import download
from genre_core.ui.components.step_work import keep_working
from genre_core.ui.components.text import as_markdown, file_stem
from genre_core.ui.pages.test_set.bring_songs import bring_songs
from genre_core.ui.pages.test_set.problems import list_problems
from genre_core.ui.pages.test_set.scoring_state import ScoringState
from genre_core.ui.words import count, duration

Show = Callable[[ScoreSet, str], None]


def section(show: Show) -> None:
    """Show how to bring songs along, the progress and the outcome.

    `show` is called with a result and its hash when the user wants to look at it.
    """
    own = ScoringState.current()
    own.is_new = False
    if own.error:
        st.error(as_markdown(own.error), icon=":material/error:")
        list_problems("Songs that could not be read", own.failures)
    if own.run is not None:
        _under_way(own, show)
    elif own.result is not None:
        _outcome(own, own.result, show)
    else:
        bring_songs(own)


def elsewhere(show: Show) -> None:
    """Let the work go on beside other things, and say when it is done; else show nothing.

    `show` as for `section`.
    """
    own = ScoringState.current()
    if own.is_running:
        with st.container(border=True):
            _working(own)
    elif own.is_new and own.result is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(_scored_in_words(own.result), icon=":material/check:", width="stretch")
            _show_button(own.result, show)
    elif own.is_new and own.error:
        st.error(as_markdown(own.error), icon=":material/error:")


def _working(own: ScoringState) -> None:
    """Do the work, with its progress and a way to stop it."""
    keep_working(own, lambda: _progress(own))
    st.button("Cancel", key="own_cancel", icon=":material/stop:", on_click=own.stop)


def _under_way(own: ScoringState, show: Show) -> None:
    """Show a run that is going on or stopped."""
    if own.is_running:
        _working(own)
        st.caption("Meanwhile look at the results; the work waits while you are on another page.")
        return
    assert own.run is not None
    progress = own.run.progress
    st.progress(
        progress.fraction, f"Stopped after {progress.songs_done} of {progress.n_songs} songs"
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Go on",
            key="own_go_on",
            icon=":material/play_arrow:",
            on_click=own.go_on,
        )
        if own.result is not None:
            _show_button(own.result, show)
            _keep_button(own.result)
        st.button("Forget the songs", key="own_forget", on_click=own.forget)
    list_problems("Songs that could not be read", own.failures)


def _progress(own: ScoringState) -> None:
    run = own.run
    if run is not None:
        progress = run.progress
        st.progress(progress.fraction, progress_text(progress))
        list_problems("Songs that could not be read", run.failures)


def progress_text(progress: Progress) -> str:
    """Return songs done, time left and what comes next, as Markdown."""
    parts = [f"{progress.songs_done} of {progress.n_songs} songs"]
    if progress.seconds_left is not None:
        parts.append(f"about {duration(progress.seconds_left)} left")
    if progress.song:
        parts.append(f"{as_markdown(progress.song, 40)}: {progress.step}")
    return " · ".join(parts)


def _outcome(own: ScoringState, result: ScoreSet, show: Show) -> None:
    st.success(_scored_in_words(result), icon=":material/check:")
    with st.container(horizontal=True, gap="small"):
        _show_button(result, show)
        _keep_button(result)
        st.button(
            "Another test set", key="own_another", icon=":material/refresh:", on_click=own.forget
        )
    list_problems("Songs that could not be read", own.failures)
    others = [problem for problem in result.provenance.problems if problem not in own.failures]
    list_problems("Left out or changed", others)
    list_problems("Doubts about sound files", result.provenance.warnings)


def _scored_in_words(result: ScoreSet) -> str:
    return (
        f"{count(len(result.clips), 'song')} of **{as_markdown(result.name, 60)}**, scored by "
        f"{as_markdown(result.provenance.model, 60)}."
    )


def _show_button(result: ScoreSet, show: Show) -> None:
    def look() -> None:
        ScoringState.current().is_new = False
        show(result, hashlib.sha256(dump_score_set(result)).hexdigest())

    st.button(
        "See the results",
        key="own_show",
        type="primary",
        icon=":material/grid_view:",
        on_click=look,
    )


def _keep_button(result: ScoreSet) -> None:
    download(
        "Keep the result (JSON)",
        lambda: dump_score_set(result),
        file_name=f"{file_stem(result.name)}-scores.json",
        icon=":material/download:",
        key="own_keep",
    )
