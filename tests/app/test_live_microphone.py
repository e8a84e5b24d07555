"""What the server does with the pieces of a live microphone."""

import base64
from collections.abc import Callable
from contextlib import contextmanager

import pytest
import streamlit as st

from genre_core.config import GENRES
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.ui import services
from genre_core.ui.components.live_microphone import component as live

Wav = Callable[..., bytes]


@pytest.fixture
def send(
    monkeypatch: pytest.MonkeyPatch, tiny_checkpoint, wav_bytes: Wav
) -> Callable[..., live.LiveState]:
    """Return a sender of pieces to one browser session."""
    network = GenreRecognizer.from_checkpoint(tiny_checkpoint)
    monkeypatch.setattr("genre_core.ui.services.live.recognizer", lambda: network)
    monkeypatch.setattr(services, "recognizer", lambda: network)
    session: dict = {}
    monkeypatch.setattr(st, "session_state", session)

    def sender(number: int, wav: bytes | None = None) -> live.LiveState:
        text = base64.b64encode(wav_bytes(2.0, 48_000) if wav is None else wav).decode()
        session[live._KEY] = {"piece": {"number": number, "wav": text}}
        live._hear()
        return session[live._STATE]

    return sender


def test_scores_come_from_three_seconds_on_and_are_averaged(send):
    first = send(1)
    assert first.scores is None
    assert "Listening" in first.note
    second = send(2)
    assert second.scores.sum() == pytest.approx(1.0, abs=1e-4)
    third = send(3)
    assert third.n_scored == 2
    answer = live._answer(third)
    assert answer["number"] == 3
    assert [genre["name"] for genre in answer["genres"]] == list(GENRES)
    assert sum(answer["mean"]) == pytest.approx(1.0, abs=1e-2)


def test_listening_again_forgets_what_was_heard(send):
    send(1)
    send(2)
    again = send(1)
    assert again.n_scored == 0
    assert again.sound.heard_seconds == 2.0


def test_nothing_is_kept_once_it_is_stopped(send):
    send(1)
    st.session_state[live._KEY] = {"piece": {"number": 0}}
    live._hear()
    assert live._STATE not in st.session_state


def test_silence_is_said_and_not_scored(send, wav_bytes: Wav):
    silence = wav_bytes(sample_rate=48_000, samples=[0.0] * 48_000 * 4)
    state = send(1, silence)
    assert state.scores is None
    assert "silent" in state.note


def test_what_is_no_sound_is_answered_so_that_the_browser_goes_on(send):
    state = send(1, b"no sound")
    assert state.number == 1
    assert "no sound" in state.note
    too_long = send(2, b"A" * live._MOST_CHARACTERS)
    assert "no sound" in too_long.note


@pytest.mark.parametrize("piece", [None, "x", {"number": "1"}, {"wav": ""}])
def test_what_is_no_piece_is_ignored(send, piece):
    st.session_state[live._KEY] = {"piece": piece}
    live._hear()
    assert live._STATE not in st.session_state


def test_songs_that_wait_go_first(send, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def busy():
        yield False

    send(1)
    monkeypatch.setattr("genre_core.ui.services.live.spare_turn", busy)
    state = send(2)
    assert state.scores is None
    assert "busy" in state.note
    assert services.score_live(state.sound) == (None, False)
