"""The four experiments on generated songs: every kind of run once; songs and the command."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genre_core.cli import experiment as command
from genre_core.cli import main
from genre_core.datasets.splits import Split, k_fold
from genre_core.errors import DatasetError
from genre_core.experiments import optimizers, protocol, size, transfer
from genre_core.experiments.catalogue import EXPERIMENTS
from genre_core.experiments.context import Context
from genre_core.experiments.results import Run, do_runs, read_results
from genre_core.experiments.songs import load_songs
from genre_core.models import sizes
from tests.unit.experiments.builders import GENRES, RECIPES, made_songs


def names_of(record: dict[str, Any], *facts: str) -> set[tuple[Any, ...]]:
    return {tuple(row[fact] for fact in facts) for row in record["runs"]}


def test_size_compares_every_family_at_every_size(context: Context, tmp_path: Path) -> None:
    record = do_runs(size.plan(context), tmp_path / "size.json", {})
    assert names_of(record, "family", "wanted_parameters", "seed") == {
        (family, target, 0) for family in sizes.FAMILIES for target in RECIPES.n_parameters
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


def test_protocol_needs_artists(context: Context) -> None:
    songs = context.songs
    nameless = replace(songs, dataset=protocol.ungrouped(songs.dataset))
    with pytest.raises(DatasetError, match="no artist or album"):
        protocol.plan(replace(context, songs=nameless))


def test_songs_are_read_once(tmp_path: Path, wav_bytes: Callable[..., bytes]) -> None:
    for genre in GENRES:
        (tmp_path / "songs" / genre).mkdir(parents=True)
        for number in range(2):
            (tmp_path / "songs" / genre / f"{number}.wav").write_bytes(wav_bytes(3.0))
    songs = load_songs(tmp_path / "songs", tmp_path / "cache")
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
    assert list(command.EXPERIMENTS) == [*EXPERIMENTS, "sources", "lyrics"]

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
