"""The two plain CNNs, and networks of every family of a given size."""

import pytest
import torch

from genre_core.config import FeatureSettings
from genre_core.models import registry, sizes
from genre_core.models.k1c2 import K1c2
from genre_core.models.k2c2 import K2c2

SMALL = {"k1c2": {"channels": (2, 3, 3, 4), "hidden": 5}, "k2c2": {"channels": (2, 3, 3, 4, 5)}}


def frame(n_columns: int, n: int = 2) -> torch.Tensor:
    return 15.0 * torch.randn(n, 96, n_columns, generator=torch.Generator().manual_seed(0)) - 20.0


@pytest.mark.parametrize("n_genres", [2, 10])
@pytest.mark.parametrize("target", [100_000, 250_000, 500_000, 1_000_000])
@pytest.mark.parametrize("family", sizes.FAMILIES)
def test_width_meets_the_target_number_of_parameters(
    family: str, target: int, n_genres: int
) -> None:
    hyperparameters = sizes.for_size(family, target, n_genres)
    model = registry.build(family, n_genres, **hyperparameters)
    counted = sum(parameter.numel() for parameter in model.parameters())
    assert counted == sizes.n_parameters(family, n_genres, **hyperparameters)
    assert counted == pytest.approx(target, rel=0.03)


def test_scaling_keeps_the_ratio_of_widths_and_other_options() -> None:
    result = sizes.scaled("crnn", 0.5, pool_columns=2)
    assert result == {"pool_columns": 2, "channels": (32, 64, 64, 64), "hidden": 32}
    assert sizes.scaled("k2c2", 0.001)["channels"] == (1, 1, 1, 1, 1)


def test_sizes_that_cannot_be_had_are_refused() -> None:
    with pytest.raises(ValueError, match="no width factor"):
        sizes.scaled("crnn_choi", 1.0)
    with pytest.raises(ValueError, match="5,000"):
        sizes.for_size("crnn", 10)
    with pytest.raises(ValueError, match="nearest"):
        sizes.for_size("k1c2", 50_000)  # 96 bands a unit: widths of whole units are too coarse


@pytest.mark.parametrize("name", SMALL)
def test_frames_of_any_length_from_three_seconds(name: str) -> None:
    model = registry.build(name, 3, **SMALL[name]).eval()
    shortest = FeatureSettings().n_columns(36_000)  # 3 s
    assert model.min_columns <= shortest
    with torch.inference_mode():
        for n_columns in (model.min_columns, shortest, 469, 1366):
            assert model(frame(n_columns)).shape == (2, 3)
        with pytest.raises(ValueError, match=str(model.min_columns)):
            model(frame(model.min_columns - 1))


def test_k1c2_keeps_the_bands_apart_until_the_dense_layer() -> None:
    model = K1c2(3, **SMALL["k1c2"], dynamic_range_db=None).eval()
    x = frame(300, 1)
    x[:, 0] += 60.0  # the loudest band, from which the input is scaled, stays
    changed = x.clone()
    changed[:, 40] += 10.0
    with torch.inference_mode():
        one, other = model.trace(x)["conv4"], model.trace(changed)["conv4"]
    differ = (one != other).any(dim=(0, 1, 3))
    assert differ.nonzero().flatten().tolist() == [40]


def test_k2c2_leaves_one_band_and_averages_what_time_remains() -> None:
    model = K2c2(3, **SMALL["k2c2"]).eval()
    x = frame(1366, 1)
    with torch.inference_mode():
        traced = model.trace(x)
        embedding = model.embed(x)
    assert traced["conv5"].shape == (1, 5, 1, 10)  # 341 averaged columns, halved five times
    torch.testing.assert_close(embedding, traced["conv5"].mean(dim=(2, 3)))


@pytest.mark.parametrize("name", SMALL)
def test_every_weight_learns_and_the_network_can_be_built_again(name: str) -> None:
    model = registry.build(name, 3, **SMALL[name])
    model(frame(200)).square().sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in model.parameters())
    again = registry.build(name, 3, **model.hyperparameters)
    again.load_state_dict(model.state_dict())
    assert torch.equal(again.eval()(frame(200)), model.eval()(frame(200)))


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"channels": (4, 4)}, "channels"),
        ({"channels": (4, 4, 4, 4, 0)}, "channels|at least 1"),
        ({"level": "mean"}, "level"),
        ({"dynamic_range_db": -1.0}, "above 0"),
        ({"pool_columns": 0}, "at least 1"),
        ({"depth": 3}, "depth"),
    ],
)
def test_impossible_options_are_refused(name: str, options: dict, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        registry.build(name, 3, **options)
