"""A page with nothing but players, for the browser tests: no network, no analysis.

`?songs=2&seconds=40&frame=10&silent=1&windows=1`; a button runs the page again. With `pending=1`
the first run has no scores yet; `full=1` asks for the view over the whole screen; `late=1`
lets its player stay a second beside the one that follows.
"""

import io
import time

import numpy as np
import soundfile
import streamlit as st

from genre_core.audio.peaks import peaks
from genre_core.config import GENRES, SlidingSettings
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.sliding import SlidingScores, sliding_spans
from genre_core.ui import media
from genre_core.ui.components.synced_player.component import synced_player
from genre_core.ui.components.synced_player.data import player_view
from tests import builders

RATE = 4_000  # Hz: an hour is 14 MB of 8 bits
TRIM_SECONDS = 5.0


def asked(name: str, otherwise: float) -> float:
    return float(st.query_params.get(name, otherwise))


@st.cache_resource
def make_song(
    number: int, seconds: float, frame_seconds: float, silent: int
) -> tuple[SongAnalysis, bytes]:
    at = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    samples = 0.3 * np.sin(2 * np.pi * (220 + 110 * number) * at) * (0.2 + (at % 7) / 9)
    analysis = builders.song_analysis(
        samples.astype(np.float32), RATE, frame_seconds, TRIM_SECONDS, silent=[silent]
    )
    sound = io.BytesIO()
    soundfile.write(sound, analysis.waveform.samples, RATE, format="WAV", subtype="PCM_U8")
    return analysis, sound.getvalue()


def sliding(analysis: SongAnalysis) -> SlidingScores:
    spans = sliding_spans(analysis.waveform)
    scores = np.random.default_rng(1).dirichlet(np.full(len(GENRES), 0.4), len(spans))
    quiet = np.array([[0.0] if span.silent else [1.0] for span in spans])
    return SlidingScores(spans, (scores * quiet).astype(np.float32), SlidingSettings())


st.set_page_config(layout="wide")
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.text(f"run {st.session_state.runs}")
st.button("Again")
# As on the real page: before there are scores, another player stands in the place.
is_pending = asked("pending", 0) >= st.session_state.runs
title = st.query_params.get("title", "a song")
is_late = bool(asked("late", 0))
if is_late and is_pending:
    st.text("The player with scores comes here, above the other one.")
for index in range(int(asked("songs", 1))):
    song, sound = make_song(
        index, asked("seconds", 40), asked("frame", 10), int(asked("silent", -1))
    )
    if asked("broken", 0) and "refused" not in st.session_state:
        sound = b"RIFF this is no sound"
    finer = sliding(song) if asked("windows", 0) else None
    synced_player(
        player_view(
            title,
            song.waveform,
            song.frames,
            GENRES,
            None if is_pending else song.scores,
            peaks(song.waveform.samples),
            finer,
        ),
        media.media_url(sound, "audio/wav", f"player_{index}"),
        key=f"player_{index}" + "_preview" * is_pending,
        on_unplayable=lambda: st.session_state.update(refused=True),
        is_full=bool(asked("full", 0)),
    )
if is_late and not is_pending:
    time.sleep(1.0)  # what this run did not write, the other player, goes when it ends
