import copy

import pytest
import torch
from torch import nn

from genre_core.models import complexity, registry


def test_the_published_network_is_counted_as_by_hand() -> None:
    result = complexity.measure(registry.build("crnn_choi", 10))
    assert result.layers == {
        "convolutions.conv1.conv": 96 * 1440 * 64 * 9,
        "convolutions.conv2.conv": 48 * 720 * 128 * 64 * 9,
        "convolutions.conv3.conv": 16 * 240 * 128 * 128 * 9,
        "convolutions.conv4.conv": 4 * 60 * 128 * 128 * 9,
        "gru1": 15 * 3 * 32 * (128 + 32),
        "gru2": 15 * 3 * 32 * (32 + 32),
        "classifier": 32 * 10,
    }
    assert result.multiply_adds == sum(result.layers.values())
    norms = 2 * (1440 + 64 + 3 * 128)
    kernels = 9 * (64 + 64 * 128 + 2 * 128 * 128) + 64 + 3 * 128
    recurrent = 3 * 32 * (128 + 32 + 1) + 3 * 32 * (32 + 32 + 1)
    assert result.parameters == norms + kernels + recurrent + 33 * 10


def test_both_directions_and_every_step_of_a_gru_count() -> None:
    model = registry.build("crnn", 3, channels=(4,), pools=((32, 5),), hidden=6, pool_columns=1)
    result = complexity.measure(model, n_columns=150)
    # 30 steps of 12 values; two layers, two directions, three gates
    assert result.layers["gru"] == 30 * 2 * 3 * 6 * ((12 + 6) + (12 + 6))
    assert result.layers["attention"] == 30 * 12
    assert result.layers["classifier"] == 12 * 3
    longer = complexity.measure(model, n_columns=300)
    assert longer.parameters == result.parameters
    assert longer.layers["gru"] == 2 * result.layers["gru"]


def test_measuring_leaves_the_network_alone() -> None:
    model = registry.build("crnn", 3, channels=(4,), pools=((32, 5),), hidden=6)
    before = copy.deepcopy(model.state_dict())
    complexity.measure(model)
    assert model.training
    assert not any(module._forward_hooks for module in model.modules())
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_a_layer_that_cannot_be_counted_is_refused() -> None:
    model = registry.build("crnn", 3, channels=(4,), pools=((32, 5),), hidden=6)
    model.dropout = nn.Bilinear(2, 2, 2)
    with pytest.raises(TypeError, match="Bilinear"):
        complexity.measure(model)
