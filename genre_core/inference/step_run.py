"""Work on a list of songs, in steps: it can stop between any two of them and go on later."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from genre_core.errors import GenreError

FIRST_STEP = "decoding"

Steps = Iterator[tuple[float, str]]  # share of the song's work that is done, and what comes next


@dataclass(frozen=True)
class SongWork:
    """The work on one song; `n_bytes` estimates it, `steps` begins it, also once more."""

    name: str
    n_bytes: int
    steps: Callable[[], Steps]


@dataclass(frozen=True)
class Progress:
    """How far the work is.

    Attributes
    ----------
    songs_done, n_songs : songs that could not be read count as done
    fraction : of the work, by the size of the songs, 0 to 1
    song, step : name of the next song, and the next step of its work; empty at the end
    seconds_left : estimated from the work so far; None before the first song is done
    """

    songs_done: int
    n_songs: int
    fraction: float
    song: str
    step: str
    seconds_left: float | None


class StepRun:
    """The work on songs, one after another.

    Stop calling `advance` to stop; call it again to go on. One thread at a time may call it; any
    may look at the progress.

    Parameters
    ----------
    clock : seconds; only differences count
    """

    def __init__(
        self, work: Sequence[SongWork], clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._work = tuple(work)
        self._clock = clock
        self._worked = 0.0  # seconds, pauses left out
        self._failures: dict[int, str] = {}
        self._at = 0  # index of the song in work
        self._share = 0.0  # of that song's work that is done
        self._step = FIRST_STEP
        self._steps: Steps | None = None
        self._n_bytes = max(sum(song.n_bytes for song in self._work), 1)
        self._bytes_done = 0

    @property
    def is_finished(self) -> bool:
        """Whether all songs are done."""
        return self._at == len(self._work)

    @property
    def failures(self) -> tuple[str, ...]:
        """A sentence for each song that could not be read, so far."""
        return tuple(f"{self._work[at].name}: {why}" for at, why in self._failures.items())

    def failure(self, index: int) -> str:
        """Return why a song could not be read; empty if it could, or is not done yet."""
        return self._failures.get(index, "")

    @property
    def progress(self) -> Progress:
        """How far the work is."""
        at = self._at  # read once: another thread may be at work
        if at == len(self._work):
            return Progress(at, at, 1.0, "", "", 0.0)
        song = self._work[at]
        fraction = min((self._bytes_done + self._share * song.n_bytes) / self._n_bytes, 1.0)
        left = self._worked * (1.0 - fraction) / fraction if at and fraction else None
        return Progress(at, len(self._work), fraction, song.name, self._step, left)

    def advance(self) -> bool:
        """Do one step, and return whether there is another."""
        if self.is_finished:
            return False
        if self._steps is None:
            self._steps = self._work[self._at].steps()
        started = self._clock()
        try:
            self._share, self._step = next(self._steps)
        except StopIteration:
            self._leave_song()
        except GenreError as error:
            self._fail(str(error))
        except MemoryError:
            self._fail("needs more memory than there is; shorten it.")
        except BaseException:
            self._steps = None  # a generator that raised cannot go on: restart the song
            raise
        finally:
            self._worked += self._clock() - started
        return not self.is_finished

    def finish(self, on_progress: Callable[[int, int], None] | None = None) -> None:
        """Do all remaining steps.

        `on_progress` is called with (songs done, songs) after each song; exceptions propagate.
        """
        done = self._at
        while self.advance() or self._at > done:
            if self._at > done:
                done = self._at
                if on_progress is not None:
                    on_progress(done, len(self._work))

    def _fail(self, reason: str) -> None:
        self._failures[self._at] = reason
        self._leave_song()

    def _leave_song(self) -> None:
        self._bytes_done += self._work[self._at].n_bytes
        self._at += 1
        self._share, self._step, self._steps = 0.0, FIRST_STEP, None
