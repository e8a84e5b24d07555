"""The moments of a song that are most and least like a genre."""

import numpy as np
import pytest

from genre_core.inference.moments import Moments, moments
from genre_core.types import FrameSpan

HOP, WINDOW = 2, 6  # s


def windows(n: int, silent: tuple[int, ...] = ()) -> list[FrameSpan]:
    return [FrameSpan(i, HOP * i, HOP * i + WINDOW, 1, i in silent) for i in range(n)]


def starts(found: Moments) -> tuple[list[float], list[float]]:
    return [each.start_seconds for each in found.most], [m.start_seconds for m in found.least]


def curve(n: int, **at: float) -> np.ndarray:
    scores = np.full(n, 0.5, dtype=np.float32)
    for place, score in at.items():
        scores[int(place[1:])] = score
    return scores


def test_peaks_and_the_lowest_place_are_found_in_the_order_of_the_song() -> None:
    scores = curve(100, w70=0.99, w71=0.98, w20=0.9, w50=0.1)
    found = moments("jazz", windows(100), scores)
    assert starts(found) == ([40.0, 140.0], [100.0])  # 71 is too near to 70; 0.5 is not like jazz
    assert [each.score for each in found.most] == pytest.approx([0.9, 0.99])
    assert found.most[0].end_seconds - found.most[0].start_seconds == WINDOW


def test_no_more_than_three_and_of_equal_scores_the_first() -> None:
    scores = np.ones(100, dtype=np.float32)
    scores[::2] = 0.9996  # the same in whole percent
    scores[60:] = 0.2
    most, least = starts(moments("jazz", windows(100), scores))
    assert most == [0.0, 26.0, 52.0]  # an eighth of 204 s apart
    assert least == [120.0]


def test_silence_does_not_count() -> None:
    scores = curve(40, w10=0.0, w20=0.9, w30=0.3)
    found = moments("jazz", windows(40, silent=(10,)), scores)
    assert starts(found) == ([40.0], [60.0])
    nothing = moments("jazz", windows(2, silent=(0, 1)), np.zeros(2, dtype=np.float32))
    assert nothing == Moments("jazz")


@pytest.mark.parametrize("n", [1, 2, 40])
def test_a_song_that_is_alike_all_through_has_no_moments(n: int) -> None:
    scores = np.linspace(0.5, 0.59, n, dtype=np.float32)
    assert moments("jazz", windows(n), scores) == Moments("jazz")


def test_a_short_song_may_have_a_moment_of_each_kind() -> None:
    found = moments("jazz", windows(4), np.array([0.9, 0.8, 0.3, 0.1], dtype=np.float32))
    assert starts(found) == ([0.0], [6.0])
