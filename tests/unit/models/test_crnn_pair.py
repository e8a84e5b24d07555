"""Two networks that hear one frame at two time resolutions."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from genre_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from genre_core.config import FeatureSettings, FrameSettings
from genre_core.datasets.coarse_mel import blur
from genre_core.errors import SettingsError
from genre_core.models import registry
from genre_core.models.crnn_pair import SHARES, CrnnPair, Product, sharpness
from genre_core.training.initialisation import initialise_parts

SMALL = {"channels": (2, 3, 4, 5), "hidden": 3}
SHARP = {**SMALL, "pool_columns": 1, "pools": ((2, 2), (3, 3), (4, 4), (4, 4))}
GENRES = ("a", "b", "c")


@pytest.fixture
def pair() -> CrnnPair:
    torch.manual_seed(0)
    return CrnnPair(3, sharp=SHARP, smooth=SMALL).eval()


@pytest.fixture
def log_mel() -> Tensor:
    return torch.randn(2, 96, 470, generator=torch.Generator().manual_seed(1)) * 12.0 - 20.0


def test_a_product_of_equal_shares_is_the_geometric_mean() -> None:
    scores = torch.tensor([[[0.9, 0.05, 0.05], [0.1, 0.8, 0.1]]])
    together = Product(SHARES)(scores.log(), torch.ones(1, 1)).softmax(dim=-1)
    expected = scores.prod(dim=1).sqrt()
    torch.testing.assert_close(together, expected / expected.sum())


def test_experts_that_agree_are_left_as_they_are() -> None:
    logits = torch.tensor([[2.0, -1.0, 0.5]]).expand(2, 3)[None]
    together = Product(SHARES)(logits, torch.zeros(1, 1)).softmax(-1)
    torch.testing.assert_close(together, logits[:, 0].softmax(-1))


def test_what_each_expert_counts_depends_on_how_sharp_the_input_is() -> None:
    logits = torch.tensor([[[3.0, 0.0], [0.0, 3.0]]]).expand(3, 2, 2)
    sharp = torch.tensor([[0.0], [0.5], [1.0]])
    product = Product(((0.0, 1.0), (1.0, 0.0))).requires_grad_(False)
    first, second = product(logits, sharp).softmax(-1).T
    assert first[0] < 0.1
    assert first[1] == pytest.approx(float(second[1]))
    assert first[2] > 0.9


def test_sharpness_tells_averaged_columns_whatever_the_level() -> None:
    generator = torch.Generator().manual_seed(2)
    sharp = torch.randn(1, 96, 800, generator=generator) * 6.0 - 20.0
    blurred = blur(sharp, FeatureSettings())
    assert sharpness(torch.cat([sharp, sharp - 30.0])).tolist() == [[1.0], [1.0]]
    assert sharpness(blurred).item() == 0.0
    assert sharpness(torch.full((1, 96, 800), -100.0)).item() == 0.0  # silence is a number too


def test_scores_are_the_product_of_both(pair: CrnnPair, log_mel: Tensor) -> None:
    with torch.inference_mode():
        sharp, smooth = (part(log_mel).softmax(-1) for part in pair.parts.values())
        together = pair(log_mel).softmax(-1)
    product = (sharp * smooth).sqrt()
    torch.testing.assert_close(together, product / product.sum(-1, keepdim=True))


def test_a_trace_ends_with_the_answer_and_names_the_blocks_of_both(
    pair: CrnnPair, log_mel: Tensor
) -> None:
    with torch.inference_mode():
        traced, logits, embedding = pair.trace(log_mel), pair(log_mel), pair.embed(log_mel)
    torch.testing.assert_close(traced["classifier"][:, -1], logits)
    torch.testing.assert_close(traced[pair.reader][:, -1], embedding)
    assert embedding.shape == (2, 13)
    blocks = [f"{part}.conv{n}" for part in ("sharp", "smooth") for n in (1, 2, 3, 4)]
    assert list(traced) == ["input", *blocks, "recurrent", "classifier"]


def test_a_trace_stays_in_step_where_the_smooth_one_has_more_or_fewer_steps(
    log_mel: Tensor,
) -> None:
    for pools in (((2, 2), (2, 1), (2, 1), (4, 1)), ((2, 4), (2, 4), (2, 2), (4, 1))):
        pair = CrnnPair(3, sharp=SHARP, smooth={**SMALL, "pools": pools}).eval()
        with torch.inference_mode():
            traced = pair.trace(log_mel)
            torch.testing.assert_close(traced["classifier"][:, -1], pair(log_mel))
        assert traced["classifier"].shape[1] == 470 // 96


def test_it_is_saved_and_loaded(pair: CrnnPair, log_mel: Tensor, tmp_path: Path) -> None:
    path = tmp_path / "pair.safetensors"
    save_checkpoint(
        path, pair, name="pair", genres=GENRES, features=FeatureSettings(), frames=FrameSettings()
    )
    again, _ = load_checkpoint(path)
    with torch.inference_mode():
        assert torch.equal(again(log_mel), pair(log_mel))


def test_parts_start_from_checkpoints_of_their_own(
    pair: CrnnPair, log_mel: Tensor, tmp_path: Path
) -> None:
    torch.manual_seed(7)
    path = tmp_path / "smooth.safetensors"
    smooth = registry.build("crnn", 3, **SMALL).eval()
    save_checkpoint(
        path, smooth, name="s", genres=GENRES, features=FeatureSettings(), frames=FrameSettings()
    )
    copied = initialise_parts(pair, {"smooth": path})
    assert copied == tuple(f"smooth.{name}" for name in smooth.blocks)
    with torch.inference_mode():
        assert torch.equal(pair.smooth(log_mel), smooth(log_mel))
    with pytest.raises(SettingsError, match="its parts: sharp, smooth"):
        initialise_parts(pair, {"left": path})


def test_impossible_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="hyperparameters of a crnn"):
        registry.build("crnn_pair", 3, sharp="crnn")
    with pytest.raises(ValueError, match="same bands"):
        registry.build("crnn_pair", 3, smooth={"n_mels": 128})
    with pytest.raises(ValueError, match="two pairs"):
        registry.build("crnn_pair", 3, shares=((0.5, 0.5, 0.5),))
    with pytest.raises(ValueError, match="depth"):
        registry.build("crnn_pair", 3, smooth={"depth": 3})
