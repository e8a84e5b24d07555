"""Numbers and names in the page's own words."""

from genre_core.audio.perturbations import change_name
from genre_core.evaluation.metrics import Estimate, PairedTest
from genre_core.evaluation.score_set import ScoreSet
from genre_core.ui.pages.test_set.link import OWN_KEY
from genre_core.ui.words import AGGREGATION_NAMES, count

# Short enough to stand side by side on a phone.
AGGREGATION_BUTTONS = {**AGGREGATION_NAMES, "majority_vote": "Vote"}
METRIC_NAMES = {"hellinger": "Hellinger", "euclidean": "Euclidean", "cosine": "Cosine"}
P_LEVEL = 0.05
FEW_SONGS = 10  # with fewer, a bootstrap over songs says little


def interval(estimate: Estimate) -> str:
    """Return e.g. "95 % interval: 72.6 to 82.3 %"."""
    if estimate.low == estimate.high:
        return "no interval: all songs are alike"  # a bootstrap gives none then
    return f"95 % interval: {100 * estimate.low:.1f} to {100 * estimate.high:.1f} %"


def points(share: float) -> str:
    """Return a difference of shares as e.g. "+4.1" percentage points, with a true minus."""
    rounded = round(100 * share, 1) or 0.0  # never a negative zero
    return f"{rounded:+.1f}".replace("-", "−")


def _plain_points(share: float) -> str:
    return f"{100 * share:.1f}"


def gain_sentence(
    gain: Estimate,
    n_songs: int,
    n_frames: int,
    aggregation: str = "mean",
    shorter_is_there: bool = True,
) -> str:
    """Say whether combining the frames changes the accuracy by more than chance.

    Parameters
    ----------
    gain : accuracy by song minus accuracy by frame
    aggregation : kNN may rename a song of one frame; the others cannot
    shorter_is_there : whether there are shorter frames, of which songs have several
    """
    start = "Combining the frames"
    if n_frames == n_songs:
        if aggregation != "knn":
            remedy = (
                " Choose a shorter frame to see what averaging does." if shorter_is_there else ""
            )
            return (
                "Every song is one frame here, so there is nothing to combine: both matrices are "
                f"equal.{remedy}"
            )
        start = "Every song is one frame here, so nothing is averaged. Using kNN"
    if gain.low == gain.high == 0:
        return f"{start} does not change the accuracy: by frame and by song it is the same."
    sign = -1 if gain.high < 0 else 1
    if n_songs < FEW_SONGS:
        return (
            f"{start} changes the accuracy by {points(gain.value)} percentage points; with "
            f"{count(n_songs, 'song')}, that may be chance."
        )
    if gain.low <= 0 <= gain.high:
        effect, shown, verdict = "changes the accuracy by", points, "that may be chance"
    else:
        effect = "gains" if sign > 0 else "costs"
        shown, verdict = _plain_points, "more than chance"
    low, high = sorted((sign * gain.low, sign * gain.high))
    return (
        f"{start} {effect} {shown(sign * gain.value)} percentage points (95 % interval "
        f"{shown(low)} to {shown(high)}, paired bootstrap over songs): {verdict}."
    )


def rival_sentence(own: str, other: str, test: PairedTest) -> str:
    """Say whether two networks, or ways to combine, differ by more than chance; unescaped."""
    if test.first_only + test.second_only == 0:
        return f"Against {other}: both are right on the same songs."
    chance = "more than chance" if test.p_value < P_LEVEL else "that may be chance"
    p = "p < 0.001" if test.p_value < 0.001 else f"p = {test.p_value:.3f}"
    return (
        f"Against {other}: only {own} is right on {count(test.first_only, 'song')}, only {other} "
        f"on {count(test.second_only, 'song')} ({p}, McNemar’s exact test): {chance}."
    )


def _list_name(score_set: ScoreSet) -> str:
    provenance = score_set.provenance
    return (
        provenance.dataset
        if provenance.list_name == "all"
        else f"{provenance.dataset}, {provenance.split}"
    )


def label_of(key: str, score_set: ScoreSet) -> str:
    """Return what to call a score set in a choice; unescaped."""
    provenance = score_set.provenance
    changed = f", {change_name(provenance.perturbation)}" if provenance.perturbation else ""
    whose = "your own: " if key == OWN_KEY else ""
    name = score_set.name if key == OWN_KEY else _list_name(score_set)
    return f"{whose}{name}{changed}"
