"""The frames of one song for which two networks give different genres."""

from dataclasses import dataclass

from genre_core.inference.analysis import SongAnalysis


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


def disagreement(first: SongAnalysis, second: SongAnalysis) -> Disagreement:
    """Compare the best genres that two networks give the frames of one song.

    Parameters
    ----------
    first, second : of the same song, cut alike. At two sample rates the last frame may fit into one
        and not into the other; it is then left out.
    """
    n_frames = min(len(first.frames.spans), len(second.frames.spans))
    labels = _best_labels(first)[:n_frames], _best_labels(second)[:n_frames]
    known = set(second.model.genres)
    common = tuple(label for label in first.model.genres if label in known)
    differ = tuple(
        index
        for index, (one, other) in enumerate(zip(*labels, strict=True))
        if common and one and other and one != other
    )
    return Disagreement(*labels, differ, common)


def _best_labels(analysis: SongAnalysis) -> tuple[str, ...]:
    best = analysis.scores.argmax(axis=1)
    return tuple(
        "" if span.silent else analysis.model.genres[index]
        for span, index in zip(analysis.frames.spans, best, strict=True)
    )
