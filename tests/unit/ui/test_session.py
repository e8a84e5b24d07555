"""What one visitor has chosen on the page "Analyse a song", without the page."""

import pytest

from genre_core.config import FrameSettings
from genre_core.ui.session import Session
from genre_core.ui.songs import Song


def song(name: str, demo: str | None = None) -> Song:
    return Song.from_bytes(name, name.encode(), demo=demo)


@pytest.fixture
def session() -> Session:
    return Session(Session.default)


def test_a_cancelled_first_song_leads_back_to_the_first_view(session: Session):
    session.take(song("long.wav"))
    session.cancel()
    assert session.song is None
    assert session.view == Session.default


def test_a_cancelled_song_leads_back_to_the_one_before(session: Session):
    first = song("first.wav", demo="first")
    session.take(first)
    session.analysed()
    session.take(song("long.wav"))
    session.cancel()
    assert session.song is first
    assert session.view.demo == "first"


def test_a_cancelled_cut_leads_back_to_the_cut_before_and_keeps_the_rest(session: Session):
    session.take(song("first.wav"))
    session.analysed()
    session.change(aggregation="majority_vote", finer_seconds=3.0)
    session.set_frames(FrameSettings(frame_seconds=3.0))
    session.cancel()
    assert session.view.frames == FrameSettings()
    assert (session.view.aggregation, session.view.finer_seconds) == ("majority_vote", 3.0)
