"""Step 11: what the words say."""

import html

import streamlit as st

from genre_core.lyrics import bundled
from genre_core.lyrics.analysis import frequent_words
from genre_core.lyrics.genres import genre_name
from genre_core.lyrics.reading import parse_any
from genre_core.lyrics.text import Line
from genre_core.plots.lesson.bars import compared_bars_figure
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.link import N_WORDS
from genre_core.ui.pages.lesson.parts import Step, bound, chart, formula, question, say
from genre_core.ui.words import percent

_EXAMPLE = "country"  # most of what tells its genre are rare words, so that n matters


def _show(lesson: Lesson) -> None:
    model = bundled.bundled_model()
    example = next(each for each in bundled.examples() if each.name == _EXAMPLE)
    lyrics = parse_any(example.text, example.title)
    n = lesson.view.n_words
    _, beside = say(
        "All steps so far listened to the sound. The source paper has a second half: it looks at "
        "the **words** alone. A text becomes a **bag of words**, in which their order is lost, "
        "and a classifier learns how much each word speaks for each genre. One choice matters: "
        "**how many words** it may look at, counted from the most frequent of each genre."
    )
    with beside.container(border=True):
        st.select_slider(
            "Most frequent words of each genre (n)",
            N_WORDS,
            format_func=lambda size: f"{size:,}",
            **bound(lesson, "n_words"),
        )
    known = frequent_words(model, n)
    seen = [word for word in lyrics.words if word in known]
    genres = tuple(genre_name(genre) for genre in model.genres)
    scores, every = model.scores(seen), model.scores(lyrics.words)
    best = genres[int(scores.argmax())]
    with st.grid(2, min_column_width=330):
        with st.container(gap="xsmall"):
            st.caption(
                f"“{as_markdown(example.title)}”, a text written for this app: with n = {n:,} the "
                f"classifier may look at {len(set(seen))} of its {len(set(lyrics.words))} "
                "different words. The others are faded."
            )
            lines = "".join(f"<p>{_line_html(line, known)}</p>" for line in lyrics.lines)
            st.html(f'<div class="lesson-text" lang="en" tabindex="0">{lines}</div>')
        chart(
            compared_bars_figure(scores, every, genres, f"with n = {n:,}", "with all words"),
            "words",
            f"Filled bars: what these words say, **{as_markdown(best)} "
            f"{percent(scores.max(), 0)}**. Open bars: what all words of the text say.",
            f"Scores with n = {n}: "
            + ", ".join(f"{g} {percent(s)}" for g, s in zip(genres, scores, strict=True)),
        )
    question(
        "Why do the ten most frequent words say so little?",
        "Because they are nearly the same in every genre: I, you, the, and, to … They hold the "
        "language together and say little about the song. What tells a genre, “truck” or “death”, "
        "is rare. But very rare words tell an artist rather than a genre: they do not come back in "
        "the songs of others. The page “Lyrics” shows under “How good it is” where more words "
        "stop helping.",
    )
    formula(
        r"z_g = b_g + \sum_{w} \frac{\mathrm{idf}_w}{\sqrt{\sum_{v} \mathrm{idf}_v^2}}\, W_{w, g}",
        "The sums run over the different words of the text that the classifier may look at. "
        "$\\mathrm{idf}_w$ is larger for a word in fewer songs, $W_{w, g}$ is the weight learnt, "
        "$b_g$ a constant; the softmax of step 8 makes scores of the $z_g$. Sparck Jones (1972).",
    )


def _line_html(line: Line, known: frozenset[str]) -> str:
    parts, end = [], 0
    for token in line.tokens:
        parts.append(html.escape(line.text[end : token.start]))
        written = html.escape(line.text[token.start : token.end])
        parts.append(written if token.word in known else f"<i>{written}</i>")
        end = token.end
    return "".join([*parts, html.escape(line.text[end:])])


STEP = Step("lyrics", "Words", "What the words say", _show)
