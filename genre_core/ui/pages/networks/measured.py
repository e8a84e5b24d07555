"""What the experiments have measured: tables and figures of their result files."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from genre_core import assets
from genre_core.errors import DatasetError
from genre_core.experiments import results, summaries
from genre_core.plots import experiments as plots
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.networks import findings
from genre_core.ui.pages.networks.table import table_html

Record = Mapping[str, Any]

COMMANDS: dict[str, str] = {
    "networks": "python -m benchmarks.networks",
    "size": "python -m genre_core experiment size DATASET",
    "transfer": "python -m genre_core experiment transfer DATASET --weights WEIGHTS",
    "optimizers": "python -m genre_core experiment optimizers DATASET --weights WEIGHTS",
    "protocol": "python -m genre_core experiment protocol DATASET --weights WEIGHTS",
}
_COSTS: dict[plots.CostAxis, str] = {
    "parameters": "Parameters",
    "multiply_adds": "Multiply-adds",
    "train_ms": "Training time",
    "infer_ms": "Listening time",
}
_QUANTITIES: dict[plots.Quantity, str] = {"accuracy": "Accuracy", "loss": "Loss"}
# Column of networks.json -> heading, digits after the point
_TABLE: dict[str, tuple[str, int]] = {
    "parameters": ("Parameters", 0),
    "multiply_adds": ("Multiply-adds a frame", 0),
    "train_ms": ("Training a frame, 1 thread (ms)", 0),
    "infer_ms_1_thread": ("Listening, 1 thread (ms)", 1),
    "infer_ms_2_threads": ("Listening, 2 threads (ms)", 1),
    "train_memory_mb": ("Memory to train (MB)", 0),
    "infer_memory_mb": ("Memory to listen (MB)", 0),
}


def measured() -> None:
    """Show the table of costs and the experiments A to D."""
    st.caption(
        "Nothing here is typed by hand: every number comes from a file that a command writes. "
        "docs/experiments.md says how each experiment was done and what it cannot show."
    )
    _section("What a network costs", "networks", _costs)
    _section("A: same size, same recipe", "size", _size)
    _section("B: what to keep of a trained network", "transfer", _transfer)
    _section("C: optimisers", "optimizers", _optimizers)
    _section("D: how far a leaky split flatters", "protocol", _protocol)


def read(name: str) -> Record | None:
    """Return the results of an experiment, None where there are none yet.

    Raises
    ------
    DatasetError
        If the file is damaged.
    """
    path = results.results_file(name, assets.EXPERIMENTS_FOLDER)
    if not path.is_file():
        return None
    record = _read(str(path), path.stat().st_mtime_ns)
    return record if record["runs"] else None


@st.cache_data(max_entries=10, show_spinner=False)
def _read(path: str, changed_ns: int) -> dict[str, Any]:
    return results.read_results(Path(path))


def _section(title: str, name: str, show: Callable[[Record], None]) -> None:
    st.subheader(title, anchor=False)
    try:
        record = read(name)
    except DatasetError as error:
        st.warning(as_markdown(str(error)), icon=":material/broken_image:")
        record = None
    if record is None:
        _missing(name)
        return
    try:
        show(record)
    except (KeyError, IndexError, TypeError, ValueError):
        st.warning(
            f"The results in {as_markdown(f'{name}.json')} are of another version of the program: "
            "make them again.",
            icon=":material/broken_image:",
        )
        _missing(name)
    else:
        st.caption(as_markdown(_origin(record)))


def _missing(name: str) -> None:
    where = "assets/evaluations/experiments"
    st.info(
        f"Not measured yet: there is no {where}/{name}.json. This command makes it"
        f"{' of a data set' if 'DATASET' in COMMANDS[name] else ''}, in the folder of the app:",
        icon=":material/hourglass_empty:",
    )
    st.code(COMMANDS[name], language="bash", wrap_lines=True)


def _origin(record: Record) -> str:
    """Return on what, when and where something was measured, as far as the file says."""
    parts = [f"Measured {str(record['date'])[:10]}"] if record.get("date") else ["Measured"]
    if record.get("n_songs"):
        parts.append(f"on {record['n_songs']:,} songs of {record.get('dataset', 'a data set')}")
    if record.get("machine"):
        parts.append(f"on {record['machine']}")
    if record.get("load_at_start") is not None:
        parts.append(f"load {record['load_at_start']} at the start")
    return ", ".join(parts) + "."


def _costs(record: Record) -> None:
    rows = record["runs"]
    st.caption(as_markdown(findings.costs(rows), 600))
    shown = {key: how for key, how in _TABLE.items() if any(row.get(key) for row in rows)}
    st.html(
        table_html(
            "Each network at each size, for one frame of 29.12 s",
            ["Network", *(title for title, _ in shown.values())],
            [
                [
                    str(row["family"]) + ("" if "wanted_parameters" in row else " (published)"),
                    *(
                        f"{row[key]:,.{digits}f}" if row.get(key) is not None else "–"
                        for key, (_, digits) in shown.items()
                    ),
                ]
                for row in rows
            ],
        )
    )


def _size(record: Record) -> None:
    try:
        networks = read("networks")
    except DatasetError:
        networks = None  # said above
    points = summaries.size_points(record, networks)
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
        findings.size(points),
        plots.size_text(points),
    )


def _transfer(record: Record) -> None:
    learnt = summaries.transfer_results(record)
    _chart(
        plots.transfer_figure(learnt),
        "transfer",
        findings.transfer(learnt),
        plots.transfer_text(learnt),
    )
    curves = [each for each in learnt if each.curve]
    if not curves:
        return
    chosen = st.selectbox(
        "Learning curves of",
        curves,
        format_func=plots.way_name,
        index=_index_of(curves, "recurrent"),
        key="networks_learnt",
    )
    quantity = _quantity("networks_learning_quantity", "accuracy")
    _chart(
        plots.learning_figure([chosen], quantity),
        "learning",
        findings.learning(chosen),
        plots.learning_text([chosen]),
    )


def _index_of(curves: Sequence[summaries.Learnt], learns: str) -> int:
    return next((i for i, each in enumerate(curves) if each.learns == learns), 0)


def _optimizers(record: Record) -> None:
    curves = summaries.optimizer_curves(record)
    quantity = _quantity("networks_optimizer_quantity", "loss")
    every_rate = st.toggle("Every learning rate", key="networks_every_rate")
    _chart(
        plots.optimizers_figure(curves, quantity, every_rate=every_rate),
        "optimizers",
        findings.optimizers(curves),
        plots.optimizers_text(curves),
    )


def _protocol(record: Record) -> None:
    pairs = summaries.protocol_pairs(record)
    schemes = [s for s in plots.SCHEME_NAMES if any(pair.scheme == s for pair in pairs)]
    if not schemes:
        st.info("Not done far enough yet: no network has been tested both ways.")
        return
    scheme = st.segmented_control(
        "Tested by",
        schemes,
        format_func=plots.SCHEME_NAMES.__getitem__,
        default=schemes[0],
        key="networks_scheme",
        required=True,
    )
    scheme = scheme or schemes[0]
    own = [pair for pair in pairs if pair.scheme == scheme]
    _chart(
        plots.protocol_figure(own, scheme),
        "protocol",
        findings.protocol(own),
        plots.protocol_text(own),
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


def _chart(figure: go.Figure, key: str, finding: str, alt: str) -> None:
    """Show a figure under what it says, and the whole of it in words for who cannot see it."""
    with st.container(gap="xsmall"):
        st.caption(as_markdown(finding, 600))
        st.plotly_chart(figure, config=CHART_CONFIG, key=f"networks_chart_{key}", alt=alt)
        with st.expander("All numbers in words", icon=":material/notes:"):
            st.markdown(as_markdown(alt, 6_000))
