"""Two networks on a song of the test sets, by their stored scores: no network runs.

The weights of the published network do not come with the app, but its scores of the same songs do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from genre_core import assets
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.config import SAMPLE_RATE
from genre_core.errors import DatasetError
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.score_set import ScoredClip, ScoreSet
from genre_core.inference import aggregate
from genre_core.inference.disagreement import ScoredFrames
from genre_core.types import FrameSpan
from genre_core.ui import services, session
from genre_core.ui.components.text import tidy
from genre_core.ui.network_names import network_name
from genre_core.ui.pages.networks.pair import Pair, show_pair

_SONG_KEY = "networks_stored_song"
_MOST_SONGS = 400


@dataclass(frozen=True, eq=False)
class StoredSong:
    """A song that both networks have scored, by its place in both score sets."""

    clip: ScoredClip
    index: int
    sets: tuple[ScoreSet, ScoreSet]

    @property
    def label(self) -> str:
        """What to call it in a list; anybody's text."""
        named = ": ".join(part for part in (self.clip.artist, self.clip.title) if part)
        return f"{tidy(named or self.clip.clip_id, 70)} ({self.clip.label})"


def compare_stored() -> None:
    """Show the choice of a song, and what the network in use and the published one say of it."""
    info = services.recognizer().checkpoint
    songs = stored_songs(str(assets.EVALUATIONS_FOLDER), info.sha256)
    if not songs:
        st.info(
            "There is only one network here, and a comparison needs two.",
            icon=":material/compare_arrows:",
        )
        return
    st.caption(
        "The network in use against the published one, which it follows, on songs of known genre. "
        "The scores were made once and come with the app. Whole songs stand first."
    )
    by_key = {song.clip.clip_id: song for song in songs}
    key = st.selectbox(
        "Song", list(by_key), format_func=lambda each: by_key[each].label, key=_SONG_KEY
    )
    song = by_key[key]
    show_pair(song.label, pair_of_stored(song, session.current().view.aggregation))


@st.cache_resource(max_entries=4, show_spinner=False)
def stored_songs(folder: str, sha256: str) -> tuple[StoredSong, ...]:
    """Return the songs scored both by the network of that hash and by the published one.

    Those with the most frames come first.
    """
    score_sets = list(_score_sets(Path(folder)))
    published = [each for each in score_sets if each.provenance.model == PUBLISHED]
    songs = [
        StoredSong(clip, index, (own, other))
        for own in score_sets
        if own.provenance.model_sha256 == sha256
        for other in published
        if own.clips == other.clips and own.genres == other.genres and _lengths((own, other))
        for index, clip in enumerate(own.clips)
    ]
    songs.sort(key=lambda song: -_frames_of(song.sets[0], song, _lengths(song.sets)[-1])[1].size)
    return tuple(songs[:_MOST_SONGS])


def pair_of_stored(song: StoredSong, aggregation: str) -> Pair:
    """Return what both networks say of a song."""
    seconds = _lengths(song.sets)[-1]
    frames = []
    for each in song.sets:
        starts, scores = _frames_of(each, song, seconds)
        spans = tuple(
            FrameSpan(
                number,
                round(float(start) * SAMPLE_RATE),
                round((float(start) + seconds) * SAMPLE_RATE),
                SAMPLE_RATE,
                silent=False,
            )
            for number, start in enumerate(starts)
        )
        frames.append(ScoredFrames(spans, scores, each.genres, spans[-1].end_seconds))
    verdicts = [
        aggregate.verdict(each.scores, each.genres, aggregation, np.zeros(len(each.spans), bool))
        for each in frames
    ]
    names = tuple(network_name(each.provenance.model) for each in song.sets)
    return Pair(names, (frames[0], frames[1]), (verdicts[0], verdicts[1]))


def _score_sets(folder: Path) -> Iterator[ScoreSet]:
    for path in sorted(folder.glob("*.json")):
        try:
            score_set = load_score_set(path)
        except (DatasetError, OSError):  # the page "Test set" names it
            continue
        if not score_set.provenance.perturbation and score_set.provenance.list_name != "valid":
            yield score_set


def _lengths(sets: tuple[ScoreSet, ScoreSet]) -> list[float]:
    """Return the frame lengths at which both have the same number of frames of each song."""
    own, other = sets
    return [
        seconds
        for seconds in sorted(set(own.frames) & set(other.frames))
        if np.array_equal(own.frames[seconds].counts, other.frames[seconds].counts)
    ]


def _frames_of(
    score_set: ScoreSet, song: StoredSong, seconds: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the starts (s) and the scores of a song's frames."""
    frames = score_set.frames[seconds]
    end = int(frames.counts[: song.index + 1].sum())
    own = slice(end - int(frames.counts[song.index]), end)
    return frames.start_seconds[own], frames.scores[own]
