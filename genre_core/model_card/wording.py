"""Phrases and numbers that several sections of a card share."""

from typing import Any

import numpy as np

from genre_core.checkpoints.loading import PUBLISHED
from genre_core.evaluation.metrics import wilson_interval
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.summary import Summary

MEASURE_COMMAND = "make bundled"
FEW_CLIPS = 10  # of a genre, below which its accuracy says little
KNOWN_NETWORKS = {PUBLISHED: "the published network", "crnn_pair": "the pair before"}


def network_name(score_set: ScoreSet) -> str:
    """Return the name of the network of a score set, as the card writes it."""
    name = score_set.provenance.model
    return KNOWN_NETWORKS.get(name, f"`{name}`")


def songs_correct(summary: Summary) -> str:
    """Return e.g. "116 = 80.6 % (73.3 to 86.2)"."""
    return f"{int(np.trace(summary.song_confusion))} = {summary.song_accuracy.in_percent()}"


def share_of(n_correct: int, n: int) -> str:
    """Return e.g. "14 of 20 = 70.0 % (48.1 to 85.5)"."""
    return f"{n_correct} of {n} = {wilson_interval(n_correct, n).in_percent()}"


def optional_share(value: Any) -> str:
    """Return a share in percent, or "not measured"."""
    return f"{100 * value:.1f} %" if isinstance(value, float | int) else "not measured"


def duration(seconds: float) -> str:
    """Return a duration in seconds, minutes or hours."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def unmeasured(what: str, command: str = MEASURE_COMMAND) -> str:
    """Return the sentence that there is no score file for `what`, which `command` writes."""
    return f"Not measured: there is no score file of this checkpoint for the {what} (`{command}`)."
