"""Score files made here, and what the page shows of them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from streamlit.testing.v1 import AppTest

from genre_core.evaluation.score_set import (
    FrameScores,
    ScoreSet,
    stored_precision,
)
from tests import builders
from tests.builders import GENRES

Session = Callable[..., AppTest]


def score_set(model: str = "crnn", list_name: str = "test", seed: int = 0) -> ScoreSet:
    """Return 24 songs of 30 s, scored well enough; the first blues is wholly taken for rock."""
    generator = np.random.default_rng(seed)
    labels = np.arange(24) % 3
    frames = {}
    for seconds, n in ((3.0, 10), (10.0, 3), (29.12, 1)):
        frames[seconds] = [generator.dirichlet(0.6 + 0.9 * np.eye(3)[label], n) for label in labels]
        frames[seconds][0][:] = [0.1, 0.1, 0.8]
    return builders.score_set(
        labels,
        frames,
        artists=[f"Artist {list_name[:4]} {i}" for i in range(24)],
        prefix=list_name[:4],
        title="<b>Title</b> [x](y)",
        command=f"python -m genre_core evaluate {model}",
        model=model,
        model_sha256=(model * 64)[:64],
        dataset="gtzan",
        list_name=list_name,
        problems=("test.99: cannot be read.",),
    )


def text_of(test: AppTest) -> str:
    parts = [element.proto.body for element in test.get("html")]
    return "\n".join(parts + [e.value for e in (*test.markdown, *test.caption, *test.info)])


def charts(test: AppTest) -> dict[str, str]:
    """Return the figures by their keys."""
    return {chart.proto.id.split("-", 2)[2]: chart.proto.spec for chart in test.get("plotly_chart")}


MATRICES = ("ts_matrix_frame", "ts_matrix_song")
TAB_CHARTS = {
    "songs": set(),
    "averaging": {"ts_difference_chart", "ts_listening", "ts_lengths"},
    "sure": {"ts_reliability", "ts_coverage"},
    "genres": {"ts_shares"},
    "limits": set(),
    "files": set(),
}


def matrices(test: AppTest) -> tuple[str, str]:
    """Return the matrix by frame and the one by song."""
    drawn = charts(test)
    return drawn[MATRICES[0]], drawn[MATRICES[1]]


def extreme(
    n_songs: int, n_frames: int, labels: tuple[int, ...], named: tuple[int, ...]
) -> ScoreSet:
    """Return songs whose every frame names `named`, song after song, with some doubt."""
    base = score_set()
    clips = tuple(
        replace(base.clips[i], label=GENRES[labels[i % len(labels)]]) for i in range(n_songs)
    )
    scores = 0.1 + 0.7 * np.repeat(
        np.eye(3)[[named[i % len(named)] for i in range(n_songs)]], n_frames, axis=0
    )
    frames = FrameScores(
        np.full(n_songs, n_frames),
        np.tile(3 * np.arange(n_frames, dtype=np.float32), n_songs),
        stored_precision(scores),
    )
    return replace(base, clips=clips, frames={3.0: frames})
