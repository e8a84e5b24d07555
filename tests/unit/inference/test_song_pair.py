"""Two songs side by side, by scores and embeddings made by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from genre_core.inference import aggregate
from genre_core.inference.song_pair import FramePair, JudgedSong, song_pair
from genre_core.types import FrameSpan
from tests import builders

GENRES = ("blues", "jazz", "rock")


def judged(
    scores: Sequence[Sequence[float]],
    embeddings: Sequence[Sequence[float]],
    silent: Sequence[int] = (),
    model: str = "a",
) -> JudgedSong:
    rows = np.array(scores, dtype=np.float32)
    spans = tuple(FrameSpan(i, 10 * i, 10 * i + 10, 1, i in silent) for i in range(len(rows)))
    return JudgedSong(
        spans,
        rows,
        np.array(embeddings, dtype=np.float32),
        aggregate.verdict(rows, GENRES, "mean", [span.silent for span in spans]),
        10.0 * len(rows),
        model,
    )


FIRST = judged([[0.8, 0.2, 0.0], [0.4, 0.4, 0.2]], [[1, 0], [3, 4]])
SECOND = judged([[0.1, 0.2, 0.7], [0.1, 0.4, 0.5]], [[-2, 0.1], [0.6, 0.8]])


def test_the_genres_go_from_most_in_the_first_to_most_in_the_second():
    pair = song_pair(FIRST, SECOND)
    assert [pair.genres[i] for i in pair.order] == ["blues", "jazz", "rock"]
    np.testing.assert_allclose(pair.differences, [0.5, 0.0, -0.5], atol=1e-6)
    swapped = song_pair(SECOND, FIRST)
    assert [swapped.genres[i] for i in swapped.order] == ["rock", "jazz", "blues"]
    np.testing.assert_allclose(swapped.differences, -pair.differences)


def test_the_widest_difference_counts_whatever_its_sign():
    one, other = ([[0.5, 0.3, 0.2]], [[0.1, 0.2, 0.7]])
    pair = song_pair(judged(one, [[1, 0]]), judged(other, [[1, 0]]))
    assert pair.genres[pair.widest] == "rock"


def test_frames_are_alike_by_the_angle_of_their_embeddings():
    pair = song_pair(FIRST, SECOND)
    assert pair.most_alike == FramePair(1, 1, pytest.approx(1.0))
    assert pair.least_alike == FramePair(0, 0, pytest.approx(-2 / np.hypot(2, 0.1)))


def test_silent_frames_are_never_named():
    rows = [[0.8, 0.2, 0.0], [0.4, 0.4, 0.2], [0.4, 0.4, 0.2]]
    first = judged(rows, [[3, 4], [1, 0], [0, 1]], silent=[0])
    pair = song_pair(first, SECOND)
    assert pair.most_alike.first == 2  # of the frames that sound: 0.8 beside 0.6
    assert pair.least_alike == FramePair(1, 0, pytest.approx(-2 / np.hypot(2, 0.1)))


def test_a_song_beside_itself():
    pair = song_pair(FIRST, FIRST)
    assert not pair.differences.any()
    assert pair.similarity == pytest.approx(1.0)
    assert pair.most_alike.first == pair.most_alike.second


def test_embeddings_of_two_networks_are_not_compared():
    with pytest.raises(ValueError, match="same network"):
        song_pair(FIRST, judged([[1, 0, 0]], [[1, 0]], model="b"))


def test_what_is_kept_of_an_analysis_is_small():
    analysis = builders.song_analysis(builders.noise(60.0, 1_000), 1_000, 10.0, 5.0, silent=[1])
    song = JudgedSong.of(analysis, "mean")
    assert song.sounding.tolist() == [0, 2, 3, 4]
    assert song.verdict.n_frames == 4
    assert song.duration_seconds == pytest.approx(60.0)
    assert song.best_genre(2) == analysis.model.genres[int(analysis.scores[2].argmax())]
    kept = song.scores.nbytes + song.embeddings.nbytes
    assert kept < analysis.waveform.samples.nbytes / 100
