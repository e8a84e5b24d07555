"""The convolutional recurrent network for frames of any length."""

import pytest
import torch

from genre_core.models import registry
from genre_core.models.crnn import Crnn
from tests.unit.models.builders import TINY, spectrogram


def test_a_trace_reads_nothing_ahead_of_its_step() -> None:
    model = Crnn(3, **TINY, bidirectional=True, summary="attention").eval()
    x = spectrogram(1, 96, 640)
    changed = x.clone()
    changed[..., -64:] = x[..., -64:].flip(1)  # another end
    with torch.inference_mode():
        # One frame's loudest point, which scales the input, stays where it is.
        one, other = model.trace(x)["classifier"], model.trace(changed)["classifier"]
    torch.testing.assert_close(one[:, :-2], other[:, :-2])
    assert not torch.allclose(one[:, -1], other[:, -1], atol=1e-6)


@pytest.mark.parametrize("n_columns", [141, 235, 470, 1366, 3000])  # 3, 5, 10, 29.12, 64 s
def test_crnn_takes_frames_of_any_length_from_three_seconds(n_columns: int) -> None:
    model = Crnn(10, channels=(4, 4, 4, 4), hidden=4).eval()
    with torch.inference_mode():
        assert model(spectrogram(2, 96, n_columns)).shape == (2, 10)


def test_crnn_refuses_too_short_frames() -> None:
    model = Crnn(10, **TINY).eval()
    assert model.min_columns == 64  # 4 averaged columns for each of 16 pooled ones
    with torch.inference_mode():
        assert model(spectrogram(1, 96, 64)).shape == (1, 10)
    with pytest.raises(ValueError, match="64"):
        model(spectrogram(1, 96, 63))
    with pytest.raises(ValueError, match="pool less along time"):
        Crnn(10, pool_columns=4, pools=((2, 2), (3, 3), (4, 4), (4, 4)))


@pytest.mark.parametrize("summary", ["last", "mean", "attention"])
@pytest.mark.parametrize(
    ("recurrent", "bidirectional"), [("gru", False), ("gru", True), ("keras_gru", False)]
)
def test_every_option_learns_and_rebuilds(
    summary: str, recurrent: str, bidirectional: bool
) -> None:
    options = TINY | {"summary": summary, "recurrent": recurrent, "bidirectional": bidirectional}
    model = registry.build("crnn", 3, **options)
    model(spectrogram(2, 96, 150)).square().sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in model.parameters())
    again = registry.build("crnn", 3, **model.hyperparameters)
    again.load_state_dict(model.state_dict())
    x = spectrogram(2, 96, 150)
    assert torch.equal(again.eval()(x), model.eval()(x))
    assert again.hyperparameters == model.hyperparameters


@pytest.mark.parametrize("summary", ["last", "mean", "attention"])
def test_summary_reads_both_ends_of_the_frame(summary: str) -> None:
    model = Crnn(3, **TINY, summary=summary).eval()
    x = spectrogram(1, 96, 320)
    changed_start, changed_end = x.clone(), x.clone()
    changed_start[..., :64] += 10.0
    changed_end[..., -64:] += 10.0
    with torch.inference_mode():
        assert not torch.equal(model(changed_start), model(x))
        assert not torch.equal(model(changed_end), model(x))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"level": "mean"}, "level"),
        ({"spread": 2}, "spread"),
        ({"pool_columns": 0}, "pool_columns"),
        ({"summary": "max"}, "summary"),
        ({"recurrent": "lstm"}, "recurrent"),
        ({"activation": "relu"}, "activation"),
        ({"kernels": ((2, 2),)}, "odd"),
        ({"kernels": ((3, 3), (3, 3), (3, 3))}, "1 or 4"),
        ({"pools": ((2, 0),)}, "at least 1"),
        ({"pools": ((8, 1),)}, "leave nothing"),
        ({"channels": ()}, "convolution blocks"),
        ({"hidden": 0}, "at least 1"),
        ({"dynamic_range_db": 0.0}, "above 0"),
        ({"recurrent": "keras_gru"}, "forwards only"),
        ({"depth": 3}, "depth"),
    ],
)
def test_impossible_options_are_refused(options: dict, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        registry.build("crnn", 3, **options)
