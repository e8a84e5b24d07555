"""Scores over a short window that slides along the song: where its genre changes.

The verdict still comes from the frames. A window is shorter than the frames that the network
learnt from, and overlaps its neighbours: its scores are less certain, but better located in time.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from genre_core.config import MAX_FRAME_SECONDS, MIN_FRAME_SECONDS, SILENCE_PEAK, SlidingSettings
from genre_core.errors import SettingsError
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.types import FloatArray, FrameSpan, Waveform

DEFAULT_SETTINGS = SlidingSettings()


@dataclass(frozen=True, eq=False)
class SlidingScores:
    """The scores of the windows, of all of them or of the first ones.

    Attributes
    ----------
    spans : of all windows, in order; they overlap
    scores : float32 (n_scored, n_genres), rows sum to 1; those of silent windows are 0
    settings : a song shorter than a window is one short window
    """

    spans: tuple[FrameSpan, ...]
    scores: FloatArray
    settings: SlidingSettings

    @property
    def is_complete(self) -> bool:
        """Whether every window has its scores."""
        return len(self.scores) == len(self.spans)


class SlidingRun:
    """Scores a song over a sliding window, a few windows at a time. Threads take turns.

    Parameters
    ----------
    waveform : not kept: `work` gets it again
    n_genres : of the network

    Raises SettingsError, as `sliding_spans`.
    """

    def __init__(self, waveform: Waveform, settings: SlidingSettings, n_genres: int) -> None:
        spans = sliding_spans(waveform, settings)
        self._so_far = SlidingScores(spans, np.zeros((0, n_genres), dtype=np.float32), settings)
        self._lock = threading.Lock()

    @property
    def scores(self) -> SlidingScores:
        """The scores so far."""
        return self._so_far

    def work(self, recognizer: GenreRecognizer, waveform: Waveform, seconds: float) -> None:
        """Score windows for so long, at least one. Raises ModelError as `window_scores`."""
        with self._lock:
            until = time.monotonic() + seconds
            before = self._so_far
            if before.is_complete:
                return
            rows = [*before.scores]
            for row in window_scores(recognizer, waveform, before.spans[len(rows) :]):
                rows.append(row)
                if time.monotonic() >= until:
                    break
            scores = np.stack(rows)
            scores.setflags(write=False)
            self._so_far = replace(before, scores=scores)


def sliding_spans(
    waveform: Waveform, settings: SlidingSettings = DEFAULT_SETTINGS
) -> tuple[FrameSpan, ...]:
    """Return the spans of the windows, at least one, over the whole song without trimming.

    Window and hop are rounded to whole samples. The rest after the last whole window is shorter
    than a hop. Raises SettingsError if the window is not within 3 to 29.12 s, or the hop not above
    0 s and at most a window.
    """
    window, hop = settings.window_seconds, settings.hop_seconds
    if not MIN_FRAME_SECONDS <= window <= MAX_FRAME_SECONDS:
        raise SettingsError(
            f"The sliding window is {window:g} s: choose one from {MIN_FRAME_SECONDS:g} to "
            f"{MAX_FRAME_SECONDS:g} s."
        )
    rate, samples = waveform.sample_rate, waveform.samples
    n_hop = round(hop * rate) if 0 < hop <= window else 0
    if n_hop == 0:
        raise SettingsError(
            f"The sliding window moves on by {hop:g} s: choose more than 0 s and at most its "
            f"length, {window:g} s."
        )
    n_window = min(round(window * rate), len(samples))
    starts = range(0, len(samples) - n_window + 1, n_hop)
    return tuple(
        FrameSpan(index, start, start + n_window, rate, _is_silent(samples[start:][:n_window]))
        for index, start in enumerate(starts)
    )


def window_scores(
    recognizer: GenreRecognizer, waveform: Waveform, spans: tuple[FrameSpan, ...]
) -> Iterator[FloatArray]:
    """Yield the scores of each of the `sliding_spans`, float32 (n_genres,), zeros for silence.

    Only one spectrogram is in memory at a time, and the caller may show progress, or stop, after
    each window. Raises ModelError if a score is not a finite number.
    """
    for span in spans:
        if span.silent:
            yield np.zeros(len(recognizer.info.genres), dtype=np.float32)
            continue
        window = waveform.samples[np.newaxis, span.start_sample : span.end_sample]
        yield recognizer.score(recognizer.log_mel(window))[0]


def nearest_stretches(spans: tuple[FrameSpan, ...]) -> list[tuple[float, float]]:
    """Return start and end in seconds of the stretch that is nearest to each window's middle.

    Windows overlap; these stretches do not, so they can be drawn side by side. Each lies inside
    its window, and together they reach from the first window's start to the last one's end.
    `spans` is not empty, in order, with equal hops of at most a window.
    """
    middles = [(span.start_seconds + span.end_seconds) / 2 for span in spans]
    between = [(one + other) / 2 for one, other in pairwise(middles)]
    edges = [spans[0].start_seconds, *between, spans[-1].end_seconds]
    return list(pairwise(edges))


def _is_silent(samples: FloatArray) -> bool:
    return max(float(samples.max()), -float(samples.min())) <= SILENCE_PEAK
