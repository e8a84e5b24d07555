"""Experiment E: what pretraining and what training songs a probe needs to be right elsewhere.

Published networks stay as they are. A linear probe learns the genre from their features, on parts
of one data set (home) and on songs from other sources (elsewhere); it is tested on songs from
elsewhere by artists that it has not learnt from.

References
----------
Alain, Bengio (2017): Understanding intermediate layers using linear classifier probes. ICLR
    workshop.
Torralba, Efros (2011): Unbiased look at dataset bias. CVPR. (a network is worse on the songs of
    another collection)
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from genre_core.datasets.clips import Clip
from genre_core.errors import DatasetError
from genre_core.experiments.probe_features import NetworkFeatures
from genre_core.experiments.results import Row, Run
from genre_core.experiments.trial import list_result

INVERSE_STRENGTH = 0.01  # C of the logistic regression, as of the probes that teach
MAX_ITERATIONS = 500
N_FOLDS = 4
SURE = ("high", "medium")  # certainty of the labels that are tested
# Shares of the songs of home and of the other folds of elsewhere
TRAINING_SETS = ((0.25, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.25), (1.0, 0.5), (1.0, 1.0))
N_SEEDS = 3  # draws of a part of the songs


@dataclass(frozen=True, eq=False)
class Sources:
    """The songs of experiment E.

    Attributes
    ----------
    train, valid : lists of home
    elsewhere : songs from other sources, each with an artist
    sure : clip ids of those that are tested
    """

    train: tuple[Clip, ...]
    valid: tuple[Clip, ...]
    elsewhere: tuple[Clip, ...]
    sure: frozenset[str]

    @cached_property
    def folds(self) -> list[tuple[list[int], list[int]]]:
        """Indices of `elsewhere` to learn from and to test on; artists stay on one side."""
        labels = [clip.label for clip in self.elsewhere]
        artists = [clip.artist for clip in self.elsewhere]
        folds = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=0)
        return [
            (train.tolist(), test.tolist()) for train, test in folds.split(labels, labels, artists)
        ]


def sure_ids(path: Path) -> frozenset[str]:
    """Return the paths in a CSV whose label is sure: all, where it has no column `certainty`.

    Raises DatasetError if there is none.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    sure = frozenset(row["path"] for row in rows if row.get("certainty", SURE[0]) in SURE)
    if not sure:
        raise DatasetError(f"{path}: no song has a sure label: {' or '.join(SURE)}.")
    return sure


def plan(sources: Sources, networks: Sequence[NetworkFeatures]) -> list[Run]:
    """Return the runs, network by network."""
    return [
        _run(sources, network, shares, seed)
        for network in networks
        for shares in TRAINING_SETS
        for seed in range(1 if set(shares) <= {0.0, 1.0} else N_SEEDS)
    ]


def portion(clips: Sequence[Clip], share: float, seed: int) -> list[Clip]:
    """Return a share of each genre's songs or a little more, whole artists, drawn at random."""
    rng = np.random.default_rng(seed)
    chosen: list[Clip] = []
    for genre in sorted({clip.label for clip in clips}):
        own = [clip for clip in clips if clip.label == genre]
        names = sorted({clip.artist or clip.clip_id for clip in own})
        wanted = share * len(own)
        taken: list[Clip] = []
        for index in rng.permutation(len(names)):
            if len(taken) >= wanted:
                break
            taken += [clip for clip in own if (clip.artist or clip.clip_id) == names[index]]
        chosen += taken
    return chosen


def _run(sources: Sources, network: NetworkFeatures, shares: tuple[float, float], seed: int) -> Run:
    home_share, elsewhere_share = shares
    facts = {
        "network": network.name,
        "home_share": home_share,
        "elsewhere_share": elsewhere_share,
        "seed": seed,
    }
    inputs = {
        "network": network.sha256,
        "train": [clip.clip_id for clip in sources.train],
        "valid": [clip.clip_id for clip in sources.valid],
        "elsewhere": [clip.clip_id for clip in sources.elsewhere],
        "sure": sorted(sources.sure),
        "C": INVERSE_STRENGTH,
    }
    key = f"{network.name}-{home_share:g}-{elsewhere_share:g}-seed{seed}"
    return Run(key, facts, inputs, _do(sources, network, shares, seed))


def _do(
    sources: Sources, network: NetworkFeatures, shares: tuple[float, float], seed: int
) -> Callable[[], Row]:
    def do() -> Row:
        home = portion(sources.train, shares[0], seed)
        folds = sources.folds
        if not shares[1]:  # the same songs to learn from in every fold
            folds = [([], list(range(len(sources.elsewhere))))]
        correct: dict[str, bool] = {}
        valid, sizes = [], []
        for others, tested in folds:
            more = portion([sources.elsewhere[index] for index in others], shares[1], seed)
            probe = _fit(network, [*home, *more])
            own = [sources.elsewhere[index] for index in tested]
            for clip, right in zip(own, _correct(network, probe, own), strict=True):
                if clip.clip_id in sources.sure:
                    correct[clip.clip_id] = right
            valid.append(np.mean(_correct(network, probe, sources.valid)))
            sizes.append(len(home) + len(more))
        return {
            "n_train": round(float(np.mean(sizes))),
            "n_home": len(home),
            "test": list_result(correct),
            "valid_accuracy": round(float(np.mean(valid)), 4),
        }

    return do


def _fit(network: NetworkFeatures, clips: Sequence[Clip]) -> Pipeline:
    probe = make_pipeline(
        StandardScaler(),
        LogisticRegression(C=INVERSE_STRENGTH, class_weight="balanced", max_iter=MAX_ITERATIONS),
    )
    return probe.fit(network.of(clips), [clip.label for clip in clips])


def _correct(network: NetworkFeatures, probe: Pipeline, clips: Sequence[Clip]) -> list[bool]:
    predicted = probe.predict(network.of(clips))
    return [
        bool(label == clip.label) for label, clip in zip(predicted.tolist(), clips, strict=True)
    ]
