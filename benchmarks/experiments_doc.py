"""Write the measured parts of docs/experiments.md from the experiments' results.

    python -m benchmarks.experiments_doc [--results FOLDER] [--document FILE]

Each part lies between two comments, `<!-- NAME: begin ... -->` and `<!-- NAME: end -->`; the rest
of the document stays unchanged. A part without results says so.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from genre_core.assets import EXPERIMENTS_FOLDER
from genre_core.errors import DatasetError, GenreError
from genre_core.experiments import names, sources_summary, summaries, words
from genre_core.experiments.rows import ROWS, ExperimentRecord, Header, NetworkRow, read_record
from genre_core.markdown import markdown_table

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "experiments.md"
NOTHING = "–"

NETWORK_COLUMNS = {
    "parameters": "parameters",
    "multiply_adds": "multiply-adds a frame",
    "train_ms": "training, ms a frame",
    "infer_ms_1_thread": "1 thread, ms a frame",
    "infer_ms_2_threads": "2 threads, ms a frame",
    "infer_memory_mb": "memory for inference, MB",
    "train_memory_mb": "memory to train, MB",
}


def networks_part(rows: Sequence[NetworkRow]) -> str:
    """Return the table of each network's cost."""
    columns = {key: title for key, title in NETWORK_COLUMNS.items() if getattr(rows[0], key)}
    table = [[row.family, *(_number(getattr(row, key)) for key in columns)] for row in rows]
    return _part(["network", *columns.values()], 1, table, words.networks_lesson(rows))


def size_part(record: ExperimentRecord, networks: ExperimentRecord | None) -> str:
    """Return the table of experiment A."""
    points = summaries.size_points(record.runs, networks.runs if networks else ())
    rows = [
        [
            p.family,
            f"{p.parameters:,}",
            NOTHING if p.train_ms is None else f"{p.train_ms:.0f}",
            *(names.percent(each) for each in (p.train, p.valid, p.test)),
        ]
        for p in sorted(points, key=lambda point: (point.wanted, point.family))
    ]
    header = ["network", "parameters", "training, ms a frame", "in training", "validation", "test"]
    return _part(header, 1, rows, words.size_lesson(points, record.runs[0].n_train))


def transfer_part(record: ExperimentRecord) -> str:
    """Return the table of experiment B."""
    results = summaries.transfer_results(record.runs)
    rows = [
        [
            names.result_name(each),
            NOTHING if each.parameters is None else f"{each.parameters:,}",
            NOTHING if each.best_epoch is None else f"{each.best_epoch.mean:.0f}",
            *(names.percent(value) for value in (each.train, each.valid, each.test)),
        ]
        for each in results
    ]
    header = ["what learns", "parameters", "best epoch", "in training", "validation", "test"]
    return _part(header, 1, rows, words.transfer_lesson(results))


def optimizers_part(record: ExperimentRecord) -> str:
    """Return the table of experiment C."""
    curves = summaries.optimizer_curves(record.runs)
    rows = [
        [
            names.optimizer_name(each),
            f"{each.learning_rate:g}",
            f"{each.curve['train_loss'][0]:.2f}",
            f"{each.curve['train_loss'][-1]:.2f}",
            f"{min(each.curve['valid_loss']):.2f}",
            names.percent(each.valid),
            names.percent(each.test),
        ]
        for each in curves
    ]
    header = ["optimiser", "learning rate", "training loss, first epoch", "last epoch"]
    header += ["lowest validation loss", "validation", "test"]
    return _part(header, 1, rows, words.optimizers_lesson(curves))


def protocol_part(record: ExperimentRecord) -> str:
    """Return the table of experiment D."""
    pairs = summaries.protocol_pairs(record.runs)
    rows = [
        [
            names.network_name(pair),
            names.SONGS_NAMES[pair.songs],
            names.SCHEME_NAMES[pair.scheme],
            pair.random.in_percent(),
            pair.artist.in_percent(),
            pair.difference.in_points(),
            NOTHING if pair.paired is None else f"{pair.paired.p_value:.2g}",
        ]
        for pair in pairs
    ]
    header = ["network", "songs", "test", "songs at random", "artists on one side"]
    header += ["difference, points", "p (McNemar)"]
    return _part(header, 3, rows, words.protocol_lesson(pairs))


def starts_part(record: ExperimentRecord) -> str:
    """Return the table of experiment B of the pretrained networks side by side."""
    points = sources_summary.source_points(record.runs)
    rows = [
        [p.name, names.percent(p.valid), names.percent(p.elsewhere)]
        for p in sources_summary.starts(points)
    ]
    header = ["pretrained network, frozen", "validation", "songs from elsewhere"]
    return _part(header, 1, rows, sources_summary.starts_lesson(points))


def sources_part(record: ExperimentRecord) -> str:
    """Return the table of experiment E."""
    points = sources_summary.source_points(record.runs)
    rows = [
        [
            p.name,
            sources_summary.training_set(p),
            f"{p.n_train:.0f}",
            names.percent(p.valid),
            names.percent(p.elsewhere),
        ]
        for p in points
    ]
    header = ["pretrained network, frozen", "training songs", "n", "validation"]
    return _part([*header, "songs from elsewhere"], 2, rows, sources_summary.sources_lesson(points))


def content(name: str, records: dict[str, ExperimentRecord]) -> str:
    """Return the document's part of one experiment."""
    record = records.get(name)
    if record is None:
        return "Not measured yet."
    if name == "networks":
        return f"{_measured_on(record.header)}\n\n{networks_part(record.runs)}"
    if name in ("sources", "starts"):
        part = sources_part(record) if name == "sources" else starts_part(record)
        return f"{_probes_on(record.header)}\n\n{part}"
    if name == "size":
        part = size_part(record, records.get("networks"))
    else:
        parts = {"transfer": transfer_part, "optimizers": optimizers_part}
        part = {**parts, "protocol": protocol_part}[name](record)
    return f"{_run_on(record)}\n\n{part}"


def fill(text: str, name: str, content: str) -> str:
    """Return `text` with the part between the comments of `name` replaced.

    Raises DatasetError if the comments are not there.
    """
    begin, end = f"<!-- {name}: begin", f"<!-- {name}: end -->"
    head, opened, rest = text.partition(begin)
    comment, closed, rest = rest.partition("-->")
    _, ended, tail = rest.partition(end)
    if not (opened and closed and ended):
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
        read = {name: read_record(name, args.results) for name in ROWS}
        read["starts"] = read["sources"]  # in two parts of the document
        records = {name: record for name, record in read.items() if record and record.runs}
        for name in read:
            text = fill(text, name, content(name, records))
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    args.document.write_text(text, encoding="utf-8")
    print(f"{args.document}: {', '.join(records) or 'no results yet'}")
    return 0


def _part(
    header: Sequence[str], first_number: int, rows: Sequence[Sequence[str]], lesson: str
) -> str:
    """Return a table, numbers from column `first_number` on, and the lesson below it."""
    table = markdown_table(header, rows, range(first_number, len(header)))
    return f"{table}\n\n**What it shows.** {lesson}"


def _number(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{value:,}" if isinstance(value, int) else f"{value:.1f}"


def _run_on(record: ExperimentRecord) -> str:
    header = record.header
    minutes = sum(row.seconds for row in record.runs) / 60
    return (
        f"{header.n_songs} songs of {header.dataset} ({header.source}), {len(record.runs)} runs, "
        f"{minutes:.0f} minutes of training on {header.threads} "
        f"thread{'s' if header.threads != 1 else ''}, {header.date[:10]}."
    )


def _probes_on(header: Header) -> str:
    return (
        f"Home is {header.dataset}, elsewhere {header.elsewhere}; {header.n_songs} songs, "
        f"{header.date[:10]}."
    )


def _measured_on(header: Header) -> str:
    return (
        f"Frames of 29.12 s on {header.machine}, load {header.load_at_start} before the start, "
        f"{header.date[:10]}. Ratios count, times depend on the machine."
    )


if __name__ == "__main__":
    sys.exit(main())
