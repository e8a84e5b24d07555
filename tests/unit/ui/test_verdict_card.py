"""The verdict card claims no surety of a song unlike the training set."""

import numpy as np
import pytest

from genre_core.inference.aggregate import confidence_in_words, verdict
from genre_core.inference.analysis import UNLIKE
from genre_core.ui.components.verdict_card import show_verdict


class Place:
    body = ""

    def html(self, body: str) -> None:
        self.body = body


@pytest.mark.parametrize("unlike", [False, True])
def test_how_sure_the_network_is(unlike: bool) -> None:
    song = verdict(np.array([[0.9, 0.1]], dtype=np.float32), ("blues", "jazz"))
    place = Place()
    show_verdict(place, song, unlike)
    assert (UNLIKE in place.body) == unlike
    assert (confidence_in_words(song) in place.body) == (not unlike)
    assert "90" in place.body
