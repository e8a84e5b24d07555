"""Songs like this one: the nearest of the songs that come with the app, and all on a map."""

from collections import Counter
from collections.abc import Callable, Sequence
from urllib.parse import quote

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.config import FrameSettings
from genre_core.errors import GenreError
from genre_core.evaluation.embedding_set import EmbeddingSet
from genre_core.evaluation.score_set import ScoredClip
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.similarity import Neighbour, SongSpace, song_embedding
from genre_core.plots import song_map
from genre_core.plots.frame_labels import best_genres, span_label
from genre_core.plots.style import CHART_CONFIG
from genre_core.types import FloatArray
from genre_core.ui import services
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.songs import Song
from genre_core.ui.words import percent

SHOWN = 8
_UNKNOWN = "unknown"
_WHOLE = -1  # of the choice of a frame


def similar_songs(song: Song, settings: FrameSettings, analysis: SongAnalysis) -> None:
    """Show the section "Songs like this one"."""
    st.header("Songs like this one", anchor=False)
    try:
        known = services.songs_embedded_by(analysis.model.sha256)
        if known is None:
            _explain_missing(analysis)
            return
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    st.caption(_what_is_compared(known[0]))
    _show(song, services.recall(song, settings))


def _explain_missing(analysis: SongAnalysis) -> None:
    others = sorted({songs.provenance.model for songs, _ in services.embedding_sets()})
    made = (
        f"The list of known songs was made with another network ({', '.join(others)}), and "
        "embeddings of two networks cannot be compared"
        if others
        else "There is no list of known songs"
    )
    st.info(
        f"{as_markdown(made)}. Make one for {as_markdown(analysis.model.name, 60)} with "
        "`python -m genre_core embed DATASET --model …`.",
        icon=":material/library_music:",
    )


@st.fragment  # another frame redraws nothing else
def _show(song: Song, recall: Callable[[], SongAnalysis]) -> None:
    analysis = recall()
    known = services.songs_embedded_by(analysis.model.sha256)
    if known is None:  # gone since
        return
    songs, space = known
    whole = song_embedding(analysis.embeddings[~analysis.frames.silent])
    spans = [span for span in analysis.frames.spans if not span.silent]
    # Streamlit keeps what names the choices until the session ends: words, not the analysis.
    names = {_WHOLE: "The whole song"} | {span.index: span_label(span) for span in spans}
    frame: int = st.selectbox(
        "Neighbours of",
        list(names) if len(spans) > 1 else [_WHOLE],
        format_func=names.__getitem__,
        key=f"similar_to_{song.digest[:8]}_{len(spans)}",
        width=320,
    )
    embedding = whole if frame == _WHOLE else song_embedding(analysis.embeddings[[frame]])
    nearest = space.nearest(embedding, SHOWN)
    st.html(_genres_html(nearest, songs.songs))
    genre = analysis.model.genres[int(_mean_scores(analysis).argmax())]
    best = best_genres(analysis.scores, analysis.model.genres, analysis.frames.spans)
    path = [
        song_map.FramePlace(
            str(span.index + 1),
            space.place(song_embedding(analysis.embeddings[[span.index]])),
            best[span.index],
        )
        for span in spans
    ]
    with st.grid(2, min_column_width=340, gap="medium"):
        st.table(
            neighbour_table(nearest, songs.songs, space),
            border="horizontal",
            hide_index=True,
            alt="The nearest songs, the nearest first",
        )
        st.plotly_chart(
            song_map.song_map_figure(
                space.places,
                [each.label for each in songs.songs],
                [_full_name(each) for each in songs.songs],
                space.place(whole),
                tidy(song.name, 40),
                genre,
                [each.index for each in nearest],
                path,
            ),
            config=CHART_CONFIG,
            key="song_map",
            alt=map_in_words(nearest, songs.songs),
        )
    st.caption(
        "Each dot is a song of the test list in the colour of its true genre. The star is this "
        "song, the diamonds are its frames in their order; rings mark the songs of the table. "
        "“Closer than” is the share of all pairs of those songs that are less alike. Similarity is "
        "a cosine: 1 is the same. A title opens the song on the page “Test set”. "
        f"The map flattens {space.width} numbers a song to two and keeps "
        f"{percent(space.explained_variance, 0)} of their spread, so ringed songs may lie apart on "
        "it; the table is exact."
    )


def _what_is_compared(songs: EmbeddingSet) -> str:
    return (
        f"The nearest of {len(songs.songs)} songs of the test list ({_dataset(songs)}). The "
        "network learnt from none of them. Songs are compared by their embeddings: what it makes "
        "of the sound just before it names a genre. So “similar” means similar to this network, "
        f"not in melody, words or fame. Of each song, a clip of 30 s is known."
    )


def neighbour_table(
    nearest: Sequence[Neighbour], songs: Sequence[ScoredClip], space: SongSpace
) -> pd.DataFrame:
    """Return one row a neighbour, the nearest first; Markdown, with foreign text escaped."""
    neighbours = [songs[each.index] for each in nearest]
    return pd.DataFrame(
        {
            "Artist": [as_markdown(song.artist or _UNKNOWN, 60) for song in neighbours],
            "Title": [_link(song) for song in neighbours],
            "Genre": [as_markdown(song.label, 60) for song in neighbours],
            "Closer than": [
                f"{100 * space.share_of_pairs_below(each.similarity):.1f}\u00a0%"
                for each in nearest
            ],
            "Similarity": [f"{each.similarity:.2f}" for each in nearest],
        }
    )


def _link(song: ScoredClip) -> str:
    """Return a song's title as a link to the page "Test set", in Markdown."""
    title = as_markdown(song.title or song.clip_id, 120)
    return f"[{title}](test-set?song={quote(song.clip_id, safe='')})"


def map_in_words(nearest: Sequence[Neighbour], songs: Sequence[ScoredClip]) -> str:
    """Return what the map shows, for those who do not see it."""
    first = songs[nearest[0].index]
    counts = Counter(songs[each.index].label for each in nearest).most_common()
    genres = ", ".join(f"{count} {genre}" for genre, count in counts)
    return (
        f"Map of {len(songs)} songs, this one as a star. Nearest is {_full_name(first)} "
        f"({first.label}); of the {len(nearest)} nearest songs: {genres}."
    )


def _genres_html(nearest: Sequence[Neighbour], songs: Sequence[ScoredClip]) -> str:
    counts = Counter(songs[each.index].label for each in nearest).most_common()
    chips = " ".join(chip_html(genre, f"{count} {genre}") for genre, count in counts)
    return f"<div>Of the {len(nearest)} nearest: {chips}</div>"


def _mean_scores(analysis: SongAnalysis) -> FloatArray:
    mean: FloatArray = analysis.scores[~analysis.frames.silent].mean(axis=0, dtype=np.float32)
    return mean


def _dataset(songs: EmbeddingSet) -> str:
    name = as_markdown(songs.provenance.dataset, 40)
    return name.upper() if name == "gtzan" else name


def _title(song: ScoredClip) -> str:
    return tidy(song.title or song.clip_id)


def _full_name(song: ScoredClip) -> str:
    return f"{tidy(song.artist, 40)}: {_title(song)}" if song.artist else _title(song)
