"""Frames that are read while their song is decoded: the same as those that are read afterwards."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.audio.frames import certain_starts, cut_frames, frame_starts
from genre_core.config import FrameSettings
from genre_core.errors import SettingsError
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.types import AudioReceipt, Frames, Waveform
from tests.conftest import synthetic_song

SHORT = FrameSettings(frame_seconds=5.0, trim_seconds=2.0)
RECEIPT = AudioReceipt("song", "", "", 100, 1, 1.0)


@pytest.fixture(scope="module")
def recognizer(tiny_checkpoint: Path) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(tiny_checkpoint)


def step_by_step(recognizer: GenreRecognizer, data: bytes, settings: FrameSettings) -> SongAnalysis:
    waveform = recognizer.decode(data)
    cut = recognizer.spectrograms(waveform, settings)
    return recognizer.combine(waveform, cut, recognizer.read(cut.log_mel))


def assert_equal(one: SongAnalysis, other: SongAnalysis) -> None:
    assert one.frames.spans == other.frames.spans
    for name in ("log_mel", "scores", "embeddings"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("seconds", [4.0, 12.0, 60.0])
@pytest.mark.parametrize("rate", [12_000, 44_100])
def test_the_result_is_that_of_one_step_after_another(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes], seconds: float, rate: int
) -> None:
    data = wav_bytes(seconds, rate, 2)
    assert_equal(recognizer.analyse(data, SHORT), step_by_step(recognizer, data, SHORT))


def test_most_frames_are_read_before_the_end(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]
) -> None:
    early = recognizer.early_frames(SHORT)
    recognizer.decode(wav_bytes(62.0, 12_000), early=early)
    assert len(early.readings) == len(early.log_mel) == 11


def test_a_file_that_is_read_twice_gives_the_frames_of_the_second_time(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]
) -> None:
    one = synthetic_song(40.0, 12_000)
    data = wav_bytes(samples=np.hstack([one, -0.9 * one]), sample_rate=12_000)
    analysis = recognizer.analyse(data, SHORT)
    assert any("cancel" in step or "opposed" in step for step in analysis.waveform.receipt.steps)
    assert_equal(analysis, step_by_step(recognizer, data, SHORT))


def test_the_song_is_shown_once_before_it_is_decoded(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]
) -> None:
    shown: list[tuple[Waveform, Frames]] = []
    steps: list[str] = []

    def show(waveform: Waveform, frames: Frames) -> None:
        shown.append((waveform, frames))
        steps.append("shown")

    data = wav_bytes(100.0, 44_100, 2)
    analysis = recognizer.analyse(
        data, SHORT, on_step=lambda what, share: steps.append(what), on_frames=show
    )
    ((waveform, frames),) = shown
    assert frames.spans == analysis.frames.spans
    assert waveform.duration_seconds == pytest.approx(100.0)
    n_known = len(waveform.samples) // 4
    np.testing.assert_array_equal(waveform.samples[:n_known], analysis.waveform.samples[:n_known])
    assert not waveform.samples[len(waveform.samples) // 2 :].any()
    assert "Decoding" in steps[steps.index("shown") :]


def test_who_stops_it_leaves_no_thread(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]
) -> None:
    class Stopped(BaseException):
        pass

    def stop(what: str, share: float) -> None:
        if share > 0.1:
            raise Stopped

    with pytest.raises(Stopped):
        recognizer.analyse(wav_bytes(60.0, 44_100, 2), SHORT, on_step=stop)
    assert [each for each in threading.enumerate() if each.name == "read ahead"] == []


def test_impossible_settings_are_refused_before_anything_is_decoded(
    recognizer: GenreRecognizer,
) -> None:
    with pytest.raises(SettingsError, match="frame length"):
        recognizer.analyse(b"no song", FrameSettings(frame_seconds=1.0))


@pytest.mark.parametrize("lie", [0.3, 2.0])
def test_a_length_that_is_not_true_changes_nothing(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes], lie: float
) -> None:
    data = wav_bytes(40.0, 12_000)
    early = recognizer.early_frames(SHORT)
    honest = early.restart
    early.restart = lambda seconds: honest(lie * seconds if seconds else None)  # type: ignore[method-assign]
    waveform = recognizer.decode(data, early=early)
    cut = recognizer.spectrograms(waveform, SHORT, early=early)
    analysis = recognizer.combine(waveform, cut, recognizer.read(cut.log_mel, early=early))
    assert_equal(analysis, step_by_step(recognizer, data, SHORT))


lengths = {
    "n_song": st.integers(300, 6_000),
    "frame": st.integers(30, 290),
    "trim": st.integers(0, 300),
}


@given(**lengths)
def test_frames_start_where_they_are_cut(n_song: int, frame: int, trim: int) -> None:
    settings = FrameSettings(frame_seconds=frame / 10, trim_seconds=trim / 10)
    starts, n_frame = frame_starts(n_song, 100, settings)
    cut = cut_frames(Waveform(np.ones(n_song, dtype=np.float32), 100, RECEIPT), settings)
    bounds = [(start, start + n_frame) for start in starts]
    assert bounds == [(span.start_sample, span.end_sample) for span in cut.spans]


@given(n_known=st.integers(0, 6_000), **lengths)
def test_certain_frames_are_the_first_of_any_longer_song(
    n_song: int, n_known: int, frame: int, trim: int
) -> None:
    settings = FrameSettings(frame_seconds=frame / 10, trim_seconds=trim / 10)
    certain, n_frame = certain_starts(min(n_known, n_song), 100, settings)
    starts, n_actual = frame_starts(n_song, 100, settings)
    assert list(certain) == list(starts)[: len(certain)]
    assert not certain or n_frame == n_actual
