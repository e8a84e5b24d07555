"""An analysis of lyrics as one JSON object. The lyrics themselves are not in it."""

from typing import Any

from genre_core.lyrics.analysis import LyricsAnalysis, WordEvidence
from genre_core.lyrics.measures import Measures, Sentiment


def analysis_record(analysis: LyricsAnalysis, file: str) -> dict[str, Any]:
    """Return everything about one song's words, as JSON can hold it.

    Parameters
    ----------
    analysis : LyricsAnalysis
    file : str
        What the user called it.
    """
    genre = analysis.genre
    return {
        "file": file,
        **measures_record(analysis.measures),
        "source": analysis.lyrics.source,
        "marks": list(analysis.lyrics.marks),
        "language": analysis.language.code,
        "model": {"name": analysis.model.name, "sha256": analysis.model.sha256},
        "genres": list(analysis.model.genres),
        "scores": {
            name: round(float(score), 6)
            for name, score in zip(analysis.model.genres, analysis.scores, strict=True)
        },
        "genre": genre,
        "confidence": round(analysis.confidence, 6),
        "words_for": _evidence(analysis.words_for(genre), analysis),
        "words_against": _evidence(analysis.words_against(genre), analysis),
        "warnings": list(analysis.warnings),
    }


def measures_record(measures: Measures) -> dict[str, Any]:
    """Return the measures as JSON can hold them."""
    return {
        "n_words": measures.n_words,
        "n_unique": measures.n_unique,
        "type_token_ratio": round(measures.type_token_ratio, 4),
        "richness": None if measures.richness is None else round(measures.richness, 4),
        "n_lines": measures.n_lines,
        "repetition": round(measures.repetition, 4),
        "sentiment": {
            **_sentiment(measures.sentiment),
            "negated": list(measures.sentiment.negated),
            "lines": [_sentiment(line) for line in measures.line_sentiment],
        },
    }


def _sentiment(sentiment: Sentiment) -> dict[str, Any]:
    net = sentiment.net
    return {
        "positive": sentiment.positive,
        "negative": sentiment.negative,
        "net": None if net is None else round(net, 4),
    }


def _evidence(words: tuple[WordEvidence, ...], analysis: LyricsAnalysis) -> list[dict[str, Any]]:
    column = analysis.model.genres.index(analysis.genre)
    return [
        {
            "word": each.word,
            "count": each.count,
            "evidence": round(float(each.evidence[column]), 4),
            "share_of_songs": round(float(each.song_shares[column]), 4),
        }
        for each in words
    ]
