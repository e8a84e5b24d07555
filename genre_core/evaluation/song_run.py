"""The loop over the frames of a test set: it can stop between any two frames and go on later."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from genre_core.evaluation.score_set import ScoredClip
from genre_core.evaluation.song_frames import LabelledSong
from genre_core.inference.step_run import SongWork, StepRun, Steps
from genre_core.types import FloatArray

_DECODED = 0.2  # share of a song's work that is done when it is decoded


@dataclass(frozen=True, eq=False)
class SongRows:
    """A song with the start in seconds and the row of each frame, by frame length."""

    clip: ScoredClip
    parts: tuple[tuple[FloatArray, FloatArray], ...]  # (n_frames,), (n_frames, width)


class SongRun(StepRun):
    """The work on a test set: in a step, a song is decoded, or a frame is measured.

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
        work = [
            SongWork(song.clip.clip_id, song.n_bytes, partial(self._measure_song, song))
            for song in songs
        ]
        super().__init__(work, clock)
        self._lengths = tuple(frame_lengths)
        self._measure = measure
        self._warnings: list[str] = []
        self._done: list[SongRows] = []

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence for each doubt about a file that was read, so far."""
        return tuple(self._warnings)

    @property
    def rows(self) -> tuple[SongRows, ...]:
        """The songs that are wholly measured, so far."""
        return tuple(self._done)

    def _measure_song(self, song: LabelledSong) -> Steps:
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
        self._warnings += [f"{song.clip.clip_id}: {warning}" for warning in frames.warnings]
