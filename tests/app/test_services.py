"""The caches behind the page: what is kept, shared and cancelled."""

import threading
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from genre_core.config import FrameSettings
from genre_core.datasets.uploads import OwnSong, OwnTestSet
from genre_core.errors import AudioError
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.ui import services
from genre_core.ui.models import MODEL_VARIABLE
from genre_core.ui.services import line, own_songs
from genre_core.ui.services.line import Line, turn
from genre_core.ui.songs import Song


class Cancelled(BaseException):
    """Like Streamlit's own: not an Exception, so that nothing swallows it."""


@pytest.fixture
def song(
    tiny_checkpoint: Path, wav_bytes: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> Song:
    monkeypatch.setenv(MODEL_VARIABLE, str(tiny_checkpoint))
    return Song.from_bytes("song.wav", wav_bytes(60.0, 12_000))


def ignore(what: str, share: float) -> None:
    pass


FIVE_SECONDS = FrameSettings(frame_seconds=5.0)


def test_steps_are_reported_in_order_and_only_when_something_is_done(song: Song):
    steps: list[tuple[str, float]] = []
    services.analyse(song, FIVE_SECONDS, lambda *step: steps.append(step))
    # The others are read while the song is decoded.
    assert list(dict(steps)) == ["Decoding", "Spectrograms", "Frame 4 of 4"]
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] <= shares[-1] <= 1.0
    alone: list[tuple[str, float]] = []
    services.recognizer().analyse(song.data, FIVE_SECONDS, on_step=lambda *step: alone.append(step))
    assert steps == alone  # the page's shares are the recognizer's
    steps.clear()
    services.analyse(song, FIVE_SECONDS, lambda *step: steps.append(step))
    assert steps == []


@pytest.mark.parametrize("where", ["Decoding", "Spectrograms", "Frame 4 of 4"])
def test_a_cancelled_song_leaves_nothing_half_done(song: Song, counts: dict[str, int], where: str):
    def cancel(what: str, share: float) -> None:
        if what == where:
            raise Cancelled

    with pytest.raises(Cancelled):
        services.analyse(song, FIVE_SECONDS, cancel)
    after = services.analyse(song, FIVE_SECONDS, ignore)
    assert after.scores.shape == (4, 10)
    np.testing.assert_allclose(after.scores.sum(axis=1), 1.0, atol=1e-5)


def test_what_is_shared_between_sessions_cannot_be_written_to(song: Song):
    analysis = services.analyse(song, FIVE_SECONDS, ignore)
    for shared in (analysis.scores, analysis.log_mel, analysis.waveform.samples):
        with pytest.raises(ValueError, match="read-only"):
            shared[0] = 0


def test_a_failure_is_not_kept(tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(MODEL_VARIABLE, str(tiny_checkpoint))
    bad = Song.from_bytes("bad.mp3", b"words" * 100)
    for _ in range(2):
        with pytest.raises(AudioError, match="bad"):
            services.analyse(bad, FIVE_SECONDS, ignore)


def test_the_caches_are_bounded(song: Song, monkeypatch: pytest.MonkeyPatch):
    lengths: list[int] = []
    log_mel = GenreRecognizer.log_mel

    def counting(self: GenreRecognizer, samples: np.ndarray) -> np.ndarray:
        lengths.append(samples.shape[1] // 12_000)
        return log_mel(self, samples)

    monkeypatch.setattr(GenreRecognizer, "log_mel", counting)
    for seconds in (3, 4, 5, 6, 7, 8, 9, 9, 3):
        services.analyse(song, FrameSettings(frame_seconds=float(seconds)), ignore)
    made = [seconds for seconds, _ in groupby(lengths)]
    assert made == [3, 4, 5, 6, 7, 8, 9, 3]  # the latest is kept, the oldest is not


def test_songs_that_wait_push_nothing_out_of_the_caches(
    song: Song, wav_bytes: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(line, "_line", Line(n_places=1))
    is_over = threading.Event()

    class Waiting(threading.Thread):
        """A song that waits until the test is over."""

        def __init__(self, seconds: int) -> None:
            super().__init__(daemon=True)
            self.song = Song.from_bytes("waits.wav", wav_bytes(40.0 + seconds, 12_000))
            self.waits = threading.Event()
            self.start()

        def run(self) -> None:
            with pytest.raises(Cancelled):
                services.analyse(self.song, FIVE_SECONDS, self.step)

        def step(self, what: str, share: float) -> None:
            if is_over.is_set():
                raise Cancelled
            assert "in the queue" in what
            self.waits.set()

    waiting: list[Waiting] = []

    def step(what: str, share: float) -> None:
        if not waiting:  # the song is in work
            waiting.extend(Waiting(seconds) for seconds in range(8))
            assert all(each.waits.wait(30.0) for each in waiting)

    try:
        with turn(step) as on_step:  # as the page, which draws what is below the verdict in it
            analysis = services.analyse(song, FIVE_SECONDS, on_step)
            assert waiting
            assert services.decode(song, on_step) is analysis.waveform
            is_over.set()
    finally:
        is_over.set()
        for each in waiting:
            each.join(30.0)


def own_set(n_sets_bytes: int) -> OwnTestSet:
    song = OwnSong("rock/a.wav", "rock", n_sets_bytes, lambda: b"sound")
    return OwnTestSet("mine", (song,))


def test_the_sound_of_an_own_test_set_is_kept_within_bounds():
    services.keep_songs("one", own_set(own_songs.MAX_SET_BYTES))
    services.keep_songs("large", own_set(own_songs.MAX_SET_BYTES + 1))
    assert services.song_at_hand("one", "rock/a.wav") == b"sound"
    assert services.song_at_hand("one", "rock/b.wav") is None
    assert services.song_at_hand("large", "rock/a.wav") is None
    assert services.song_at_hand("", "rock/a.wav") is None
    for n in range(8):  # as many as are kept
        services.keep_songs(f"later {n}", own_set(1))
    assert services.song_at_hand("one", "rock/a.wav") is None
    assert services.song_at_hand("later 7", "rock/a.wav") == b"sound"
    own_songs.forget()
    assert services.song_at_hand("later 7", "rock/a.wav") is None
