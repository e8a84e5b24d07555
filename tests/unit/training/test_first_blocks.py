"""The first blocks of our trunk learn from random weights; the tagger here has random weights."""

import torch

from genre_core.models import registry
from genre_core.models.crnn_gru import CrnnGru
from genre_core.training import first_blocks
from tests.unit.training.test_tagger_start import fitted, frames, tagger, unexplained


def test_learning_brings_the_maps_closer() -> None:
    start = unexplained(fitted((4, 14, 28, 28), n_steps=0))
    assert unexplained(fitted((4, 14, 28, 28), n_steps=20)) < start


def test_no_first_kernel_is_one_of_the_tagger() -> None:
    ours = fitted((8, 14, 28, 28), n_steps=5).convolutions[0].conv.weight.flatten(1)
    theirs = tagger().layer1.conv.weight.flatten(1)
    cosine = torch.nn.functional.normalize(ours) @ torch.nn.functional.normalize(theirs).T
    assert cosine.abs().max().item() < 0.999


def test_the_random_block_is_standardised() -> None:
    model = registry.build("crnn_gru", 3, channels=(8, 14), pools=((2, 4), (2, 4)), hidden=4)
    assert isinstance(model, CrnnGru)
    model.eval()
    first_blocks.random_first_block(model, frames(), torch.Generator().manual_seed(0))
    with torch.inference_mode():
        block = model.convolutions[0]
        maps = block.norm(block.conv(model.entrance(frames()))) - block.norm.bias[:, None, None]
    torch.testing.assert_close(maps.mean(dim=(0, 2, 3)), torch.zeros(8), atol=1e-3, rtol=0)
    torch.testing.assert_close(maps.std(dim=(0, 2, 3)), torch.ones(8), atol=1e-3, rtol=0)


def test_two_songs_at_once_have_the_power_of_both() -> None:
    log_mel = torch.zeros(8, 96, 16)
    changed = first_blocks.changed(log_mel, torch.Generator().manual_seed(0))
    assert changed.shape == log_mel.shape
    torch.testing.assert_close(changed[:2], torch.full((2, 96, 16), 3.0103))
    assert torch.equal(changed[2:4], log_mel[2:4])
    assert torch.equal(changed[6:], log_mel[6:])
    assert 0.5 < changed[4:6].abs().mean().item() < 12.0


def test_parts_are_cut_out_of_the_frames() -> None:
    parts = first_blocks.some_parts(frames(), torch.Generator().manual_seed(0))
    assert parts.shape == (first_blocks.BATCH_SIZE, 96, first_blocks.N_COLUMNS)
