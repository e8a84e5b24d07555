"""Which scores, which frames, and how they are combined."""

from typing import get_args

import streamlit as st

from genre_core.evaluation.knn import METRICS, MOST_NEIGHBOURS
from genre_core.evaluation.metrics import Shares
from genre_core.ui.components.choice import choice
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.network_names import network_name
from genre_core.ui.pages.test_set.link import (
    Part,
    ScoresView,
    is_validation,
    reference_key,
    reference_keys,
)
from genre_core.ui.pages.test_set.results import Library
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.pages.test_set.words import (
    AGGREGATION_BUTTONS,
    METRIC_NAMES,
    label_of,
)

_KEYS = {
    "part": "ts_part",
    "set": "ts_set",
    "model": "ts_model",
    "frame_seconds": "ts_t",
    "aggregation": "ts_agg",
    "cells": "ts_cells",
    "order": "ts_order",
    "k": "ts_k",
    "metric": "ts_metric",
    "reference": "ts_ref",
}
_ROW_HEIGHT = 64  # px
_PARTS: dict[Part, str] = {"results": "Results", "own": "Your own test set"}
_CELLS: dict[Shares, str] = {"row": "% of the true", "column": "% of the named", "count": "Counts"}
_OWN_LABELS = (
    "So kNN uses the true genres of the other songs of this list, which the other aggregations "
    "never see. Compare with care. "
)
_METRICS_EXPLAINED = {
    "hellinger": "the distance of the square roots of the scores, made for probabilities: small "
    "scores count too",
    "euclidean": "the straight distance of the scores: large scores decide",
    "cosine": "the angle between the scores: the mix counts, not how sure it is",
}


def parts(state: ScoresState) -> None:
    """Show the choice between the results and a test set of one's own."""
    choice("What to show", _PARTS, state.view.part, _KEYS["part"], state.show_part)


def controls(state: ScoresState, library: Library) -> None:
    """Show the choices; the state is the truth, for the link may change it too."""
    view = state.view
    labels = {key: label_of(key, each) for key, each in library.score_sets.items()}
    st.session_state.update(
        {_KEYS["frame_seconds"]: view.frame_seconds, _KEYS["aggregation"]: view.aggregation}
    )
    # Rows of one height from the start: what is below them does not move when they come.
    with st.grid(3, min_column_width=330, row_height=_ROW_HEIGHT, key="ts_controls"):
        with st.container(horizontal=True, vertical_alignment="bottom", height="stretch"):
            parts(state)
            with st.popover("More", icon=":material/tune:", key="ts_more"):
                _set_and_network(state, library, labels)
                _cells(state)
        st.segmented_control(
            "Frame length",
            sorted(library.score_sets[view.scores].frames),
            key=_KEYS["frame_seconds"],
            on_change=_changed,
            args=(state, "frame_seconds"),
            format_func=lambda seconds: f"{seconds:g} s",
            required=True,
        )
        st.segmented_control(
            "How the frames are combined",
            list(AGGREGATION_BUTTONS),
            key=_KEYS["aggregation"],
            on_change=_changed,
            args=(state, "aggregation"),
            format_func=AGGREGATION_BUTTONS.__getitem__,
            required=True,
        )
    if view.aggregation == "knn":
        _knn_controls(state, library, labels)


def _set_and_network(state: ScoresState, library: Library, labels: dict[str, str]) -> None:
    """Show which scores there are to look at."""
    view = state.view
    models = {
        key: library.score_sets[key].provenance.model
        for key, label in labels.items()
        if label == labels[view.scores]
    }
    st.session_state.update({_KEYS["set"]: labels[view.scores], _KEYS["model"]: view.scores})

    def set_changed() -> None:
        chosen = st.session_state[_KEYS["set"]]
        keys = [key for key, label in labels.items() if label == chosen]
        same = [
            key for key in keys if library.score_sets[key].provenance.model == models[view.scores]
        ]
        state.choose_scores((same or keys)[0])

    st.selectbox(
        "Test set",
        list(dict.fromkeys(labels.values())),
        key=_KEYS["set"],
        on_change=set_changed,
        format_func=lambda text: tidy(text, 80),
    )
    st.selectbox(
        "Network",
        list(models),
        key=_KEYS["model"],
        on_change=lambda: state.choose_scores(st.session_state[_KEYS["model"]]),
        format_func=lambda key: tidy(_network_choice(models[key]), 80),
    )


def _cells(state: ScoresState) -> None:
    """Show what the cells show, and in which order the genres stand."""
    view = state.view
    st.session_state.update({_KEYS["cells"]: view.cells, _KEYS["order"]: view.order == "alike"})
    st.segmented_control(
        "What the cells show",
        get_args(Shares),
        key=_KEYS["cells"],
        on_change=_changed,
        args=(state, "cells"),
        format_func=_CELLS.__getitem__,
        required=True,
    )
    st.toggle(
        "Confused genres side by side",
        key=_KEYS["order"],
        on_change=lambda: state.change(
            order="alike" if st.session_state[_KEYS["order"]] else "name"
        ),
        help="Orders the genres by how often one is taken for the other, frame by frame, so "
        "that families of genres show as blocks along the diagonal.",
    )


def _knn_controls(state: ScoresState, library: Library, labels: dict[str, str]) -> None:
    view = state.view
    key = reference_key(view, library.score_sets)
    references = [view.scores, *reference_keys(view, library.score_sets)]
    st.session_state.update(
        {
            _KEYS["k"]: view.k,
            _KEYS["metric"]: view.metric,
            _KEYS["reference"]: key,
        }
    )
    with st.grid(3, min_column_width=220):
        st.selectbox(
            "Reference set",
            references,
            key=_KEYS["reference"],
            on_change=_changed,
            args=(state, "reference"),
            format_func=lambda key: (
                "The same songs, one left out" if key == view.scores else tidy(labels[key], 60)
            ),
        )
        st.number_input(
            "k, neighbours of a frame",
            1,
            MOST_NEIGHBOURS,
            key=_KEYS["k"],
            on_change=_changed,
            args=(state, "k"),
        )
        st.selectbox(
            "Metric",
            list(METRICS),
            key=_KEYS["metric"],
            on_change=_changed,
            args=(state, "metric"),
            format_func=METRIC_NAMES.__getitem__,
        )
    missing = missing_reference(view, library)
    if missing and key == view.scores:
        st.info(missing, icon=":material/rule:")
    reference = library.score_sets[key]
    n_frames = len(reference.frames[view.frame_seconds].scores)
    st.caption(
        f"Reference set: {as_markdown(labels[key], 80)}, {len(reference.clips)} songs, "
        f"{n_frames:,} frames. Frames of the song itself, and of its artist where that is known, "
        "are never used. "
        f"{_OWN_LABELS if key == view.scores else ''}"
        f"The metric is {_METRICS_EXPLAINED[view.metric]}. The matrix by frame always shows the "
        "network’s own scores. kNN favours genres with many frames in the reference set. The "
        "network is surer on songs that it was trained on."
    )


def missing_reference(view: ScoresView, library: Library) -> str:
    """Say, as Markdown, why no fair reference set is here and how to make it; empty if one is."""
    own = library.score_sets[view.scores]
    if is_validation(own) or any(
        is_validation(library.score_sets[key]) for key in reference_keys(view, library.score_sets)
    ):
        return ""
    provenance = own.provenance
    seconds = sorted(
        {
            length
            for each in library.score_sets.values()
            if is_validation(each) and each.provenance.model_sha256 == provenance.model_sha256
            for length in each.frames
        }
    )
    network = as_markdown(provenance.model, 60)
    there = (
        f"the scores of {network} on a validation list have frames of "
        f"{', '.join(f'{length:g}' for length in seconds)} s only, none of {view.frame_seconds:g} s"
        if seconds
        else f"no scores of {network} on a validation list are here"
    )
    return (
        f"**A fair reference set is missing:** {there}. A validation list is fair: the network was "
        "neither trained on it nor is it tested on it. Make its scores with `python -m genre_core "
        "evaluate DATASET --list valid --output RESULT.json` and lay the file beside the others; "
        "until then, the songs of this list are the reference for one another."
    )


def _network_choice(model: str) -> str:
    name = network_name(model)
    return model if name == model else f"{name} ({model})"


def _changed(state: ScoresState, name: str) -> None:
    state.change(**{name: st.session_state[_KEYS[name]]})
