"""The legend of genres: those that a chart shows, and no others."""

import re

import numpy as np
import pytest
import streamlit as st

from genre_core.ui.components import genre_chip

GENRES = ("blues", "jazz", "metal")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(st, "html", texts.append)
    return texts


def names(text: str) -> list[str]:
    return re.findall(r"</span> (\w+)</li>", text)


def test_genres_that_nowhere_can_be_seen_are_left_out(written: list[str]) -> None:
    frames = np.array([[0.01, 0.29, 0.7], [0.03, 0.9, 0.07]], dtype=np.float32)
    genre_chip.legend(GENRES, frames)
    assert names(written[-1]) == ["jazz", "metal"]
    windows = np.array([[0.5, 0.3, 0.2]], dtype=np.float32)
    genre_chip.legend(GENRES, frames, windows)
    assert names(written[-1]) == ["jazz", "metal", "blues"]  # the strongest first


def test_without_scores_all_are_named_and_shown_as_text(written: list[str]) -> None:
    genre_chip.legend(GENRES)
    assert names(written[-1]) == list(GENRES)
    genre_chip.legend(("<b>x</b>",))
    assert "<b>" not in written[-1]
