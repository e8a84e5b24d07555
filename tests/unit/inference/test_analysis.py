"""A song's verdict: silent frames never count, and any other frame can be left out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.config import FrameSettings
from genre_core.errors import AudioError, SettingsError
from genre_core.inference.aggregate import AGGREGATES
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.models.familiarity import fit_familiarity


@pytest.fixture(scope="module")
def recognizer(tiny_checkpoint: Path) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(tiny_checkpoint)


@pytest.fixture
def analysis(recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]) -> SongAnalysis:
    """Four frames of 5 s, the second digital silence."""
    samples = 0.1 * np.random.default_rng(0).standard_normal((240_000, 1))
    samples[60_000:120_000] = 0.0
    song = wav_bytes(samples=samples, sample_rate=12_000)
    return recognizer.analyse(song, FrameSettings(5.0, 0.0), "gap.wav")


@pytest.mark.parametrize("aggregation", AGGREGATES)
def test_a_silent_frame_never_counts(analysis: SongAnalysis, aggregation: str) -> None:
    assert analysis.frames.silent.tolist() == [False, True, False, False]
    verdict = analysis.verdict(aggregation)
    assert verdict.n_frames == 3
    assert verdict.aggregation == aggregation
    expected = AGGREGATES[aggregation](analysis.scores[[0, 2, 3]])
    np.testing.assert_allclose(verdict.scores, expected, rtol=1e-6)
    assert verdict.genre == analysis.model.genres[int(expected.argmax())]


def test_the_shortest_call_takes_the_mean(analysis: SongAnalysis) -> None:
    assert analysis.verdict().aggregation == "mean"
    np.testing.assert_array_equal(analysis.verdict().scores, analysis.verdict("mean").scores)


def test_more_frames_can_be_left_out(analysis: SongAnalysis) -> None:
    verdict = analysis.verdict("mean", [0, 1, 3])
    assert verdict.n_frames == 1
    np.testing.assert_allclose(verdict.scores, analysis.scores[2], rtol=1e-6)
    with pytest.raises(AudioError):
        analysis.verdict("mean", [0, 2, 3])


def test_an_unknown_aggregation_is_refused(analysis: SongAnalysis) -> None:
    with pytest.raises(SettingsError, match="median"):
        analysis.verdict("median")


def test_the_steps_together_are_the_analysis(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]
) -> None:
    song, settings = wav_bytes(seconds=12.0), FrameSettings(5.0, 1.0)
    waveform = recognizer.decode(song, "chord.wav")
    cut = recognizer.spectrograms(waveform, settings)
    whole = recognizer.analyse(song, settings, "chord.wav")
    np.testing.assert_array_equal(waveform.samples, whole.waveform.samples)
    np.testing.assert_array_equal(cut.log_mel, whole.log_mel)
    assert cut.frames.spans == whole.frames.spans
    np.testing.assert_array_equal(recognizer.score(cut.log_mel), whole.scores)


def test_noise_is_unlike_a_network_that_learnt_from_tones(
    tiny_checkpoint: Path, wav_bytes: Callable[..., bytes]
) -> None:
    model, info = load_checkpoint(tiny_checkpoint)
    seconds = np.arange(10 * 12_000) / 12_000
    settings = FrameSettings(3.0, 0.0)

    def tone(hz: float) -> bytes:
        samples = 0.3 * np.sin(2 * np.pi * hz * seconds)[:, None]
        return wav_bytes(samples=samples, sample_rate=12_000)

    bare = GenreRecognizer(model, info)
    assert bare.analyse(tone(440), settings).unlikeness is None
    assert not bare.analyse(tone(440), settings).unlike_training

    learnt = np.concatenate(
        [bare.read(bare.analyse(tone(hz), settings).log_mel).timbres for hz in range(400, 500, 5)]
    )
    familiarity = fit_familiarity(learnt[::2], learnt[1::2], learnt.shape[1] // 2)
    recognizer = GenreRecognizer(model, replace(info, familiarity=familiarity))
    noise = 0.3 * np.random.default_rng(0).standard_normal((120_000, 1))
    strange = recognizer.analyse(wav_bytes(samples=noise, sample_rate=12_000), settings)
    assert strange.unlike_training
    assert not recognizer.analyse(tone(452), settings).unlike_training
