import pytest
import torch

from genre_core.models import registry
from genre_core.models.base import GenreNetwork
from genre_core.models.input_scaling import LevelScaling, level_db

SMALL = {"channels": (2, 3, 4, 5), "hidden": 6}


def network() -> GenreNetwork:
    torch.manual_seed(0)
    return registry.build("crnn_gru", 3, **SMALL).eval()


def music(n_columns: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return 20.0 * torch.randn((2, 96, n_columns), generator=generator) - 30.0


@pytest.mark.parametrize("n_columns", [64, 65, 188, 626, 1819, 1821])
def test_frames_of_any_length_have_one_logit_a_genre(n_columns: int) -> None:
    logits = network()(music(n_columns))
    assert logits.shape == (2, 3)
    assert torch.isfinite(logits).all()


def test_a_rest_of_columns_counts() -> None:
    """188 columns are 2.9 steps; the last 60 must not be dropped."""
    frame = music(188)
    changed = frame.clone()
    changed[:, :, 130:] = music(188)[:, :, :58].flip(1)
    model = network()
    assert not torch.allclose(model(frame), model(changed), atol=1e-4)


def test_the_level_of_a_song_does_not_matter() -> None:
    model = network()
    assert torch.allclose(model(music(300)), model(music(300) - 40.0), atol=1e-4)


def test_too_short_a_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="64"):
        network()(music(63))


@pytest.mark.parametrize(
    "options",
    [
        {"channels": (2, 3)},
        {"hidden": 0},
        {"pools": ((2, 0), (2, 4), (2, 4), (4, 1))},
        {"dynamic_range_db": 0.0},
    ],
)
def test_impossible_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"channels|sizes|pools|dynamic_range_db"):
        registry.build("crnn_gru", 3, **(SMALL | options))


def test_the_level_is_the_mean_power() -> None:
    frame = torch.tensor([[[0.0, -10.0], [-20.0, -1000.0]]])
    expected = 10 * torch.log10(torch.tensor((1 + 0.1 + 0.01) / 4))
    assert level_db(frame).item() == pytest.approx(expected.item(), abs=1e-4)
    scaled = LevelScaling(60.0)(frame)
    assert scaled.min().item() == pytest.approx(-3.0)
    assert scaled.max().item() == pytest.approx(-expected.item() / 20, abs=1e-5)
