"""The frames of one song for which two networks give different genres."""

from dataclasses import dataclass

from genre_core.inference.analysis import SongAnalysis
from genre_core.types import FloatArray, FrameSpan


@dataclass(frozen=True, eq=False)
class ScoredFrames:
    """What one network says of the frames of a song.

    Attributes
    ----------
    spans : one for each row of scores
    scores : float32 (n_frames, n_genres), rows sum to 1
    duration_seconds : of the song
    """

    spans: tuple[FrameSpan, ...]
    scores: FloatArray
    genres: tuple[str, ...]
    duration_seconds: float

    @classmethod
    def of(cls, analysis: SongAnalysis) -> "ScoredFrames":
        """Return the scored frames of an analysis."""
        return cls(
            analysis.frames.spans,
            analysis.scores,
            analysis.model.genres,
            analysis.waveform.duration_seconds,
        )


@dataclass(frozen=True)
class Disagreement:
    """Two networks over the same frames.

    Attributes
    ----------
    first, second : each frame's best label, empty for a silent frame
    frames : indices of the frames whose best labels differ
    common : labels of both networks in the order of the first; if empty, nothing can be compared
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    frames: tuple[int, ...]
    common: tuple[str, ...]

    @property
    def n_counted(self) -> int:
        """Number of frames that are not silent."""
        return sum(bool(label) for label in self.first)


def disagreement(first: ScoredFrames, second: ScoredFrames) -> Disagreement:
    """Compare the best genres that two networks give the frames of one song.

    Parameters
    ----------
    first, second : of the same song, cut alike. At two sample rates the last frame may fit into one
        and not into the other; it is then left out.
    """
    n_frames = min(len(first.spans), len(second.spans))
    labels = _best_labels(first)[:n_frames], _best_labels(second)[:n_frames]
    known = set(second.genres)
    common = tuple(label for label in first.genres if label in known)
    differ = tuple(
        index
        for index, (one, other) in enumerate(zip(*labels, strict=True))
        if common and one and other and one != other
    )
    return Disagreement(*labels, differ, common)


def _best_labels(scored: ScoredFrames) -> tuple[str, ...]:
    best = scored.scores.argmax(axis=1)
    return tuple(
        "" if span.silent else scored.genres[index]
        for span, index in zip(scored.spans, best, strict=True)
    )
