"""Step 10: the average over the frames."""

import streamlit as st

from genre_core.inference.aggregate import AGGREGATES
from genre_core.inference.analysis import SongAnalysis
from genre_core.plots.lesson.bars import compared_bars_figure
from genre_core.plots.lesson.cut import strike
from genre_core.plots.style import shade
from genre_core.plots.timeline import frames_figure
from genre_core.types import Verdict
from genre_core.ui import services
from genre_core.ui.components import genre_chip
from genre_core.ui.components.verdict_card import agreement_in_words
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.parts import Step, bound, chart, formula, question, say, widget_key
from genre_core.ui.words import AGGREGATION_NAMES, AGGREGATIONS_EXPLAINED, percent

_BARS_PIXELS = 300  # the step fits on a screen


def _show(lesson: Lesson) -> None:
    analysis = lesson.analysis()
    spans, genres = analysis.frames.spans, analysis.model.genres
    text, beside = say(
        "Each frame has its scores; now the song needs **one verdict**. The paper **averages** "
        "the frames’ scores. A frame that was misled, by a quiet passage or an odd solo, is "
        "outvoted by the others: mistakes that differ cancel out, what the frames agree on stays."
    )
    left_out = tuple(n for n in lesson.view.left_out if n <= len(spans) and not spans[n - 1].silent)
    with beside.container(border=True):
        _controls(lesson, analysis, left_out)
    silent = analysis.frames.silent
    if len(left_out) + silent.sum() == len(spans):
        st.info("No frame is left to average: put one back.", icon=":material/info:")
        return
    of_all = analysis.verdict()
    verdict = analysis.verdict(lesson.view.aggregation, [number - 1 for number in left_out])
    text.html(f"<p>{_verdict_html(analysis, verdict)}</p>")
    figure = frames_figure(spans, analysis.scores, genres, analysis.waveform.duration_seconds)
    shade(figure, 0.0, spans[0].start_seconds)
    for number in left_out:
        strike(figure, spans[number - 1])
    with st.grid(2, min_column_width=330):
        chart(
            figure,
            "timeline",
            "One column a frame: the taller a colour, the surer the frame. Crossed-out frames do "
            "not count.",
            "Scores of the frames: "
            + "; ".join(
                f"frame {span.index + 1} {genres[int(row.argmax())]} {percent(float(row.max()), 0)}"
                for span, row in list(zip(spans, analysis.scores, strict=True))[:20]
            ),
        )
        chart(
            compared_bars_figure(
                verdict.scores,
                of_all.scores,
                genres,
                "your choice",
                "mean of all frames",
                height=_BARS_PIXELS,
            ),
            "verdict",
            "Filled bars are the song’s scores by your choice, open ones the plain mean of all "
            "frames.",
            "Scores of the song: "
            + ", ".join(
                f"{genre} {percent(score)}"
                for genre, score in zip(genres, verdict.scores, strict=True)
            ),
        )
    genre_chip.legend(genres, analysis.scores)
    question(
        "Can the average be wrong although most frames are right?",
        "Yes. One frame that is very sure can outweigh two that are only half sure: 95 % against "
        "twice 40 % wins the mean, but loses the vote. And if *all* frames make the same mistake, "
        "no average helps: it only cancels mistakes that differ. The page “Test set” counts how "
        "many songs averaging repairs, and how many it breaks.",
    )
    formula(
        r"\begin{aligned} \bar p_g &= \frac{1}{n} \sum_{i=1}^{n} p_{i, g} \\"
        r" \tilde p_g &\propto \left(\prod_{i=1}^{n} p_{i, g}\right)^{1/n} \\"
        r" v_g &= \frac{1}{n} \left|\{ i : g = \arg\max_j p_{i, j} \}\right| \end{aligned}",
        f"$p_{{i, g}}$ is the score of genre $g$ in frame $i$ of the $n$ = {verdict.n_frames} that "
        "count: mean, geometric mean, and majority vote. Jiménez and José average the frames.",
    )


def _controls(lesson: Lesson, analysis: SongAnalysis, left_out: tuple[int, ...]) -> None:
    key = widget_key("left_out")
    st.session_state[key] = list(left_out)
    st.segmented_control(
        "How the frames are combined",
        list(AGGREGATES),
        format_func=AGGREGATION_NAMES.__getitem__,
        required=True,
        wrap=True,
        **bound(lesson, "aggregation"),
    )
    st.caption(AGGREGATIONS_EXPLAINED[lesson.view.aggregation])
    st.multiselect(
        "Frames to leave out",
        [span.index + 1 for span in analysis.frames.spans if not span.silent],
        format_func=lambda number: f"Frame {number}",
        key=key,
        on_change=lambda: lesson.state.change(left_out=tuple(sorted(st.session_state[key]))),
        placeholder="None: all frames count",
    )


def _verdict_html(analysis: SongAnalysis, verdict: Verdict) -> str:
    said = f"{verdict.genre} {percent(verdict.confidence, 0)}"
    surety = services.surety(analysis, verdict)
    words = f"; the network is {surety.words}" if surety is not None else ""
    chip = genre_chip.chip_html(verdict.genre, said)
    return f"The song is {chip}{words}. {agreement_in_words(verdict)}"


STEP = Step("average", "Average", "Many frames, one verdict", _show)
