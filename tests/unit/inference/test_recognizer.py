import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from genre_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from genre_core.checkpoints.info import CheckpointInfo
from genre_core.config import GENRES, FeatureSettings, FrameSettings
from genre_core.errors import AudioError, ModelError, SettingsError
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.inference import recognizer
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.models import registry
from genre_core.models.base import GenreNetwork
from genre_core.models.folding import inference_copy


class CancelledError(Exception):
    pass


def lived_in(model: GenreNetwork) -> GenreNetwork:
    """Give the batch norms of `model` statistics and gains as after training."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
                module.running_mean.normal_(0.0, 0.5, generator=generator)
                module.running_var.uniform_(0.5, 2.0, generator=generator)
                module.weight.uniform_(-1.5, 1.5, generator=generator)
                module.bias.normal_(0.0, 0.5, generator=generator)
    return model


@pytest.fixture
def tiny(tiny_checkpoint: Path) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(tiny_checkpoint)


@pytest.fixture
def frames() -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(-20.0, 12.0, (5, 96, 200)).astype(np.float32)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("crnn", {}),
        ("crnn", {"pool_columns": 1, "recurrent": "keras_gru", "bidirectional": False}),
        ("crnn_gru", {}),
        ("crnn_choi", {}),
    ],
)
def test_folded_network_agrees_with_the_plain_one(name: str, options: dict) -> None:
    torch.manual_seed(0)
    model = lived_in(registry.build(name, 10, **options)).eval()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    folded = inference_copy(model)
    x = torch.randn(1, 96, 400) * 12.0 - 20.0
    with torch.inference_mode():
        plain_scores, folded_scores = model(x).softmax(1), folded(x).softmax(1)
    torch.testing.assert_close(folded_scores, plain_scores, atol=1e-5, rtol=0.0)
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in folded.modules())
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_a_trace_ends_with_the_scores_and_leaves_the_network_alone(
    tiny: GenreRecognizer, frames: np.ndarray
) -> None:
    scores = tiny.score(frames)
    traced = tiny.trace(frames[2])
    assert traced["input"].shape[:2] == (1, 96)
    np.testing.assert_allclose(traced["classifier"][-1], scores[2], atol=1e-6)
    np.testing.assert_allclose(traced["classifier"].sum(axis=1), 1.0, atol=1e-6)
    np.testing.assert_array_equal(tiny.score(frames), scores)


def test_scores_are_the_softmax_of_the_networks_logits(
    tiny: GenreRecognizer, tiny_checkpoint: Path, frames: np.ndarray
) -> None:
    model, _ = load_checkpoint(tiny_checkpoint)
    with torch.inference_mode():
        expected = model(torch.from_numpy(frames)).softmax(1).numpy()
    scores = tiny.score(frames)
    assert scores.dtype == np.float32
    assert scores.shape == (5, len(GENRES))
    np.testing.assert_allclose(scores, expected, atol=1e-5)
    np.testing.assert_allclose(scores.sum(axis=1), 1.0, atol=1e-6)


def test_embeddings_are_the_networks(
    tiny: GenreRecognizer, tiny_checkpoint: Path, frames: np.ndarray
) -> None:
    model, _ = load_checkpoint(tiny_checkpoint)
    with torch.inference_mode():
        expected = model.embed(torch.from_numpy(frames)).numpy()
    embeddings = tiny.read(frames).embeddings
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(embeddings, expected, atol=1e-5)


def test_log_odds_are_those_of_the_score(tiny: GenreRecognizer, frames: np.ndarray) -> None:
    scores = tiny.score(frames[:1])[0].astype(np.float64)
    for genre, score in zip(GENRES, scores, strict=True):
        expected = np.log(score / (1.0 - score))
        assert tiny.log_odds(frames[0], genre) == pytest.approx(expected, abs=1e-5)


def test_gradient_tells_how_the_log_odds_change(tiny: GenreRecognizer, frames: np.ndarray) -> None:
    before = frames.copy()
    frames.flags.writeable = False
    log_odds, gradient = tiny.log_odds_gradient(frames[0], "jazz")
    assert log_odds == pytest.approx(tiny.log_odds(frames[0], "jazz"), abs=1e-6)
    assert gradient.shape == frames[0].shape
    step = 0.05 * gradient / np.abs(gradient).max()  # dB, uphill
    change = tiny.log_odds(frames[0] + step, "jazz") - tiny.log_odds(frames[0] - step, "jazz")
    assert change == pytest.approx(2.0 * float((gradient * step).sum()), rel=0.1)
    # Nothing stays behind in the network that all sessions share.
    assert all(p.grad is None and not p.requires_grad for p in tiny._model.parameters())
    np.testing.assert_array_equal(frames, before)


def test_each_frame_is_scored_by_itself(tiny: GenreRecognizer, frames: np.ndarray) -> None:
    together = tiny.score(frames)
    np.testing.assert_array_equal(tiny.score(frames[::-1])[::-1], together)
    np.testing.assert_array_equal(tiny.score(frames[2:3])[0], together[2])
    assert tiny.score(frames[:0]).shape == (0, len(GENRES))


def test_temperature_divides_the_logits(tmp_path: Path, frames: np.ndarray) -> None:
    torch.manual_seed(0)
    model = registry.build("crnn", 3, channels=(4, 4, 4, 4), hidden=4).eval()
    with torch.no_grad():
        model.classifier.weight.mul_(10.0)
    path = tmp_path / "hot.safetensors"
    save_checkpoint(path, model, name="hot", genres=("a", "b", "c"), temperature=2.0)
    with torch.inference_mode():
        expected = (model(torch.from_numpy(frames)) / 2.0).softmax(1).numpy()
    scores = GenreRecognizer.from_checkpoint(path).score(frames)
    np.testing.assert_allclose(scores, expected, atol=1e-5)


def test_input_is_neither_written_to_nor_must_it_be_writeable(
    tiny: GenreRecognizer, frames: np.ndarray
) -> None:
    before = frames.copy()
    frames.flags.writeable = False
    tiny.score(frames)
    np.testing.assert_array_equal(frames, before)


@pytest.mark.parametrize("shape", [(96, 200), (1, 1, 96, 200), (1, 95, 200), (1, 96, 10)])
def test_wrong_shapes_are_refused(tiny: GenreRecognizer, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"n_frames|bands"):
        tiny.score(np.zeros(shape, dtype=np.float32))


def test_scores_that_are_not_numbers_are_refused(frames: np.ndarray) -> None:
    model = registry.build("crnn", 2, channels=(4, 4, 4, 4), hidden=4)
    with torch.no_grad():
        model.classifier.bias[0] = torch.nan
    info = CheckpointInfo("bad", "crnn", {}, ("a", "b"), FeatureSettings(), FrameSettings(), 1.0)
    with pytest.raises(ModelError, match="bad"):
        GenreRecognizer(model, info).score(frames)


def test_progress_counts_frames_and_a_cancel_leaves_no_lock(
    tiny: GenreRecognizer, frames: np.ndarray
) -> None:
    seen: list[tuple[str, float]] = []
    tiny.score(frames, lambda text, share: seen.append((text, round(share, 6))))
    shares = (0.85, 0.88, 0.91, 0.94, 0.97, 1.0)  # decoding and spectrograms are 0.85 of the work
    assert seen == [(f"Frame {min(i, 5)} of 5", share) for i, share in enumerate(shares, start=1)]

    def cancel(text: str, share: float) -> None:
        if text == "Frame 3 of 5":
            raise CancelledError

    with pytest.raises(CancelledError):
        tiny.score(frames, cancel)
    with pytest.raises(ValueError, match="bands"):  # an error inside the network neither
        tiny.score(np.zeros((1, 96, 10), dtype=np.float32))
    assert recognizer._FRAMES_AT_A_TIME.acquire(timeout=5.0)
    recognizer._FRAMES_AT_A_TIME.release()


def test_several_users_take_turns_and_get_their_own_scores(
    tiny: GenreRecognizer, frames: np.ndarray
) -> None:
    expected = tiny.score(frames)
    results: dict[int, np.ndarray] = {}

    def user(shift: int) -> None:
        results[shift] = np.roll(tiny.score(np.roll(frames, shift, axis=0)), -shift, axis=0)

    users = [threading.Thread(target=user, args=(shift,)) for shift in range(4)]
    for thread in users:
        thread.start()
    for thread in users:
        thread.join(timeout=60.0)
    assert sorted(results) == [0, 1, 2, 3]
    for scores in results.values():
        np.testing.assert_array_equal(scores, expected)


def test_analyse_composes_the_steps(tiny: GenreRecognizer, wav_bytes: Callable[..., bytes]) -> None:
    steps: list[tuple[str, float]] = []
    analysis = tiny.analyse(
        wav_bytes(seconds=22.0),
        FrameSettings(frame_seconds=5.0, trim_seconds=1.0),
        name="chord.wav",
        on_step=lambda text, fraction: steps.append((text, fraction)),
    )
    assert analysis.waveform.receipt.name == "chord.wav"
    assert analysis.frames.samples.shape == (4, 60_000)
    np.testing.assert_array_equal(
        analysis.log_mel, log_mel_spectrogram(analysis.frames.samples, tiny.features)
    )
    np.testing.assert_array_equal(analysis.scores, tiny.score(analysis.log_mel))
    assert analysis.model == tiny.info

    texts = list(dict.fromkeys(text for text, _ in steps))
    assert texts == ["Decoding", "Spectrograms", "Frame 4 of 4"]  # all were read early
    fractions = [fraction for _, fraction in steps]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0


def test_analyse_uses_the_checkpoints_frames_unless_told(
    tmp_path: Path, wav_bytes: Callable[..., bytes]
) -> None:
    model = registry.build("crnn", 10, channels=(4, 4, 4, 4), hidden=4)
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, model, name="m", genres=GENRES, frames=FrameSettings(4.0, 0.0))
    listener = GenreRecognizer.from_checkpoint(path.read_bytes())
    assert listener.frame_settings == FrameSettings(4.0, 0.0)
    assert len(listener.analyse(wav_bytes(seconds=13.0)).scores) == 3


def test_analyse_passes_on_errors_and_a_cancel_at_every_step(
    tiny: GenreRecognizer, wav_bytes: Callable[..., bytes]
) -> None:
    with pytest.raises(AudioError):
        tiny.analyse(b"not a song", name="text.mp3")
    with pytest.raises(SettingsError):
        tiny.analyse(wav_bytes(), FrameSettings(frame_seconds=1.0))
    song = wav_bytes(seconds=10.0)
    for unwanted in ("Decoding", "Spectrograms", "Frame 1 of 1"):

        def cancel(text: str, fraction: float, unwanted: str = unwanted) -> None:
            if text == unwanted:
                raise CancelledError(text)

        with pytest.raises(CancelledError, match=unwanted):
            tiny.analyse(song, on_step=cancel)
    assert tiny.analyse(song).scores.shape == (1, 10)
