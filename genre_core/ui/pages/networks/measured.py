"""What the experiments have measured: tables and figures of their result files."""

from collections.abc import Callable, Sequence
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from genre_core import assets
from genre_core.errors import DatasetError
from genre_core.experiments import results, sources_summary, summaries, words
from genre_core.experiments.names import HOW_TO_READ, SCHEME_NAMES, result_name
from genre_core.experiments.rows import ExperimentRecord, Header, NetworkRow, read_record
from genre_core.plots import experiments as plots
from genre_core.plots.experiment_sources import sources_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.networks.table import table_html

COMMANDS: dict[str, str] = {
    "networks": "python -m benchmarks.networks",
    "size": "python -m genre_core experiment size DATASET",
    "transfer": "python -m genre_core experiment transfer DATASET --weights WEIGHTS",
    "optimizers": "python -m genre_core experiment optimizers DATASET --weights WEIGHTS",
    "protocol": "python -m genre_core experiment protocol DATASET --weights WEIGHTS",
    "sources": "python -m genre_core experiment sources DATASET --more SONGS.csv --weights WEIGHTS",
}
_COSTS: dict[plots.CostAxis, str] = {
    "parameters": "Parameters",
    "multiply_adds": "Multiply-adds",
    "train_ms": "Training time",
    "infer_ms": "Inference time",
}
LESSON_CHARACTERS = 6_000  # longest paragraph shown
_QUANTITIES: dict[plots.Quantity, str] = {"accuracy": "Accuracy", "loss": "Loss"}
# Column of networks.json -> heading, digits after the point
_TABLE: dict[str, tuple[str, int]] = {
    "parameters": ("Parameters", 0),
    "multiply_adds": ("Multiply-adds a frame", 0),
    "train_ms": ("Training a frame, 1 thread (ms)", 0),
    "infer_ms_1_thread": ("Inference, 1 thread (ms)", 1),
    "infer_ms_2_threads": ("Inference, 2 threads (ms)", 1),
    "train_memory_mb": ("Memory to train (MB)", 0),
    "infer_memory_mb": ("Memory for inference (MB)", 0),
}


def measured() -> None:
    """Show the table of costs and the experiments A to E."""
    st.caption(
        "Every number here comes from a file that a command writes. docs/experiments.md says how "
        "each experiment was done and what it cannot show."
    )
    _section("What a network costs", "networks", _costs)
    _section("A: same size, same recipe", "size", _size)
    _section("B: what to keep of a trained network", "transfer", _transfer)
    _section("C: optimisers", "optimizers", _optimizers)
    _section("D: how much a leaky split raises the accuracy", "protocol", _protocol)
    _section("E: more songs, or a better network", "sources", _sources)


def read(name: str) -> ExperimentRecord | None:
    """Return the results of an experiment, None where there are none yet.

    Raises DatasetError if the file is damaged or of another version.
    """
    path = results.results_file(name, assets.EXPERIMENTS_FOLDER)
    changed_ns = path.stat().st_mtime_ns if path.is_file() else 0
    record = _read(name, str(path.parent), changed_ns)
    return record if record is not None and record.runs else None


@st.cache_data(max_entries=10, show_spinner=False)
def _read(name: str, folder: str, changed_ns: int) -> ExperimentRecord | None:
    return read_record(name, Path(folder))


def _section(title: str, name: str, show: Callable[[ExperimentRecord], None]) -> None:
    st.header(title, anchor=False)
    try:
        record = read(name)
    except DatasetError as error:
        st.warning(as_markdown(str(error), 600), icon=":material/broken_image:")
        record = None
    if record is None:
        _missing(name)
        return
    show(record)
    st.caption(as_markdown(_origin(record.header)))


def _missing(name: str) -> None:
    where = "assets/evaluations/experiments"
    st.info(
        f"Not measured yet: there is no {where}/{name}.json. This command makes it"
        f"{' of a data set' if 'DATASET' in COMMANDS[name] else ''}, in the folder of the app:",
        icon=":material/hourglass_empty:",
    )
    st.code(COMMANDS[name], language="bash", wrap_lines=True)


def _origin(header: Header) -> str:
    """Return on what, when and where something was measured, as far as the file says."""
    parts = [f"Measured {header.date[:10]}" if header.date else "Measured"]
    if header.n_songs:
        parts.append(f"on {header.n_songs:,} songs of {header.dataset or 'a data set'}")
    if header.machine:
        parts.append(f"on {header.machine}")
    if header.load_at_start is not None:
        parts.append(f"load {header.load_at_start} at the start")
    return ", ".join(parts) + "."


def _costs(record: ExperimentRecord) -> None:
    rows: tuple[NetworkRow, ...] = record.runs
    st.caption(as_markdown(words.networks_lesson(rows), LESSON_CHARACTERS))
    shown = {
        key: how
        for key, how in _TABLE.items()
        if any(getattr(row, key) is not None for row in rows)
    }
    st.html(
        table_html(
            "Each network at each size, for one frame of 29.12 s",
            ["Network", *(title for title, _ in shown.values())],
            [
                [
                    row.family + ("" if row.wanted_parameters else " (published)"),
                    *(
                        f"{getattr(row, key):,.{digits}f}" if getattr(row, key) is not None else "–"
                        for key, (_, digits) in shown.items()
                    ),
                ]
                for row in rows
            ],
        )
    )


def _size(record: ExperimentRecord) -> None:
    st.caption(
        "These networks begin from random weights and learn from few songs in a coarse picture, so "
        "that the comparison is fair. The network in use began from weights that others trained "
        "on many songs, and reads sharp spectrograms: it is right far more often."
    )
    try:
        networks = read("networks")
    except DatasetError:
        networks = None  # its own section says so
    points = summaries.size_points(record.runs, networks.runs if networks else ())
    known = {k: v for k, v in _COSTS.items() if any(getattr(p, k) is not None for p in points)}
    axis = st.segmented_control(
        "Against",
        list(known),
        format_func=known.__getitem__,
        default="parameters",
        key="networks_cost",
        required=True,
    )
    _chart(
        plots.size_figure(points, axis or "parameters"),
        "size",
        HOW_TO_READ["size"],
        words.size_numbers(points),
        words.size_lesson(points, record.runs[0].n_train),
    )


def _transfer(record: ExperimentRecord) -> None:
    ways = summaries.transfer_results(record.runs)
    _chart(
        plots.transfer_figure(ways),
        "transfer",
        HOW_TO_READ["transfer"],
        words.transfer_numbers(ways),
        words.transfer_lesson(ways),
    )
    curves = [each for each in ways if each.curve]
    if not curves:
        return
    chosen = st.selectbox(
        "Learning curves of",
        curves,
        format_func=result_name,
        index=_index_of(curves, "recurrent"),
        key="networks_learnt",
    )
    quantity = _quantity("networks_learning_quantity", "accuracy")
    _chart(
        plots.learning_figure([chosen], quantity),
        "learning",
        HOW_TO_READ["curve"],
        words.curve_numbers(chosen),
    )


def _index_of(curves: Sequence[summaries.TransferResult], learns: str) -> int:
    return next((i for i, each in enumerate(curves) if each.learns == learns), 0)


def _optimizers(record: ExperimentRecord) -> None:
    curves = summaries.optimizer_curves(record.runs)
    quantity = _quantity("networks_optimizer_quantity", "loss")
    every_rate = st.toggle("Every learning rate", key="networks_every_rate")
    _chart(
        plots.optimizers_figure(curves, quantity, every_rate=every_rate),
        "optimizers",
        HOW_TO_READ["optimizers"],
        words.optimizers_numbers(curves),
        words.optimizers_lesson(curves),
    )


def _protocol(record: ExperimentRecord) -> None:
    pairs = summaries.protocol_pairs(record.runs)
    schemes = [s for s in SCHEME_NAMES if any(pair.scheme == s for pair in pairs)]
    if not schemes:
        st.info("No network has been tested on both kinds of split yet.")
        return
    scheme = st.segmented_control(
        "Tested by",
        schemes,
        format_func=SCHEME_NAMES.__getitem__,
        default=schemes[0],
        key="networks_scheme",
        required=True,
    )
    scheme = scheme or schemes[0]
    own = [pair for pair in pairs if pair.scheme == scheme]
    _chart(
        plots.protocol_figure(own, scheme),
        "protocol",
        HOW_TO_READ["protocol"],
        words.protocol_numbers(own),
        words.protocol_lesson(pairs),
    )


def _sources(record: ExperimentRecord) -> None:
    points = sources_summary.source_points(record.runs)
    _chart(
        sources_figure(points),
        "sources",
        f"{sources_summary.HOW_TO_READ} Home is {record.header.dataset}, elsewhere "
        f"{record.header.elsewhere}.",
        sources_summary.sources_numbers(points),
        f"{sources_summary.sources_lesson(points)} {sources_summary.starts_lesson(points)}",
    )


def _quantity(key: str, default: plots.Quantity) -> plots.Quantity:
    chosen = st.segmented_control(
        "Show",
        list(_QUANTITIES),
        format_func=_QUANTITIES.__getitem__,
        default=default,
        key=key,
        required=True,
    )
    return chosen or default


def _chart(figure: go.Figure, key: str, how_to_read: str, numbers: str, lesson: str = "") -> None:
    """Show a figure, how to read it, what it shows, and all of its numbers in words."""
    with st.container(gap="xsmall"):
        st.caption(as_markdown(how_to_read, LESSON_CHARACTERS))
        st.plotly_chart(figure, config=CHART_CONFIG, key=f"networks_chart_{key}", alt=numbers)
        if lesson:
            st.markdown(as_markdown(lesson, LESSON_CHARACTERS))
        with st.expander("All numbers in words", icon=":material/notes:"):
            st.markdown(as_markdown(numbers, LESSON_CHARACTERS))
