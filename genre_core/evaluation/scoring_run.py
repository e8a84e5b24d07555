"""A test set of uploaded songs scored step by step: between any two steps the work may stop."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

import numpy as np

from genre_core.audio.frames import check_settings
from genre_core.audio.load import load_audio
from genre_core.config import FrameSettings
from genre_core.datasets.uploads import OwnSong, OwnTestSet
from genre_core.errors import DatasetError, GenreError
from genre_core.evaluation.score_set import Provenance, ScoredClip, ScoreSet, stored_precision
from genre_core.evaluation.scoring import FRAME_LENGTHS, cut_heard, join_songs
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.types import FloatArray

COMMAND = "page “Test set”, your own test set"


_DECODED = 0.2  # share of a song's work that is behind when it is decoded


_FIRST_STEP = "decoding"


@dataclass(frozen=True)
class Progress:
    """How far the work is.

    Attributes
    ----------
    songs_done, n_songs : int
        Songs that could not be read count as done.
    fraction : float
        Of the work, by the size of the songs, 0 to 1.
    song, step : str
        What comes next: the song's name and what is done to it; empty at the end.
    seconds_left : float or None
        Estimated from the work so far; None before the first song is done.
    """

    songs_done: int
    n_songs: int
    fraction: float
    song: str
    step: str
    seconds_left: float | None


class ScoringRun:
    """The work on one set, in steps: a song is decoded, or one frame is scored.

    Stopping is not calling `advance` any more; calling it again goes on where it was. One thread
    at a time may call it; any may look at the progress.

    Parameters
    ----------
    recognizer : GenreRecognizer
    test_set : OwnTestSet
        Its labels among the recognizer's genres.
    frame_lengths : sequence of float
        Seconds.
    trim_seconds : float or None
        As in `scoring.score_dataset`: None for clips, 20 for whole songs.
    clock : callable
        Seconds; only differences count.

    Raises
    ------
    DatasetError
        If a label is unknown or there is no song.
    SettingsError
        If a setting is outside its limits.
    """

    def __init__(
        self,
        recognizer: GenreRecognizer,
        test_set: OwnTestSet,
        frame_lengths: Sequence[float] = FRAME_LENGTHS,
        trim_seconds: float | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        if not test_set.songs or not frame_lengths:
            raise DatasetError(f"{test_set.name}: nothing to score: add songs and frame lengths.")
        unknown = sorted({song.label for song in test_set.songs} - set(recognizer.info.genres))
        if unknown:
            raise DatasetError(f"The model does not know {unknown[0]!r}: leave such songs out.")
        self._lengths = sorted(set(frame_lengths))
        for seconds in self._lengths:
            check_settings(FrameSettings(seconds, trim_seconds or 0.0))
        self.recognizer = recognizer
        self.test_set = test_set
        self._trim_seconds = trim_seconds
        self._clock = clock
        self._worked = 0.0  # seconds, pauses left out
        self._failures: list[str] = []
        self._scored: list[tuple[ScoredClip, dict[float, tuple[FloatArray, FloatArray]]]] = []
        self._at = 0  # index of the song in work
        self._share = 0.0  # of that song's work that is behind
        self._step = _FIRST_STEP
        self._steps: Iterator[tuple[float, str]] | None = None
        self._n_bytes = sum(max(song.n_bytes, 1) for song in test_set.songs)
        self._bytes_done = 0

    @property
    def is_finished(self) -> bool:
        """Whether all songs are done."""
        return self._at == len(self.test_set.songs)

    @property
    def failures(self) -> tuple[str, ...]:
        """A sentence for each song that could not be read, so far."""
        return tuple(self._failures)

    @property
    def n_scored(self) -> int:
        """Songs that are wholly scored."""
        return len(self._scored)

    @property
    def progress(self) -> Progress:
        """How far the work is."""
        songs = self.test_set.songs
        at = self._at  # read once: another thread may be at work
        if at == len(songs):
            return Progress(at, at, 1.0, "", "", 0.0)
        song = songs[at]
        fraction = (self._bytes_done + self._share * max(song.n_bytes, 1)) / self._n_bytes
        fraction = min(fraction, 1.0)
        left = self._worked * (1.0 - fraction) / fraction if at else None
        return Progress(at, len(songs), fraction, song.name, self._step, left)

    def advance(self) -> bool:
        """Do one step, and return whether there is another."""
        if self.is_finished:
            return False
        song = self.test_set.songs[self._at]
        if self._steps is None:
            self._steps = self._score(song)
        started = self._clock()
        try:
            self._share, self._step = next(self._steps)
        except StopIteration:
            self._leave_song()
        except GenreError as error:
            self._failures.append(f"{song.name}: {error}")
            self._leave_song()
        except MemoryError:
            self._failures.append(f"{song.name}: needs more memory than there is; shorten it.")
            self._leave_song()
        except BaseException:
            self._steps = None  # a generator that raised is at its end: begin the song again
            raise
        finally:
            self._worked += self._clock() - started
        return not self.is_finished

    def result(self) -> ScoreSet:
        """Return the scores of all songs that are done; what is missing stands in the provenance.

        Raises
        ------
        DatasetError
            If no song could be scored yet.
        """
        name, n_songs = self.test_set.name, len(self.test_set.songs)
        problems = [*self.test_set.problems, *self._failures]
        if not self.is_finished:
            problems.append(f"Stopped after {self._at} of {n_songs} songs.")
        if not self._scored:
            raise DatasetError(f"{name}: no song could be scored. {' '.join(problems[:3])}")
        model = self.recognizer.info
        return ScoreSet(
            name=name,
            genres=model.genres,
            clips=tuple(clip for clip, _ in self._scored),
            frames={
                seconds: join_songs(
                    [parts[seconds][0] for _, parts in self._scored],
                    [parts[seconds][1] for _, parts in self._scored],
                )
                for seconds in self._lengths
            },
            provenance=Provenance(
                command=COMMAND,
                date=datetime.now(UTC).isoformat(timespec="seconds"),
                model=model.name,
                model_sha256=model.sha256,
                dataset=name,
                list_name="all",
                scheme="",
                trim_seconds=self._trim_seconds,
                problems=tuple(problems),
            ),
        )

    def _leave_song(self) -> None:
        self._bytes_done += max(self.test_set.songs[self._at].n_bytes, 1)
        self._at += 1
        self._share, self._step, self._steps = 0.0, _FIRST_STEP, None

    def _score(self, song: OwnSong) -> Iterator[tuple[float, str]]:
        """Yield the share of the song's work that is behind, and what comes next."""
        waveform = load_audio(
            song.read(), song.name, sample_rate=self.recognizer.features.sample_rate
        )
        parts: dict[float, tuple[FloatArray, FloatArray]] = {}
        for index, seconds in enumerate(self._lengths):
            start, samples = cut_heard(waveform, seconds, self._trim_seconds)
            scores = np.empty((len(samples), len(self.recognizer.info.genres)), dtype=np.float32)
            for frame in range(len(samples)):
                behind = (index + frame / len(samples)) / len(self._lengths)
                yield (
                    _DECODED + (1.0 - _DECODED) * behind,
                    f"frame {frame + 1} of {len(samples)} of {seconds:g} s",
                )
                log_mel = log_mel_spectrogram(samples[frame : frame + 1], self.recognizer.features)
                scores[frame] = self.recognizer.score(log_mel)[0]
            parts[seconds] = start, stored_precision(scores)
        title = song.title or PurePosixPath(song.name).stem
        clip = ScoredClip(song.name, song.label, song.artist, title, "audio")
        self._scored.append((clip, parts))
