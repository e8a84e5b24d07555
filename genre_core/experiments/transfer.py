"""Experiment B: how much of a network trained for tags to keep when there are few songs.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Transfer learning for music classification and regression
    tasks. ISMIR. (features of a tag network for other classifiers)
Yosinski, Clune, Bengio, Lipson (2014): How transferable are features in deep neural networks?
    NeurIPS. (freeze or tune, layer by layer)
"""

from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from genre_core.datasets.splits import Split, choose
from genre_core.experiments.context import Context
from genre_core.experiments.published import HYPERPARAMETERS, MAP_BEFORE
from genre_core.experiments.recipes import tail_settings
from genre_core.experiments.results import Row, Run
from genre_core.experiments.trial import list_result
from genre_core.training.augmentation_settings import NO_AUGMENTATION
from genre_core.training.settings import TrainingSettings

CROP_SECONDS = 20.5  # of maps: 10 steps of the recurrent layers
WHOLE_CROP_SECONDS = 10.0  # of spectrograms, where the whole network learns
TAIL_SEEDS = 3
WHOLE_SEEDS = 2  # a run of the whole network takes minutes
TAIL_EPOCHS = 30
WHOLE_EPOCHS = 6

# Constant rates and no smoothing, so that the curves show what learning does and nothing else.
TAIL = TrainingSettings(
    hyperparameters=HYPERPARAMETERS,
    batch_norm="frozen",
    optimizer="adam",
    schedule="constant",
    warmup_share=0.0,
    weight_decay=0.0,
    batch_size=32,
)
WHOLE = replace(
    TAIL,
    batch_size=16,
    augmentation=replace(
        NO_AUGMENTATION,
        crop_seconds=(WHOLE_CROP_SECONDS, WHOLE_CROP_SECONDS),
        full_length_probability=0.0,
    ),
)
# What learns -> from which block on, and the rates that suit it.
TAILS: dict[str, tuple[str, dict[str, Any]]] = {
    "classifier": ("classifier", {"learning_rate": 5e-3}),
    "recurrent": ("recurrent", {"learning_rate": 1e-3, "block_rates": {"classifier": 3.0}}),
    "conv4": (
        "conv4",
        {"learning_rate": 1e-3, "block_rates": {"conv4": 0.3, "classifier": 3.0}},
    ),
}
WHOLES: dict[str, dict[str, Any]] = {
    "everything": {
        "learning_rate": 3e-4,
        "block_rates": {"recurrent": 3.0, "classifier": 10.0},
    },
    "random": {"learning_rate": 1e-3, "batch_norm": "train"},
}
# Candidates of each plain classifier; the validation list chooses. Wide enough that what it chooses
# lies within: a choice at the end of a range would only say that the range was too short.
CLASSIFIERS: dict[str, dict[str, Pipeline]] = {
    "svm": {
        f"{kernel}, C={c:g}": make_pipeline(StandardScaler(), SVC(C=c, kernel=kernel))
        for kernel, values in (
            ("linear", (1e-4, 1e-3, 1e-2, 0.1, 1)),
            ("rbf", (0.1, 0.3, 1, 3, 10)),
        )
        for c in values
    },
    "softmax": {
        f"C={c:g}": make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=2_000))
        for c in (1e-4, 1e-3, 1e-2, 0.1, 1, 10)
    },
    "knn": {
        f"k={k}": make_pipeline(StandardScaler(), KNeighborsClassifier(k, weights="distance"))
        for k in (1, 3, 5, 9, 15, 25, 41, 61, 81)
    },
}


def plan(context: Context) -> list[Run]:
    """Return the runs, the quick ones first."""
    split = choose(context.songs.dataset)
    runs = [classifier_run(context, name, split) for name in CLASSIFIERS]
    for name, (start, options) in TAILS.items():
        for seed in range(context.seeds or TAIL_SEEDS):
            settings = tail_of(context, start, replace(TAIL, **options, seed=seed))
            runs.append(_run(context, name, settings, split, MAP_BEFORE[start]))
    for name, options in WHOLES.items():
        for seed in range(context.seeds or WHOLE_SEEDS):
            settings = replace(
                WHOLE,
                **options,
                init="random" if name == "random" else str(context.maps.write_start()),
                epochs=context.epochs or WHOLE_EPOCHS,
                seed=seed,
            )
            runs.append(_run(context, name, settings, split, ""))
    return runs


def tail_of(context: Context, start: str, settings: TrainingSettings) -> TrainingSettings:
    """Return `settings` for what follows from block `start` on, with its published weights."""
    kind = MAP_BEFORE[start]
    features = context.maps.features(kind)
    tail = tail_settings(start, context.maps.n_steps(kind, CROP_SECONDS), features, settings)
    # The classifier has other outputs than the published one: it starts at random.
    init = "random" if start == "classifier" else str(context.maps.write_start())
    return replace(tail, init=init, epochs=context.epochs or TAIL_EPOCHS)


def _run(context: Context, name: str, settings: TrainingSettings, split: Split, maps: str) -> Run:
    key = f"{name}-seed{settings.seed}"

    def do() -> Row:
        return context.train(f"transfer-{key}", settings, split, maps=maps, curve=True)

    facts = {"learns": name, "seed": settings.seed}
    return Run(key, facts, {**context.inputs(settings, split), "maps": context.maps.sha256}, do)


def classifier_run(context: Context, name: str, split: Split) -> Run:
    """Return the run of a plain classifier on the published network's features."""
    label_of = {clip.clip_id: clip.label for clip in context.songs.dataset.clips}

    def do() -> Row:
        lists = {
            which: (context.maps.vectors(list(ids)), np.array([label_of[each] for each in ids]))
            for which, ids in vars(split).items()
            if ids
        }
        x, y = lists["train"]
        accuracy = {}
        for setting, candidate in CLASSIFIERS[name].items():
            if name == "knn" and candidate[-1].n_neighbors > len(y):
                continue
            accuracy[setting] = candidate.fit(x, y).score(*lists["valid"])
        chosen = max(accuracy, key=lambda setting: accuracy[setting])
        model = CLASSIFIERS[name][chosen]
        row: Row = {"chosen": chosen, "n_train": len(y), "train_accuracy": model.score(x, y)}
        for which in ("valid", "test"):
            ids = vars(split)[which]
            right = model.predict(lists[which][0]) == lists[which][1]
            row[which] = list_result(dict(zip(ids, right.tolist(), strict=True)))
        return row

    inputs = {
        "candidates": list(CLASSIFIERS[name]),
        "maps": context.maps.sha256,
        "songs": context.songs.fingerprint,
        "split": vars(split),
    }
    return Run(name, {"learns": name, "seed": 0}, inputs, do)
