"""HTML of this page: the score of each genre, and the text shaded by what its words say."""

import html

from genre_core.lyrics.analysis import LyricsAnalysis, WordEvidence
from genre_core.lyrics.genres import genre_name
from genre_core.lyrics.text import Line
from genre_core.plots.palette import NEUTRAL, colour_of, with_alpha

_MOST, _LEAST = 0.85, 0.1  # alpha of the strongest word, and under which none is shaded


def shaded_html(analysis: LyricsAnalysis, genre: str) -> str:
    """Return the lines as HTML: words for the genre in its colour, words against it underlined.

    Hovering over a word says its weight and in how many songs of each genre it stands.
    """
    words = {each.word: each for each in analysis.words}
    evidence = analysis.evidence_for(genre)
    strongest = max((abs(value) for value in evidence.values()), default=0.0) or 1.0
    lines = "".join(
        f"<p>{_line_html(line, words, evidence, strongest, analysis.model.genres, genre)}</p>"
        for line in analysis.lyrics.lines
    )
    return f'<div class="gl-text" lang="en" dir="auto" tabindex="0">{lines}</div>'


def key_html(genre: str) -> str:
    """Return what the shades mean."""
    name = html.escape(genre_name(genre))
    return (
        '<div class="gl-key">'
        f'<div><span class="w" style="background:{with_alpha(colour_of(genre), _MOST)}">'
        f"&emsp;</span>speaks for {name}</div>"
        f'<div><span class="w against" style="background:{with_alpha(NEUTRAL, 0.35)}">abc</span>'
        f"speaks against {name}</div>"
        "<div>not shaded: says little, or the model does not know it</div></div>"
    )


def scores_html(analysis: LyricsAnalysis) -> str:
    """Return every genre's score as a bar, best first."""
    ranked = sorted(zip(analysis.scores.tolist(), analysis.model.genres, strict=True), reverse=True)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(genre_name(genre))}</th>'
        f'<td class="bar"><i style="width:{100 * score:.1f}%;background:{colour_of(genre)}"></i>'
        f'</td><td class="n">{100 * score:.0f}&nbsp;%</td></tr>'
        for score, genre in ranked
    )
    return f'<table class="gl-bars" aria-label="Score of each genre">{rows}</table>'


def _line_html(
    line: Line,
    words: dict[str, WordEvidence],
    evidence: dict[str, float],
    strongest: float,
    genres: tuple[str, ...],
    genre: str,
) -> str:
    parts, end = [], 0
    for token in line.tokens:
        written = html.escape(line.text[token.start : token.end])
        parts.append(html.escape(line.text[end : token.start]))
        end = token.end
        each = words.get(token.word)
        if each is None:
            parts.append(written)
            continue
        value = evidence[token.word]
        parts.append(
            f'<span class="w{" against" if _alpha(value, strongest) and value < 0 else ""}"'
            f"{_background(value, strongest, genre)}"
            f' title="{html.escape(_hover(each, value, genres, genre))}">{written}</span>'
        )
    parts.append(html.escape(line.text[end:]))
    return "".join(parts)


def _alpha(value: float, strongest: float) -> float:
    alpha = _MOST * abs(value) / strongest
    return alpha if alpha >= _LEAST else 0.0


def _background(value: float, strongest: float, genre: str) -> str:
    alpha = _alpha(value, strongest)
    if not alpha:
        return ""
    # Against: grey, and underlined by the class, so that no colour alone says it.
    colour = colour_of(genre) if value > 0 else NEUTRAL
    return f' style="background:{with_alpha(colour, round(alpha, 2))}"'


def _hover(each: WordEvidence, value: float, genres: tuple[str, ...], genre: str) -> str:
    shares = sorted(zip(each.song_shares.tolist(), genres, strict=True), reverse=True)
    common = ", ".join(f"{genre_name(g)} {100 * share:.1f} %" for share, g in shares)
    side = "for" if value >= 0 else "against"
    return f"{each.word}: {abs(value):.2f} {side} {genre_name(genre)}. In songs of: {common}"
