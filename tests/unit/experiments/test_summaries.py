"""The experiments' rows as numbers, figures, sentences and a document."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import experiments_doc
from genre_core.assets import EXPERIMENTS_FOLDER
from genre_core.errors import DatasetError
from genre_core.experiments import summaries, words
from genre_core.experiments.results import Run, do_runs, results_file
from genre_core.experiments.rows import ROWS, read_record
from genre_core.plots import experiments as plots
from genre_core.plots.log_axis import round_ticks
from genre_core.records import build

HEADER = {
    "dataset": "made", "n_songs": 10, "source": "audio", "threads": 2, "date": "2026-11-23",
    "machine": "a machine", "load_at_start": 0.1,
}  # fmt: skip


def listed(n_right: int, n_songs: int = 10, wrong: tuple[str, ...] = ()) -> dict[str, Any]:
    names = list(wrong) or [f"song {number}" for number in range(n_songs - n_right)]
    return {"n_right": n_right, "n_songs": n_songs, "wrong": names}


def curve(*test: float) -> list[dict[str, float]]:
    return [
        {
            "epoch": epoch, "train_accuracy": 0.5, "valid_accuracy": accuracy,
            "test_accuracy": accuracy, "train_loss": 1.0 / epoch, "valid_loss": 1.0 - accuracy,
            "test_loss": 2.0,
        }
        for epoch, accuracy in enumerate(test, start=1)
    ]  # fmt: skip


def size_record() -> dict[str, Any]:
    rows = [
        {
            "family": family, "wanted_parameters": wanted, "seed": seed, "parameters": wanted + 5,
            "train_accuracy": 0.6, "n_train": 40, "valid": listed(5),
            "test": listed(right + seed),
        }
        for family, right in (("k2c2", 4), ("crnn", 6))
        for wanted in (100_000, 250_000)
        for seed in (0, 1)
    ]  # fmt: skip
    return {**HEADER, "runs": rows}


def networks_record() -> dict[str, Any]:
    row = {
        "family": "crnn", "wanted_parameters": 100_000, "parameters": 100_005,
        "multiply_adds": 2_000_000, "train_ms": 30.0, "infer_ms_1_thread": 9.0,
        "infer_ms_2_threads": 5.5, "infer_memory_mb": 20.0, "train_memory_mb": 80.0,
    }  # fmt: skip
    return {**HEADER, "runs": [row]}


def transfer_record() -> dict[str, Any]:
    knn = {
        "learns": "knn",
        "seed": 0,
        "n_train": 40,
        "train_accuracy": 1.0,
        "valid": listed(5),
        "test": listed(6),
    }
    tuned = [
        {
            "learns": "recurrent", "seed": seed, "n_train": 40,
            "learnt_parameters": 300, "best_epoch": 2,
            "valid": listed(7), "test": listed(7 + seed), "train_accuracy": 0.9,
            "curve": curve(0.5, 0.8, 0.6 + 0.1 * seed),
        }
        for seed in (0, 1)
    ]  # fmt: skip
    return {**HEADER, "runs": [knn, *tuned]}


def optimizers_record() -> dict[str, Any]:
    rows = [
        {
            "optimizer": optimizer, "learning_rate": rate, "seed": 0, "n_train": 40,
            "valid": listed(5), "test": listed(6),
            "curve": curve(0.2, best),
        }
        for optimizer, rate, best in (("adam", 0.001, 0.7), ("adam", 0.01, 0.4), ("sgd", 0.1, 0.5))
    ]  # fmt: skip
    return {**HEADER, "runs": rows}


def protocol_record() -> dict[str, Any]:
    rows = []
    for split, wrong in (("random", ("a",)), ("artist", ("a", "b", "c", "d"))):
        for number in (0, 1):
            own = tuple(wrong) if number == 0 else ()
            test = {"n_right": 10 - len(own), "n_songs": 10, "wrong": list(own)}
            row = {
                "n_train": 40,
                "network": "svm",
                "songs": "all",
                "split": split,
                "scheme": "folds",
            }
            rows.append({**row, "number": number, "test": test})
    rows.append({**rows[0], "scheme": "hold-out"})  # one way only: nothing to compare
    return {**HEADER, "runs": rows}


def sources_record() -> dict[str, Any]:
    rows = [
        {
            "network": "won_msd_fcn", "home_share": home, "elsewhere_share": away, "seed": 0,
            "n_train": n, "n_home": 40, "test": listed(right), "valid_accuracy": 0.8,
        }
        for home, away, n, right in ((0.5, 0.0, 20, 5), (1.0, 0.0, 40, 6), (1.0, 1.0, 70, 8))
    ]  # fmt: skip
    return {**HEADER, "runs": rows}


RECORDS = {
    "networks": networks_record, "size": size_record, "transfer": transfer_record,
    "optimizers": optimizers_record, "protocol": protocol_record,
    "sources": sources_record,
}  # fmt: skip


def rows_of(name: str) -> tuple[Any, ...]:
    rows = RECORDS[name]()["runs"]
    return tuple(build(ROWS[name], {"key": "", "fingerprint": "", **row}) for row in rows)


def size_points() -> tuple[summaries.SizePoint, ...]:
    return summaries.size_points(rows_of("size"), rows_of("networks"))


def write(name: str, folder: Path, **changes: Any) -> Path:
    """Write the results of an experiment; `changes` to its first row."""
    record = RECORDS[name]()
    record["runs"][0] |= changes
    runs = [Run(str(number), row, {}, dict) for number, row in enumerate(record.pop("runs"))]
    path = results_file(name, folder)
    do_runs(runs, path, record)
    return path


def test_size_points_are_means_over_seeds_with_the_cost_of_their_network() -> None:
    points = size_points()
    assert [(p.family, p.parameters) for p in points] == [
        ("k2c2", 100_005), ("k2c2", 250_005), ("crnn", 100_005), ("crnn", 250_005),
    ]  # fmt: skip
    assert points[2].test.mean == pytest.approx(0.65)
    assert points[2].test.deviation == pytest.approx(0.0707, abs=1e-4)
    assert (points[2].train_ms, points[2].infer_ms, points[0].train_ms) == (30.0, 9.0, None)


def test_transfer_results_take_training_accuracy_at_the_chosen_epoch() -> None:
    knn, tuned = summaries.transfer_results(rows_of("transfer"))
    assert (knn.parameters, knn.best_epoch, knn.curve, knn.train.mean) == (None, None, {}, 1.0)
    assert tuned.train.mean == 0.5
    assert tuned.test.mean == pytest.approx(0.75)
    assert tuned.curve["test_accuracy"] == pytest.approx((0.5, 0.8, 0.65))


def test_the_best_rate_of_each_optimiser_has_the_lowest_validation_loss() -> None:
    curves = summaries.optimizer_curves(rows_of("optimizers"))
    assert [(c.optimizer, c.learning_rate) for c in curves if c.best] == [
        ("adam", 0.001),
        ("sgd", 0.1),
    ]


def test_folds_are_compared_song_by_song() -> None:
    (pair,) = summaries.protocol_pairs(rows_of("protocol"))
    assert (pair.random.value, pair.artist.value) == (0.95, 0.8)
    assert pair.difference.value == pytest.approx(0.15)
    assert pair.paired is not None
    assert (pair.paired.first_only, pair.paired.second_only) == (3, 0)
    assert pair.paired.p_value == pytest.approx(0.25)
    # variance of a paired difference: ((3 / 20) - 0.15**2) / 20
    assert pair.difference.high - pair.difference.low == pytest.approx(2 * 1.96 * 0.0798, abs=1e-3)


def test_figures_show_what_was_measured() -> None:
    points = size_points()
    figure = plots.size_figure(points)
    assert [trace.name for trace in figure.data] == ["k2c2", "crnn"]
    assert list(figure.data[1].y) == pytest.approx([65.0, 65.0])
    assert list(figure.data[1].error_y.array) == pytest.approx([7.07, 7.07], abs=0.01)
    assert [len(trace.x) for trace in plots.size_figure(points, "train_ms").data] == [0, 1]

    results = summaries.transfer_results(rows_of("transfer"))
    bars, training = plots.transfer_figure(results).data
    assert list(bars.y) == ["features, kNN", "recurrent + classifier"]
    assert list(training.x) == pytest.approx([100.0, 50.0])
    train, test = plots.learning_figure(results).data
    assert list(test.y) == pytest.approx([50.0, 80.0, 65.0])
    assert list(test.marker.size) == [0, 9, 0]
    assert train.line.dash == "dot"

    curves = summaries.optimizer_curves(rows_of("optimizers"))
    assert len(plots.optimizers_figure(curves).data) == 4
    assert len(plots.optimizers_figure(curves, "accuracy", every_rate=True).data) == 6

    pairs = summaries.protocol_pairs(rows_of("protocol"))
    random, artist = plots.protocol_figure(pairs).data
    assert (list(random.y), list(artist.y)) == ([95.0], [80.0])
    assert random.error_y.array[0] == pytest.approx(100 * (pairs[0].random.high - 0.95))
    assert len(plots.protocol_figure(pairs, "hold-out").data[0].y) == 0


def test_sentences_say_the_same_as_the_figures() -> None:
    points = size_points()
    text = words.size_numbers(points)
    assert "crnn with 100,005 parameters 65.0 ± 7.1 % at 30 ms a training frame" in text
    results = summaries.transfer_results(rows_of("transfer"))
    assert "features, kNN 60.0 % (100 % in training)" in words.transfer_numbers(results)
    assert "best after epoch 2 of 3" in words.curve_numbers(results[1])
    curves = summaries.optimizer_curves(rows_of("optimizers"))
    assert "Adam with learning rate 0.001" in words.optimizers_numbers(curves)
    assert "0.01:" not in words.optimizers_numbers(curves)
    pairs = summaries.protocol_pairs(rows_of("protocol"))
    assert "95.0 % with songs at random, 80.0 % with artists" in words.protocol_numbers(pairs)


def test_document_is_filled_from_the_results_and_the_rest_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "experiments.md"
    template = experiments_doc.DOCUMENT.read_text(encoding="utf-8")
    document.write_text(template, encoding="utf-8")
    arguments = ["--results", str(tmp_path), "--document", str(document)]
    assert experiments_doc.main(arguments) == 0
    assert document.read_text(encoding="utf-8").count("Not measured yet.") == 7
    for name in RECORDS:
        write(name, tmp_path)
    assert experiments_doc.main(arguments) == 0
    text = document.read_text(encoding="utf-8")
    assert "Not measured yet." not in text
    for expected in ("95.0 %", "65.0 ± 7.1 %", "| Adam ", "2,000,000", "recurrent + classifier"):
        assert expected in text
    assert experiments_doc.main(arguments) == 0
    assert document.read_text(encoding="utf-8") == text  # the same again
    outside = [part.split("<!-- ")[-1] for part in template.split("<!-- size: begin")[:1]]
    assert outside[0].split("end -->")[-1] in text

    document.write_text("no parts here", encoding="utf-8")
    assert experiments_doc.main(arguments) == 1
    assert "no part 'networks'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ROWS)
def test_results_that_come_with_the_program_are_read(name: str) -> None:
    record = read_record(name, EXPERIMENTS_FOLDER)
    assert record is not None
    assert record.runs


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("size", {"parameters": "many"}, r"runs\[0\].parameters must be a whole number"),
        ("size", {"colour": 1}, r"runs\[0\] has an unknown field 'colour'"),
        ("transfer", {"test": {"n_right": 1, "n_songs": 0, "wrong": []}}, "test.n_songs"),
        ("protocol", {"split": "half"}, "split must be one of random, artist"),
        ("networks", {"train_ms": -1.0}, "train_ms must be at least 0"),
    ],
)
def test_a_row_of_another_version_names_file_and_field(
    tmp_path: Path, name: str, changes: dict[str, Any], reason: str
) -> None:
    path = write(name, tmp_path, **changes)
    with pytest.raises(DatasetError, match=reason) as caught:
        read_record(name, tmp_path)
    assert str(path) in str(caught.value)
    assert "run the experiment again" in str(caught.value)


@pytest.mark.parametrize(
    ("lowest", "highest", "ticks"),
    [
        (100_505, 506_486, [1e5, 2e5, 5e5, 1e6]),
        (19.5, 51.4, [10, 20, 50, 100]),
        (2.0, 2.0, [2]),
        (0.3, 1.0, [0.2, 0.5, 1]),
    ],
)
def test_ticks_are_round_and_hold_the_range(
    lowest: float, highest: float, ticks: list[float]
) -> None:
    assert round_ticks(lowest, highest) == pytest.approx(ticks)


def test_the_axis_of_sizes_is_labelled_in_full() -> None:
    points = size_points()  # 100,005 and 250,005
    ticks = plots.size_figure(points).layout.xaxis.ticktext
    assert list(ticks) == ["0.1 M", "0.2 M", "0.5 M"]
    assert list(plots.size_figure(points, "train_ms").layout.xaxis.ticktext) == ["20", "50"]
