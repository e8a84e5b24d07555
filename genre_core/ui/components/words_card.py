"""The verdict of a song's words, as several pages show it."""

import html

from genre_core.lyrics.analysis import LyricsAnalysis
from genre_core.lyrics.genres import genre_name
from genre_core.plots.palette import colour_of, ink_on
from genre_core.ui.components.verdict_card import HtmlSlot

CLOSE_MARGIN = 0.1  # below which the first two genres are nearly tied


def show_verdict(place: HtmlSlot, analysis: LyricsAnalysis) -> None:
    """Show the genre in its colour, how sure the model is, the runner-up and the measures."""
    colour = colour_of(analysis.genre)
    scores = dict(zip(analysis.model.genres, analysis.scores.tolist(), strict=True))
    second = scores[analysis.runner_up]
    close = ": nearly a tie" if analysis.confidence - second < CLOSE_MARGIN else ""
    measures = analysis.measures
    facts = (
        f"<p><strong>{_percent(analysis.confidence)}</strong> – about as many of the songs "
        "with such a score are named right</p>"
        f"<p>Runner-up: {html.escape(genre_name(analysis.runner_up))}, {_percent(second)}{close}"
        f"</p><p>{measures.n_words:,} words, {measures.n_unique:,} different; "
        f"the model knows {analysis.n_known:,}.</p>"
    )
    place.html(
        f'<div class="gr-verdict" role="status" style="background:{colour};color:{ink_on(colour)}">'
        f'<div><p class="gr-says">The words say</p>'
        f'<p class="gr-genre">{html.escape(genre_name(analysis.genre))}</p></div>'
        f'<div class="gr-facts">{facts}</div></div>'
    )


def _percent(score: float) -> str:
    return f"{100 * score:.0f} %"
