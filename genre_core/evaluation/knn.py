"""kNN over the frames: the true genres of frames with similar scores.

For each frame, kNN looks up the frames with the most similar scores in songs of known genre, and
counts the genres of these songs. So it can learn that "half disco, half pop" usually means reggae
for this network.

References
----------
Cover, Hart (1967): Nearest neighbor pattern classification. IEEE Trans. Inf. Theory 13(1).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from genre_core.errors import SettingsError
from genre_core.evaluation.score_set import ScoredClip, ScoreSet

FloatRows = npt.NDArray[np.float64]

MOST_NEIGHBOURS = 100
MOST_REFERENCE_FRAMES = 20_000  # a larger reference set is thinned evenly: memory and time

# Each turns scores into points whose Euclidean distance ranks neighbours as the metric does.
METRICS: dict[str, Callable[[FloatRows], FloatRows]] = {
    "hellinger": np.sqrt,
    "euclidean": lambda scores: scores,
    "cosine": lambda scores: scores / np.linalg.norm(scores, axis=1, keepdims=True),
}


@dataclass(frozen=True)
class KnnSettings:
    """The number of neighbours, and the metric, a key of `METRICS`."""

    k: int = 15
    metric: str = "hellinger"


DEFAULT = KnnSettings()


def neighbour_shares(
    scores: npt.ArrayLike,
    groups: npt.ArrayLike,
    reference_scores: npt.ArrayLike,
    reference_labels: npt.ArrayLike,
    reference_groups: npt.ArrayLike,
    settings: KnnSettings = DEFAULT,
) -> FloatRows:
    """Return the shares of the genres among each frame's nearest reference frames.

    The result is (n_frames, n_genres), rows sum to 1. Frames at the same distance share the last
    places, so the order of the reference set does not matter. Raises SettingsError if there is no
    such metric, k is outside 1 to `MOST_NEIGHBOURS`, or the reference set has nothing but the
    frame's own group.

    Parameters
    ----------
    scores : float (n_frames, n_genres), rows sum to 1
    groups : str or int (n_frames,); a frame's neighbours are of other groups
    reference_scores : float (n_reference, n_genres)
    reference_labels : int (n_reference,), true genre of each frame's song
    reference_groups : str or int (n_reference,)
    settings : with fewer than k frames of other groups, all of them are neighbours
    """
    if settings.metric not in METRICS:
        raise SettingsError(f"No metric is named {settings.metric!r}: {', '.join(METRICS)}.")
    if not 1 <= settings.k <= MOST_NEIGHBOURS:
        raise SettingsError(f"k is {settings.k}, but must be 1 to {MOST_NEIGHBOURS}.")
    point = METRICS[settings.metric]
    points = point(np.asarray(scores, dtype=np.float64))
    reference_points = point(np.asarray(reference_scores, dtype=np.float64))
    n_genres = points.shape[1]
    genre_of = np.eye(n_genres)[np.asarray(reference_labels, dtype=np.int64)]
    groups, reference_groups = np.asarray(groups), np.asarray(reference_groups)

    shares = np.empty((len(points), n_genres))
    for group in np.unique(groups):
        own = groups == group
        others = reference_groups != group
        if not others.any():
            raise SettingsError("The reference set has no song but this one: choose another list.")
        shares[own] = _shares(points[own], reference_points[others], genre_of[others], settings.k)
    return shares


def knn_evidence(
    score_set: ScoreSet, frame_seconds: float, reference: ScoreSet, settings: KnnSettings
) -> FloatRows:
    """Return `neighbour_shares` for every frame of a test set, by a reference set.

    Raises SettingsError if the two do not fit together, and as `neighbour_shares`.

    Parameters
    ----------
    frame_seconds : a frame length of both sets
    reference : of the same network; may be `score_set` itself. Frames of the same song, and of the
        same artist where it is known, are not neighbours.
    """
    if reference.genres != score_set.genres:
        raise SettingsError("The reference set has other genres: choose one of the same network.")
    for item in (score_set, reference):
        if frame_seconds not in item.frames:
            raise SettingsError(
                f"{item.name} has no frames of {frame_seconds:g} s: choose another frame length."
            )
    frames, others = score_set.frames[frame_seconds], reference.frames[frame_seconds]
    used = slice(None, None, -(-len(others.scores) // MOST_REFERENCE_FRAMES))
    song = others.clip_index()[used]
    return neighbour_shares(
        frames.scores,
        _groups(score_set)[frames.clip_index()],
        others.scores[used],
        reference.labels()[song],
        _groups(reference)[song],
        settings,
    )


def _groups(score_set: ScoreSet) -> npt.NDArray[np.str_]:
    return np.array([_group(clip) for clip in score_set.clips])


def _group(clip: ScoredClip) -> str:
    artist = clip.artist.strip().casefold()
    return f"artist {artist}" if artist else f"song {clip.clip_id}"


def _shares(points: FloatRows, reference: FloatRows, genre_of: FloatRows, k: int) -> FloatRows:
    k = min(k, len(reference))
    distance = cdist(points, reference)
    last = np.partition(distance, k - 1, axis=1)[:, k - 1 : k]
    nearer, tied = distance < last, distance == last
    places = k - nearer.sum(axis=1, keepdims=True)
    weight = nearer + tied * (places / tied.sum(axis=1, keepdims=True))
    shares: FloatRows = weight @ genre_of / k
    return shares
