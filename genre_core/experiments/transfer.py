"""Experiment B: how much of a network trained for tags to reuse when there are few songs.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Transfer learning for music classification and regression
    tasks. ISMIR. (features of a tag network for other classifiers)
Yosinski, Clune, Bengio, Lipson (2014): How transferable are features in deep neural networks?
    NeurIPS. (freeze or tune, layer by layer)
"""

from dataclasses import replace

from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from genre_core.datasets.splits import Split, choose
from genre_core.experiments.context import Context
from genre_core.experiments.recipes import Way
from genre_core.experiments.results import Row, Run
from genre_core.experiments.trial import list_result
from genre_core.training.settings import TrainingSettings

# Candidates of each plain classifier; the validation list chooses. The ranges are wide: a choice at
# the end of a range would only mean that the range was too short.
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
    runs = [_classifier_run(context, name, split) for name in CLASSIFIERS]
    for way in context.recipes.ways:
        for seed in range(context.seeds or way.seeds):
            runs.append(_run(context, way, replace(settings_of(context, way), seed=seed), split))
    return runs


def settings_of(context: Context, way: Way) -> TrainingSettings:
    """Return the settings of a way, with its first weights and the context's epochs."""
    context.features  # noqa: B018 - raises ModelError without weights
    return replace(
        way.settings,
        init=str(context.weights) if way.pretrained else "random",
        epochs=context.epochs or way.settings.epochs,
    )


def fit_and_test(context: Context, model: Pipeline, split: Split, test: str = "test") -> Row:
    """Fit a plain classifier on the published network's features; return its row's `test` list."""
    model.fit(*context.features.examples(split.train))
    ids = getattr(split, test)
    features, labels = context.features.examples(ids)
    correct = model.predict(features) == labels
    return list_result(dict(zip(ids, correct.tolist(), strict=True)))


def _run(context: Context, way: Way, settings: TrainingSettings, split: Split) -> Run:
    key = f"{way.name}-seed{settings.seed}"

    def do() -> Row:
        return context.train(f"transfer-{key}", settings, split, curve=True)

    facts = {"learns": way.name, "seed": settings.seed}
    return Run(key, facts, context.inputs(settings, split), do)


def _classifier_run(context: Context, name: str, split: Split) -> Run:
    """Return the run of a plain classifier, with the setting that the validation list chooses."""

    def do() -> Row:
        n_train = len(split.train)
        candidates = {
            setting: model
            for setting, model in CLASSIFIERS[name].items()
            if name != "knn" or model[-1].n_neighbors <= n_train
        }
        valid = {
            setting: fit_and_test(context, model, split, "valid")
            for setting, model in candidates.items()
        }
        chosen = max(valid, key=lambda setting: valid[setting]["n_right"])
        model = candidates[chosen]
        return {
            "chosen": chosen,
            "n_train": n_train,
            "test": fit_and_test(context, model, split),
            "valid": valid[chosen],
            "train_accuracy": model.score(*context.features.examples(split.train)),
        }

    inputs = {"candidates": list(CLASSIFIERS[name]), **context.feature_inputs(split)}
    return Run(name, {"learns": name, "seed": 0}, inputs, do)
