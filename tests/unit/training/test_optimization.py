from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch import nn

from genre_core.errors import SettingsError
from genre_core.models import registry
from genre_core.training.initialisation import freeze
from genre_core.training.optimization import (
    SMALLEST_SIZE,
    learning_rate,
    make_optimizer,
    moving_average,
)
from tests.unit.training.builders import (
    HYPERPARAMETERS,
    SETTINGS,
)


def test_everything_frozen_leaves_nothing_to_learn() -> None:
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    freeze(model, tuple(model.blocks))
    with pytest.raises(SettingsError, match="nothing is left"):
        make_optimizer(model, SETTINGS)


def test_learning_rate_warms_up_and_falls() -> None:
    settings = replace(SETTINGS, learning_rate=1.0, warmup_share=0.1)
    rates = [learning_rate(step, 100, settings) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0)
    assert rates.index(max(rates)) in (9, 10)
    assert all(one > other for one, other in pairwise(rates[10:]))
    assert rates[-1] < 0.02
    constant = replace(settings, schedule="constant", warmup_share=0.0)
    assert {learning_rate(step, 100, constant) for step in range(100)} == {1.0}


def test_blocks_learn_at_their_own_rates() -> None:
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    optimizer = make_optimizer(model, replace(SETTINGS, block_rates={"classifier": 10.0}))
    factor = {
        id(parameter): group["factor"]
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    assert factor[id(model.classifier.weight)] == 10.0
    assert factor[id(model.band_norm.weight)] == 1.0
    assert len(factor) == len(list(model.parameters()))


def test_only_matrices_are_decayed() -> None:
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    for group in make_optimizer(model, replace(SETTINGS, weight_decay=0.1)).param_groups:
        for parameter in group["params"]:
            assert group["weight_decay"] == (0.1 if parameter.ndim > 1 else 0.0)


def test_moving_average_follows_the_weights() -> None:
    model = nn.BatchNorm1d(1)
    average = moving_average(model, 0.5)
    average.update_parameters(model)  # the first one is copied
    with torch.no_grad():
        model.weight.fill_(3.0)
        model.running_mean.fill_(2.0)
    average.update_parameters(model)
    decay = (1 + 1) / (10 + 1)
    assert average.module.weight.item() == pytest.approx(decay * 1 + (1 - decay) * 3)
    assert average.module.running_mean.item() == pytest.approx((1 - decay) * 2)


def test_relative_rates_follow_the_size_of_each_tensor() -> None:
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    with torch.no_grad():
        model.classifier.bias.zero_()
    optimizer = make_optimizer(model, replace(SETTINGS, relative_rates=True))
    factor = {
        id(parameter): group["factor"]
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    size = float(model.classifier.weight.detach().square().mean().sqrt())
    assert factor[id(model.classifier.weight)] == pytest.approx(size)
    assert factor[id(model.classifier.bias)] == SMALLEST_SIZE
