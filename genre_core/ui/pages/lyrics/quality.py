"""How well words tell genres apart: confusion, shares, and experiment F."""

import pandas as pd
import streamlit as st

from genre_core import assets
from genre_core.errors import DatasetError
from genre_core.evaluation.lyrics_scores import WHOLE_TEXT_SECONDS
from genre_core.evaluation.metrics import mean_of_diagonal
from genre_core.evaluation.score_file import load_score_set, parse_score_set
from genre_core.evaluation.score_set import CROSS_VALIDATION, ScoreSet
from genre_core.evaluation.summary import Summary, summarise
from genre_core.experiments import lyrics_summary
from genre_core.lyrics import bundled
from genre_core.lyrics.genres import genre_name
from genre_core.plots.confusion import confusion_figure, largest_confusions
from genre_core.plots.lyrics.accuracy import NAMES, accuracy_figure
from genre_core.plots.shares import shares_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui import uploads
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.pages.lyrics.link import TextKind
from genre_core.ui.pages.lyrics.state import LyricsState
from genre_core.ui.pages.lyrics.typical import TEXT_KINDS, kind_chosen

_KIND, _FILE = "lyrics_quality_kind", "lyrics_score_file"
_COMMAND = "python -m genre_core experiment lyrics BAGS.parquet"


def quality(state: LyricsState) -> None:
    """Show the measured accuracy of the bundled model, or of a file of the user's own."""
    _own_file(state)
    if state.scores is not None:
        _matrices(state.scores, "Your score file")
        return
    kind_chosen(state, _KIND)
    kind = state.view.text_kind
    path = bundled.SCORES_FOLDER / f"{kind}.json"
    if path.is_file():
        _matrices(_bundled_scores(str(path), path.stat().st_mtime_ns), TEXT_KINDS[kind])
    _experiment(kind)


@st.cache_resource(show_spinner=False, max_entries=4)
def _bundled_scores(path: str, changed_ns: int) -> ScoreSet:
    return load_score_set(path)


def _own_file(state: LyricsState) -> None:
    with st.popover("Open a score file", icon=":material/folder_open:"):
        st.caption(
            "`python -m genre_core lyrics evaluate BAGS.parquet` scores songs whose genre is known "
            "and writes such a file."
        )
        st.file_uploader("Score file", type=["json"], key=_FILE, on_change=lambda: _opened(state))
    message = st.session_state.pop("lyrics_score_error", "")
    if message:
        st.error(as_markdown(message), icon=":material/error:")


def _opened(state: LyricsState) -> None:
    file = next(iter(uploads.arrived(_FILE)), None)
    state.scores = None
    if file is None:
        return
    try:
        found = parse_score_set(uploads.take(file), tidy(file.name))
        if {clip.kind for clip in found.clips} != {"lyrics"}:
            raise DatasetError(
                f"{tidy(file.name)}: holds scores of sound. Open it on the page “Test set”."
            )
        state.scores = found
    except DatasetError as error:
        st.session_state["lyrics_score_error"] = str(error)


def _matrices(scores: ScoreSet, title: str) -> None:
    seconds = WHOLE_TEXT_SECONDS
    summary = summarise(scores, seconds, "mean")
    counts = summary.song_confusion
    names = [genre_name(genre) for genre in scores.genres]
    st.header(title, anchor=False)
    st.html(_facts_html(summary))
    provenance = scores.provenance
    how = (
        "Each song was scored by a model fitted without its artist and without covers of it."
        if provenance.list_name == CROSS_VALIDATION
        else f"Scored by {provenance.model}."
    )
    st.caption(as_markdown(f"{how} Made on {provenance.date[:10]} of {provenance.dataset}.", 300))
    for problem in provenance.problems:
        st.caption(as_markdown(f"Left out: {problem}."))
    errors = "; ".join(
        f"{true} named {named} in {n} of {total}"
        for true, named, n, total in largest_confusions(counts, names)
    )
    sentence = f"Most frequent errors: {errors}." if errors else "There are no errors."
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container(gap="xsmall"):
            st.markdown("### What is taken for what")
            st.plotly_chart(
                confusion_figure(
                    counts, names, what="songs", dark=st.context.theme.type == "dark", height=420
                ),
                config=CHART_CONFIG,
                key="lyrics_confusion",
                alt=f"Confusion matrix. {sentence}",
            )
            st.caption(as_markdown(sentence, 600))
        with st.container(gap="xsmall"):
            st.markdown("### Share of each genre, true and as named")
            shares = ", ".join(
                f"{name} {true:.0%} true, {named:.0%} named"
                for name, true, named in zip(
                    names,
                    counts.sum(axis=1) / counts.sum(),
                    counts.sum(axis=0) / counts.sum(),
                    strict=True,
                )
            )
            st.plotly_chart(
                shares_figure(counts, names),
                config=CHART_CONFIG,
                key="lyrics_shares",
                alt=f"Share of the songs: {shares}.",
            )
            st.caption("Hatched: true. Solid: as the words say.")


def _facts_html(summary: Summary) -> str:
    accuracy = summary.song_accuracy
    facts = (
        (f"{accuracy.value:.1%}", f"right (95 %: {accuracy.low:.1%} to {accuracy.high:.1%})"),
        (f"{summary.macro_f1:.2f}", "macro F1: every genre counts the same"),
        (
            f"{mean_of_diagonal(summary.song_confusion):.1%}",
            "of a genre’s songs are right, on average over the genres",
        ),
        (f"{summary.n_songs:,}", "songs"),
    )
    cells = "".join(f"<div><b>{value}</b><span>{what}</span></div>" for value, what in facts)
    return f'<div class="gl-facts">{cells}</div>'


def _experiment(kind: TextKind) -> None:
    st.header("Experiment F: how many words does it take?", anchor=False)
    rows = lyrics_summary.read_rows(assets.EXPERIMENTS_FOLDER)
    curves = lyrics_summary.curves(rows, kind)
    if not curves:
        st.info("Not measured yet. This command measures it:", icon=":material/hourglass_empty:")
        st.code(_COMMAND, language="bash")
        return
    best = max((curve.best for curve in curves), key=lambda row: row.accuracy)
    words = "all words" if best.n is None else f"the {best.n:,} most frequent words of each genre"
    sentence = (
        f"Best of all: {NAMES[best.classifier]} with {words}, {100 * best.accuracy:.1f} % "
        f"± {100 * lyrics_summary.spread(best):.1f} over the folds, macro F1 {best.macro_f1:.2f}; "
        f"guessing gives {100 / best.n_genres:.1f} %."
    )
    st.markdown(as_markdown(sentence))
    st.plotly_chart(
        accuracy_figure(curves, 1 / best.n_genres),
        config=CHART_CONFIG,
        key="lyrics_experiment",
        alt=f"Accuracy against the number of words. {sentence}",
    )
    st.caption(
        f"{best.n_songs:,} songs, equally many of each of {best.n_genres} genres. Five times, "
        "another fifth of them is the test; the songs of an artist, and covers, stay together. "
        "Whiskers: the standard deviation over the five. The words are chosen without the test."
    )
    pairs = lyrics_summary.flattery(rows, kind)
    if pairs:
        st.markdown("### Why an artist’s songs stay together")
        st.caption(
            "With songs drawn at random, an artist is in training and in the test. The classifier "
            "can then learn artists in place of genres, and looks better than it is."
        )
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "Classifier, all words": NAMES.get(grouped.classifier, grouped.classifier),
                        "By artist (%)": round(100 * grouped.accuracy, 1),
                        "At random (%)": round(100 * mixed.accuracy, 1),
                        "Looks better by (points)": round(
                            100 * (mixed.accuracy - grouped.accuracy), 1
                        ),
                    }
                    for grouped, mixed in pairs
                ]
            ),
            hide_index=True,
        )
