"""Experiment D: how much songs of one artist in both training and testing raise the accuracy.

The same networks by the same recipes are tested twice: on songs drawn at random, and with all songs
of an artist, and near-duplicates, on one side of the split. The schemes are 60/20/20, and four
folds in which every song is tested once. Where the data set lists its faulty songs (repeated,
distorted, mislabelled), the runs are repeated with these included, as in most publications.

References
----------
Sturm (2014): The state of the art ten years after a state of the art: future research in music
    information retrieval. Journal of New Music Research 43(2). (faults of GTZAN and what they do)
Flexer (2007): A closer look on artist filters for musical genre classification. ISMIR.
"""

from collections.abc import Iterator
from dataclasses import replace

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from genre_core.datasets.clips import DataSet
from genre_core.datasets.splits import Split, hold_out, k_fold
from genre_core.errors import DatasetError
from genre_core.experiments.context import Context
from genre_core.experiments.results import Row, Run
from genre_core.experiments.transfer import fit_and_test, settings_of
from genre_core.models import sizes
from genre_core.training.settings import TrainingSettings

SPLITS = ("random", "artist")
SVM_C = 3.0


def plan(context: Context) -> list[Run]:
    """Return the runs: a plain classifier, a tuned network, a network from scratch.

    Raises DatasetError if no artist or group is known, or a genre has too few of them.
    """
    dataset = context.songs.dataset
    if not any(clip.artist or clip.group for clip in dataset.clips):
        raise DatasetError(
            f"{dataset.name}: no artist or album is known, so no split can keep them together: "
            "give a CSV file with the column artist."
        )
    n_genres = len(dataset.genres)
    recipes = context.recipes
    tuned = replace(
        settings_of(context, recipes.way("recurrent")),
        select_by="last",
        epochs=context.epochs or recipes.protocol_epochs,
    )
    scratch = replace(
        recipes.scratch,
        model="crnn",
        hyperparameters=sizes.for_size("crnn", min(recipes.n_parameters), n_genres),
        epochs=context.epochs or recipes.scratch.epochs,
    )
    runs = []
    for songs, each in song_sets(dataset).items():
        for split_name in SPLITS:
            for scheme, number, split in _splits(each, split_name, context):
                facts = {
                    "songs": songs,
                    "split": split_name,
                    "scheme": scheme,
                    "number": number,
                }
                runs.append(_svm_run(context, facts, split))
                runs.append(_network_run(context, "tuned", facts, split, tuned))
                if songs != "all" or len(song_sets(dataset)) == 1:
                    runs.append(_network_run(context, "scratch", facts, split, scratch))
    order = {"svm": 0, "tuned": 1, "scratch": 2}
    return sorted(runs, key=lambda run: order[run.facts["network"]])


def song_sets(dataset: DataSet) -> dict[str, DataSet]:
    """Return the data set without the songs that its own lists omit as faulty, and all of it.

    Without lists, only "all".
    """
    listed = {clip_id for ids in dataset.splits.values() for clip_id in ids}
    if not listed:
        return {"all": dataset}
    sound = tuple(clip for clip in dataset.clips if clip.clip_id in listed)
    return {"fault-free": replace(dataset, clips=sound), "all": dataset}


def ungrouped(dataset: DataSet) -> DataSet:
    """Return the data set without artists, groups and duplicates."""
    clips = tuple(replace(clip, artist="", group="") for clip in dataset.clips)
    return replace(dataset, clips=clips, duplicates=())


def _splits(
    dataset: DataSet, split_name: str, context: Context
) -> Iterator[tuple[str, int, Split]]:
    """Yield (scheme, seed or fold, split)."""
    source = ungrouped(dataset) if split_name == "random" else dataset
    for seed in range(context.seeds or context.recipes.hold_out_seeds):
        yield "hold-out", seed, hold_out(source, seed)
    for number, split in enumerate(k_fold(source, context.recipes.n_folds)):
        yield "folds", number, split


def _key(network: str, facts: dict[str, object]) -> str:
    return "-".join(str(part) for part in (network, *facts.values()))


def _network_run(
    context: Context,
    network: str,
    facts: dict[str, object],
    split: Split,
    settings: TrainingSettings,
) -> Run:
    key = _key(network, facts)

    def do() -> Row:
        return context.train(f"protocol-{key}", settings, split)

    return Run(key, {"network": network, **facts}, context.inputs(settings, split), do)


def _svm_run(context: Context, facts: dict[str, object], split: Split) -> Run:
    """Return the run of a support vector machine on the published network's features."""

    def do() -> Row:
        model = make_pipeline(StandardScaler(), SVC(C=SVM_C))
        return {"n_train": len(split.train), "test": fit_and_test(context, model, split)}

    inputs = {"C": SVM_C, **context.feature_inputs(split)}
    return Run(_key("svm", facts), {"network": "svm", **facts}, inputs, do)
