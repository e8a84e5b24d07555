"""Layers that the networks share, and the scaling of their input."""

import pytest
import torch
from torch.nn import functional as F

from genre_core.models import registry
from genre_core.models.input_scaling import DB_PER_UNIT, InputScaling
from genre_core.models.layers import (
    ConvBlock,
    KerasGRU,
    activate,
    repeat_columns,
)
from tests.unit.models.builders import spectrogram


def test_keras_gru_follows_its_equations_step_by_step() -> None:
    gru = KerasGRU(5, 3)
    torch.nn.init.normal_(gru.bias)
    x = torch.randn(2, 7, 5)
    w_z, w_r, w_h = gru.weight_input.split(3)
    b_z, b_r, b_h = gru.bias.split(3)
    u_z, u_r = gru.weight_gates.split(3)
    u_h = gru.weight_candidate
    h = torch.zeros(2, 3)
    for t in range(7):
        z = (0.2 * (x[:, t] @ w_z.T + h @ u_z.T + b_z) + 0.5).clamp(0, 1)
        r = (0.2 * (x[:, t] @ w_r.T + h @ u_r.T + b_r) + 0.5).clamp(0, 1)
        candidate = torch.tanh(x[:, t] @ w_h.T + (r * h) @ u_h.T + b_h)
        h = z * h + (1 - z) * candidate
        torch.testing.assert_close(gru(x)[:, t], h)


def test_conv_block_pools_before_elu_and_gets_the_same() -> None:
    block = ConvBlock(2, 3, pool=(2, 3)).eval()
    block.norm.running_mean.normal_()
    block.norm.weight.data = torch.tensor([1.0, -1.0, 0.5])  # a falling one too
    x = torch.randn(2, 2, 9, 10)
    expected = F.max_pool2d(F.elu(block.norm(block.conv(x))), (2, 3))
    torch.testing.assert_close(block(x), expected)
    assert block(x).shape == (2, 3, 4, 3)


def test_repeat_columns_fills_exactly() -> None:
    x = torch.tensor([[1, 2, 3]])
    assert repeat_columns(x, 7).tolist() == [[1, 2, 3, 1, 2, 3, 1]]
    assert repeat_columns(x, 3).tolist() == [[1, 2, 3]]


def test_sigmoid_activation_gives_scores_that_the_softmax_divides_by_their_sum() -> None:
    z = torch.randn(4, 6)
    logits = activate(z, "sigmoid")
    torch.testing.assert_close(logits.exp(), z.sigmoid())
    torch.testing.assert_close(logits.softmax(1), z.sigmoid() / z.sigmoid().sum(1, keepdim=True))
    assert activate(z, "softmax") is z


def test_power_average_is_the_mean_of_powers() -> None:
    x = spectrogram(2, 5, 22)
    scaled = InputScaling(4, None)(x)
    power = (10 ** (x[..., :20] / 10)).unflatten(-1, (5, 4)).mean(-1)
    db = 10 * power.log10()
    expected = db - db.amax(dim=(1, 2), keepdim=True)
    torch.testing.assert_close(scaled * DB_PER_UNIT, expected, atol=1e-4, rtol=1e-5)


def test_power_average_of_extreme_levels_is_finite_and_differentiable() -> None:
    x = torch.full((1, 2, 8), -100.0)
    x[0, 0, 0] = 400.0  # 10**40 overflows float32
    x.requires_grad_()
    y = InputScaling(4, 80.0)(x)
    y.sum().backward()
    assert torch.isfinite(y).all()
    assert torch.isfinite(x.grad).all()


@pytest.mark.parametrize("name", ["crnn", "k1c2", "k2c2"])
def test_a_quieter_song_gets_the_same_answer(name: str) -> None:
    model = registry.build(name, 3).eval()
    x = spectrogram(2, 96, 200)
    with torch.inference_mode():
        torch.testing.assert_close(model(x - 20.0), model(x), atol=1e-5, rtol=0.0)
        louder_at_first = x.clone()
        louder_at_first[..., :50] += 20.0
        assert not torch.allclose(model(louder_at_first), model(x), atol=1e-3)


def test_input_is_clipped_and_centred() -> None:
    x = torch.tensor([[[0.0, -30.0, -90.0]]])
    scaled = InputScaling(1, 60.0)(x + 7.0)
    assert (scaled * DB_PER_UNIT).tolist() == [[[30.0, 0.0, -30.0]]]
