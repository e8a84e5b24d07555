"""The loop over the frames of a test set: it can stop between any two frames and go on later."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from genre_core.errors import GenreError
from genre_core.evaluation.score_set import ScoredClip
from genre_core.evaluation.song_frames import LabelledSong
from genre_core.types import FloatArray

_DECODED = 0.2  # share of a song's work that is done when it is decoded
_FIRST_STEP = "decoding"


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


@dataclass(frozen=True, eq=False)
class SongRows:
    """A song with the start in seconds and the row of each frame, by frame length."""

    clip: ScoredClip
    parts: tuple[tuple[FloatArray, FloatArray], ...]  # (n_frames,), (n_frames, width)


class SongRun:
    """The work on a list of songs, in steps: a song is decoded, or a frame is measured.

    Stop calling `advance` to stop; call it again to go on. One thread at a time may call it; any
    may look at the progress.

    Parameters
    ----------
    frame_lengths : seconds, of the songs' frames
    measure : from log-mel (1, n_mels, n_columns) to a row (1, width), e.g. a recognizer's `score`
    clock : seconds; only differences count
    """

    def __init__(
        self,
        songs: Sequence[LabelledSong],
        frame_lengths: Sequence[float],
        measure: Callable[[FloatArray], FloatArray],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._songs = tuple(songs)
        self._lengths = tuple(frame_lengths)
        self._measure = measure
        self._clock = clock
        self._worked = 0.0  # seconds, pauses left out
        self._failures: list[str] = []
        self._done: list[SongRows] = []
        self._at = 0  # index of the song in work
        self._share = 0.0  # of that song's work that is done
        self._step = _FIRST_STEP
        self._steps: Iterator[tuple[float, str]] | None = None
        self._n_bytes = sum(song.n_bytes for song in self._songs)
        self._bytes_done = 0

    @property
    def is_finished(self) -> bool:
        """Whether all songs are done."""
        return self._at == len(self._songs)

    @property
    def failures(self) -> tuple[str, ...]:
        """A sentence for each song that could not be read, so far."""
        return tuple(self._failures)

    @property
    def rows(self) -> tuple[SongRows, ...]:
        """The songs that are wholly measured, so far."""
        return tuple(self._done)

    @property
    def progress(self) -> Progress:
        """How far the work is."""
        at = self._at  # read once: another thread may be at work
        if at == len(self._songs):
            return Progress(at, at, 1.0, "", "", 0.0)
        song = self._songs[at]
        fraction = min((self._bytes_done + self._share * song.n_bytes) / self._n_bytes, 1.0)
        left = self._worked * (1.0 - fraction) / fraction if at else None
        name = song.clip.clip_id
        return Progress(at, len(self._songs), fraction, name, self._step, left)

    def advance(self) -> bool:
        """Do one step, and return whether there is another."""
        if self.is_finished:
            return False
        song = self._songs[self._at]
        if self._steps is None:
            self._steps = self._measure_song(song)
        started = self._clock()
        try:
            self._share, self._step = next(self._steps)
        except StopIteration:
            self._leave_song()
        except GenreError as error:
            self._failures.append(f"{song.clip.clip_id}: {error}")
            self._leave_song()
        except MemoryError:
            self._failures.append(
                f"{song.clip.clip_id}: needs more memory than there is; shorten it."
            )
            self._leave_song()
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
                    on_progress(done, len(self._songs))

    def _leave_song(self) -> None:
        self._bytes_done += self._songs[self._at].n_bytes
        self._at += 1
        self._share, self._step, self._steps = 0.0, _FIRST_STEP, None

    def _measure_song(self, song: LabelledSong) -> Iterator[tuple[float, str]]:
        """Yield the share of the song's work that is done, and what comes next."""
        parts = []
        for index, (seconds, frames) in enumerate(zip(self._lengths, song.frames(), strict=True)):
            n_frames = len(frames.log_mel)
            rows = []
            for frame in range(n_frames):
                share = (index + frame / n_frames) / len(self._lengths)
                yield (
                    _DECODED + (1.0 - _DECODED) * share,
                    f"frame {frame + 1} of {n_frames} of {seconds:g} s",
                )
                rows.append(self._measure(frames.log_mel[frame : frame + 1])[0])
            parts.append((frames.start_seconds, np.stack(rows)))
        self._done.append(SongRows(song.clip, tuple(parts)))
