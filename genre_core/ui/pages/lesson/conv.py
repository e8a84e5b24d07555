"""Step 6: convolution blocks."""

import streamlit as st

from genre_core.lesson.inside import MOST_MAPS
from genre_core.plots.frame_labels import span_label
from genre_core.plots.lesson.feature_maps import feature_maps_figure
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.parts import (
    Step,
    bound,
    chart,
    formula,
    frame_choice,
    question,
    say,
    sound,
)
from genre_core.ui.words import count


def _show(lesson: Lesson) -> None:
    text, beside = say(
        "Now the network looks at the picture. A **convolution block** slides many small "
        "**filters** over it. Each filter has learnt to answer to one kind of spot: an upright "
        "edge (a beat), a flat line (a held tone), a slope (a slide). Its answers, place by place, "
        "are a **feature map**. Then **max-pooling** keeps only the strongest answer of each small "
        "patch, so the maps shrink. The next block looks for patterns among those answers."
    )
    analysis = lesson.analysis()
    control = beside.container(border=True)
    row = control.grid(2, min_column_width=200)
    with row:
        span = frame_choice(lesson, analysis.frames.spans)
    inside = lesson.inside(analysis, span.index)
    names = list(inside.blocks)
    chosen = lesson.view.block if lesson.view.block in names else names[0]
    with control:
        st.segmented_control(
            "Which block",
            names,
            format_func=_title,
            required=True,
            wrap=True,
            **bound(lesson, "block", chosen),
        )
    with row:
        most = min(MOST_MAPS, *(len(block.maps) for block in inside.blocks.values()))
        n_shown = min(lesson.view.n_maps, most)
        st.slider(
            "How many of its maps to show",
            1,
            max(most, 2),
            disabled=most == 1,
            **bound(lesson, "n_maps", n_shown),
        )
    block = inside.blocks[chosen]
    n_maps, rows, columns = block.shape
    seconds = span.end_seconds - span.start_seconds
    text.markdown(
        f"{_title(chosen)} has **{n_maps} maps of {rows} × {columns} numbers**: "
        f"{count(rows, 'row')} along frequency, and a column every "
        f"{seconds / columns:.2f} seconds. Shown are some that answer strongly here and differ "
        "most from one another."
    )
    chart(
        feature_maps_figure(
            inside.entrance,
            block,
            n_shown,
            span.start_seconds,
            span.end_seconds,
        ),
        "maps",
        "On top what goes into the network, below what single filters answer; time runs alike in "
        "all, high is up. Bright is a strong answer. Which map follows the beat, which the held "
        "tones?",
        f"The input of {span_label(span)} and {n_shown} feature maps of "
        f"{_title(chosen).lower()}: numbers "
        f"{', '.join(str(index + 1) for index in block.indices[:n_shown])}.",
    )
    with beside:
        sound(
            analysis.frames.samples[span.index],
            span.sample_rate,
            f"{span_label(span)}: listen and follow one map.",
            charts=["maps"],
            start_seconds=span.start_seconds,
        )
    question(
        "Why do the maps get smaller from block to block?",
        "Pooling forgets *exactly where* something was and keeps *that* it was there. A snare drum "
        "a hundredth of a second later is still the same snare drum, and a melody half a tone "
        "higher the same melody. So each number of a deep map speaks for a longer stretch of music "
        "and for more of the pitch range: from spots to beats, from beats to patterns.",
    )
    formula(
        r"y_c = \max_{\text{pool}}\; f\!\left(\text{BN}\!\left(b_c + \sum_{c'} "
        r"w_{c, c'} * x_{c'}\right)\right)",
        "$x_{c'}$ are the maps that come in, $w_{c, c'}$ the filter (a small grid of learnt "
        "numbers), $*$ the convolution that slides it over the picture, BN batch normalisation "
        "(Ioffe and Szegedy 2015), $f$ a bend that keeps what is positive: ReLU (Glorot et al. "
        "2011), or ELU in the published network (Clevert et al. 2016). "
        "Choi et al. (2017), section 2.",
    )


def _title(block: str) -> str:
    """Return what a block of the trace is called here, e.g. "Block 1"."""
    return f"Block {block.removeprefix('conv')}"


STEP = Step("conv", "Conv blocks", "Filters look for shapes", _show)
