"""A window slides along the song: where it lies, and what is heard in it."""

import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from genre_core.config import SlidingSettings
from genre_core.errors import ModelError, SettingsError
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.sliding import (
    SlidingRun,
    nearest_stretches,
    sliding_spans,
    window_scores,
)
from genre_core.types import Waveform
from tests import builders

RATE = 12_000  # Hz


def make_waveform(seconds: float, silent_from: float = 1e9) -> Waveform:
    noise = builders.noise(seconds, RATE)
    noise[min(round(silent_from * RATE), len(noise)) :] = 0.0
    return builders.waveform(noise, RATE)


@pytest.fixture(scope="module")
def recognizer(tiny_checkpoint: Path) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(tiny_checkpoint)


def test_windows_start_every_hop_and_stay_inside():
    spans = sliding_spans(make_waveform(21.5))
    assert [span.start_seconds for span in spans] == [0, 2, 4, 6, 8, 10, 12, 14]
    assert {span.end_sample - span.start_sample for span in spans} == {6 * RATE}
    assert [span.index for span in spans] == list(range(8))


def test_a_song_of_exactly_one_window_has_one():
    assert len(sliding_spans(make_waveform(6.0))) == 1
    assert len(sliding_spans(make_waveform(8.0))) == 2


def test_a_song_shorter_than_a_window_is_one_short_window():
    (span,) = sliding_spans(make_waveform(4.0))
    assert (span.start_seconds, span.end_seconds) == (0.0, 4.0)


@pytest.mark.parametrize(
    ("window", "hop"), [(2.9, 1.0), (29.2, 2.0), (6.0, 0.0), (6.0, 6.1), (6.0, 1e-6), (np.nan, 2.0)]
)
def test_settings_outside_their_limits_are_refused(window: float, hop: float):
    with pytest.raises(SettingsError, match="choose"):
        sliding_spans(make_waveform(10.0), SlidingSettings(window, hop))


def test_each_window_is_scored_as_a_frame_of_its_own(recognizer: GenreRecognizer):
    waveform = make_waveform(11.0)
    spans = sliding_spans(waveform)
    scores = np.stack(list(window_scores(recognizer, waveform, spans)))
    cut = np.stack([waveform.samples[s.start_sample : s.end_sample] for s in spans])
    expected = recognizer.score(log_mel_spectrogram(cut, recognizer.features))
    np.testing.assert_array_equal(scores, expected)


def test_silent_windows_are_marked_and_not_scored(
    recognizer: GenreRecognizer, monkeypatch: pytest.MonkeyPatch
):
    waveform = make_waveform(14.0, silent_from=7.0)
    spans = sliding_spans(waveform)
    assert [span.silent for span in spans] == [False] * 4 + [True]
    scored = []
    score = GenreRecognizer.score
    monkeypatch.setattr(
        GenreRecognizer, "score", lambda self, x: scored.append(1) or score(self, x)
    )
    scores = np.stack(list(window_scores(recognizer, waveform, spans)))
    assert len(scored) == 4
    np.testing.assert_allclose(scores.sum(axis=1), [1, 1, 1, 1, 0], atol=1e-6)


def test_windows_are_scored_one_at_a_time(recognizer: GenreRecognizer):
    """Whoever stops listening stops the work, and no two spectrograms are held."""
    shapes = []

    class Listening:
        info, features = recognizer.info, recognizer.features

        def score(self, log_mel: np.ndarray) -> np.ndarray:
            shapes.append(log_mel.shape)
            return recognizer.score(log_mel)

        log_mel = staticmethod(recognizer.log_mel)

    waveform = make_waveform(20.0)
    windows = window_scores(Listening(), waveform, sliding_spans(waveform))
    next(windows)
    next(windows)
    assert shapes == [(1, 96, 282)] * 2


def test_a_run_goes_on_where_it_was_left(recognizer: GenreRecognizer):
    waveform = make_waveform(14.0)
    run = SlidingRun(waveform, SlidingSettings(), len(recognizer.info.genres))
    assert (len(run.scores.scores), run.scores.is_complete) == (0, False)
    for done in (1, 2):
        run.work(recognizer, waveform, seconds=0.0)
        assert len(run.scores.scores) == done
    first = run.scores
    run.work(recognizer, waveform, seconds=1e9)
    assert run.scores.is_complete
    expected = np.stack(list(window_scores(recognizer, waveform, first.spans)))
    np.testing.assert_array_equal(run.scores.scores, expected)
    np.testing.assert_array_equal(first.scores, expected[:2])  # whoever draws them keeps them
    run.work(recognizer, waveform, seconds=0.0)
    assert len(run.scores.scores) == 5


def test_threads_share_a_run(recognizer: GenreRecognizer, monkeypatch: pytest.MonkeyPatch):
    waveform = make_waveform(60.0)
    run = SlidingRun(waveform, SlidingSettings(), len(recognizer.info.genres))
    scored = []
    score = GenreRecognizer.score
    monkeypatch.setattr(
        GenreRecognizer, "score", lambda self, x: scored.append(1) or score(self, x)
    )

    def work() -> None:
        while not run.scores.is_complete:
            run.work(recognizer, waveform, seconds=0.0)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(scored) == len(run.scores.spans) == len(run.scores.scores)


def test_a_network_that_fails_leaves_what_was_scored(recognizer: GenreRecognizer):
    class Failing:
        info, features, log_mel = recognizer.info, recognizer.features, recognizer.log_mel

        def score(self, log_mel: np.ndarray) -> np.ndarray:
            raise ModelError("broken")

    waveform = make_waveform(14.0)
    run = SlidingRun(waveform, SlidingSettings(), len(recognizer.info.genres))
    run.work(recognizer, waveform, seconds=0.0)
    with pytest.raises(ModelError):
        run.work(Failing(), waveform, seconds=1e9)
    assert len(run.scores.scores) == 1
    run.work(recognizer, waveform, seconds=1e9)
    assert run.scores.is_complete


@pytest.mark.parametrize("seconds", [4.0, 6.0, 8.0, 60.3])
def test_nearest_stretches_touch_and_lie_in_their_windows(seconds: float):
    spans = sliding_spans(make_waveform(seconds))
    stretches = nearest_stretches(spans)
    assert len(stretches) == len(spans)
    assert stretches[0][0] == 0.0
    assert stretches[-1][1] == spans[-1].end_seconds
    for (start, end), span in zip(stretches, spans, strict=True):
        assert span.start_seconds <= start < end <= span.end_seconds
    assert all(one[1] == other[0] for one, other in pairwise(stretches))
