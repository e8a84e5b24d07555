"""Write the measured parts of docs/experiments.md from the experiments' results.

    python -m benchmarks.experiments_doc [--results FOLDER] [--document FILE]

Each part stands between two comments, `<!-- NAME: begin ... -->` and `<!-- NAME: end -->`; the rest
of the document is left as it is. What has not been measured says so.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import experiment_lessons as lessons
from genre_core.assets import EXPERIMENTS_FOLDER
from genre_core.errors import DatasetError, GenreError
from genre_core.experiments import summaries
from genre_core.experiments.results import read_results, results_file
from genre_core.markdown import markdown_table
from genre_core.plots import experiments as plots

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "experiments.md"
NAMES = ("networks", "size", "transfer", "optimizers", "protocol")

Record = dict[str, Any]


def networks_part(record: Record) -> str:
    """Return the table of what each network costs."""
    columns = {
        "parameters": "parameters",
        "multiply_adds": "multiply-adds a frame",
        "train_ms": "training, ms a frame",
        "infer_ms_1_thread": "1 thread, ms a frame",
        "infer_ms_2_threads": "2 threads, ms a frame",
        "infer_memory_mb": "memory to listen, MB",
        "train_memory_mb": "memory to train, MB",
    }
    columns = {key: title for key, title in columns.items() if key in record["runs"][0]}
    rows = [
        [
            row["family"],
            *(
                f"{row[key]:,}" if isinstance(row[key], int) else f"{row[key]:.1f}"
                for key in columns
            ),
        ]
        for row in record["runs"]
    ]
    table = markdown_table(["network", *columns.values()], rows, range(1, len(columns) + 1))
    return f"{_measured_on(record)}\n\n{table}\n\n{_teaches(lessons.networks(record['runs']))}"


def size_part(record: Record, networks: Record | None = None) -> str:
    """Return the table of experiment A."""
    points = summaries.size_points(record, networks)
    rows = [
        [
            p.family,
            f"{p.parameters:,}",
            "–" if p.train_ms is None else f"{p.train_ms:.0f}",
            _spread(p.train),
            _spread(p.valid),
            _spread(p.test),
        ]
        for p in sorted(points, key=lambda point: (point.wanted, point.family))
    ]
    header = ["network", "parameters", "training, ms a frame", "in training", "validation", "test"]
    table = markdown_table(header, rows, range(1, 6))
    lesson = lessons.size(points, record["runs"][0]["n_train"])
    return f"{_run_on(record)}\n\n{table}\n\n{_teaches(lesson)}"


def transfer_part(record: Record) -> str:
    """Return the table of experiment B."""
    results = summaries.transfer_results(record)
    rows = [
        [
            plots.LEARNT_NAMES[each.learns],
            "–" if each.parameters is None else f"{each.parameters:,}",
            "–" if each.best_epoch is None else f"{each.best_epoch.mean:.0f}",
            _spread(each.train),
            _spread(each.valid),
            _spread(each.test),
        ]
        for each in results
    ]
    header = ["what learns", "parameters", "best epoch", "in training", "validation", "test"]
    table = markdown_table(header, rows, range(1, 6))
    return f"{_run_on(record)}\n\n{table}\n\n{_teaches(lessons.transfer(results))}"


def optimizers_part(record: Record) -> str:
    """Return the table of experiment C."""
    curves = summaries.optimizer_curves(record)
    rows = [
        [
            plots.OPTIMIZER_NAMES[each.optimizer],
            f"{each.learning_rate:g}",
            f"{each.curve['train_loss'][0]:.2f}",
            f"{each.curve['train_loss'][-1]:.2f}",
            f"{min(each.curve['valid_loss']):.2f}",
            _spread(each.valid),
            _spread(each.test),
        ]
        for each in curves
    ]
    header = ["optimiser", "learning rate", "training loss, first epoch", "last epoch"]
    header += ["lowest validation loss", "validation", "test"]
    table = markdown_table(header, rows, range(1, 7))
    return f"{_run_on(record)}\n\n{table}\n\n{_teaches(lessons.optimizers(curves))}"


def protocol_part(record: Record) -> str:
    """Return the table of experiment D."""
    pairs = summaries.protocol_pairs(record)
    rows = [
        [
            plots.NETWORK_NAMES[pair.network],
            plots.SONGS_NAMES[pair.songs],
            plots.SCHEME_NAMES[pair.scheme],
            _estimate(pair.random),
            _estimate(pair.artist),
            f"{100 * pair.flattery.value:+.1f} ({100 * pair.flattery.low:+.1f} to "
            f"{100 * pair.flattery.high:+.1f})",
            "–" if pair.paired is None else f"{pair.paired.p_value:.2g}",
        ]
        for pair in pairs
    ]
    header = ["network", "songs", "test", "songs at random", "artists on one side"]
    header += ["difference, points", "p (McNemar)"]
    table = markdown_table(header, rows, range(3, 7))
    return f"{_run_on(record)}\n\n{table}\n\n{_teaches(lessons.protocol(pairs))}"


def fill(text: str, name: str, content: str) -> str:
    """Return `text` with what stands between the comments of `name` replaced.

    Raises
    ------
    DatasetError
        If the comments are not there.
    """
    begin, end = f"<!-- {name}: begin", f"<!-- {name}: end -->"
    head, found, rest = text.partition(begin)
    comment, closed, rest = rest.partition("-->")
    _, ended, tail = rest.partition(end)
    if not (found and closed and ended):
        raise DatasetError(f"the document has no part {name!r} between {begin} --> and {end}")
    return f"{head}{begin}{comment}-->\n\n{content}\n\n{end}{tail}"


def main(argv: Sequence[str] | None = None) -> int:
    """Fill every part."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.experiments_doc")
    parser.add_argument("--results", type=Path, default=EXPERIMENTS_FOLDER, metavar="FOLDER")
    parser.add_argument("--document", type=Path, default=DOCUMENT, metavar="FILE")
    args = parser.parse_args(argv)
    try:
        text = args.document.read_text(encoding="utf-8")
        records = {
            name: read_results(results_file(name, args.results))
            for name in NAMES
            if results_file(name, args.results).is_file()
        }
        parts: dict[str, Callable[[Record], str]] = {
            "networks": networks_part,
            "size": lambda record: size_part(record, records.get("networks")),
            "transfer": transfer_part,
            "optimizers": optimizers_part,
            "protocol": protocol_part,
        }
        for name in NAMES:
            record = records.get(name)
            content = parts[name](record) if record and record["runs"] else "Not measured yet."
            text = fill(text, name, content)
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    args.document.write_text(text, encoding="utf-8")
    print(f"{args.document}: {', '.join(records) or 'no results yet'}")
    return 0


def _teaches(lesson: str) -> str:
    return f"**What it teaches.** {lesson}"


def _spread(value: summaries.Spread) -> str:
    text = f"{100 * value.mean:.1f} %"
    return f"{text} ± {100 * value.deviation:.1f}" if value.n > 1 else text


def _estimate(value: Any) -> str:
    return f"{100 * value.value:.1f} % ({100 * value.low:.1f} to {100 * value.high:.1f})"


def _run_on(record: Record) -> str:
    seconds = sum(row.get("seconds", 0.0) for row in record["runs"])
    return (
        f"{record['n_songs']} songs of {record['dataset']} ({record['source']}), "
        f"{len(record['runs'])} runs, {seconds / 60:.0f} minutes of training on "
        f"{record['threads']} thread{'s' if record['threads'] != 1 else ''}, {record['date'][:10]}."
    )


def _measured_on(record: Record) -> str:
    return (
        f"Frames of 29.12 s on {record['machine']}, load {record['load_at_start']} before the "
        f"start, {record['date'][:10]}. Ratios count, times depend on the machine."
    )


if __name__ == "__main__":
    sys.exit(main())
