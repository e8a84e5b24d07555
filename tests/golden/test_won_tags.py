"""The ports of the published tag networks give the scores of the original code."""

import json
from pathlib import Path

import librosa
import numpy as np
import pytest
import safetensors.torch
import torch

from genre_core.checkpoints.won_weights import load_won_tagger
from genre_core.errors import ModelError
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.models.won_taggers import FEATURES, WonTagger
from genre_core.types import FloatArray

TOLERANCE = 1e-5
NAMES = ("won_msd_crnn", "won_msd_fcn", "won_jamendo_crnn", "won_jamendo_fcn")


def reference_sound() -> FloatArray:
    """The sound of which reference/won_tags.json gives the formula."""
    sr = FEATURES.sample_rate
    n = int(29.1 * sr)
    t = np.arange(n) / sr
    sweep = np.sin(2 * np.pi * (110 * t + (1760 - 110) / (2 * 29.1) * t * t))
    beat = 0.5 + 0.5 * np.sin(2 * np.pi * 2 * t)
    noise = 0.05 * np.random.default_rng(0).standard_normal(n)
    return (0.4 * sweep * beat + noise).astype(np.float32)


def original_log_mel(samples: FloatArray) -> FloatArray:
    """(n_mels, n_columns), dB, as the published networks had it: centred with reflection."""
    power = librosa.feature.melspectrogram(
        y=samples,
        sr=FEATURES.sample_rate,
        n_fft=FEATURES.n_fft,
        hop_length=FEATURES.hop_length,
        pad_mode="reflect",
        n_mels=FEATURES.n_mels,
        htk=True,
        norm=None,
    )
    return librosa.power_to_db(power, amin=1e-10, top_db=None)


@pytest.mark.data
@pytest.mark.parametrize("name", NAMES)
def test_published_scores(data_root: Path, name: str) -> None:
    published = json.loads((data_root / "reference/won_tags.json").read_text())
    model = load_won_tagger(data_root / f"weights/{name}.safetensors")
    log_mel = torch.from_numpy(original_log_mel(reference_sound()))[None]
    with torch.inference_mode():
        scores = model(log_mel)[0].sigmoid().numpy()
    assert scores == pytest.approx(np.array(published["sigmoid_scores"][name]), abs=TOLERANCE)


def test_our_features_are_theirs_but_for_the_edges() -> None:
    samples = reference_sound()
    ours = log_mel_spectrogram(samples[None], FEATURES)[0]
    theirs = original_log_mel(samples)
    theirs = np.maximum(theirs, theirs.max() - FEATURES.top_db)
    assert ours.shape == theirs.shape
    assert ours[:, 1:-2] == pytest.approx(theirs[:, 1:-2], abs=0.01)


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    safetensors.torch.save_file({"weight": torch.zeros(3)}, path)
    with pytest.raises(ModelError, match="do not fit"):
        load_won_tagger(path)
    path.write_bytes(b"nothing")
    with pytest.raises(ModelError, match="not a readable"):
        load_won_tagger(path)
    with pytest.raises(ModelError, match="no such file"):
        load_won_tagger(tmp_path / "missing.safetensors")


@pytest.mark.parametrize("kind", ["fcn", "crnn"])
@pytest.mark.parametrize("n_columns", [188, 1820])
def test_short_frames_have_tags_too(kind: str, n_columns: int) -> None:
    with torch.inference_mode():
        assert WonTagger(kind).eval()(torch.zeros(2, 96, n_columns)).shape == (2, 50)
