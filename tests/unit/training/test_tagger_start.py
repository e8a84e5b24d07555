"""Our trunk learns a tagger's maps; the taggers here have random weights."""

import pytest
import torch
from torch import nn

from genre_core.errors import SettingsError
from genre_core.models import registry
from genre_core.models.crnn_gru import CrnnGru
from genre_core.models.won_live import conv_blocks, drop_dead_channels, live_channels
from genre_core.models.won_taggers import WonTagger
from genre_core.training.tagger_features import set_level, tag_features
from genre_core.training.tagger_start import choose_channels, start_from_tagger

N_DEAD = 100  # channels of each block, so that 28 do what 128 do
CHANNELS = (32, 28, 28, 28)


def tagger(kind: str = "fcn") -> WonTagger:
    torch.manual_seed(1)  # of the pupils it is 0
    model = WonTagger(kind).eval().requires_grad_(False)  # type: ignore[arg-type]
    model.spec_bn.running_mean.fill_(5.0)  # type: ignore[union-attr]
    model.spec_bn.running_var.fill_(400.0)  # type: ignore[union-attr]
    for block, n_dead in zip(conv_blocks(model), (50, N_DEAD, N_DEAD, N_DEAD), strict=False):
        block.bn.weight[:n_dead] = 1e-4
        block.bn.bias[:n_dead] = -1.0
        block.bn.bias[n_dead:] = 0.5
    return model


def frames(n: int = 6, n_columns: int = 640) -> torch.Tensor:
    generator = torch.Generator().manual_seed(2)
    coarse = torch.randn((n, 1, 24, n_columns // 8), generator=generator)
    smooth = nn.functional.interpolate(coarse, size=(96, n_columns), mode="bilinear")[:, 0]
    return 12.0 * smooth - 30.0


def fitted(channels: tuple[int, ...], seed: int = 0) -> CrnnGru:
    model = registry.build("crnn_gru", 3, channels=channels, hidden=4)
    assert isinstance(model, CrnnGru)
    names = start_from_tagger(model, tagger(), frames(), seed=seed)
    assert names == ("conv1", "conv2", "conv3", "conv4")
    return model


def third_maps(model: CrnnGru, log_mel: torch.Tensor) -> torch.Tensor:
    x = model.entrance(log_mel)
    for block in list(model.convolutions)[:3]:
        x = block(x)
    return x


def unexplained(model: CrnnGru) -> float:
    new = frames(8)[6:]  # not fitted on
    with torch.inference_mode():
        ours = third_maps(model, new)
        theirs = tagger().maps(set_level(new))[2][:, N_DEAD:]
    if ours.shape[1] != theirs.shape[1]:
        raise AssertionError((ours.shape, theirs.shape))
    return float(((ours - theirs) ** 2).mean() / theirs.var(dim=(0, 2, 3)).mean())


def test_least_squares_explain_most_from_random_kernels() -> None:
    assert 0.0 < unexplained(fitted(CHANNELS)) < unexplained(fitted((4, 28, 28, 28))) < 0.5


def test_no_first_kernel_is_one_of_the_tagger() -> None:
    ours = fitted(CHANNELS).convolutions[0].conv.weight.flatten(1)
    theirs = conv_blocks(tagger())[0].conv.weight.flatten(1)
    cosine = nn.functional.normalize(ours) @ nn.functional.normalize(theirs).T
    assert cosine.abs().max().item() < 0.999


def test_the_random_block_is_standardised() -> None:
    model = fitted(CHANNELS)
    block = model.convolutions[0]
    with torch.inference_mode():
        maps = block.norm(block.conv(model.entrance(frames()[:, :, :512])))
        maps = maps - block.norm.bias[:, None, None]
    torch.testing.assert_close(maps.mean(dim=(0, 2, 3)), torch.zeros(32), atol=1e-3, rtol=0)
    torch.testing.assert_close(maps.std(dim=(0, 2, 3)), torch.ones(32), atol=5e-3, rtol=0)


def test_the_sequence_is_nearly_standardised() -> None:
    model = fitted(CHANNELS)
    with torch.inference_mode():
        maps = model.convolutions(model.entrance(frames()[:, :, :512]))
        steps = model.begin(maps.flatten(1, 2).transpose(1, 2)).flatten(0, 1)
    assert steps.mean(dim=0).abs().median().item() < 0.1
    assert steps.std(dim=0).median().item() == pytest.approx(1.0, abs=0.2)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(SettingsError, match="only from an fcn"):
        start_from_tagger(registry.build("crnn_gru", 3), tagger("crnn"), frames(), 0)
    with pytest.raises(SettingsError, match="Only crnn_gru"):
        start_from_tagger(registry.build("k2c2", 3), tagger(), frames(), 0)
    wide = registry.build("crnn_gru", 3, channels=(8, 129, 8, 8))
    with pytest.raises(SettingsError, match="conv2: the tagger has 128 channels, not 129"):
        start_from_tagger(wide, tagger(), frames(), 0)


def test_channels_that_others_explain_go_first() -> None:
    generator = torch.Generator().manual_seed(0)
    maps = torch.rand((2, 4, 40, 40), generator=generator)
    maps[:, 2] = maps[:, 0] + 0.5 * maps[:, 1]
    following = torch.ones(5, 4, 3, 3)
    assert 3 in choose_channels(maps, following, 3)
    following[:, 3] = 0.0  # nobody uses it
    assert 3 not in choose_channels(maps, following, 3)


def test_dead_channels_make_no_difference() -> None:
    whole, live = tagger(), tagger()
    assert len(live_channels(conv_blocks(live)[1])) == 128 - N_DEAD
    drop_dead_channels(live)
    assert conv_blocks(live)[1].conv.out_channels == 128 - N_DEAD
    for theirs, ours in zip(
        tag_features([whole], frames()), tag_features([live], frames()), strict=True
    ):
        assert torch.allclose(theirs, ours, atol=1e-5)
