"""The verdict card claims no more than the network knows."""

import numpy as np

from genre_core.evaluation.calibration import ReliabilityBin
from genre_core.evaluation.surety import Surety
from genre_core.inference.aggregate import verdict
from genre_core.inference.analysis import UNLIKE
from genre_core.types import Verdict
from genre_core.ui.components.verdict_card import (
    agreement_in_words,
    headline,
    next_genres,
    show_verdict,
)
from genre_core.ui.pages.analyse.evidence import in_words

GENRES = ("blues", "jazz", "rock")
SURE = Surety(0.8, ReliabilityBin(0.8, 0.9, 16, 0.86, 0.75))


class Place:
    body = ""

    def html(self, body: str) -> None:
        self.body = body


def song(*frames: tuple[float, float, float], aggregation: str = "mean") -> Verdict:
    return verdict(np.array(frames, dtype=np.float32), GENRES, aggregation)


def shown(*arguments: object, **keywords: object) -> str:
    place = Place()
    show_verdict(place, *arguments, **keywords)
    return place.body


def test_a_clear_song_has_one_genre_and_a_close_one_has_several():
    assert headline(song((0.7, 0.2, 0.1))) == "blues"
    assert headline(song((0.5, 0.3, 0.2))) == "blues, perhaps jazz"
    assert headline(song((0.4, 0.31, 0.29))) == "blues, perhaps jazz or rock"
    assert next_genres(song((0.7, 0.2, 0.1))) == "Then jazz 20 %, rock 10 %."


def test_how_sure_the_network_is_stands_there_where_it_was_measured():
    clear = song((0.86, 0.1, 0.04))
    assert "<strong>86 %</strong> – the network is fairly sure" in shown(clear, SURE)
    assert "sure" not in shown(clear)
    vote = song((0.86, 0.1, 0.04), aggregation="majority_vote")
    assert "of the votes" in shown(vote, SURE)


def test_a_song_unlike_all_it_learnt_gets_no_surety():
    body = shown(song((0.86, 0.1, 0.04)), SURE, unlike_training=True)
    assert UNLIKE.removeprefix("u") in body
    assert "fairly sure" not in body
    assert "86" not in body


def test_what_others_call_it_is_escaped():
    assert "&lt;b&gt;" in shown(song((0.9, 0.1, 0.0)), remarks=["Its own tag says: <b>"])


def test_how_many_parts_say_the_same():
    blues, jazz = (0.8, 0.2, 0.0), (0.2, 0.8, 0.0)
    assert agreement_in_words(song(blues)) == "The song is so short that it is one part only."
    assert agreement_in_words(song(blues, blues)) == "Both parts of the song say blues."
    assert agreement_in_words(song(*[blues] * 3)) == "All 3 parts of the song say blues."
    assert (
        agreement_in_words(song(*[blues] * 6, *[jazz] * 2))
        == "6 of 8 parts say blues, 2 say something else."
    )
    assert (
        agreement_in_words(song((1.0, 0.0, 0.0), (0.4, 0.6, 0.0), (0.4, 0.6, 0.0)))
        == "1 of 3 parts says blues, 2 say something else."
    )


def test_songs_of_the_test_set_are_counted_in_words():
    assert in_words(SURE) == "Of 16 test songs with 80 % to 90 %, 12 were right."
    one = Surety(0.2, ReliabilityBin(0.2, 0.3, 1, 0.26, 0.0))
    assert in_words(one) == "One test song got 20 % to 30 %. It was wrong."
    none = Surety(0.2, ReliabilityBin(0.0, 0.1, 0, float("nan"), float("nan")))
    assert in_words(none) == "No test song got 0 % to 10 %."
