"""The results compared with the mean over frames and with other networks, song by song."""

from dataclasses import dataclass, replace

from genre_core.evaluation.metrics import PairedTest, mcnemar
from genre_core.evaluation.score_set import ScoreSet
from genre_core.ui.pages.test_set.link import ScoresView, reference_keys
from genre_core.ui.pages.test_set.results import Library, Result, result_of


@dataclass(frozen=True)
class Rival:
    """Another network on the same songs.

    Attributes
    ----------
    test : None where they cannot be compared fairly
    why_not : the reason for that, as a clause
    """

    name: str
    test: PairedTest | None
    why_not: str = ""


def against_mean(library: Library, view: ScoresView, result: Result) -> PairedTest | None:
    """Compare ("first") with the mean over the frames of the same songs; None if it is the mean."""
    if view.aggregation == "mean":
        return None
    mean = result_of(library, replace(view, aggregation="mean"))
    return _paired(result, mean)


def rivals(library: Library, view: ScoresView, result: Result) -> list[Rival]:
    """Compare with every other network that scored the same songs in the same way.

    In the tests "first" is the network that is shown. A network without scores at this frame
    length has no test. A kNN of another network uses that network's own scores of the same
    reference songs.
    """
    own = library.score_sets[view.scores]
    songs = _songs(own)
    others: list[Rival] = []
    for key, other in library.score_sets.items():
        if (
            key == view.scores
            or other.genres != own.genres
            or other.provenance.model_sha256 == own.provenance.model_sha256
            or other.provenance.perturbation != own.provenance.perturbation
            or _songs(other) != songs
        ):
            continue
        name = other.provenance.model
        if view.frame_seconds not in other.frames:
            others.append(Rival(name, None, f"it was scored {_only_lengths(other)}"))
            continue
        theirs = replace(view, scores=key, reference="")
        if result.reference:
            theirs = replace(theirs, reference=_counterpart(library, view, result, key))
            if not theirs.reference:
                reason = "its scores of the reference set of kNN are not here"
                others.append(Rival(name, None, reason))
                continue
        others.append(Rival(name, _paired(result, result_of(library, theirs))))
    return others


def _only_lengths(score_set: ScoreSet) -> str:
    lengths = " and ".join(f"{seconds:g} s" for seconds in sorted(score_set.frames))
    return f"in frames of {lengths} only"


def _counterpart(library: Library, view: ScoresView, result: Result, rival: str) -> str:
    """Return the key of a rival's scores of the songs that kNN uses; empty if there are none."""
    if result.reference == view.scores:
        return rival
    songs = _songs(library.score_sets[result.reference])
    keys = reference_keys(replace(view, scores=rival), library.score_sets)
    return next((key for key in keys if _songs(library.score_sets[key]) == songs), "")


def _paired(first: Result, second: Result) -> PairedTest:
    named = (result.verdicts.by_song.argmax(axis=1) for result in (first, second))
    return mcnemar(first.score_set.labels(), *named)


def _songs(score_set: ScoreSet) -> list[tuple[str, str]]:
    return [(clip.clip_id, clip.label) for clip in score_set.clips]
