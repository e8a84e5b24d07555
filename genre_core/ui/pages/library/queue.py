"""The songs that were dropped: which are done, which is in work, which wait."""

import streamlit as st

from genre_core.library.dropped import DroppedRun
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.components.step_work import keep_working
from genre_core.ui.components.text import as_html, as_markdown
from genre_core.ui.pages.library.state import Dropped, LibraryState
from genre_core.ui.pages.library.style import spark_html
from genre_core.ui.words import count, duration, percent


def queue(state: LibraryState) -> None:
    """Show the songs dropped last, do the work, and offer to stop it; nothing without songs."""
    dropped = state.dropped
    for sentence in dropped.left_out:
        st.warning(as_markdown(sentence), icon=":material/info:")
    run = dropped.run
    if run is None:
        return
    with st.container(border=True, key="library_queue"):
        if dropped.is_running:
            keep_working(dropped, lambda: _progress(dropped))
            st.button("Cancel", key="library_cancel", icon=":material/stop:", on_click=dropped.stop)
            return
        done, n_songs = run.progress.songs_done, run.progress.n_songs
        if not run.is_finished:
            st.progress(run.progress.fraction, f"Stopped after {done} of {n_songs} songs")
        else:
            st.markdown(f"**{_summary(run)}**")
        with st.expander("The songs one by one", expanded=not run.is_finished or n_songs <= 10):
            st.html(queue_html(run))
        with st.container(horizontal=True, gap="small"):
            if not run.is_finished:
                st.button(
                    "Go on",
                    key="library_go_on",
                    icon=":material/play_arrow:",
                    on_click=dropped.go_on,
                )
            st.button("Forget the songs", key="library_forget", on_click=state.forget_dropped)


def _progress(dropped: Dropped) -> None:
    run = dropped.run
    if run is None:
        return
    progress = run.progress
    parts = [f"{progress.songs_done} of {progress.n_songs} songs"]
    if progress.seconds_left is not None:
        parts.append(f"about {duration(progress.seconds_left)} left")
    st.progress(progress.fraction, " · ".join(parts))
    st.html(queue_html(run))


def queue_html(run: DroppedRun) -> str:
    """Return a line a song: verdict and frames, what is done now, or why it failed."""
    progress = run.progress
    lines = []
    for index, song in enumerate(run.songs):
        name = f'<span class="name">{as_html(song.name)}</span>'
        done, why = run.done(index), run.failure(index)
        if done is not None:
            verdict = f"{done.song.genre} {percent(done.song.confidence, 0)}"
            rest = f"<span>{chip_html(done.song.genre, verdict)}</span>" + spark_html(
                done.readings, run.genres
            )
        elif why:
            rest = (
                '<span class="state">cannot be read</span>'
                f'<span class="why">{as_html(why, 400)}</span>'
            )
        elif index == progress.songs_done:
            rest = f'<span class="state" role="status">{as_html(progress.step)} …</span>'
        else:
            rest = '<span class="state">waiting</span>'
        lines.append(f"<li>{name}{rest}</li>")
    return f'<ul class="gr-queue">{"".join(lines)}</ul>'


def _summary(run: DroppedRun) -> str:
    n_failed = len(run.failures)
    done = f"{count(len(run.songs) - n_failed, 'song')} analysed"
    return f"{done}, {n_failed} cannot be read" if n_failed else f"{done}."
