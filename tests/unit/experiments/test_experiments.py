"""The four experiments, on songs made here: every kind of run once, and going on after a stop."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import torch

from genre_core.cli import experiment as command
from genre_core.cli import main
from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip, DataSet
from genre_core.datasets.splits import Split, k_fold
from genre_core.errors import DatasetError, ModelError
from genre_core.experiments import optimizers, protocol, published, size, transfer
from genre_core.experiments.catalogue import EXPERIMENTS
from genre_core.experiments.context import Context
from genre_core.experiments.recipes import SCRATCH, WAYS, Recipes
from genre_core.experiments.results import Run, do_runs, read_results
from genre_core.experiments.songs import Songs, load_songs
from genre_core.experiments.trial import CHECKPOINT, train_and_test
from genre_core.models import sizes
from genre_core.training.augmentation_settings import NO_AUGMENTATION
from genre_core.training.data import TrainingData
from genre_core.training.fit import fit
from genre_core.training.settings import TrainingSettings
from genre_core.training.trainer import Trainer

GENRES = ("high", "low")
SMALL = {"channels": (2, 2, 2, 2), "hidden": 3}
TINY = {  # the arrangement of the published network, not its size
    "pool_columns": 1,
    "dynamic_range_db": 40.0,
    "channels": (2, 3, 3, 3),
    "pools": ((2, 2), (3, 3), (4, 4), (4, 4)),
    "hidden": 2,
    "bidirectional": False,
    "recurrent": "keras_gru",
    "summary": "last",
}


def made_songs(n: int = 10) -> Songs:
    """Two genres told by where the loud bands are; each artist has two songs."""
    generator = np.random.default_rng(0)
    clips, log_mel = [], {}
    for label in GENRES:
        for number in range(n):
            clip_id = f"{label}.{number}"
            artist = f"{label} artist {number // 2}"
            clips.append(Clip(clip_id, label, "", "", artist, "converted", Path("none"), number))
            x = generator.normal(-50, 5, (96, 480))
            x[slice(48, 96) if label == "high" else slice(0, 48)] += 20
            log_mel[clip_id] = x.astype(np.float16)
    names = [clip.clip_id for clip in clips]
    splits = {
        "train": tuple(name for name in names if int(name[-1]) < 5),
        "valid": tuple(name for name in names if int(name[-1]) in (6, 7)),
        "test": tuple(name for name in names if int(name[-1]) == 8),
    }  # 5 and 9 are faulty
    dataset = DataSet("made", tuple(clips), GENRES, splits)
    return Songs(dataset, "converted", log_mel, FeatureSettings(), "made here")


@pytest.fixture
def tag_file(tmp_path: Path) -> Path:
    """Random weights laid out as the published tag network's, as small as `TINY`."""
    rng = np.random.default_rng(0)
    weights: dict[str, np.ndarray] = {
        "bn_0_freq_gamma": np.ones(1440),
        "bn_0_freq_beta": np.zeros(1440),
        "bn_0_freq_running_mean": np.full(1440, 0.1),
        "bn_0_freq_running_std": np.ones(1440),
        "output_W": rng.normal(size=(2, 50)),
        "output_b": rng.normal(size=50),
    }
    n_in = 1
    for number, n_out in enumerate(TINY["channels"], start=1):
        weights[f"conv{number}_W"] = rng.normal(size=(n_out, n_in, 3, 3))
        weights[f"conv{number}_b"] = rng.normal(size=n_out)
        for part in ("gamma", "running_std"):
            weights[f"bn{number}_{part}"] = rng.uniform(1.5, 2.0, n_out)
        for part in ("beta", "running_mean"):
            weights[f"bn{number}_{part}"] = rng.normal(size=n_out)
        n_in = n_out
    for name, n_in in (("gru1", 3), ("gru2", 2)):
        for gate in "zrh":
            weights[f"{name}_W_{gate}"] = rng.normal(size=(n_in, 2))
            weights[f"{name}_U_{gate}"] = rng.normal(size=(2, 2))
            weights[f"{name}_b_{gate}"] = rng.normal(size=2)
    path = tmp_path / "tags.h5"
    with h5py.File(path, "w") as file:
        for key, value in weights.items():
            file[f"{key.rsplit('_', 1)[0]}/{key}"] = value.astype(np.float32)
    return path


def tiny(settings: TrainingSettings) -> TrainingSettings:
    """Return settings for the smallest network on 3 s, with what they freeze."""
    dropout = {k: v for k, v in settings.hyperparameters.items() if k == "conv_dropout"}
    crop = replace(settings.augmentation, crop_seconds=(3.0, 3.0))
    return replace(settings, hyperparameters=TINY | dropout, augmentation=crop)


RECIPES = Recipes(
    scratch=replace(SCRATCH, augmentation=replace(SCRATCH.augmentation, crop_seconds=(3.0, 3.0))),
    tag_network=TINY,
    ways=tuple(replace(way, settings=tiny(way.settings)) for way in WAYS),
    n_parameters=(9_000, 11_000),
    n_folds=2,
)


@pytest.fixture
def context(tmp_path: Path, tag_file: Path) -> Context:
    """One seed and one epoch of everything, with very small networks."""
    return Context(made_songs(), tmp_path / "work", tag_file, seeds=1, epochs=1, recipes=RECIPES)


def names_of(record: dict[str, Any], *facts: str) -> set[tuple[Any, ...]]:
    return {tuple(row[fact] for fact in facts) for row in record["runs"]}


# --- results


def run_of(key: str, done: list[str], **inputs: Any) -> Run:
    def do() -> dict[str, Any]:
        done.append(key)
        return {"answer": len(done)}

    return Run(key, {"name": key}, inputs, do)


def test_finished_runs_are_kept_and_changed_ones_done_again(tmp_path: Path) -> None:
    path, done = tmp_path / "results.json", []
    runs = [run_of(key, done, rate=1) for key in "abc"]
    with pytest.raises(ZeroDivisionError):
        do_runs([*runs[:2], replace(runs[2], do=lambda: 1 / 0)], path, {"experiment": "x"})
    assert [row["key"] for row in read_results(path)["runs"]] == ["a", "b"]  # kept as they came
    told = []
    record = do_runs(runs, path, {"experiment": "x"}, lambda *where: told.append(where))
    assert done == ["a", "b", "c"]
    assert told == [(2, 3, "c"), (3, 3, "")]
    assert json.loads(path.read_text()) == record == read_results(path)
    assert record["experiment"] == "x"

    changed = [runs[0], run_of("b", done, rate=2)]
    record = do_runs(changed, path, {"experiment": "x"})
    assert done == ["a", "b", "c", "b"]
    assert [(row["key"], row["answer"]) for row in record["runs"]] == [("a", 1), ("b", 4)]
    before = path.read_text()
    do_runs(changed, path, {"experiment": "another header"})
    assert path.read_text() == before  # nothing to do


def test_what_is_no_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no results"):
        read_results(tmp_path / "none.json")
    (tmp_path / "other.json").write_text("[1]")
    with pytest.raises(DatasetError, match="not the results"):
        read_results(tmp_path / "other.json")


# --- one run


def train(folder: Path, **changes: Any) -> dict[str, Any]:
    songs = made_songs()
    settings = TrainingSettings(
        hyperparameters={"channels": (2, 2, 2, 2), "hidden": 2},
        epochs=2,
        batch_size=4,
        augmentation=replace(NO_AUGMENTATION, crop_seconds=(3.0, 3.0), full_length_probability=0.0),
        **changes,
    )
    split = Split(**songs.dataset.splits)
    return train_and_test(settings, songs, split, folder, curve=True)


def test_a_stopped_run_goes_on_to_the_same_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = train(tmp_path / "whole")
    folder = tmp_path / "parts"
    draws = []

    def stop(trainer: Trainer) -> tuple[float, float]:
        if len(draws) == 4:  # in the second epoch
            raise KeyboardInterrupt
        draws.append(trainer.epoch)
        return step(trainer)

    step = Trainer._train_step
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_train_step", stop)
        with pytest.raises(KeyboardInterrupt):
            train(folder)
    assert list(folder.glob("*.state"))
    resumed = train(folder)
    assert resumed.pop("seconds") >= 0
    assert whole.pop("seconds") >= 0
    assert resumed == whole
    assert [epoch["epoch"] for epoch in whole["curve"]] == [1, 2]
    assert all(0 <= epoch["test_accuracy"] <= 1 for epoch in whole["curve"])
    assert whole["test"]["n_songs"] == 2
    assert not folder.exists()  # nothing is left behind


def test_a_state_of_other_settings_is_not_gone_on_with(tmp_path: Path) -> None:
    output = tmp_path / CHECKPOINT
    songs = made_songs()
    some = songs.clips(songs.dataset.splits["train"])
    other = TrainingSettings(hyperparameters=SMALL, epochs=1, batch_size=2, batches_per_epoch=1)
    fit(TrainingData(GENRES, songs.features, some), other, output)
    assert output.with_suffix(".state").exists()
    assert train(tmp_path)["epochs"] == 2


# --- the published network's features


def test_the_file_s_standard_deviations_become_variances(tag_file: Path) -> None:
    model = published.tag_network(tag_file, TINY)
    with h5py.File(tag_file) as file:
        deviation = np.asarray(file["bn2_running/bn2_running_std"])
    np.testing.assert_allclose(model.convolutions.conv2.norm.running_var, deviation**2, rtol=1e-6)


def test_features_are_mean_and_deviation_of_every_block(context: Context, tag_file: Path) -> None:
    features, labels = context.features.examples(["low.0", "high.1"])
    assert features.shape == (2, 2 * sum(TINY["channels"]))
    assert labels.tolist() == ["low", "high"]
    model = published.tag_network(tag_file, TINY)
    log_mel = torch.from_numpy(context.songs.log_mel["low.0"]).float()[None]
    with torch.inference_mode():
        maps = model.trace(log_mel)["conv1"]
    np.testing.assert_allclose(features[0, :2], maps.mean(dim=(2, 3))[0], rtol=1e-3)
    np.testing.assert_allclose(features[0, 2:4], maps.std(dim=(2, 3))[0], rtol=1e-3)


def test_features_are_computed_once_and_report_progress(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported = []
    context = replace(context, on_features=lambda done, total: reported.append((done, total)))
    context.features.examples(["low.0"])
    monkeypatch.setattr(published, "predict", lambda *_: pytest.fail("computed again"))
    context.features.examples(["low.0", "high.3"])
    assert reported == [(20, 20)]


def test_published_weights_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="give --weights"):
        Context(made_songs(), tmp_path).features  # noqa: B018
    with pytest.raises(ModelError, match=r"none\.h5"):
        Context(made_songs(), tmp_path, tmp_path / "none.h5").features  # noqa: B018


# --- the experiments


def test_size_compares_every_family_at_every_size(context: Context, tmp_path: Path) -> None:
    record = do_runs(size.plan(context), tmp_path / "size.json", {})
    assert names_of(record, "family", "wanted_parameters", "seed") == {
        (family, wanted, 0) for family in sizes.FAMILIES for wanted in RECIPES.n_parameters
    }
    for row in record["runs"]:
        assert row["test"]["n_songs"] == 2
        assert row["best_epoch"] == row["epochs"] == 1
    assert not any(context.work.iterdir())


def test_transfer_trains_more_and_more_of_the_network(context: Context, tmp_path: Path) -> None:
    record = do_runs(transfer.plan(context), tmp_path / "transfer.json", {})
    learnt = {row["learns"]: row.get("learnt_parameters") for row in record["runs"]}
    assert list(learnt) == [
        *("svm", "softmax", "knn", "classifier", "recurrent", "conv4", "everything", "random")
    ]
    trained = [learnt[name] for name in ("classifier", "recurrent", "conv4", "everything")]
    assert trained == sorted(set(trained))
    assert learnt["random"] == learnt["everything"]
    for row in record["runs"]:
        assert row["valid"]["n_songs"] == 4
        assert row["test"]["n_right"] + len(row["test"]["wrong"]) == 2
        assert ("curve" in row) == (row["learns"] not in transfer.CLASSIFIERS)
    done: list[Any] = []
    do_runs(transfer.plan(context), tmp_path / "transfer.json", {}, lambda *at: done.append(at))
    assert done == []


def test_optimizers_get_as_many_rates_each(context: Context, tmp_path: Path) -> None:
    record = do_runs(optimizers.plan(context), tmp_path / "optimizers.json", {})
    assert names_of(record, "optimizer", "learning_rate") == {
        (optimizer, rate) for optimizer, rates in optimizers.RATES.items() for rate in rates
    }
    assert len({len(rates) for rates in optimizers.RATES.values()}) == 1
    assert all(len(row["curve"]) == 1 for row in record["runs"])


def test_protocol_splits_the_same_songs_two_ways(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "hold_out", lambda dataset, seed: k_fold(dataset, 2, seed)[0])
    songs = made_songs(24)  # twelve artists a genre: k_fold splits half of them in five
    dataset = replace(songs.dataset, splits={"train": tuple(songs.log_mel)[:-2]})
    context = replace(context, songs=replace(songs, dataset=dataset))
    runs = protocol.plan(context)
    record = do_runs(runs, tmp_path / "protocol.json", {})
    assert names_of(record, "network", "songs") == {
        ("svm", "fault-free"), ("svm", "all"), ("tuned", "fault-free"), ("tuned", "all"),
        ("scratch", "fault-free"),
    }  # fmt: skip
    artist = {clip.clip_id: clip.artist for clip in songs.dataset.clips}
    shared = {}
    for run in runs:
        split = Split(**run.inputs["split"])
        assert not set(split.train) & set(split.test)
        both = {artist[i] for i in split.train} & {artist[i] for i in split.test}
        shared.setdefault(run.facts["split"], []).append(len(both))
    assert set(shared["artist"]) == {0}
    assert min(shared["random"]) > 0
    for songs_name, n_songs in (("fault-free", 46), ("all", 48)):
        tested = [
            row["test"]["n_songs"]
            for row in record["runs"]
            if (row["network"], row["songs"], row["split"], row["scheme"])
            == ("svm", songs_name, "artist", "folds")
        ]
        assert sum(tested) == n_songs


def test_protocol_needs_to_know_who_plays(context: Context) -> None:
    songs = context.songs
    nameless = replace(songs, dataset=protocol.ungrouped(songs.dataset))
    with pytest.raises(DatasetError, match="no artist or album"):
        protocol.plan(replace(context, songs=nameless))


# --- songs and command


def test_songs_are_of_the_kind_that_most_have(
    tmp_path: Path, wav_bytes: Callable[..., bytes]
) -> None:
    for genre in GENRES:
        (tmp_path / "songs" / genre).mkdir(parents=True)
        for number in range(2):
            (tmp_path / "songs" / genre / f"{number}.wav").write_bytes(wav_bytes(3.0))
    songs = load_songs(tmp_path / "songs", tmp_path / "cache")
    assert songs.kind == "audio"
    assert len(songs.clips(["high/0.wav", "low/1.wav", "none"])) == 2
    again = load_songs(tmp_path / "songs", tmp_path / "cache")
    assert again.fingerprint == songs.fingerprint


def test_command_lists_the_experiments_and_writes_a_file(
    context: Context,
    tmp_path: Path,
    wav_bytes: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert list(command.EXPERIMENTS) == list(EXPERIMENTS)

    def plan(given: Context) -> list[Run]:
        return size.plan(replace(given, recipes=RECIPES))

    monkeypatch.setitem(EXPERIMENTS, "size", plan)
    for genre in GENRES:
        (tmp_path / "songs" / genre).mkdir(parents=True)
        for number in range(5):
            (tmp_path / "songs" / genre / f"{number}.wav").write_bytes(wav_bytes(3.0))
    output = tmp_path / "size.json"
    arguments = ["experiment", "size", str(tmp_path / "songs"), "--output", str(output)]
    arguments += ["--cache", str(tmp_path / "cache"), "--work", str(tmp_path / "work")]
    arguments += ["--epochs", "1", "--seeds", "1"]
    assert main(arguments) == 0
    record = read_results(output)
    assert (record["experiment"], record["source"], record["n_songs"]) == ("size", "audio", 10)
    assert len(record["runs"]) == 6
    assert "6 runs" in capsys.readouterr().out
    assert main([*arguments[:-1], "0"]) == 1
    assert "--seeds must be at least 1" in capsys.readouterr().err
