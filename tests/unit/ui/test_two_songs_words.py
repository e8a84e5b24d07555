"""What the page "Two songs" says."""

import numpy as np
import pandas as pd
import pytest

from genre_core.inference.song_pair import JudgedSong, song_pair
from genre_core.ui.pages.two_songs import words
from genre_core.ui.pages.two_songs.exports import genres_csv
from tests.unit.inference.test_song_pair import judged

CLASSICAL = judged([[0.9, 0.1, 0.0], [0.1, 0.3, 0.6]], [[1, 0], [0, 1]])
ROCK = judged([[0.1, 0.1, 0.8], [0.2, 0.1, 0.7]], [[0, 1], [-1, 0]])


def outcome(first: JudgedSong, second: JudgedSong) -> str:
    return words.outcome_in_words(song_pair(first, second), first, second)


def test_the_outcome_names_the_genres_and_where_they_part():
    assert outcome(CLASSICAL, ROCK) == (
        "The network calls the first song blues, the second rock. They part most in rock: 30 % in "
        "the first, 75 % in the second."
    )


def test_one_genre_and_equal_scores_are_said_so():
    assert outcome(ROCK, ROCK) == (
        "The network calls both songs rock. Their scores are nearly the same."
    )


def test_moments_are_where_their_frames_start():
    pair = song_pair(CLASSICAL, ROCK)
    assert words.alike_in_words(pair.most_alike, CLASSICAL, ROCK) == (
        "At 0:10 the first song is most like the second at 0:00. The network calls both moments "
        "rock."
    )
    assert words.unlike_in_words(pair.least_alike, CLASSICAL, ROCK) == (
        "They are furthest apart with the first at 0:00 and the second at 0:10. The network calls "
        "the one blues, the other rock."
    )


@pytest.mark.parametrize(
    ("share", "said"), [(0.93, "more alike than 93 of 100"), (0.2, "less alike than 80 of 100")]
)
def test_the_whole_is_said_beside_other_pairs(share: float, said: str):
    assert said in words.whole_in_words(share, 213)
    assert "213" in words.whole_in_words(share, 213)


def test_the_table_has_the_order_of_the_chart():
    pair = song_pair(CLASSICAL, ROCK)
    rows = [line.split(",") for line in genres_csv(pair, CLASSICAL, ROCK).splitlines()]
    table = pd.DataFrame(rows[1:], columns=rows[0])
    assert list(table.genre) == ["blues", "jazz", "rock"]
    numbers = table[["first", "second", "difference"]].astype(float)
    np.testing.assert_allclose(numbers["first"] - numbers.second, numbers.difference, atol=2e-6)
