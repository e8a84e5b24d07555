"""What one browser session has opened and chosen on the page "Library"."""

import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import streamlit as st

from genre_core.errors import LibraryError
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.library.dropped import DroppedRun, DroppedSong
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter
from genre_core.ui.page_state import PageState, enter
from genre_core.ui.pages.library import sources
from genre_core.ui.pages.library.link import PARAMETERS, LibraryView
from genre_core.ui.pages.library.sources import DROPPED, UPLOADED, Source
from genre_core.ui.step_state import StepState

CATCH_UP_SECONDS = 10.0  # until the browser has a new URL, at the latest


@dataclass
class Dropped(StepState[DroppedRun]):
    """The songs that a session has dropped, and their store; both go with the session.

    Attributes
    ----------
    songs : by their SHA-256, to open them again
    left_out : sentences about files that were not taken
    """

    songs: dict[str, DroppedSong] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    _writer: LibraryWriter | None = None
    _folder: tempfile.TemporaryDirectory | None = None

    @property
    def source(self) -> Source | None:
        """The store of the songs; None before the first is dropped."""
        writer = self._writer
        return Source(DROPPED, "Songs dropped here", writer.path, "dropped") if writer else None

    @property
    def n_bytes(self) -> int:
        """Size of the songs that are kept."""
        return sum(len(song.data) for song in self.songs.values())

    def start(self, songs: list[DroppedSong], recognizer: GenreRecognizer) -> None:
        """Begin to analyse songs, after those that are there."""
        self.stop()
        with self._lock:
            if self._writer is None:
                self._folder = tempfile.TemporaryDirectory(prefix="genre-songs-")
                self._writer = LibraryWriter.open(Path(self._folder.name) / "my songs.db")
            self.songs.update({song.sha256: song for song in songs})
            waiting = self.run.songs[self.run.progress.songs_done :] if self.run else ()
            self.run = DroppedRun([*waiting, *songs], recognizer, self._writer)
            self.is_running = True

    def forget(self) -> None:
        """Let go of the songs and their store."""
        self.stop()
        with self._lock:
            if self._writer is not None and self._folder is not None:
                self._writer.close()
                self._folder.cleanup()
            self.run, self._writer, self._folder = None, None, None
            self.songs, self.left_out = {}, ()


@dataclass
class LibraryState(PageState[LibraryView]):
    """The state of the page.

    Attributes
    ----------
    dropped : the songs that this session has dropped
    uploaded : the store that it has uploaded
    error : why the last file was refused
    left_link, left_at : the URL when a library was taken, and when that was
    n_taken : part of the input widgets' keys, so that each starts empty again
    to_open : id of a song to open on “Analyse a song” at once if its file is at hand; 0 for none
    """

    page = "library"
    default = LibraryView()
    parameters = PARAMETERS

    dropped: Dropped = field(default_factory=Dropped)
    uploaded: Source | None = None
    error: str = ""
    n_taken: int = 0
    left_link: dict[str, str] | None = None
    left_at: float = 0.0
    to_open: int = 0
    _upload_folder: tempfile.TemporaryDirectory | None = None

    def offered(self) -> dict[str, Source]:
        """Return all libraries that can be shown, by key; this session's own come last."""
        own = (self.uploaded, self.dropped.source)
        return sources.trusted_stores() | {each.key: each for each in own if each is not None}

    def follow_link(self) -> None:
        """Take over what the URL asks for, unless it is the one from before a library was taken.

        The browser may send a choice of files twice, the second time still with that URL.
        """
        is_left = dict(st.query_params.items()) == self.left_link
        if is_left and time.monotonic() < self.left_at + CATCH_UP_SECONDS:
            enter(self.page)
        else:
            super().follow_link()

    def show_taken(self, key: str) -> None:
        """Show a library that was dropped or uploaded just now."""
        self.left_link, self.left_at = dict(st.query_params.items()), time.monotonic()
        self.show(key)

    def show(self, key: str) -> None:
        """Show another library."""
        self.view = self.view.of_store(key)
        self.notes = ()

    def forget_dropped(self) -> None:
        """Let go of the songs dropped, and show another library if there is one."""
        self.dropped.forget()
        self.show("")

    def show_all(self) -> None:
        """Take back every filter; part, order and the open song stay."""
        of_old = {name: getattr(self.view, name) for name in ("sort", "descending", "song")}
        self.view = replace(self.view.of_store(self.view.store), **of_old)

    def choose(self, **settings: object) -> None:
        """Choose other songs: the table starts at its first page."""
        self.change(page=1, **settings)

    def open_at_once(self, song: int) -> None:
        """Show a song, and open it on “Analyse a song” if its file is at hand."""
        self.to_open = song
        self.change(song=song)

    def take_store(self, name: str, data: bytes) -> None:
        """Show an uploaded store, if it is one; it replaces the one before."""
        self.n_taken += 1
        folder = tempfile.TemporaryDirectory(prefix="genre-store-")
        path = Path(folder.name) / "uploaded.db"
        path.write_bytes(data)
        try:
            with LibraryStore.open_alone(path) as store:
                store.check_values()
        except LibraryError as error:
            self.error = str(error).replace(str(path), f"“{name}”")
            folder.cleanup()
            return
        self.error = ""
        self.uploaded = Source(UPLOADED, name, path, "uploaded")
        self._upload_folder = folder  # the one before is deleted with its object
        self.show_taken(UPLOADED)
