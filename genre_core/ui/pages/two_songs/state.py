"""The two songs that one browser session compares."""

from dataclasses import dataclass, field

from genre_core.config import FrameSettings
from genre_core.ui import session
from genre_core.ui.page_state import PageState
from genre_core.ui.pages.two_songs.link import ANALYSED, OWN, PARAMETERS, PLACES, PairView
from genre_core.ui.songs import DemoSong, Song, default_demo, demo_songs, find_demo

_MOST_UNLIKE = 4.0  # times as long: on one scale the shorter song would be too small to read


@dataclass
class Side:
    """One of the two songs.

    Attributes
    ----------
    song : None while none is chosen
    last_good : the last one that could be analysed: shown again where the next one fails
    analysed : digest of the song and settings that it was last analysed with
    duration_seconds : of the last song that was analysed; 0 before
    trouble : why the last song could not be analysed; unescaped
    """

    song: Song | None = None
    last_good: Song | None = None
    analysed: tuple[str, FrameSettings] | None = None
    duration_seconds: float = 0.0
    trouble: str = ""


@dataclass
class PairState(PageState[PairView]):
    """The state of the page.

    Attributes
    ----------
    n_taken : songs taken so far; part of the input widgets' keys, so that each starts empty again
    outcome : what was said of the last two songs
    """

    page = "two_songs"
    default = PairView()
    parameters = PARAMETERS

    sides: tuple[Side, Side] = field(default_factory=lambda: (Side(), Side()))
    n_taken: int = 0
    outcome: str = ""
    is_begun: bool = False

    def begin(self) -> None:
        """Take two demo songs, unless a link has asked for others."""
        if not self.is_begun:
            self.open(self.view, self.notes)

    def take(self, number: int, song: Song) -> None:
        """Make `song` the first (0) or the second (1) one."""
        side = self.sides[number]
        side.song, side.trouble = song, ""
        self.n_taken += 1
        self._name()

    def swap(self) -> None:
        """Let the two change places."""
        self.sides = (self.sides[1], self.sides[0])
        self.n_taken += 1
        self._name()

    def cancel(self, number: int) -> None:
        """Return to the song that was shown before the analysis that is under way."""
        side = self.sides[number]
        side.song = side.last_good
        self._name()

    def analysed(self, number: int, seconds: float) -> None:
        """Note that a song of such a duration could be analysed."""
        side = self.sides[number]
        assert side.song is not None
        side.last_good, side.duration_seconds = side.song, seconds
        side.analysed = (side.song.digest, self.view.frames)

    def failed(self, number: int, trouble: str) -> None:
        """Note why a song cannot be analysed, and return to the last good one."""
        side = self.sides[number]
        side.song = side.last_good if side.last_good is not side.song else None
        side.trouble = trouble
        self._name()

    def is_known(self, number: int) -> bool:
        """Return whether a song was analysed already as it is to be cut now."""
        side = self.sides[number]
        return side.song is None or side.analysed == (side.song.digest, self.view.frames)

    def axis_seconds(self, number: int) -> float:
        """Return the length of a player's time axis: both have one scale, where that can be."""
        longest = max(side.duration_seconds for side in self.sides)
        return longest if self.has_one_scale else self.sides[number].duration_seconds

    @property
    def has_one_scale(self) -> bool:
        """Whether neither song is so much longer that the other one would be too small."""
        short, long = sorted(side.duration_seconds for side in self.sides)
        return long <= _MOST_UNLIKE * short or short == 0.0

    def open(self, view: PairView, notes: tuple[str, ...]) -> None:
        """Show the view of a URL, with its songs."""
        more = list(notes)
        songs = [self._asked(number, view, more) for number in (0, 1)]
        for side, song in zip(self.sides, songs, strict=True):
            side.song, side.trouble = song, ""
        self.is_begun = True
        self.n_taken += 1
        self.view = view
        self._name()
        self.notes = tuple(more)

    def _asked(self, number: int, view: PairView, notes: list[str]) -> Song | None:
        """Return the song that a link asks for; where there is none, say so and take another."""
        key, demos = (view.first, view.second)[number], demo_songs()
        usual, own = _usual(number, demos), self.sides[number].song
        if usual is not None and usual.demo == (view.second, view.first)[number]:
            usual = _another(demos, usual)  # the other one already
        if key == ANALYSED:
            analysed = session.current().song
            if analysed is not None:
                return analysed
            notes.append("The link asks for the song of “Analyse a song”. None is open there.")
        elif key == OWN:
            if own is not None and own.demo is None:
                return own
            notes.append(
                f"The {PLACES[number]} song of this link is somebody’s own file. A link does not "
                "hold it. Here is a demo song in its place."
            )
        elif key:
            demo = find_demo(key, demos)
            if demo is not None:
                return demo.load()
            notes.append(f"The link asks for the demo song “{key}”. There is none.")
        elif ANALYSED in (view.first, view.second):
            return own or _another(demos, session.current().song)
        return usual

    def _name(self) -> None:
        """Let the view name the songs."""
        first, second = (_key(side.song) for side in self.sides)
        self.change(first=first, second=second)


def current() -> PairState:
    """Return this browser session's state of the page."""
    return PairState.current()


def _key(song: Song | None) -> str:
    return "" if song is None else song.demo or OWN


def _usual(number: int, demos: dict[str, DemoSong]) -> Song | None:
    """Return the song that changes its genre, or a song of the genre that it changes to."""
    first = default_demo(demos)
    if first is None:
        return None
    return first.load() if number == 0 else _another(demos, first.load())


def _another(demos: dict[str, DemoSong], song: Song | None) -> Song | None:
    """Return a demo song to compare `song` with: of its last genre, or else any other one."""
    others = [demo for demo in demos.values() if song is None or demo.key != song.demo]
    own = demos.get(song.demo) if song is not None and song.demo else default_demo(demos)
    alike = [demo for demo in others if own is not None and demo.genres[-1:] == own.genres[-1:]]
    chosen = next(iter(alike or others), None)
    return chosen.load() if chosen is not None else None
