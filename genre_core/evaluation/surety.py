"""How often a verdict with such a confidence is right, on songs it was not learnt from.

A logistic curve is fitted from the confidence to the chance of being right. It is fitted on songs
from elsewhere, as visitors bring them: whole songs, and excerpts scored by networks trained without
their artists. The songs of the test list are only counted.

References
----------
Platt (1999): Probabilistic outputs for support vector machines and comparisons to regularized
    likelihood methods. Advances in Large Margin Classifiers. (section 2: the logistic curve)
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from genre_core.evaluation.calibration import ReliabilityBin, reliability
from genre_core.evaluation.score_set import CROSS_VALIDATION, ScoreSet
from genre_core.evaluation.verdicts import song_scores
from genre_core.types import ModelInfo, Verdict

MIN_SONGS = 50  # fewer from elsewhere give no curve
# The least chance of being right that a word stands for.
WORDS: tuple[tuple[float, str], ...] = (
    (0.9, "very sure"),
    (0.75, "fairly sure"),
    (0.5, "unsure"),
    (0.0, "guessing"),
)
_NEAREST_TO_0_AND_1 = 1e-3  # of a confidence, before its logit


@dataclass(frozen=True)
class Surety:
    """What is known of verdicts with such a confidence.

    Attributes
    ----------
    chance : of being right, on songs from elsewhere, 0 to 1
    words : the same in words, one of `WORDS`
    like_it : songs of the test list with a confidence like this one
    """

    chance: float
    like_it: ReliabilityBin

    @property
    def words(self) -> str:
        """The chance in words."""
        return next(word for least, word in WORDS if self.chance >= least)

    @property
    def n_right(self) -> int:
        """How many songs of `like_it` are right."""
        return round(self.like_it.accuracy * self.like_it.count) if self.like_it.count else 0


@dataclass(frozen=True)
class SuretyCurve:
    """From the confidence of a verdict, by one aggregation and frame length, to its surety.

    Attributes
    ----------
    slope, intercept : of the logistic curve over the evidence, see `_evidence`
    bins : of the test list, in order
    """

    slope: float
    intercept: float
    bins: tuple[ReliabilityBin, ...]

    def surety(self, verdict: Verdict) -> Surety:
        """Return what is known of such a verdict."""
        evidence = _evidence(verdict.confidence, verdict.n_frames, verdict.aggregation)
        chance = expit(self.slope * evidence + self.intercept)
        inside = (each for each in self.bins if verdict.confidence <= each.high)
        return Surety(float(chance), next(inside, self.bins[-1]))


def fit_surety(
    score_sets: Iterable[ScoreSet], model: ModelInfo, aggregation: str, frame_seconds: float
) -> SuretyCurve | None:
    """Fit the curve of a network; None where it has no test list or too few songs from elsewhere.

    Raises SettingsError if there is no such aggregation.

    Parameters
    ----------
    score_sets : of any network
    aggregation : a key of `aggregate.AGGREGATES`
    frame_seconds : the nearest length that all of the sets have is taken
    """
    own = [each for each in score_sets if _is_of(each, model)]
    tests = [each for each in own if each.provenance.list_name == "test"]
    if not tests:
        return None
    home = tests[0].provenance.dataset
    elsewhere = [each for each in own if _is_from_elsewhere(each, home)]
    common = set.intersection(*(set(each.frames) for each in (tests[0], *elsewhere)))
    if sum(len(each.clips) for each in elsewhere) < MIN_SONGS or not common:
        return None
    seconds = min(common, key=lambda each: abs(each - frame_seconds))
    outcomes = [_outcomes(each, seconds, aggregation) for each in elsewhere]
    is_right, evidence = (np.concatenate(parts) for parts in zip(*outcomes, strict=True))
    if is_right.all() or not is_right.any():
        return None  # a curve needs both
    curve = LogisticRegression().fit(evidence[:, None], is_right)
    by_song = song_scores(tests[0].frames[seconds], aggregation)
    return SuretyCurve(
        float(curve.coef_[0, 0]),
        float(curve.intercept_[0]),
        reliability(tests[0].labels(), by_song),
    )


def _is_of(scores: ScoreSet, model: ModelInfo) -> bool:
    """Return whether the scores are the network's, or those of its recipe without their songs."""
    made = scores.provenance
    is_same = made.model_sha256 == model.sha256
    is_recipe = made.list_name == CROSS_VALIDATION and made.model == model.name
    return scores.genres == model.genres and not made.perturbation and (is_same or is_recipe)


def _is_from_elsewhere(scores: ScoreSet, home: str) -> bool:
    """Return whether the songs are from elsewhere than `home`, and the network learnt from none."""
    made = scores.provenance
    return made.dataset != home and made.list_name in ("all", CROSS_VALIDATION)


def _outcomes(
    scores: ScoreSet, seconds: float, aggregation: str
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Return which songs are right, and the evidence of each."""
    frames = scores.frames[seconds]
    by_song = song_scores(frames, aggregation)
    evidence = _evidence(by_song.max(axis=1), frames.counts, aggregation)
    return by_song.argmax(axis=1) == scores.labels(), evidence


def _evidence(
    confidence: npt.ArrayLike, n_frames: npt.ArrayLike, aggregation: str
) -> npt.NDArray[np.float64]:
    """Return the logit of the confidence.

    A share of votes is first smoothed by Laplace's rule of succession, (votes + 1) / (frames + 2):
    one vote of one is less than eight of eight.
    """
    share = np.asarray(confidence, dtype=np.float64)
    if aggregation == "majority_vote":
        n = np.asarray(n_frames, dtype=np.float64)
        share = (share * n + 1) / (n + 2)
    odds: npt.NDArray[np.float64] = logit(share.clip(_NEAREST_TO_0_AND_1, 1 - _NEAREST_TO_0_AND_1))
    return odds
