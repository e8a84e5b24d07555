"""The interface of every network: outputs, blocks, name."""

import pytest
import torch

from genre_core.models import registry
from genre_core.models.layers import (
    activate,
)
from tests.unit.models.builders import TINY, spectrogram

TRACED = [
    ("crnn", {**TINY, "summary": "attention"}),
    ("crnn", {**TINY, "summary": "last", "bidirectional": False, "recurrent": "keras_gru"}),
    ("crnn", {"channels": (3, 5, 7, 9), "hidden": 2, "summary": "mean"}),
    ("crnn_choi", {}),
    ("k1c2", {"channels": (2, 3, 4, 5), "hidden": 4}),
    ("k2c2", {"channels": (2, 3, 4, 5, 6)}),
]


@pytest.mark.parametrize(("name", "options"), TRACED)
def test_a_trace_names_each_block_and_ends_with_the_logits(name: str, options: dict) -> None:
    model = registry.build(name, 6, **options).eval()
    x = spectrogram(2, 96, 470)
    with torch.inference_mode():
        traced, logits = model.trace(x), model(x)
    assert list(traced) == list(model.blocks)
    torch.testing.assert_close(traced["classifier"][:, -1], logits)
    for convolution, block in model.convolutions.named_children():
        assert traced[convolution].shape[1] == block.conv.out_channels
    n_steps = traced[convolution].shape[3]
    assert traced[model.reader].shape[:2] == traced["classifier"].shape[:2] == (2, n_steps)


def test_settings_that_older_checkpoints_name_may_have_their_only_value() -> None:
    retired = {"level": "max", "spread": 1}
    model = registry.build("crnn", 3, **TINY, **retired)
    assert model.hyperparameters == registry.build("crnn", 3, **TINY).hyperparameters


def test_registry_names_and_refuses() -> None:
    names = registry.names()
    assert names == ("crnn", "crnn_choi", "crnn_gru", "k1c2", "k2c2")
    assert tuple(registry.name_of(registry.build(name, 2)) for name in names) == names
    with pytest.raises(ValueError, match="known: crnn, crnn_choi"):
        registry.build("vgg", 2)
    with pytest.raises(ValueError, match="activation"):
        registry.build("crnn_choi", 2, activation="relu")
    with pytest.raises(ValueError, match="input_scale"):
        registry.build("crnn_choi", 2, input_scale="linear")


@pytest.mark.parametrize("name", registry.names())
def test_blocks_hold_every_parameter_once(name: str) -> None:
    model = registry.build(name, 2)
    in_blocks = [
        id(p) for modules in model.blocks.values() for m in modules for p in m.parameters()
    ]
    assert sorted(in_blocks) == sorted(id(p) for p in model.parameters())
    convolutions = [f"conv{number + 1}" for number in range(5 if name == "k2c2" else 4)]
    assert list(model.blocks) == ["input", *convolutions, model.reader, "classifier"]


@pytest.mark.parametrize("name", registry.names())
def test_timbre_is_the_means_of_the_maps_of_the_last_two_blocks(name: str) -> None:
    torch.manual_seed(0)
    model = registry.build(name, 2).eval()
    x = torch.randn(1, 96, 1366) * 12.0 - 20.0
    with torch.inference_mode():
        traced = model.trace(x)
        timbre = model.summaries(x).timbre
    means = [maps.mean(dim=(2, 3)) for name, maps in traced.items() if name.startswith("conv")]
    torch.testing.assert_close(timbre, torch.cat(means[-2:], dim=1))


@pytest.mark.parametrize("name", registry.names())
def test_embedding_is_the_input_of_the_classifier(name: str) -> None:
    torch.manual_seed(0)
    model = registry.build(name, 10).eval()
    [classifier] = model.blocks["classifier"]
    seen = []
    classifier.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    x = torch.randn(2, 96, 1366) * 12.0 - 20.0
    with torch.inference_mode():
        logits, embedding = model(x), model.embed(x)
        again = activate(classifier(embedding), getattr(model, "activation", "softmax"))
    assert torch.equal(seen[0], embedding)
    torch.testing.assert_close(again, logits)
