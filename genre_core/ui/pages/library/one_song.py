"""One song of the library: its frames, its nearest songs, and the way to hear it."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from genre_core.config import SAMPLE_RATE, FrameSettings
from genre_core.library.playlists import like
from genre_core.library.songs import LibraryModel, LibrarySong, SongReadings
from genre_core.library.store import LibraryStore
from genre_core.plots.style import CHART_CONFIG
from genre_core.plots.time_axis import clock
from genre_core.plots.timeline import frames_figure
from genre_core.types import FrameSpan
from genre_core.ui import services, session
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.components.text import as_html, as_markdown, tidy
from genre_core.ui.pages.library import cached
from genre_core.ui.pages.library.sources import Source, song_path
from genre_core.ui.pages.library.state import LibraryState
from genre_core.ui.songs import Song
from genre_core.ui.words import percent

N_NEAREST = 10
OpenSong = Callable[[], None]


def one_song(state: LibraryState, source: Source, store: LibraryStore, open_song: OpenSong) -> None:
    """Show the open song, if there is one; `open_song` turns to the page that analyses songs."""
    if not state.view.song:
        return
    song = store.song(state.view.song)
    readings, model = store.readings(state.view.song), store.model_of(state.view.song)
    if song is None or readings is None or model is None:
        st.info("The open song is not in this library.", icon=":material/info:")
        return
    with st.container(border=True, key="library_one_song"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.html(_heading(song))
            st.button(
                "Close",
                key="library_close_song",
                icon=":material/close:",
                type="tertiary",
                on_click=lambda: state.change(song=0),
            )
        _open_button(state, source, song, model, open_song)
        st.plotly_chart(
            frames_figure(
                spans(readings),
                readings.frame_scores,
                model.genres,
                max(song.duration_seconds, spans(readings)[-1].end_seconds),
            ),
            config=CHART_CONFIG,
            key="library_song_frames",
            alt=_frames_in_words(song, readings),
        )
        st.caption(
            f"Each bar is a frame of {readings.frame_seconds:g} s; its colours are the scores of "
            "the genres. " + as_markdown(" ".join(readings.receipt), 600)
        )
        _nearest(state, source, store, song)


def spans(readings: SongReadings) -> tuple[FrameSpan, ...]:
    """Return where a song's frames lie."""
    length = max(round(readings.frame_seconds * SAMPLE_RATE), 1)
    first = round(readings.start_seconds * SAMPLE_RATE)
    return tuple(
        FrameSpan(i, first + i * length, first + (i + 1) * length, SAMPLE_RATE, bool(silent))
        for i, silent in enumerate(readings.silent)
    )


def _heading(song: LibrarySong) -> str:
    tags = song.tags
    facts = [
        *([as_html(tags.album, 80)] if tags.album else []),
        *([str(tags.year)] if tags.year is not None else []),
        clock(song.duration_seconds),
        *([f"genre tag {as_html(tags.genre, 60)}"] if tags.genre else ["no genre tag"]),
    ]
    change = (
        f" First half {chip_html(song.first_half_genre)} second half "
        f"{chip_html(song.second_half_genre)}"
        if song.changes_genre
        else ""
    )
    unlike = " Unlike anything the network has learnt." if song.unlike_training else ""
    verdict = chip_html(song.genre, f"{song.genre} {percent(song.confidence, 0)}")
    return (
        f'<h2 class="gr-song">{as_html(song.label, 120)}</h2>'
        f'<p class="gr-soft">{" · ".join(facts)}</p>'
        f'<p class="gr-facts-line">{verdict} '
        f"then {as_html(song.runner_up)}; in {percent(song.disagreement, 0)} of the frames "
        f"another genre leads."
        f"{change}{unlike}</p>"
        f'<p class="gr-soft" style="overflow-wrap:anywhere">{as_html(song.path, 300)}</p>'
    )


def open_asked(
    state: LibraryState, source: Source, store: LibraryStore, open_song: OpenSong
) -> None:
    """Open the song that was clicked on the map, if its file is at hand; else do nothing."""
    asked, state.to_open = state.to_open, 0
    song = store.song(asked) if asked else None
    model = store.model_of(asked) if asked else None
    if song is not None and model is not None:
        read = _reader(state, source, song)
        if read is not None:
            _open(song, model, read, open_song)


def _open_button(
    state: LibraryState, source: Source, song: LibrarySong, model: LibraryModel, open_song: OpenSong
) -> None:
    read = _reader(state, source, song)
    if read is None:
        st.caption(_not_at_hand(source))
        return
    if st.button(
        "Open on “Analyse a song”",
        key="library_analyse",
        icon=":material/graphic_eq:",
        type="primary",
    ):
        _open(song, model, read, open_song)
    if services.recognizer().info.sha256 != model.sha256:
        st.caption(
            f"The library was scanned by {as_markdown(model.name, 60)}; “Analyse a song” uses "
            "another network, so its scores may differ."
        )


ReadSong = Callable[[], tuple[bytes, str]]


def _reader(state: LibraryState, source: Source, song: LibrarySong) -> ReadSong | None:
    """Return what reads a song's file and gives its content and name; None: not at hand."""
    dropped = state.dropped.songs.get(song.sha256)
    if dropped is not None:
        return lambda: (dropped.data, dropped.name)
    path = song_path(source, song)
    if path is None:
        return None
    return lambda: (path.read_bytes(), path.name)


def _open(song: LibrarySong, model: LibraryModel, read: ReadSong, open_song: OpenSong) -> None:
    try:
        data, name = read()
    except OSError as error:
        st.error(f"The file cannot be read ({as_markdown(str(error.strerror))}).")
        return
    analyse = session.current()
    analyse.take(Song.from_bytes(tidy(name), data, name=tidy(song.label)))
    analyse.set_frames(FrameSettings(model.frame_seconds, model.trim_seconds))
    open_song()


def _not_at_hand(source: Source) -> str:
    if source.kind == "trusted":
        return (
            "Its file cannot be opened from here: it is gone, too large, or lies outside the "
            "folders that this app may open."
        )
    return "Its file is not at hand. Drop it on this page to open it."


def _frames_in_words(song: LibrarySong, readings: SongReadings) -> str:
    n_frames = len(readings.silent)
    return (
        f"Scores of {n_frames} frames. The song is named {song.genre}; "
        f"{percent(song.disagreement, 0)} of the frames name another genre."
    )


def _nearest(state: LibraryState, source: Source, store: LibraryStore, song: LibrarySong) -> None:
    places = cached.places(source.version(), store)
    if places is None or song.id not in places.embeddings.ids:
        return
    nearest = like(places.embeddings, song.id, N_NEAREST + 1)[1:]
    songs = [store.song(each.index) for each in nearest]
    pairs = [(s, each.similarity) for s, each in zip(songs, nearest, strict=True) if s is not None]
    st.markdown("**The nearest songs of this library**")
    key = f"library_nearest_{song.id}"

    def chosen() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows:
            state.change(song=pairs[rows[0]][0].id)

    st.dataframe(
        pd.DataFrame(
            {
                "Song": [tidy(s.label, 80) for s, _ in pairs],
                "Genre": [s.genre for s, _ in pairs],
                "Similarity": [similarity for _, similarity in pairs],
                "Year": ["" if s.tags.year is None else str(s.tags.year) for s, _ in pairs],
            }
        ),
        hide_index=True,
        key=key,
        on_select=chosen,
        selection_mode="single-row",
        height="content",
        column_config={
            "Song": st.column_config.TextColumn(width=320),
            "Similarity": st.column_config.NumberColumn(
                format="%.2f",
                help="1: the network hears no difference. (Cosine of the embeddings.)",
            ),
        },
        alt="The nearest songs, the nearest first.",
    )
