"""Convolutions in bfloat16."""

import numpy as np
import pytest
import torch

from genre_core.checkpoints.bundled import default_model_path
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.models import registry
from genre_core.models.bfloat16 import Bfloat16Conv2d, bfloat16_copy, diffused
from genre_core.models.folding import inference_copy
from tests.golden import frozen


def test_diffused_weights_are_bfloat16_and_keep_the_sum_of_each_slice() -> None:
    weight = torch.randn(6, 5, 3, 3, generator=torch.Generator().manual_seed(0)) / 10
    rounded = diffused(weight)
    assert torch.equal(rounded, rounded.to(torch.bfloat16).float())
    nearest = weight.to(torch.bfloat16).float()

    def error(other: torch.Tensor) -> float:
        return float((other - weight).sum(dim=(2, 3)).abs().max())

    assert error(rounded) < error(nearest) / 10
    # An error passed on is at most that of the number before: twice as far from the weight.
    assert float((rounded - weight).abs().max()) <= 2 * float((nearest - weight).abs().max())


def test_a_convolution_gives_what_float32_gives_up_to_rounding() -> None:
    torch.manual_seed(0)
    conv = torch.nn.Conv2d(40, 16, (3, 3), padding=(1, 1)).eval()
    x = torch.randn(1, 40, 12, 30)
    with torch.inference_mode():
        expected, maps = conv(x), Bfloat16Conv2d(conv)(x)
    assert maps.dtype == torch.float32
    assert maps.shape == expected.shape
    torch.testing.assert_close(maps, expected, atol=0.02, rtol=0.02)


def test_the_bundled_network_keeps_its_scores_within_a_hundredth() -> None:
    model, info = load_checkpoint(default_model_path())
    exact = inference_copy(model)
    fast = bfloat16_copy(exact)
    wide = [block.conv for block in fast.convolutions if isinstance(block.conv, Bfloat16Conv2d)]
    assert len(wide) == 3
    x = torch.from_numpy(frozen.log_mel(info.features))
    with torch.inference_mode():
        scores, fast_scores = (
            (net(x) / info.temperature).softmax(1).numpy() for net in (exact, fast)
        )
    assert not np.array_equal(scores, fast_scores)
    np.testing.assert_allclose(fast_scores, scores, atol=0.01)


def test_other_networks_are_left_as_they_are() -> None:
    model = inference_copy(registry.build("crnn_choi", 10).eval())
    assert bfloat16_copy(model) is model


@pytest.mark.parametrize("computes", [False, True])
def test_a_recognizer_is_fast_only_where_the_processor_is(
    computes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genre_core.inference.recognizer.computes_bfloat16", lambda: computes)
    model, info = load_checkpoint(default_model_path())
    log_mel = frozen.log_mel(info.features)
    exact = GenreRecognizer(model, info)
    fast = GenreRecognizer(model, info, is_fast=True)
    assert np.array_equal(exact.score(log_mel), fast.score(log_mel)) is not computes
    # Gradients are those of the exact network in both.
    (_, gradient), (_, other) = (r.log_odds_gradient(log_mel[0], "jazz") for r in (exact, fast))
    np.testing.assert_array_equal(gradient, other)
