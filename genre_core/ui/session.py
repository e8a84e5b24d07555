"""The song that one browser session looks at, and its settings.

Everything heavy lives in `services`, shared by all sessions.
"""

from dataclasses import dataclass, field, replace

from genre_core.config import FrameSettings
from genre_core.ui import song_link
from genre_core.ui.guess import Guess, number_of
from genre_core.ui.page_state import PageState
from genre_core.ui.song_link import SongView
from genre_core.ui.songs import Song, demo_songs, find_demo


@dataclass
class Session(PageState[SongView]):
    """The state of the page "Analyse a song".

    Attributes
    ----------
    song : the song to analyse
    last_good : the last one that could be analysed: shown again when the next one fails
    last_view : the settings that it was last analysed with
    to_lesson : whether the lesson is to open with the next run
    n_taken : songs taken so far; part of the input widgets' keys, so that each starts empty again
    guessed : the last guess
    several : the songs of a drop of more than one, until they go to the library or another comes
    left_out : sentences about files of that drop that were not taken; unescaped
    to_library : whether the library is to open with them in the next run
    """

    page = "analyse"
    default = SongView()
    parameters = song_link.PARAMETERS

    song: Song | None = None
    last_good: Song | None = None
    last_view: SongView = field(default_factory=SongView)
    n_taken: int = 0
    to_lesson: bool = False
    guessed: Guess | None = None
    several: tuple[Song, ...] = ()
    left_out: tuple[str, ...] = ()
    to_library: bool = False

    def take(self, song: Song) -> None:
        """Make `song` the one to analyse."""
        self.forget_several()
        self.song = song
        self.change(demo=song.demo, at_seconds=0.0)
        self.n_taken += 1

    def take_several(self, songs: tuple[Song, ...], left_out: tuple[str, ...] = ()) -> None:
        """Make the first of some songs the one to analyse, and have all of them at hand."""
        self.take(songs[0])
        self.several, self.left_out = songs if len(songs) > 1 else (), left_out

    def forget_several(self) -> None:
        """Let go of the songs that were dropped together, but for the one that is shown."""
        self.several, self.left_out = (), ()

    def open_in_library(self) -> None:
        """Ask for the library to open with the songs that were dropped together."""
        self.to_library = True

    def hand_over(self) -> tuple[Song, ...]:
        """Return the songs that the library is to open with, once; none where nobody asked."""
        if not self.to_library:
            return ()
        songs, self.to_library = self.several, False
        self.forget_several()
        return songs

    def analysed(self) -> None:
        """Note that the song could be analysed as it is to be cut."""
        self.last_good, self.last_view = self.song, self.view

    def cancel(self) -> None:
        """Return to what was shown before the analysis that is under way."""
        if self.last_good is None:
            self.leave_song()
            return
        self.song, self.notes = self.last_good, ()
        self.view = replace(
            self.last_view,
            aggregation=self.view.aggregation,
            finer_seconds=self.view.finer_seconds,
            guess=self.view.guess,
        )

    def leave_song(self) -> None:
        """Go back to the first view, keeping the settings."""
        self.song = self.last_good = None
        self.change(demo=None, at_seconds=0.0)
        self.n_taken += 1

    def must_guess(self, song: Song) -> bool:
        """Return whether the page must not say anything of the song yet."""
        is_guessed = self.guessed is not None and self.guessed.digest == song.digest
        return self.view.guess and not is_guessed

    def guess(self, song: Song, genre: str | None) -> None:
        """Note what the listener chose; None is no idea."""
        self.guessed = Guess(song.digest, genre)

    def set_guess_first(self, is_first: bool) -> None:
        """Hide what the page says until a guess, from the next song on, or no longer."""
        if is_first and self.song is not None:
            self.guess(self.song, None)  # it has been seen
        self.change(guess=is_first)

    def write_link(self, view: SongView | None = None) -> dict[str, str]:
        """Make the URL ask for `view`; a demo song that is to be guessed is a number in it."""
        view = view or self.view
        demos = demo_songs()
        if view.demo in demos and self.song is not None and self.must_guess(self.song):
            view = replace(view, demo=str(number_of(view.demo, demos)))
        return super().write_link(view)

    def goes_to_lesson(self) -> bool:
        """Return whether the lesson is to open now; it is asked for once."""
        is_due, self.to_lesson = self.to_lesson, False
        return is_due

    def set_frames(self, settings: FrameSettings) -> None:
        """Cut the song in another way."""
        self.change(frame_seconds=settings.frame_seconds, trim_seconds=settings.trim_seconds)

    def reset(self) -> None:
        """Return to the paper's settings."""
        self.view = self.view.with_default_settings()
        self.notes = ()

    def open(self, view: SongView, notes: tuple[str, ...]) -> None:
        """Show the view of a URL, with its demo song."""
        self.view = view
        if view.demo is not None:
            demo = find_demo(view.demo, demo_songs())
            if demo is None:
                self.leave_song()
                missing = f"The link asks for the demo song “{view.demo}”. There is none."
                notes = (missing, *notes)
            elif self.song is None or self.song.demo != demo.key:
                self.take(demo.load())
                self.change(at_seconds=view.at_seconds)
            else:
                self.view = replace(view, demo=demo.key)
        elif self.song is not None and self.song.demo is not None:
            self.leave_song()
        self.notes = notes


def current() -> Session:
    """Return this browser session's state of the page "Analyse a song"."""
    return Session.current()
