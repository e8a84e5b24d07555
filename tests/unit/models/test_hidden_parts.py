"""Frames with hidden parts: the maps of the whole frame serve again, and nothing else changes."""

import pytest
import torch
from torch import Tensor

from genre_core.models import registry
from genre_core.models.base import ConvNetwork, GenreNetwork, sequence_of
from genre_core.models.folding import inference_copy
from genre_core.models.hidden_parts import Box, HiddenParts
from tests.unit.models.builders import spectrogram

POOLS = ((2, 4), (2, 4), (2, 4), (4, 1))
# At every border and in the middle, overlapping, beside one another, the whole, one point, none.
BOXES = [
    [Box(0, 16, 0, 60)],
    [Box(80, 96, 401, 470)],
    [Box(33, 49, 170, 231)],
    [Box(95, 96, 469, 470)],
    [Box(0, 16, 0, 60), Box(16, 32, 0, 60), Box(10, 20, 50, 70), Box(48, 64, 300, 310)],
    [Box(0, 96, 0, 470)],
    [],
]


def network(name: str, **hyperparameters: object) -> GenreNetwork:
    model = registry.build(name, 10, **hyperparameters).eval()
    for buffer_name, buffer in model.named_buffers():  # statistics as after a training
        if buffer_name.endswith("running_var"):
            buffer.uniform_(0.5, 2.0)
        elif buffer_name.endswith("running_mean"):
            buffer.normal_()
    return inference_copy(model).double()  # so that the last digits tell maps apart


def from_the_entrance(model: ConvNetwork, log_mel: Tensor, boxes: list[Box]) -> Tensor:
    """Return the logits of a whole pass, with parts hidden in the network's input."""
    x = model.entrance(log_mel).clone()
    neutral = x.mean(dim=3, keepdim=True).expand_as(x).clone()
    for low, high, start, end in boxes:
        x[:, :, low:high, start:end] = neutral[:, :, low:high, start:end]
    for block in model.convolutions:
        x = block(x)
    return model.decide(model.read(model.begin(sequence_of(x))))


@torch.inference_mode()
@pytest.mark.parametrize(
    ("name", "hyperparameters"),
    [
        ("crnn_gru", {"channels": (6, 8, 10, 12), "pools": POOLS, "hidden": 5}),
        # Pools that leave a rest on both axes: kept by one kind of network, dropped by the other.
        ("crnn_gru", {"channels": (4, 5), "pools": ((5, 3), (4, 7)), "hidden": 5}),
        ("crnn", {"channels": (4, 5), "pools": ((7, 3), (5, 7)), "hidden": 5, "pool_columns": 1}),
        ("crnn", {"channels": (4,), "pools": ((2, 2),), "kernels": ((5, 7),), "pool_columns": 1}),
    ],
)
def test_scores_are_those_of_a_whole_pass(name: str, hyperparameters: dict[str, object]) -> None:
    model = network(name, **hyperparameters)
    assert isinstance(model, ConvNetwork)
    log_mel = spectrogram(1, 96, 470).double()
    frame = HiddenParts(model, log_mel)
    assert frame.reuses_maps
    logits = []
    for boxes in BOXES:
        expected = from_the_entrance(model, log_mel, boxes)
        logits.append(frame.logits(boxes))
        torch.testing.assert_close(logits[-1], expected, rtol=0.0, atol=1e-10)
    assert len(torch.cat(logits).round(decimals=8).unique(dim=0)) >= 5  # hiding does matter
    torch.testing.assert_close(logits[-1], model(log_mel), rtol=0.0, atol=1e-10)


@torch.inference_mode()
@pytest.mark.parametrize("name", registry.names())
def test_other_networks_compute_every_map_anew(name: str) -> None:
    model = network(name)
    log_mel = spectrogram(1, 96, 470).double()
    frame = HiddenParts(model, log_mel)
    assert frame.reuses_maps == (name == "crnn_gru")
    if frame.reuses_maps:
        return
    for boxes in BOXES:
        hidden = log_mel.clone()
        for low, high, start, end in boxes:
            hidden[:, low:high, start:end] = log_mel[:, low:high].mean(dim=2, keepdim=True)
        torch.testing.assert_close(frame.logits(boxes), model(hidden), rtol=0.0, atol=1e-10)


@torch.inference_mode()
def test_a_frame_stays_as_it_is() -> None:
    model = network("crnn_gru", channels=(4, 5), pools=((8, 4), (12, 4)), hidden=3)
    frame = HiddenParts(model, spectrogram(1, 96, 470).double())
    before = frame.logits([])
    frame.logits([Box(0, 96, 0, 470)])
    assert torch.equal(frame.logits([]), before)


def test_a_frame_that_does_not_suit_the_network_is_refused() -> None:
    model = network("crnn_gru", channels=(4, 5), pools=((8, 4), (12, 4)), hidden=3)
    with pytest.raises(ValueError, match="takes"):
        HiddenParts(model, spectrogram(1, 90, 470).double())
