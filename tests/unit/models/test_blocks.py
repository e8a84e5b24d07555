"""The blocks of a network as the page draws them."""

import pytest
import torch

from genre_core.models import registry
from genre_core.models.blocks import architecture
from genre_core.models.complexity import measure

COLUMNS = 200
SMALL = {
    "crnn": {"channels": (2, 3, 4, 5), "hidden": 6},
    "crnn_choi": {},
    "crnn_gru": {"channels": (2, 3, 4, 5), "hidden": 6},
    "k1c2": {"channels": (2, 3, 4, 5), "hidden": 6},
    "k2c2": {"channels": (2, 3, 4, 5, 6)},
}


@pytest.mark.parametrize("name", registry.names())
def test_blocks_add_up_to_the_network(name: str) -> None:
    model = registry.build(name, 3, **SMALL[name])
    found = architecture(model, COLUMNS)
    whole = measure(model, COLUMNS)
    assert sum(block.parameters for block in found.blocks) == whole.parameters == found.parameters
    assert sum(block.multiply_adds for block in found.blocks) == whole.multiply_adds
    assert [block.name for block in found.blocks] == list(model.blocks)
    assert found.blocks[-1].shape == (3,)
    assert not any(module._forward_hooks for module in model.modules())


def test_shapes_are_those_of_what_each_block_gives() -> None:
    model = registry.build("crnn", 3, **SMALL["crnn"]).eval()
    shapes = {block.name: block.shape for block in architecture(model, COLUMNS).blocks}
    with torch.inference_mode():
        traced = model.trace(torch.zeros(1, 96, COLUMNS))
    for name in ("input", "conv1", "conv2", "conv3", "conv4"):
        assert shapes[name] == tuple(traced[name].shape[1:])
    assert shapes["recurrent"] == (traced["recurrent"].shape[-1],) == (12,)


def test_words_say_what_the_blocks_do() -> None:
    does = {
        name: {
            block.name: block.does
            for block in architecture(registry.build(name, 3, **SMALL[name]), COLUMNS).blocks
        }
        for name in ("crnn", "k1c2", "k2c2")
    }
    assert "2 recurrent layers, forwards and backwards" in does["crnn"]["recurrent"]
    assert "4 columns averaged" in does["crnn"]["input"]
    assert "filters of 1 × 4" in does["k1c2"]["conv1"]
    assert "dense layer looks across all bands" in does["k1c2"]["dense"]
    assert does["k2c2"]["pooling"].startswith("averages ")
    assert "strongest of each 4 × 2" in does["k2c2"]["conv5"]


def test_size_and_arithmetic_are_the_same_without_computing_anything() -> None:
    model = registry.build("k2c2", 3, **SMALL["k2c2"])
    with torch.device("meta"):
        empty = registry.build("k2c2", 3, **SMALL["k2c2"])
    assert measure(empty, COLUMNS) == measure(model, COLUMNS)
